"""One workload in PyTorch or JAX, timed on request: the protocol of `speed --worker`.

    worker.py FRAMEWORK WORKLOAD [--threads N] [--check]

FRAMEWORK is torch, torch-compile or jax.
"""

import argparse
import gc
import json
import math
import os
import sys
import time


def peak_memory():
    """The most memory the process has had at once, in MiB."""
    if sys.platform == "linux":
        with open("/proc/self/status") as status:
            line = next(line for line in status if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def serve(exercise, answer, started, base):
    is_long = getattr(exercise, "is_long", False)
    exercise.prepare()
    setup = time.perf_counter() - started
    inner = 1 if is_long else iterations_per_sample(exercise.step)
    gc.collect()
    gc.freeze()
    answer(ready=True, setup_s=round(setup, 3), base_rss_mb=round(base, 1))
    for line in sys.stdin:
        words = line.split()
        if words[:1] != ["measure"]:
            break
        times = measure(exercise, float(words[1]), inner, warm_up=0 if is_long else 2)
        answer(us=[round(1e6 * seconds, 3) for seconds in times], inner=inner)
    answer(peak_rss_mb=round(peak_memory(), 1))


def iterations_per_sample(step):
    """Warms up, and finds how many iterations last 100 us."""
    begin = time.perf_counter()
    shortest, count = math.inf, 0
    while count < 3 or (time.perf_counter() - begin < 0.25 and count < 2000):
        start = time.perf_counter()
        step()
        shortest = min(shortest, time.perf_counter() - start)
        count += 1
    return math.ceil(100e-6 / shortest) if shortest < 50e-6 else 1


def measure(exercise, seconds, inner, warm_up):
    exercise.reset()
    step = exercise.step
    for _ in range(warm_up):
        step()
    times, end = [], time.perf_counter() + seconds
    while True:
        start = time.perf_counter()
        for _ in range(inner):
            step()
        stop = time.perf_counter()
        times.append((stop - start) / inner)
        if stop >= end:
            return times


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("framework", choices=("torch", "torch-compile", "jax"))
    parser.add_argument("workload")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    # What the frameworks print goes to standard error.
    output = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)

    def answer(**members):
        print(json.dumps(members), file=output, flush=True)

    if options.framework == "jax":
        import jax_side as side
    else:
        import torch_side as side
    started, base = time.perf_counter(), peak_memory()
    try:
        exercise = side.exercise(
            options.workload, options.threads, compiled=options.framework == "torch-compile"
        )
        if options.check:
            answer(check=exercise.check())
        else:
            serve(exercise, answer, started, base)
    except Exception as error:  # the other side shows it, and goes on with the other workloads
        lines = str(error).strip().splitlines() or [""]
        answer(error=f"{type(error).__name__}: {lines[0][:300]}")


if __name__ == "__main__":
    main()
