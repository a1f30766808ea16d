"""Single operations, and their gradients."""

import math
from functools import partial

import jax
import jax.numpy as jnp
from jax import lax, nn

from deterministic import checksums
from table import WORKLOADS

from .analysis import ANALYSIS
from .arrays import as_in_table, stored

LAYOUT = ("NHWC", "HWIO", "NHWC")


def convolve(x, w, stride=1, padding=0):
    sides = ((padding, padding), (padding, padding))
    return lax.conv_general_dilated(x, w, (stride, stride), sides, dimension_numbers=LAYOUT)


@jax.custom_vjp
def spread(x, w):
    """The transposed convolution with kernel 4, stride 2 and padding 1."""
    return lax.conv_transpose(x, w, (2, 2), ((2, 2), (2, 2)), dimension_numbers=LAYOUT)


def spread_backward(saved, cotangent):
    x, w = saved
    turned = w[::-1, ::-1].transpose(0, 1, 3, 2)
    dx, pullback = jax.vjp(lambda w: convolve(cotangent, w, 2, 1), turned)
    return dx, pullback(x)[0].transpose(0, 1, 3, 2)[::-1, ::-1]


spread.defvjp(lambda x, w: (spread(x, w), (x, w)), spread_backward)


class Kernel:
    """A function of fixed inputs; with `wanted`, also the gradients of these inputs along dy."""

    def __init__(self, workload, body, wanted="", kinds={}, jit=True):
        inputs = {k: stored(v, kinds.get(k, "plain")) for k, v in workload.arrays().items()}
        along = inputs.pop("dy", None)
        function = body(workload)

        def with_gradients(along, *arguments):
            chosen = [list(inputs).index(name) for name in wanted.split()]

            def at(*points):
                filled = list(arguments)
                for place, point in zip(chosen, points):
                    filled[place] = point
                return function(*filled)

            y, pullback = jax.vjp(at, *(arguments[place] for place in chosen))
            return pullback(jnp.ones_like(y)) if along is None else (y, *pullback(along))

        whole = partial(with_gradients, along) if along is None else with_gradients
        arguments = list(inputs.values()) if along is None else [along, *inputs.values()]
        compiled = (jax.jit if jit else lambda f: f)(whole if wanted else function)
        self.step = lambda: jax.block_until_ready(compiled(*arguments))
        self.prepare = self.step
        self.result_kinds = ["plain", *(kinds.get(name, "plain") for name in wanted.split())]

    def reset(self):
        pass

    def check(self):
        results = self.step()
        results = results if isinstance(results, (tuple, list)) else [results]
        kinds = self.result_kinds[-len(results):]
        return checksums([as_in_table(result, kind) for result, kind in zip(results, kinds)])


def product(workload):
    left, right = workload.transposed
    return lambda a, b: (a.T if left else a) @ (b.T if right else b)


def convolution(workload):
    return lambda x, w: convolve(x, w, workload.stride, 1)


def chain(workload):
    def body(x, w, b):
        for _ in range(500):
            x = x * w
            x = x + b
        return x.sum()

    return body


def normalized(x, weight, bias):
    deviation = x - x.mean(-1, keepdims=True)
    variance = (deviation * deviation).mean(-1, keepdims=True)
    return deviation * lax.rsqrt(variance + 1e-5) * weight + bias


def attention(q, k, v):
    """`[batch, heads, tokens, size]`; the queries are scaled, which are fewer than the scores."""
    scores = jnp.einsum("bhqd,bhkd->bhqk", q / math.sqrt(q.shape[-1]), k)
    return jnp.einsum("bhqk,bhkd->bhqd", nn.softmax(scores, -1), v)


FILTER, TURNED = {"w": "convolution"}, {"w": "transposed"}
KERNELS = {
    **{name: (product,) for name in WORKLOADS if name.startswith("gemm")},
    **{name: (convolution, "", FILTER) for name in ("conv3x3_f", "conv4x4s2_f")},
    **{name: (convolution, "x w", FILTER) for name in ("conv3x3_fb", "conv4x4s2_fb")},
    "convT4x4s2_f": (lambda _: spread, "", TURNED),
    "convT4x4s2_fb": (lambda _: spread, "x w", TURNED),
    "eltwise_1m": (lambda _: lambda x: nn.sigmoid(x) * jnp.tanh(x) + jnp.exp(-x * x),),
    "sum_1m": (lambda _: lambda x: x.sum(),),
    "softmax_4096x512": (lambda _: lambda x: nn.softmax(x, -1),),
    "layernorm_fb_4096x512": (lambda _: normalized, "x g b"),
    "embedding_fb": (lambda _: lambda table, rows: table[rows], "table"),
    "attention_fb": (lambda _: attention, "q k v"),
    **ANALYSIS,
    "tiny_add_16": (lambda _: lambda a, b: a + b, "", {}, False),
    "tape_1000_scalar": (chain, "x w b"),
    "tape_1000_vec16": (chain, "x w b"),
}
