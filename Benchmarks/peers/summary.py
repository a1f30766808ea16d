"""What was measured, as a table and in a few numbers."""

import statistics

WHOLE = "all"
REFERENCE = "torch"  # whose memory is compared


def by_workload(results):
    """(threads, workload) -> framework -> result, in the order measured."""
    table = {}
    for result in results:
        key = (result["threads"], result["workload"])
        table.setdefault(key, {})[result["framework"]] = result
    return table


def ratio(programs, ours):
    """The time of the fastest other program over ours: above 1 ours is faster."""
    times = {name: result["median_us"] for name, result in programs.items() if "median_us" in result}
    others = [time for name, time in times.items() if name != ours]
    return min(others) / times[ours] if ours in times and others else None


def ratios(results, ours):
    """(threads, workload, group, ratio) of each workload that has one."""
    for (threads, workload), programs in by_workload(results).items():
        value = ratio(programs, ours)
        if value:
            yield threads, workload, programs[ours]["group"], value


def show(results, ours):
    frameworks = list(dict.fromkeys(r["framework"] for r in results if r["framework"] != ours))
    for threads in sorted({r["threads"] for r in results}):
        titles = [ours, *frameworks, "ratio", "of peak", "over floor", "memory"]
        print(
            f"\nthreads: {threads}; medians in microseconds; ratio: fastest other / {ours}; memory: "
            f"{REFERENCE} / {ours}, beyond what either has at its start\n"
        )
        print("".ljust(26) + "".join(title.rjust(14) for title in titles))
        for (count, workload), programs in by_workload(results).items():
            if count == threads:
                print(workload.ljust(26) + row(programs, ours, frameworks))
        print()
        for group, values in groups(results, ours, threads).items():
            mean = statistics.geometric_mean(values)
            print(f"{group.ljust(26)} geometric mean {mean:.2f}, least {min(values):.2f}")


def groups(results, ours, threads):
    """Group -> ratios, and all of them."""
    found = {}
    for count, _, group, value in ratios(results, ours):
        if count == threads:
            found.setdefault(group, []).append(value)
    return found | ({WHOLE: [v for values in found.values() for v in values]} if found else {})


def row(programs, ours, frameworks):
    def time(name):
        result = programs.get(name, {})
        return f"{result['median_us']:.2f}" if "median_us" in result else "-"

    mine, value = programs.get(ours, {}), ratio(programs, ours)
    cells = [time(ours), *(time(name) for name in frameworks), f"{value:.2f}" if value else "-"]
    if "median_us" in mine:
        operations = mine.get("flops")
        rate = operations / mine["median_us"] / 1e3 if operations else None
        cells.append(f"{100 * rate / mine['peak_gflops']:.0f} %" if rate else "")
        is_bounded = mine["group"] != "overhead"
        cells.append(f"{mine['median_us'] / mine['floor_us']:.2f}" if is_bounded else "")
        used, theirs = memory(mine), memory(programs.get(REFERENCE, {}))
        # Less than this is lost in what a process needs anyhow.
        cells.append(f"{theirs / used:.2f}" if used and theirs and used > 5 else "")
    return "".join(cell.rjust(14) for cell in cells)


def memory(result):
    """The most memory beyond that of the program at its start, in MiB."""
    if result.get("peak_rss_mb") is None:
        return None
    return result["peak_rss_mb"] - result["base_rss_mb"]
