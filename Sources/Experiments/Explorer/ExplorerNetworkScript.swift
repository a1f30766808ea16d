/// The script that computes the steps of a network (`NetworkStep`) in a browser.
///
/// Values are `{shape, data}`: one sample, without a batch, in row-major order. Everything is
/// computed in double precision, which browsers do fastest.
let explorerNetworkScript = #"""
    function dense({weight, bias}, _, {shape, data}) {
      const [outputs, inputs] = weight.shape;
      const result = productOfRows(data, weight.data, inputs, bias?.data);
      return {shape: [...shape.slice(0, -1), outputs], data: result};
    }

    // Calls body(place in the patches, place in the image) for each element of the filters at each
    // of the positions that lies within the image, [channels, height, width].
    function forEachPatchElement([channels, height, width], positions, kernel, numbers, body) {
      const {stride, padding, dilation} = numbers;
      const size = channels * kernel[0] * kernel[1];
      for (let p = 0; p < positions[0] * positions[1]; p++) {
        const top = Math.floor(p / positions[1]) * stride[0] - padding[0];
        const left = p % positions[1] * stride[1] - padding[1];
        for (let k = 0; k < size; k++) {
          const line = Math.floor(k / kernel[1]);
          const y = top + line % kernel[0] * dilation[0];
          const x = left + k % kernel[1] * dilation[1];
          if (y < 0 || y >= height || x < 0 || x >= width) continue;
          body(p * size + k, (Math.floor(line / kernel[0]) * height + y) * width + x);
        }
      }
    }

    // The parts of an array for each of some groups.
    const grouped = (data, groups, change) => Array.from({length: groups}, (_, group) => {
      const size = data.length / groups;
      return change(data.subarray(group * size, (group + 1) * size), group);
    });

    function image(channels, size, groups, bias) {
      const area = size[0] * size[1];
      const data = new Float64Array(channels * area);
      let place = 0;
      for (const group of groups) {
        data.set(group, place);
        place += group.length;
      }
      if (bias) for (let k = 0; k < data.length; k++) data[k] += bias.data[Math.floor(k / area)];
      return {shape: [channels, ...size], data};
    }

    // The filters times the patches that they see.
    function convolution({weight, bias}, numbers, {shape: [channels, ...size], data}) {
      const {stride, padding, dilation, groups: [groups]} = numbers;
      const [outputs, inputs, ...kernel] = weight.shape;
      const positions = size.map((length, axis) => Math.floor(
        (length + 2 * padding[axis] - dilation[axis] * (kernel[axis] - 1) - 1) / stride[axis]) + 1);
      const count = positions[0] * positions[1];
      const patchSize = inputs * kernel[0] * kernel[1];
      const results = grouped(data, groups, (part, group) => {
        const patches = new Float64Array(count * patchSize);
        forEachPatchElement([inputs, ...size], positions, kernel, numbers, (patch, place) => {
          patches[patch] = part[place];
        });
        const start = group * outputs / groups * patchSize;
        const filters = weight.data.subarray(start, start + outputs / groups * patchSize);
        return transposed(productOfRows(patches, filters, patchSize), outputs / groups);
      });
      return image(outputs, positions, results, bias);
    }

    // Each pixel times the filters, added up where these overlap.
    function transposedConvolution({weight, bias}, numbers, {shape: [channels, ...size], data}) {
      const {stride, padding, outputPadding, dilation, groups: [groups]} = numbers;
      const [, outputs, ...kernel] = weight.shape;
      const larger = size.map((length, axis) => (length - 1) * stride[axis] - 2 * padding[axis]
        + dilation[axis] * (kernel[axis] - 1) + 1 + outputPadding[axis]);
      const area = size[0] * size[1];
      const filters = grouped(weight.data, groups, (part) =>
        transposed(part, outputs * kernel[0] * kernel[1]));
      const results = grouped(data, groups, (part, group) => {
        const patches = productOfRows(
          transposed(part, area), filters[group], channels / groups);
        const result = new Float64Array(outputs * larger[0] * larger[1]);
        forEachPatchElement([outputs, ...larger], size, kernel, numbers, (patch, place) => {
          result[place] += patches[patch];
        });
        return result;
      });
      return image(outputs * groups, larger, results, bias);
    }

    // The results of a function of numbers and their positions. Faster than the method of arrays.
    function mapped(data, change) {
      const result = new Float64Array(data.length);
      for (let index = 0; index < data.length; index++) result[index] = change(data[index], index);
      return result;
    }

    function affine({scale, shift}, _, {shape, data}) {
      const size = data.length / scale.data.length;
      return {shape, data: mapped(data, (x, index) => {
        const part = Math.floor(index / size);
        return scale.data[part] * x + shift.data[part];
      })};
    }

    // Each of some equal parts with mean 0 and variance 1.
    function normalized(data, parts, epsilon) {
      const size = data.length / parts;
      const result = new Float64Array(data.length);
      for (let start = 0; start < data.length; start += size) {
        const part = data.subarray(start, start + size);
        const mean = part.reduce((sum, x) => sum + x, 0) / size;
        const variance = part.reduce((sum, x) => sum + (x - mean) ** 2, 0) / size;
        const factor = 1 / Math.sqrt(variance + epsilon);
        part.forEach((x, index) => { result[start + index] = (x - mean) * factor; });
      }
      return result;
    }

    function layerNormalization({weight, bias}, {epsilon}, {shape, data}) {
      const size = weight.data.length;
      const values = normalized(data, data.length / size, epsilon[0]);
      return {shape, data: mapped(values, (x, i) => x * weight.data[i % size] + bias.data[i % size])};
    }

    function groupNormalization({weight, bias}, {groups, epsilon}, {shape, data}) {
      const values = {shape, data: normalized(data, groups[0], epsilon[0])};
      return affine({scale: weight, shift: bias}, {}, values);
    }

    function upsampling(_, {factor}, {shape: [channels, height, width], data}) {
      const [rows, columns] = [height * factor[0], width * factor[1]];
      const result = mapped(new Float64Array(channels * rows * columns), (_, index) => {
        const [line, x] = [Math.floor(index / columns), index % columns];
        const [channel, y] = [Math.floor(line / rows), line % rows];
        const source = (channel * height + Math.floor(y / factor[0])) * width;
        return data[source + Math.floor(x / factor[1])];
      });
      return {shape: [channels, rows, columns], data: result};
    }

    function reshape(_, {shape}, value) {
      return {shape: shape[0] < 0 ? [value.data.length] : shape, data: value.data};
    }

    function transpose(_, __, {shape: [rows, columns], data}) {
      return {shape: [columns, rows], data: transposed(data, columns)};
    }

    function firstHalf(_, __, {shape, data}) {
      return {shape: [shape[0] / 2, ...shape.slice(1)], data: data.slice(0, data.length / 2)};
    }

    // An image in front of middle grey, where the last channel, a mask, says that it is seen.
    function foreground(_, __, {shape: [channels, ...size], data}) {
      const area = size[0] * size[1], place = (channels - 1) * area;
      const seen = mapped(data.subarray(place), sigmoid);
      return {shape: [channels - 1, ...size], data: mapped(data.subarray(0, place), (x, index) =>
        0.5 + seen[index % area] * (sigmoid(x) - 0.5))};
    }

    // The numbers of the pose at the start of a code, in their units, and the rest.
    function poseOfCode({angle, shift, scale}, code) {
      let place = 0;
      const next = (isThere) => isThere ? code[place++] : 0;
      const pose = {
        angle: angle[0] * next(angle[0] > 0),
        right: shift[0] * next(shift[0] > 0), down: shift[0] * next(shift[0] > 0),
        size: Math.exp(scale[0] * next(scale[0] > 0)),
      };
      return {...pose, content: code.subarray(place)};
    }

    // Where each pixel lies on the thing, followed by the content of the code.
    function places(_, numbers, {data}) {
      const [height, width] = numbers.size;
      const {angle, right, down, size, content} = poseOfCode(numbers, data);
      const [cosine, sine] = [Math.cos(angle) / size, Math.sin(angle) / size];
      const columns = 2 + content.length;
      const result = new Float64Array(height * width * columns);
      const coordinate = (index, count) => count > 1 ? 2 * index / (count - 1) - 1 : 0;
      for (let pixel = 0; pixel < height * width; pixel++) {
        const x = coordinate(pixel % width, width) - right;
        const y = coordinate(Math.floor(pixel / width), height) - down;
        const start = pixel * columns;
        result[start] = x * cosine - y * sine;
        result[start + 1] = x * sine + y * cosine;
        for (let k = 0; k < content.length; k++) result[start + 2 + k] = content[k];
      }
      return {shape: [height * width, columns], data: result};
    }

    const combining = (combine) => (_, __, value, parts) => parts
      .map((steps) => evaluated(steps, value))
      .reduce(({shape, data}, other) => ({
        shape, data: mapped(data, (x, index) => combine(x, other.data[index])),
      }));

    const sigmoid = (x) => 1 / (1 + Math.exp(-x));
    const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    const elu = (x, alpha) => x > 0 ? x : alpha * Math.expm1(x);

    // Abramowitz and Stegun, 7.1.5 and 7.1.14.
    function erf(x) {
      const magnitude = Math.abs(x);
      if (magnitude > 6) return Math.sign(x);
      if (magnitude < 2.5) {
        let [term, sum] = [x, x];
        for (let n = 1; Math.abs(term) > 1e-17; n++) {
          term *= -x * x / n;
          sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
      }
      let fraction = magnitude;
      for (let n = 60; n > 0; n--) fraction = magnitude + n / 2 / fraction;
      return Math.sign(x) * (1 - Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction);
    }

    // coth h - 1 / h, by its series near 0.
    function langevin(h) {
      const square = h * h;
      if (square < 0.01) return h * (1 / 3 - square * (1 / 45 - square * 2 / 945));
      return 1 / Math.tanh(h) - 1 / h;
    }

    function discretizedLogisticMean(x, logScale) {
      const inverse = Math.exp(-logScale);
      let sum = 0;
      for (let k = 1; k < 256; k++) sum += sigmoid((x - (k - 0.5) / 255) * inverse);
      return sum / 255;
    }

    // Functions of each element, by the numbers of their step.
    const functions = {
      relu: () => (x) => x > 0 ? x : 0,
      leakyRelu: ({slope: [slope]}) => (x) => x > 0 ? x : slope * x,
      elu: ({alpha: [alpha]}) => (x) => elu(x, alpha),
      selu: () => (x) => 1.0507009873554805 * elu(x, 1.6732632423543772),
      gelu: () => (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
      silu: () => (x) => x * sigmoid(x),
      tanh: () => (x) => 1 - 2 / (Math.exp(2 * x) + 1),
      sigmoid: () => sigmoid,
      sine: () => Math.sin,
      softplus: () => softplus,
      softlyBounded: ({bound: [bound]}) => (x) =>
        bound - softplus(2 * bound - softplus(x + bound)),
      continuousBernoulliMean: () => (x) => 0.5 + 0.5 * langevin(0.5 * x),
      discretizedLogisticMean: ({logScale: [scale]}) => (x) => discretizedLogisticMean(x, scale),
    };

    // What the other steps do, by their tensors, numbers, input and parts.
    const operations = {
      dense, convolution, transposedConvolution, affine, layerNormalization, groupNormalization,
      upsampling, reshape, transpose, firstHalf, foreground, places,
      sum: combining((a, b) => a + b), product: combining((a, b) => a * b),
    };

    const evaluated = (steps, value) => steps.reduce((value, step) => step(value), value);

    // Functions from value to value, made of the steps as the page has them.
    function readSteps(steps) {
      return steps.map(({name, numbers, tensors, parts}) => {
        if (Object.hasOwn(functions, name)) {
          const apply = functions[name](numbers);
          return ({shape, data}) => ({shape, data: mapped(data, apply)});
        }
        const weights = Object.fromEntries(
          Object.entries(tensors).map(([name, tensor]) => [name, unpacked(tensor)]));
        const inner = parts.map(readSteps);
        return (value) => operations[name](weights, numbers, value, inner);
      });
    }
    """#
