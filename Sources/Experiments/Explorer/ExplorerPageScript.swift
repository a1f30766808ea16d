/// The script that fills in the section of the explorer: sliders, conditions, samples, and the picture.
let explorerPageScript = #"""
    const byId = (id) => document.getElementById(`explorer-${id}`);

    function element(name, properties = {}, children = []) {
      const made = Object.assign(document.createElement(name), properties);
      made.append(...children);
      return made;
    }

    const shown = (number) => number.toFixed(2).replace("-", "\u2212");

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
