"""The ratios as a chart of bars, for light and dark pages."""

import math

from summary import ratios

WIDTH, LEFT, RIGHT, TOP = 400, 146, 34, 34
ROW, GAP, BAR = 15, 20, 5

STYLE = """
  text { font: 10px system-ui, sans-serif; fill: #1f2328 }
  .small { font-size: 9px; fill: #59636e }
  .group { font-weight: 600 }
  .grid { stroke: #d1d9e0 } .one { stroke: #59636e }
  .faster0 { fill: #1a7f37 } .faster1 { fill: #74c38a }
  .slower0 { fill: #bc4c00 } .slower1 { fill: #e8a273 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .small { fill: #9198a1 }
    .grid { stroke: #3d444d } .one { stroke: #9198a1 }
    .faster0 { fill: #3fb950 } .faster1 { fill: #1f6c33 }
    .slower0 { fill: #f0883e } .slower1 { fill: #8a4a17 }
  }
"""


def draw(results, ours):
    """SVG: for each workload a bar for each number of threads, on a logarithmic axis."""
    rows = {}
    for threads, workload, group, value in ratios(results, ours):
        rows.setdefault(group, {}).setdefault(workload, {})[threads] = value
    values = [v for group in rows.values() for bars in group.values() for v in bars.values()]
    counts = sorted({t for group in rows.values() for bars in group.values() for t in bars})
    axis = Axis(min(values, default=1), max(values, default=1))
    y, parts = TOP, []
    for group, workloads in rows.items():
        parts.append(text(4, y + 12, group, "group"))
        y += GAP
        for workload, bars in workloads.items():
            parts.append(text(LEFT - 6, y + 9, workload, anchor="end"))
            parts += draw_bars(axis, y, counts, bars)
            y += ROW
        y += 4
    grid = [
        f'<line class="{"one" if tick == 1 else "grid"}" x1="{axis(tick):.1f}" '
        f'x2="{axis(tick):.1f}" y1="{TOP - 4}" y2="{y}"/>'
        + text(axis(tick), TOP - 8, f"{tick:g}×", "small", "middle")
        for tick in axis.ticks
    ]
    bars = " thread, below ".join(str(count) for count in counts)
    title = f"times faster than the fastest other; {bars} thread{'s' * (counts != [1])}"
    body = "\n".join([text(4, 11, title, "small"), *grid, *parts])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 6}" role="img">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n{body}\n</svg>\n"
    )


def draw_bars(axis, y, counts, bars):
    height = 2 * BAR if len(counts) == 1 else BAR
    parts = []
    for threads, value in bars.items():
        place = counts.index(threads)
        kind = "faster" if value >= 1 else "slower"
        left, right = sorted((axis(1), axis(value)))
        parts.append(
            f'<rect class="{kind}{min(place, 1)}" x="{left:.1f}" y="{y + 2 + place * BAR}" '
            f'width="{max(right - left, 0.5):.1f}" height="{height}"/>'
        )
    first = bars[min(bars)]
    end = max(axis(value) for value in [1, *bars.values()])
    return parts + [text(end + 3, y + 9, f"{first:.2f}" if first < 10 else f"{first:.0f}", "small")]


class Axis:
    """From ratios to places."""

    def __init__(self, least, greatest):
        self.low = math.floor(math.log2(min(least, 0.99)))
        self.high = max(math.ceil(math.log2(greatest)), 1)
        step = math.ceil((self.high - self.low) / 8)
        self.ticks = [2.0**power for power in range(self.low, self.high + 1) if power % step == 0]

    def __call__(self, ratio):
        share = (math.log2(ratio) - self.low) / (self.high - self.low)
        return LEFT + share * (WIDTH - LEFT - RIGHT)


def text(x, y, content, kind="", anchor="start"):
    safe = content.replace("&", "&amp;").replace("<", "&lt;")
    style = f' class="{kind}"' if kind else ""
    return f'<text{style} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{safe}</text>'
