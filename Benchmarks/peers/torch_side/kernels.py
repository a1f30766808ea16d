"""Single operations, and their gradients."""

import torch
import torch.nn.functional as F

from deterministic import checksums
from table import WORKLOADS

from .analysis import ANALYSIS
from .arrays import arrays, tensors


class Kernel:
    """A function of fixed inputs; with `wanted`, also the gradients of these inputs along dy."""

    def __init__(self, workload, compile, body, wanted=""):
        inputs = tensors(workload.arrays())
        along = inputs.pop("dy", None)
        function = compile(body(workload))
        arguments = list(inputs.values())
        points = [inputs[name].requires_grad_() for name in wanted.split()]

        def step():
            y = function(*arguments)
            if not points:
                return y if isinstance(y, tuple) else (y,)
            gradients = torch.autograd.grad(y, points, along)
            return gradients if along is None else (y, *gradients)

        self.step = self.prepare = step

    def reset(self):
        pass

    def check(self):
        return checksums(arrays(self.step()))


def product(workload):
    left, right = workload.transposed
    return lambda a, b: (a.t() if left else a) @ (b.t() if right else b)


def convolution(workload):
    return lambda x, w: F.conv2d(x, w, stride=workload.stride, padding=1)


def transposed_convolution(workload):
    return lambda x, w: F.conv_transpose2d(x, w, stride=workload.stride, padding=1)


def chain(workload):
    def body(x, w, b):
        for _ in range(500):
            x = x * w
            x = x + b
        return x.sum()

    return body


KERNELS = {
    **{name: (product,) for name in WORKLOADS if name.startswith("gemm")},
    **{name: (convolution,) for name in ("conv3x3_f", "conv4x4s2_f")},
    **{name: (convolution, "x w") for name in ("conv3x3_fb", "conv4x4s2_fb")},
    "convT4x4s2_f": (transposed_convolution,),
    "convT4x4s2_fb": (transposed_convolution, "x w"),
    "eltwise_1m": (lambda _: lambda x: torch.sigmoid(x) * torch.tanh(x) + torch.exp(-x * x),),
    "sum_1m": (lambda _: lambda x: x.sum(),),
    "softmax_4096x512": (lambda _: lambda x: torch.softmax(x, -1),),
    "layernorm_fb_4096x512": (lambda _: lambda x, g, b: F.layer_norm(x, (512,), g, b), "x g b"),
    "embedding_fb": (lambda _: lambda table, rows: F.embedding(rows, table), "table"),
    "attention_fb": (lambda _: F.scaled_dot_product_attention, "q k v"),
    **ANALYSIS,
    "tiny_add_16": (lambda _: lambda a, b: a + b,),
    "tape_1000_scalar": (chain, "x w b"),
    "tape_1000_vec16": (chain, "x w b"),
}
