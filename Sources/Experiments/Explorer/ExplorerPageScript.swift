/// The script that lets a reader move through codes: it fills in the section of the explorer, and draws
/// what the network (`explorerNetworkScript`) decodes.
let explorerPageScript = #"""
    const byId = (id) => document.getElementById(`explorer-${id}`);

    function element(name, properties = {}, children = []) {
      const made = Object.assign(document.createElement(name), properties);
      made.append(...children);
      return made;
    }

    const shown = (number) => number.toFixed(2).replace("-", "\u2212");

    // The code that is decoded, and what is told with it. Whoever moves it calls changed.
    class State {
      constructor(data) {
        this.data = data;
        this.origin = data.directions.origin;
        this.directions = data.directions.directions;
        this.starts = rowsOf(unpacked(data.samples.codes));
        this.decoder = readSteps(data.decoder);
        this.scale = data.scale && {
          mean: readSteps(data.scale.mean), logVariance: readSteps(data.scale.logVariance),
        };
        this.changed = () => {};
        this.begin(0);
      }

      // The place of a code along a direction.
      place(index, code = this.code) {
        const {vector} = this.directions[index] ?? {vector: []};
        return vector.reduce((sum, x, k) => sum + x * (code[k] - this.origin[k]), 0);
      }

      // Moves the code to a place along a direction, as far as it has one.
      move(index, place) {
        if (index >= this.directions.length) return;
        const way = place - this.place(index);
        const {vector} = this.directions[index];
        this.code = this.code.map((x, k) => x + way * vector[k]);
      }

      // Where codes are unit vectors, the nearest one.
      settle() {
        const length = Math.hypot(...this.code);
        if (this.data.areDirections && length > 0) this.code = this.code.map((x) => x / length);
        this.changed();
      }

      // The code of a test sample, and what is told of it.
      begin(sample) {
        this.start = sample;
        this.code = Float64Array.from(this.starts[sample]);
        this.told = this.data.samples.told[sample];
        this.changed();
      }

      // Another condition; where each has codes of its own, the code is moved to the same place there.
      tell(condition) {
        if (this.scale) {
          const [from, to] = [this.told, condition].map((told) => this.distribution(told));
          this.code = this.code.map((x, k) =>
            to.mean[k] + (x - from.mean[k]) * Math.exp((to.log[k] - from.log[k]) / 2));
        }
        this.told = condition;
        this.changed();
      }

      distribution(told) {
        const numbers = this.numbers(told);
        const value = {shape: [numbers.length], data: Float64Array.from(numbers)};
        const results = [this.scale.mean, this.scale.logVariance].map((s) => evaluated(s, value));
        return {mean: results[0].data, log: results[1].data};
      }

      // The numbers that tell a condition to the decoder.
      numbers(told) {
        const {condition} = this.data;
        if (!condition) return [];
        if (!condition.classes) return [(told - condition.mean) / condition.deviation];
        return Array.from({length: condition.classes}, (_, index) => index === told ? 1 : 0);
      }

      // The picture of the code: channel by channel, numbers from 0 to 1.
      decode() {
        const numbers = this.numbers(this.told);
        const data = Float64Array.from([...this.code, ...numbers]);
        const shape = numbers.length > 0 ? [data.length] : this.data.codeShape;
        return evaluated(this.decoder, {shape, data}).data;
      }
    }

    function rowsOf({shape: [count, size], data}) {
      return Array.from({length: count}, (_, row) => data.subarray(row * size, (row + 1) * size));
    }

    // Draws numbers from 0 to 1 as grey values or colours.
    function drawPicture(canvas, [channels, height, width], numbers) {
      Object.assign(canvas, {width, height});
      const pixels = new ImageData(width, height);
      const area = width * height;
      for (let pixel = 0; pixel < area; pixel++) {
        for (let color = 0; color < 3; color++) {
          const number = numbers[(channels === 3 ? color * area : 0) + pixel] ?? 0;
          pixels.data[4 * pixel + color] = Math.round(255 * Math.min(Math.max(number, 0), 1));
        }
        pixels.data[4 * pixel + 3] = 255;
      }
      canvas.getContext("2d").putImageData(pixels, 0, 0);
    }

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

    // A slider with its name and its value.
    class Slider {
      constructor(name, {lower, upper}, change) {
        const id = `explorer-slider-${Slider.count++}`;
        this.input = element("input", {
          id, type: "range", min: lower, max: upper, step: (upper - lower) / 200,
        });
        this.output = element("output", {htmlFor: id});
        this.input.addEventListener("input", () => change(Number(this.input.value)));
        const label = element("label", {htmlFor: id, textContent: name});
        this.row = element(
          "div", {className: "explorer-slider"}, [label, this.output, this.input]);
      }

      show(value) {
        // What is written while one drags would be rounded to a step.
        if (Math.abs(Number(this.input.value) - value) > this.input.step) this.input.value = value;
        this.output.value = shown(value);
      }
    }
    Slider.count = 0;

    // Sliders for all directions but those of the plane.
    class Sliders {
      constructor(state) {
        this.state = state;
        this.sliders = state.directions.slice(2).map((direction, index) =>
          new Slider(direction.name, direction, (place) => {
            state.move(index + 2, place);
            state.settle();
          }));
        if (this.sliders.length === 0) return;
        const title = element("h3", {
          id: "explorer-sliders-title", textContent: "Other directions of the code",
        });
        const list = element(
          "div", {className: "explorer-list", tabIndex: 0}, this.sliders.map(({row}) => row));
        list.setAttribute("role", "group");
        list.setAttribute("aria-labelledby", title.id);
        byId("sliders").append(title, list);
        byId("sliders").hidden = false;
      }

      show() {
        this.sliders.forEach((slider, index) => slider.show(this.state.place(index + 2)));
      }
    }

    function pressed(buttons, isPressed) {
      buttons.forEach((button, index) => {
        button.setAttribute("aria-pressed", String(isPressed(index)));
      });
    }

    // What the decoder is told: buttons for classes, a slider for a number.
    class Conditions {
      constructor(state) {
        this.state = state;
        this.condition = state.data.condition;
        if (!this.condition) return;
        if (this.condition.classes) this.addButtons();
        else this.addSlider();
        byId("condition").hidden = false;
      }

      addButtons() {
        this.buttons = this.condition.choices.map(({value, name}) => {
          const button = element("button", {type: "button", textContent: name});
          button.addEventListener("click", () => this.state.tell(value));
          return button;
        });
        const title = element("h3", {id: "explorer-classes", textContent: "Class"});
        const group = element("div", {className: "explorer-choices"}, this.buttons);
        group.setAttribute("role", "group");
        group.setAttribute("aria-labelledby", title.id);
        byId("condition").append(title, group);
      }

      addSlider() {
        this.slider = new Slider("Number that is told", this.condition, (told) => {
          this.state.tell(told);
        });
        byId("condition").append(this.slider.row);
      }

      show() {
        const {told} = this.state;
        if (this.buttons) {
          pressed(this.buttons, (index) => this.condition.choices[index].value === told);
        }
        this.slider?.show(told);
      }
    }

    // Small pictures of samples, cut out of one that has all of them.
    class Sprite {
      constructor({sprite, width, height, columns, classes}) {
        Object.assign(this, {width, height, columns, classes});
        this.image = new Image();
        this.image.src = `data:image/png;base64,${sprite}`;
      }

      draw(canvas, index) {
        const {width, height, columns} = this;
        Object.assign(canvas, {width, height});
        const [x, y] = [index % columns * width, Math.floor(index / columns) * height];
        canvas.getContext("2d").drawImage(this.image, x, y, width, height, 0, 0, width, height);
      }

      // A tile for a sample; its canvas says what it shows unless what it lies in does.
      tile(name, description) {
        const canvas = element("canvas", {width: this.width, height: this.height});
        const caption = element("span");
        const tile = element(name, {className: "explorer-tile"}, [canvas, caption]);
        caption.setAttribute("aria-hidden", "true");
        if (description) tile.setAttribute("aria-label", description);
        const show = (index) => {
          this.draw(canvas, index);
          caption.textContent = this.classes[index] ?? "";
        };
        return {tile, canvas, show};
      }
    }

    // The test samples to start from.
    class Starts {
      constructor(state, sprite) {
        this.state = state;
        this.buttons = state.data.samples.numbers.map((number, index) => {
          const label = sprite.classes[index];
          const description = `Test sample ${number}${label ? `, ${label}` : ""}`;
          const {tile, show} = sprite.tile("button", description);
          tile.type = "button";
          tile.addEventListener("click", () => state.begin(index));
          show(index);
          return tile;
        });
        byId("starts").append(...this.buttons);
      }

      show() { pressed(this.buttons, (index) => index === this.state.start); }
    }

    // The training samples whose codes are nearest.
    class Neighbours {
      constructor(state, sprite) {
        [this.state, this.sprite] = [state, sprite];
        this.codes = rowsOf(unpacked(state.data.samples.trainingCodes));
        this.first = state.data.samples.numbers.length;
        const count = Math.min(8, this.codes.length);
        this.tiles = Array.from({length: count}, () => sprite.tile("div"));
        byId("near").append(...this.tiles.map(({tile}) => tile));
      }

      show() {
        const distances = this.codes.map((code) =>
          code.reduce((sum, x, k) => sum + (x - this.state.code[k]) ** 2, 0));
        const order = [...distances.keys()].sort((a, b) => distances[a] - distances[b]);
        this.tiles.forEach(({canvas, show}, place) => {
          const label = this.sprite.classes[this.first + order[place]];
          show(this.first + order[place]);
          canvas.setAttribute("role", "img");
          canvas.setAttribute("aria-label", `Training sample${label ? `, ${label}` : ""}`);
        });
      }
    }

    // Everything that shows the state, drawn at most once for each frame.
    class Explorer {
      constructor(data) {
        this.state = new State(data);
        const sprite = new Sprite(data.samples);
        this.plane = new Plane(byId("plane"), this.state);
        this.parts = [new Sliders(this.state), new Conditions(this.state)];
        byId("plane").closest(".explorer-stage").classList.toggle(
          "with-controls", this.state.directions.length > 2 || Boolean(data.condition));
        byId("plane").closest(".explorer-stage").hidden = false;
        this.state.changed = () => this.request();
        sprite.image.decode().then(() => {
          this.parts.push(new Starts(this.state, sprite), new Neighbours(this.state, sprite));
          this.show();
        });
        this.show();
      }

      request() {
        this.frame ??= requestAnimationFrame(() => this.show());
      }

      show() {
        this.frame = undefined;
        drawPicture(byId("picture"), this.state.data.picture, this.state.decode());
        this.plane.draw();
        const places = this.state.directions.slice(0, 2).map((_, k) => shown(this.state.place(k)));
        byId("place").value = `at (${places.join(", ")})`;
        for (const part of this.parts) part.show();
      }
    }

    const explorer = new Explorer(JSON.parse(byId("data").textContent));
    """#
