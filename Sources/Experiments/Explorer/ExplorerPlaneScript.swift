/// The script of the plane of codes in which a reader drags.
let explorerPlaneScript = #"""
    // The plane in which one drags: the first two directions, in the same units, upwards is more.
    class Plane {
      constructor(canvas, state) {
        this.canvas = canvas;
        this.state = state;
        const [first, second] = state.directions;
        this.middle = [first, second].map((d) => d ? (d.lower + d.upper) / 2 : 0);
        this.reach = Math.max(...[first, second].map((d) => d ? (d.upper - d.lower) / 2 : 0));
        // All codes to start from lie in the plane.
        state.starts.forEach((code) => this.middle.forEach((middle, axis) => {
          this.reach = Math.max(this.reach, 1.05 * Math.abs(state.place(axis, code) - middle));
        }));
        byId("axes").textContent = second ? `\u2192 ${first.name}; \u2191 ${second.name}`
          : `\u2192 ${first.name}`;
        this.listen();
      }

      listen() {
        const {canvas} = this;
        canvas.addEventListener("pointerdown", (event) => {
          canvas.setPointerCapture(event.pointerId);
          this.go(event);
        });
        canvas.addEventListener("pointermove", (event) => {
          if (canvas.hasPointerCapture(event.pointerId)) this.go(event);
        });
        canvas.addEventListener("keydown", (event) => this.press(event));
        new ResizeObserver(() => this.draw()).observe(canvas);
        matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
      }

      go(event) {
        const box = this.canvas.getBoundingClientRect();
        const across = 2 * (event.clientX - box.left) / box.width - 1;
        const up = 1 - 2 * (event.clientY - box.top) / box.height;
        [across, up].forEach((way, axis) => {
          const limited = Math.min(Math.max(way, -1), 1);
          this.state.move(axis, this.middle[axis] + limited * this.reach);
        });
        this.state.settle();
      }

      // Arrow keys move by a fiftieth of the plane, with the shift key by five; Home goes back.
      press(event) {
        const ways = {
          ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowDown: [1, -1], ArrowUp: [1, 1],
        };
        if (event.key === "Home") this.state.begin(this.state.start);
        else if (ways[event.key]) {
          const [axis, way] = ways[event.key];
          const step = this.reach / 25 * (event.shiftKey ? 5 : 1);
          this.state.move(axis, this.state.place(axis) + way * step);
          this.state.settle();
        } else return;
        event.preventDefault();
      }

      draw() {
        const {canvas, state: {data: {points}}} = this;
        const ratio = window.devicePixelRatio || 1;
        const side = Math.max(1, Math.round(canvas.clientWidth * ratio));
        Object.assign(canvas, {width: side, height: side});
        const context = canvas.getContext("2d");
        const style = getComputedStyle(canvas);
        const at = (x, y) => [
          side / 2 * (1 + (x - this.middle[0]) / this.reach),
          side / 2 * (1 - (y - this.middle[1]) / this.reach),
        ];
        const disc = (place, radius, color) => {
          context.fillStyle = color;
          context.beginPath();
          context.arc(...place, radius * ratio, 0, 2 * Math.PI);
          context.fill();
        };
        this.drawAxes(context, side, at(0, 0), style.getPropertyValue("--edge"));
        context.globalAlpha = 0.6;
        points.x.forEach((x, index) => {
          const color = points.colors[index] || style.getPropertyValue("--soft");
          disc(at(x, points.y[index] ?? 0), 2.25, color);
        });
        context.globalAlpha = 1;
        const place = at(this.state.place(0), this.state.place(1))
          .map((x) => Math.min(Math.max(x, 0), side));
        disc(place, 9, style.getPropertyValue("--card"));
        disc(place, 7, style.getPropertyValue("--ink"));
        disc(place, 4, style.getPropertyValue("--accent"));
      }

      drawAxes(context, side, [x, y], color) {
        context.strokeStyle = color;
        context.beginPath();
        context.moveTo(x, 0);
        context.lineTo(x, side);
        context.moveTo(0, y);
        context.lineTo(side, y);
        context.stroke();
      }
    }
    """#
