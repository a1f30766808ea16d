"""Programs that take part in a comparison, and the protocol spoken with them: see
Sources/speed/Running/Worker.swift."""

import ctypes.util
import json
import os
import select
import statistics
import subprocess
import time

SETUP_SECONDS = 900  # compilers are slow


class Failure(Exception):
    """What is wrong, in one line."""


def build(package):
    """Builds `speed`; returns its path."""
    command = ["swift", "build", "-c", "release", "--package-path", str(package)]
    if subprocess.run(command, stdout=subprocess.DEVNULL).returncode:
        raise Failure("speed does not build: see swift build -c release --package-path Benchmarks")
    answer = subprocess.run([*command, "--show-bin-path"], stdout=subprocess.PIPE, text=True)
    return os.path.join(answer.stdout.strip(), "speed")


def lines_of(*command, environment=None):
    """What a command prints, a JSON object a line."""
    command = [str(word) for word in command]
    answer = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    if answer.returncode:
        last = (answer.stderr.strip().splitlines() or ["nothing said"])[-1]
        raise Failure(f"{' '.join(command)}: status {answer.returncode}, {last}")
    return [json.loads(line) for line in answer.stdout.splitlines()]


def worker_environment(framework, threads):
    """As one runs a framework who tunes it for a processor."""
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads), MKL_NUM_THREADS=str(threads))
    environment |= {"JAX_PLATFORMS": "cpu", "CUDA_VISIBLE_DEVICES": ""}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    # An allocator that keeps its pages: fresh ones would cost as much as the arithmetic.
    tcmalloc = ctypes.util.find_library("tcmalloc_minimal")
    if tcmalloc:
        environment["LD_PRELOAD"] = tcmalloc
    else:
        environment["MALLOC_MMAP_THRESHOLD_"] = str(2**32)
        environment["MALLOC_TRIM_THRESHOLD_"] = str(2**34)
    if framework == "jax" and threads == 1:
        # On one thread this scheduler costs up to three times the work it schedules.
        flag = "--xla_cpu_enable_concurrency_optimized_scheduler=false"
        environment["XLA_FLAGS"] = f"{environment.get('XLA_FLAGS', '')} {flag}".strip()
    return environment


class Worker:
    """One program, set up for one workload."""

    def __init__(self, command, environment, threads):
        self.times, self.facts, self.inner, self.error, self.unread = [], {}, 1, None, b""
        try:
            self.process = subprocess.Popen(
                [str(word) for word in command], env=environment, stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            self.process, self.error = None, str(error)
            return
        if hasattr(os, "sched_setaffinity"):
            processors = sorted(os.sched_getaffinity(0))[-threads:]
            os.sched_setaffinity(self.process.pid, processors)
        self.facts = self.answer(SETUP_SECONDS)

    def measure(self, seconds):
        answer = self.ask(f"measure {seconds}", SETUP_SECONDS)
        self.times += answer.get("us", [])
        self.inner = answer.get("inner", self.inner)

    def finish(self):
        """Ends the program; returns what was measured."""
        facts = self.facts | self.ask("quit", 60)
        if self.process:
            self.process.stdin.close()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.error or not self.times:
            return {"error": self.error or "no times"}
        times = sorted(self.times)
        at = lambda fraction: times[min(len(times) - 1, int(fraction * len(times)))]
        return {
            "median_us": round(statistics.median(times), 3), "min_us": times[0],
            "samples": len(times), "q1_us": at(0.25), "q3_us": at(0.75), "inner": self.inner,
            "setup_s": facts.get("setup_s"), "base_rss_mb": facts.get("base_rss_mb"),
            "peak_rss_mb": facts.get("peak_rss_mb"),
        }

    def ask(self, line, patience):
        if self.error:
            return {}
        try:
            self.process.stdin.write(f"{line}\n".encode())
            self.process.stdin.flush()
        except OSError as error:
            self.error = str(error)
            return {}
        return self.answer(patience)

    def answer(self, patience):
        """The next line; after an error none are asked for."""
        end = time.monotonic() + patience
        while b"\n" not in self.unread:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))
            if not ready:
                self.process.kill()
                self.error = f"no answer within {patience} s"
                return {}
            more = os.read(self.process.stdout.fileno(), 1 << 16)
            if not more:
                self.error = f"ended with status {self.process.wait()}"
                return {}
            self.unread += more
        line, self.unread = self.unread.split(b"\n", 1)
        answer = json.loads(line)
        self.error = answer.get("error")
        return answer
