/// The script that reads tensors from the page and multiplies matrices in a browser.
let explorerTensorScript = #"""
    const product = (sizes) => sizes.reduce((a, b) => a * b, 1);

    function bytes(base64) {
      return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    }

    const floats = (base64) => Float64Array.from(new Float32Array(bytes(base64).buffer));

    // Whole numbers of some bits, one after another, from the highest bit on.
    function wholeNumbers(packed, bits, count) {
      const numbers = new Float64Array(count);
      const offset = 2 ** (bits - 1);
      let [held, known, place] = [0, 0, 0];
      for (let index = 0; index < count; index++) {
        while (known < bits) {
          held = ((held << 8) | packed[place++]) & 0xffffff;
          known += 8;
        }
        known -= bits;
        numbers[index] = ((held >> known) & (2 ** bits - 1)) - offset;
      }
      return numbers;
    }

    // A tensor: floats, or whole numbers with a scale for each row.
    function unpacked({shape, values, scales, bits}) {
      if (!scales) return {shape, data: floats(values)};
      const data = wholeNumbers(bytes(values), bits, product(shape));
      const size = data.length / shape[0];
      floats(scales).forEach((scale, row) => {
        for (let index = row * size; index < (row + 1) * size; index++) {
          data[index] = Math.fround(data[index] * scale);
        }
      });
      return {shape, data};
    }

    // Adds the products of two rows of x and four of w up, to eight sums. Most of the time is spent
    // here: browsers make plain and short functions fastest.
    function multiplyRows(sums, x, x0, x1, w, w0, w1, w2, w3, size) {
      let a0 = 0, a1 = 0, a2 = 0, a3 = 0, b0 = 0, b1 = 0, b2 = 0, b3 = 0;
      for (let i = 0; i < size; i++) {
        const a = x[x0 + i], b = x[x1 + i];
        const c0 = w[w0 + i], c1 = w[w1 + i], c2 = w[w2 + i], c3 = w[w3 + i];
        a0 += c0 * a; a1 += c1 * a; a2 += c2 * a; a3 += c3 * a;
        b0 += c0 * b; b1 += c1 * b; b2 += c2 * b; b3 += c3 * b;
      }
      sums[0] = a0; sums[1] = a1; sums[2] = a2; sums[3] = a3;
      sums[4] = b0; sums[5] = b1; sums[6] = b2; sums[7] = b3;
    }

    // The rows of x times those of w, two and four at a time; the last ones may be computed twice.
    function productOfRows(x, w, size, bias) {
      const rows = x.length / size, outputs = w.length / size;
      const result = new Float64Array(rows * outputs);
      const sums = new Float64Array(8);
      for (let o = 0; o < outputs; o += 4) {
        const last = outputs - 1;
        const o1 = Math.min(o + 1, last), o2 = Math.min(o + 2, last), o3 = Math.min(o + 3, last);
        for (let row = 0; row < rows; row += 2) {
          const next = Math.min(row + 1, rows - 1);
          multiplyRows(
            sums, x, row * size, next * size, w, o * size, o1 * size, o2 * size, o3 * size, size);
          const first = row * outputs, second = next * outputs;
          result[first + o] = sums[0]; result[first + o1] = sums[1];
          result[first + o2] = sums[2]; result[first + o3] = sums[3];
          result[second + o] = sums[4]; result[second + o1] = sums[5];
          result[second + o2] = sums[6]; result[second + o3] = sums[7];
        }
      }
      if (bias) for (let k = 0; k < result.length; k++) result[k] += bias[k % outputs];
      return result;
    }

    function transposed(data, columns) {
      const rows = data.length / columns;
      const result = new Float64Array(data.length);
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          result[column * rows + row] = data[row * columns + column];
        }
      }
      return result;
    }
    """#
