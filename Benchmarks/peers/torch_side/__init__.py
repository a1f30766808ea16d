"""The workloads in PyTorch, eager or compiled, as one who tunes for a processor writes them:
images with their channels last, Adam fused, no gradient where none is needed."""

import torch

from table import WORKLOADS

from .kernels import KERNELS, Kernel
from .models import MODELS


def exercise(name, threads, compiled):
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    torch.set_flush_denormal(True)
    compile = (lambda f: torch.compile(f, dynamic=False)) if compiled else (lambda f: f)
    workload = WORKLOADS[name]
    if name in MODELS:
        return MODELS[name](name, workload, compile)
    return Kernel(workload, compile, *KERNELS[name])
