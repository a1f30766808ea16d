"""Numbers that every participant makes for itself: see Sources/speed/Workloads/Numbers.swift."""

import numpy as np

MASK = 2**64 - 1


def uniform(name, shape):
    """float32 in [0, 1): element i is the upper 24 bits of place i of splitmix64, whose seed is the
    name's FNV-1a hash."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = (seed ^ byte) * 0x100000001B3 & MASK
    count = int(np.prod(shape, dtype=np.int64))
    bits = np.arange(1, count + 1, dtype=np.uint64)
    bits *= np.uint64(0x9E3779B97F4A7C15)
    bits += np.uint64(seed)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        bits ^= bits >> np.uint64(shift)
        bits *= np.uint64(factor)
    bits ^= bits >> np.uint64(31)
    return ((bits >> np.uint64(40)).astype(np.float32) * np.float32(2**-24)).reshape(shape)


def symmetric(name, shape, bound):
    """Uniform in [-bound, bound)."""
    return (np.float32(2) * uniform(name, shape) - np.float32(1)) * np.float32(bound)


def standardized(name, shape):
    """Uniform, of mean 0 and variance 1."""
    return symmetric(name, shape, 3**0.5)


def between(name, shape, lower, upper):
    return np.float32(lower) + np.float32(upper - lower) * uniform(name, shape)


def binary(name, shape, probability):
    return (uniform(name, shape) < np.float32(probability)).astype(np.float32)


def indices(name, shape, count):
    return np.floor(uniform(name, shape) * np.float32(count)).astype(np.int32)


def dominant(name, shape):
    """Symmetric matrices near twice the identity."""
    half = symmetric(name, shape, 0.25 / shape[-1])
    return half + half.swapaxes(-1, -2) + 2 * np.eye(shape[-1], dtype=np.float32)


def checksums(arrays):
    """For each array the mean magnitude, and the mean weighted by place."""
    sums = []
    for position, array in enumerate(arrays):
        flat = np.asarray(array, np.float64).reshape(-1)
        weights = uniform(f"check/{position}", flat.shape).astype(np.float64)
        sums += [float(np.abs(flat).mean()), float((flat * weights).mean())]
    return sums
