"""The workloads in JAX: a whole step is one compiled function whose state is given away; images
have their channels last, weights the orientation that XLA likes best, and the gradient of a
transposed convolution is written as the convolutions that it is, which XLA on a processor does
not find by itself."""

from table import WORKLOADS

from .kernels import KERNELS, Kernel
from .models import MODELS


def exercise(name, threads, compiled):
    workload = WORKLOADS[name]
    if name in MODELS:
        return MODELS[name](name, workload)
    return Kernel(workload, *KERNELS[name])
