#!/usr/bin/env python3
"""Makes the values that operations are compared with, by PyTorch in double precision.

    python3 Scripts/reference-values.py [--seed N] [--cases N] [--output FILE]

Needs torch and numpy. Each case has random arguments and options, the value, the gradients of
Σ weight · value, and the derivatives of these along given directions (Hessian-vector products).
What stands in the project is made without arguments; other seeds make other cases, for the same
test (Tests/AutogradTests/Operations/ReferenceTests.swift).
"""

import argparse
import json
import pathlib

import numpy as np
import torch

FILE = (
    pathlib.Path(__file__).resolve().parent.parent
    / "Tests/AutogradTests/Operations/References/pytorch.json"
)
torch.set_num_threads(1)
DIGITS = 13
SIZES = [0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5]


class Maker:
    """Cases, of arguments that are drawn by numbers that a seed determines."""

    def __init__(self, seed, count):
        self.random = np.random.default_rng(seed)
        self.count = count
        self.cases = []

    # ------------------------------------------------------------------------------- drawing

    def integer(self, low, high):
        """From low to high, both included."""
        return int(self.random.integers(low, high + 1))

    def chance(self, probability=0.5):
        return bool(self.random.random() < probability)

    def shape(self, least=0, most=5, empty=True, limit=72):
        """A shape of a rank in between; none with more elements than the limit."""
        while True:
            rank = self.integer(least, most)
            shape = [int(size) for size in self.random.choice(SIZES if empty else SIZES[1:], rank)]
            if np.prod(shape, dtype=int) <= limit:
                return shape

    def axis(self, shape):
        """One of the axes, sometimes counted from the end."""
        return self.integer(-len(shape), len(shape) - 1)

    def axes(self, shape):
        """Some of the axes, or None for all."""
        if self.chance(0.2):
            return None
        chosen = self.random.permutation(len(shape))[: self.integer(0, len(shape))]
        return [int(axis) - (len(shape) if self.chance(0.3) else 0) for axis in chosen]

    def numbers(self, shape, ties=False, avoid=0.0):
        """Numbers of few digits; with ties, of few values."""
        values = self.random.normal(size=shape)
        values = np.round(values * 2) / 2 if ties else np.round(values, 3)
        return torch.tensor(np.where(np.abs(values) < avoid, avoid, values), dtype=torch.float64)

    def definite(self, root):
        """A positive definite matrix of another's squares."""
        size = root.shape[-1]
        return root @ root.mT + torch.eye(size, dtype=root.dtype)

    # ------------------------------------------------------------------------------- recording

    def add(self, operation, function, arguments, smooth=True, **options):
        """A case: options are whole numbers, lists of them, or a text. A smooth function has
        derivatives, taken with respect to all arguments."""
        points = [argument.detach().clone().requires_grad_(smooth) for argument in arguments]
        results = function(*points)
        results = list(results) if isinstance(results, (list, tuple)) else [results]
        case = {"operation": operation}
        if options:
            case["options"] = {
                key: value if isinstance(value, list) else [int(value)]
                for key, value in options.items() if not isinstance(value, str)
            }
            case |= {key: value for key, value in options.items() if isinstance(value, str)}
        case["arguments"] = [plain(argument) for argument in arguments]
        case["values"] = [plain(result) for result in results]
        if smooth:
            weights = [self.numbers(tuple(result.shape)) for result in results]
            total = sum((weight * result).sum() for weight, result in zip(weights, results))
            gradients = derivatives(total, points)
            directions = [self.numbers(tuple(point.shape)) for point in points]
            change = sum((g * d).sum() for g, d in zip(gradients, directions))
            case["weights"] = [plain(weight) for weight in weights]
            case["directions"] = [plain(direction) for direction in directions]
            case["gradients"] = [plain(gradient) for gradient in gradients]
            case["products"] = [plain(product) for product in derivatives(change, points)]
        self.cases.append(case)

    def repeat(self, body, times=1):
        for _ in range(self.count * times):
            body()


def derivatives(total, points):
    if not torch.is_tensor(total) or not total.requires_grad:
        return [torch.zeros_like(point) for point in points]
    found = torch.autograd.grad(total, points, create_graph=True, allow_unused=True)
    return [torch.zeros_like(p) if g is None else g for g, p in zip(found, points)]


def plain(tensor):
    """A tensor as it stands in the file: shape and elements, each as short as its digits allow."""
    def short(value):
        if np.isnan(value):
            return "NaN"
        if np.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        value = float(f"{value:.{DIGITS}g}")
        return int(value) if value == int(value) and abs(value) < 2**53 else value

    elements = tensor.detach().to(torch.float64).reshape(-1).numpy(force=True)
    return {"shape": list(tensor.shape), "elements": [short(value) for value in elements]}


# ------------------------------------------------------------------------------------ subscripts


def selection(make, shape, distinct=False):
    """What selects from a tensor of this shape, in PyTorch and as it stands in the file: a list of
    (kind, numbers, shape of a tensor of numbers)."""
    indices, axis = [], 0
    skipped = make.chance(0.3)
    while axis < len(shape) and len(indices) < 4:
        size, kind = shape[axis], make.integer(0, 6)
        if kind == 0 and size > 0:
            indices.append(("position", [make.integer(-size, size - 1)], []))
        elif kind == 1 and size > 0:
            wanted = make.shape(0, 2, limit=4)
            count = int(np.prod(wanted, dtype=int))
            if distinct:
                wanted = [min(size, count)]
                positions = make.random.permutation(size)[: wanted[0]]
            else:
                positions = make.random.integers(0, size, count)
            indices.append(("positions", [int(p) for p in positions], wanted))
        elif kind == 2:
            covered = make.integer(1, min(2, len(shape) - axis))
            mask = make.random.integers(0, 2, shape[axis : axis + covered])
            indices.append(("mask", [int(m) for m in mask.flat], shape[axis : axis + covered]))
            axis += covered - 1
        elif kind == 3:
            indices.append(("newAxis", [], []))
            continue
        elif kind == 4 and skipped:
            skipped = False
            last = make.integer(axis, len(shape))
            indices.append(("ellipsis", [last - axis], []))
            axis = last
            continue
        else:
            low = make.integer(0, max(size - 1, 0))
            high = make.integer(low if make.chance(0.1) else min(low + 1, size), size)
            indices.append(("range", [low, high], []))
        axis += 1
    if any(kind == "ellipsis" for kind, _, _ in indices):
        # It takes the place of what is left over.
        rest = len(shape) - axis
        indices = [(k, [n[0] + rest] if k == "ellipsis" else n, s) for k, n, s in indices]
        if rest and indices[-1][0] != "ellipsis":
            place = [k for k, _, _ in indices].index("ellipsis")
            if place + 1 < len(indices):
                indices = indices[: place + 1]
                used = sum(len(s) if k == "mask" else k != "newAxis" for k, _, s in indices[:-1])
                indices[-1] = ("ellipsis", [len(shape) - used], [])
    return indices


def selected(x, indices):
    """Each index by itself, from the last axis to the first."""
    places, axis = [], 0
    for kind, numbers, shape in indices:
        places.append(axis)
        axis += {"newAxis": 0, "mask": len(shape)}.get(kind, numbers[0] if kind == "ellipsis" else 1)
    for place, (kind, numbers, shape) in reversed(list(zip(places, indices))):
        if kind == "position":
            x = x.select(place, numbers[0])
        elif kind == "range":
            x = x.narrow(place, numbers[0], numbers[1] - numbers[0])
        elif kind == "newAxis":
            x = x.unsqueeze(place)
        elif kind == "positions":
            x = x[(slice(None),) * place + (torch.tensor(numbers, dtype=torch.long).reshape(shape),)]
        elif kind == "mask":
            x = x[(slice(None),) * place + (torch.tensor(numbers, dtype=torch.bool).reshape(shape),)]
    return x


def written(indices):
    """As options of a case."""
    options = {"kinds": [], "numbers": [], "counts": [], "ranks": []}
    kinds = ["position", "range", "positions", "mask", "ellipsis", "newAxis"]
    for kind, numbers, shape in indices:
        numbers = [] if kind == "ellipsis" else numbers
        options["kinds"].append(kinds.index(kind))
        options["numbers"] += shape + numbers
        options["counts"].append(len(shape + numbers))
        options["ranks"].append(len(shape))
    return options


def subscripts(make):
    def read():
        shape = make.shape(1, 5)
        indices = selection(make, shape) or [("newAxis", [], [])]
        make.add("subscript", lambda x: selected(x, indices), [make.numbers(shape)], **written(indices))

    def write():
        shape = make.shape(1, 4)
        indices = selection(make, shape, distinct=True) or [("newAxis", [], [])]
        places = selected(torch.arange(int(np.prod(shape, dtype=int))).reshape(shape), indices)
        value = list(places.shape)[make.integer(0, places.dim()) :]
        value = [1 if make.chance(0.2) else size for size in value]

        def assigned(x, v):
            return x.reshape(-1).index_put(
                (places.reshape(-1),), v.expand(places.shape).reshape(-1)
            ).reshape(shape)

        make.add("assign", assigned, [make.numbers(shape), make.numbers(value)], **written(indices))

    make.repeat(read, 4)
    make.repeat(write, 3)


# --------------------------------------------------------------------------------------- shapes


def padding(make):
    def zeros():
        shape = make.shape(0, 4, limit=24)
        widths = [make.integer(0, 2) for _ in range(2 * len(shape))]
        value = make.integer(-1, 1)
        pairs = [n for i in reversed(range(len(shape))) for n in widths[2 * i : 2 * i + 2]]
        function = lambda x: torch.nn.functional.pad(x, pairs, value=value) if pairs else x.clone()
        make.add("padded", function, [make.numbers(shape)], widths=widths, value=value)

    def own(mode):
        shape = make.shape(0, 4, limit=24)
        most = [0 if n == 0 else 3 if mode == "edge" else n - 1 for n in shape]
        widths = [make.integer(0, m) if make.chance(0.7) else 0 for m in most for _ in range(2)]

        def function(x):
            for axis, size in enumerate(shape):
                pair = (widths[2 * axis], widths[2 * axis + 1])
                if pair != (0, 0):
                    name = {"edge": "edge", "reflected": "reflect"}[mode]
                    x = x.index_select(axis, torch.tensor(np.pad(np.arange(size), pair, mode=name)))
            return x.clone()

        make.add(mode, function, [make.numbers(shape)], widths=widths)

    make.repeat(zeros)
    make.repeat(lambda: own("edge"))
    make.repeat(lambda: own("reflected"))


def shapes(make):
    def split():
        shape = make.shape(1, 4)
        axis, sizes, rest = make.axis(shape), [], None
        rest = shape[axis]
        while rest > 0 or not sizes:
            sizes.append(make.integer(0, rest))
            rest -= sizes[-1]
        make.add("split", lambda x: x.split(sizes, axis), [make.numbers(shape)], axis=axis, sizes=sizes)

    def equal():
        shape = make.shape(1, 4)
        axis = make.axis(shape)
        parts = int(make.random.choice([n for n in range(1, 6) if shape[axis] % n == 0]))
        sizes = [shape[axis] // parts] * parts
        make.add("splitInto", lambda x: x.split(sizes, axis), [make.numbers(shape)], axis=axis, parts=parts)

    def tiled():
        shape = make.shape(0, 3, limit=12)
        counts = [make.integer(0, 3) for _ in range(len(shape) + make.integer(0, 2))]
        make.add("tiled", lambda x: x.repeat(counts) if counts else x.clone(), [make.numbers(shape)], counts=counts)

    def repeated():
        shape = make.shape(1, 4, limit=24)
        axis, count = make.axis(shape), make.integer(0, 3)
        make.add(
            "repeated", lambda x: x.repeat_interleave(count, axis), [make.numbers(shape)],
            axis=axis, count=count)

    def triangle(name, function):
        diagonal = make.integer(-3, 3)
        make.add(name, lambda x: function(x, diagonal), [make.numbers(make.shape(2, 4))], diagonal=diagonal)

    def along():
        shape = make.shape(1, 4)
        axis = make.axis(shape)
        wanted = list(shape)
        wanted[axis] = make.integer(0, 4) if shape[axis] else 0
        positions = make.random.integers(0, max(shape[axis], 1), wanted)
        index = torch.tensor(positions, dtype=torch.long)
        make.add(
            "gatheredAlong", lambda x: torch.take_along_dim(x, index, axis), [make.numbers(shape)],
            axis=axis, shape=wanted, positions=[int(p) for p in positions.flat])

    for body in (split, equal, tiled, repeated, along):
        make.repeat(body)
    make.repeat(lambda: triangle("lowerTriangle", torch.tril))
    make.repeat(lambda: triangle("upperTriangle", torch.triu))


# ----------------------------------------------------------------------------------- reductions


def reductions(make):
    def over(axes, keeping, shape, body):
        """What axes PyTorch is asked for; without any, nothing is reduced."""
        wanted = list(range(len(shape))) if axes is None else axes
        options = {"keeping": keeping} | ({} if axes is None else {"axes": axes})
        return wanted, options

    def product():
        shape = make.shape()
        axes, keeping = make.axes(shape), make.chance()
        wanted, options = over(axes, keeping, shape, None)

        def function(x):
            for axis in sorted(a % len(shape) for a in wanted)[::-1]:
                x = x.prod(axis, keepdim=keeping)
            return x.clone()

        make.add("product", function, [make.numbers(shape, ties=True)], **options)

    def norm():
        shape = make.shape()
        axes, keeping = make.axes(shape), make.chance()
        wanted, options = over(axes, keeping, shape, None)
        x = make.numbers(shape, avoid=0.05)
        function = lambda x: (x * x).sum(wanted, keepdim=keeping).sqrt() if wanted else x.abs()
        make.add("norm", function, [x], **options)

    def deviation():
        shape = make.shape(empty=False)
        axes, keeping, correction = make.axes(shape), make.chance(), make.integer(0, 1)
        wanted, options = over(axes, keeping, shape, None)
        size = int(np.prod([shape[axis] for axis in wanted], dtype=int))
        if size < 2:
            return deviation()
        function = lambda x: x.std(wanted, correction=correction, keepdim=keeping)
        make.add("standardDeviation", function, [make.numbers(shape)], correction=correction, **options)

    for body in (product, norm, deviation):
        make.repeat(body, 2)


def scans(make):
    def scan(name, function, **settings):
        shape = make.shape(1, 5)
        if make.chance(0.2):
            shape = [make.integer(9, 21)]
        axis = make.axis(shape)
        make.add(name, lambda x: function(x, axis), [make.numbers(shape, **settings)], axis=axis)

    def total():
        shape = make.shape(1, 5)
        axis, backwards, exclusive = make.axis(shape), make.chance(), make.chance()

        def function(x):
            x = x.flip(axis) if backwards else x
            y = x.cumsum(axis) - (x if exclusive else 0)
            return y.flip(axis) if backwards else y

        make.add(
            "cumulativeSum", function, [make.numbers(shape)], axis=axis, reversed=backwards,
            exclusive=exclusive)

    make.repeat(total)
    make.repeat(lambda: scan("cumulativeMaximum", lambda x, axis: x.cummax(axis)[0]), 2)
    make.repeat(lambda: scan("cumulativeLogSumExp", lambda x, axis: x.logcumsumexp(axis)), 2)

    # Not-a-number and infinities, by value alone.
    def special(name, function):
        values = [0.5, -1.0, np.inf, -np.inf, np.nan, 2.0]
        drawn = make.random.choice(values, make.integer(1, 9), p=[0.25, 0.2, 0.1, 0.2, 0.05, 0.2])
        make.add(name, function, [torch.tensor(drawn)], smooth=False, axis=0)

    make.repeat(lambda: special("cumulativeMaximum", lambda x: np_maximum(x)))
    make.repeat(lambda: special("cumulativeLogSumExp", lambda x: np_logsumexp(x)))


def np_maximum(x):
    return torch.tensor(np.maximum.accumulate(x.numpy()))


def np_logsumexp(x):
    with np.errstate(invalid="ignore"):
        return torch.tensor(np.logaddexp.accumulate(x.numpy()))


# ------------------------------------------------------------------------- contractions, systems


def contractions(make):
    def einsum():
        letters = "ijklm"
        sizes = {letter: make.integer(1, 3) if make.chance(0.95) else 0 for letter in letters}
        factors = [
            "".join(make.random.permutation(list(letters))[: make.integer(0, 3)])
            for _ in range(make.integer(1, 4))
        ]
        used = sorted(set("".join(factors)))
        output = "".join(make.random.permutation(used)[: make.integer(0, min(3, len(used)))]) if used else ""
        equation = ",".join(factors) + "->" + output
        arguments = [make.numbers([sizes[letter] for letter in factor]) for factor in factors]
        make.add("einsum", lambda *x: torch.einsum(equation, *x), arguments, text=equation)

    make.repeat(einsum, 5)


def systems(make):
    def leading():
        return make.shape(0, 2, limit=3)

    def square(least=1):
        size = make.integer(least, 3)
        return leading() + [size, size]

    def nonsingular(shape):
        return make.numbers(shape) + 2 * torch.eye(shape[-1], dtype=torch.float64)

    def factor():
        function = lambda root: torch.linalg.cholesky(make.definite(root))
        make.add("choleskyFactor", function, [make.numbers(square())])

    def triangular():
        shape, transposing = square(), make.chance()
        triangle = make.numbers(shape).tril(-1) + torch.eye(shape[-1], dtype=torch.float64) * 1.5
        b = make.numbers(shape[:-1] + [make.integer(1, 3)])

        def function(t, b):
            t = t.tril()
            return torch.linalg.solve_triangular(t.mT if transposing else t, b, upper=transposing)

        make.add("triangularSolve", function, [triangle, b], transposing=transposing)

    def system():
        shape = square()
        b = make.numbers(shape[:-1] + [make.integer(1, 3)])
        make.add("solve", torch.linalg.solve, [nonsingular(shape), b])

    for body in (factor, triangular, system):
        make.repeat(body)
    make.repeat(lambda: make.add("inverse", torch.linalg.inv, [nonsingular(square())]))
    make.repeat(lambda: make.add("determinant", torch.linalg.det, [nonsingular(square())]))
    make.repeat(
        lambda: make.add("logDeterminant", lambda a: torch.linalg.slogdet(a)[1], [nonsingular(square())]))


def transforms(make):
    def fourier():
        shape = make.shape(1, 4, empty=False, limit=24)
        if make.chance(0.3):
            shape = [make.integer(6, 14)]
        axes, inverse = make.axes(shape), make.chance()
        axes = [make.axis(shape)] if not axes else axes
        transform = torch.fft.ifftn if inverse else torch.fft.fftn

        def function(x, y):
            z = transform(torch.complex(x, y), dim=axes)
            return z.real, z.imag

        make.add("fourierTransform", function, [make.numbers(shape), make.numbers(shape)], axes=axes, inverse=inverse)

    make.repeat(fourier, 2)


# ------------------------------------------------------------------------- choices and searches


def choices(make):
    def broadcastable(shape):
        own = [1 if make.chance(0.2) else size for size in shape]
        return own[make.integer(0, len(own)) :]

    def choose():
        shape = make.shape(0, 4)
        mask_shape = broadcastable(shape)
        mask = make.random.integers(0, 2, mask_shape)
        function = lambda a, b: torch.where(torch.tensor(mask, dtype=torch.bool), a, b)
        arguments = [make.numbers(broadcastable(shape)), make.numbers(broadcastable(shape))]
        make.add("select", function, arguments, shape=mask_shape, mask=[int(m) for m in np.ravel(mask)])

    def through():
        function = lambda x: (x + (x.round() - x).detach()) ** 3
        make.add("straightThrough", function, [make.numbers(make.shape())])

    def equality():
        shape = make.shape(0, 3)
        a = make.numbers(shape, ties=True)
        b = a.clone() if make.chance() else make.numbers(shape, ties=True)
        if make.chance(0.2):
            b = b.reshape([1] + shape)
        make.add("equality", lambda a, b: torch.tensor(float(torch.equal(a, b))), [a, b], smooth=False)

    make.repeat(choose)
    make.repeat(through)
    make.repeat(equality)
    make.repeat(lambda: make.add("ceil", torch.ceil, [make.numbers(make.shape())], smooth=False))


def searches(make):
    def drawn(shape):
        values = make.numbers(shape, ties=make.chance(0.8)).numpy()
        return torch.tensor(np.where(make.random.random(shape) < 0.05, np.inf, values))

    def unique():
        x = drawn(make.shape())
        if make.chance(0.3):
            x = torch.where(torch.tensor(make.random.random(tuple(x.shape)) < 0.3), np.nan, x)

        def function(x):
            values, positions, counts = np.unique(x.numpy(), return_inverse=True, return_counts=True)
            return [torch.tensor(values), torch.tensor(counts), torch.tensor(positions).reshape(x.shape)]

        make.add("unique", function, [x], smooth=False)

    def histogram():
        x, parts = drawn(make.shape()), make.integer(1, 5)
        low = make.integer(-2, 0)
        high = low + make.integer(1, 3)
        function = lambda x: torch.tensor(np.histogram(x.numpy(), parts, (low, high))[0])
        make.add("histogram", function, [x], smooth=False, parts=parts, low=low, high=high)

    def search():
        vector, after = drawn([make.integer(0, 9)]).sort()[0], make.chance()
        function = lambda v, x: torch.searchsorted(v, x, right=after)
        make.add("searchSorted", function, [vector, drawn(make.shape())], smooth=False, after=after)

    for body in (unique, histogram, search):
        make.repeat(body, 2)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", default=1, type=int)
    parser.add_argument("--cases", default=5, type=int, help="cases of an operation")
    parser.add_argument("--output", default=FILE, type=pathlib.Path)
    options = parser.parse_args()
    make = Maker(options.seed, options.cases)
    families = (
        subscripts, padding, shapes, reductions, scans, contractions, systems, transforms, choices,
        searches,
    )
    for family in families:
        family(make)
    lines = [json.dumps(case, separators=(",", ":")) for case in make.cases]
    versions = f"PyTorch {torch.__version__}, NumPy {np.__version__}, seed {options.seed}"
    options.output.parent.mkdir(exist_ok=True)
    options.output.write_text(
        '{"madeBy":"' + versions + '","cases":[\n' + ",\n".join(lines) + "\n]}\n")


if __name__ == "__main__":
    main()
