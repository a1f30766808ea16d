"""Arrays of the table as they are laid out here, and back."""

import jax.numpy as jnp
import numpy as np


def own(array):
    """A buffer of its own, which can be given away."""
    return jnp.array(array, copy=True)


def is_image(array):
    return array.ndim == 4 and array.shape[2] == array.shape[3]


def stored(array, kind="plain"):
    """An array of the table as it is laid out here."""
    if kind == "dense":
        return own(array.T)
    if kind == "convolution":  # [outputs, inputs, height, width]
        return own(array.transpose(2, 3, 1, 0))
    if kind == "transposed":  # [inputs, outputs, height, width], which JAX does not turn around
        return own(array.transpose(2, 3, 0, 1)[::-1, ::-1])
    return own(array.transpose(0, 2, 3, 1) if is_image(array) else array)


def as_in_table(array, kind="plain"):
    array = np.asarray(array)
    if kind == "dense":
        return array.T
    if kind == "convolution":
        return array.transpose(3, 2, 0, 1)
    if kind == "transposed":
        return array[::-1, ::-1].transpose(2, 3, 0, 1)
    return array.transpose(0, 3, 1, 2) if array.ndim == 4 and array.shape[1] == array.shape[2] else array
