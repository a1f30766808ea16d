/// The script that keeps the code at which a reader is, and decodes it by the network
/// (`explorerNetworkScript`).
let explorerStateScript = #"""
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
    """#
