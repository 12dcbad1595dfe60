// The network: plain operations on arrays, from raw pixels 0–255 to probabilities. operations.py makes them.
//
// A value is {shape, data}: Float32Array, of images row by row with the channels innermost.

/** Return the bytes that base64 text stands for. */
function bytesOf(base64) {
  const text = atob(base64.trim());
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** Return little-endian float32 numbers of bytes. */
function floatsOf(bytes) {
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, at) => view.getFloat32(4 * at, true));
}

/** Return little-endian float16 numbers of bytes as float32. */
function halvesOf(bytes) {
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 2 }, (_, at) => {
    const half = view.getUint16(2 * at, true);
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}

/** Give each operation its weights: `arrays` of it are [first, count] among all numbers. */
function withWeights(operations, numbers) {
  return operations.map((one) => ({
    ...one,
    arrays: one.arrays.map(([first, count]) => numbers.subarray(first, first + count)),
  }));
}

/**
 * Carry out the operations.
 *
 * @param operations With their weights.
 * @param pixels Uint8Array, the model input.
 * @param shape Its height, width and channels.
 * @returns {probabilities, features}: features are what the last dense layer got, or else the probabilities.
 */
function carryOut(operations, pixels, shape) {
  const lastDense = operations.map((one) => one.kind).lastIndexOf("dense");
  let value = { shape, data: Float32Array.from(pixels) };
  let features = null;
  operations.forEach((one, at) => {
    if (at === lastDense) features = value.data;
    value = STEPS[one.kind](value, one);
  });
  return { probabilities: value.data, features: features ?? value.data };
}

const STEPS = {
  affine({ shape, data }, { arrays: [factor, offset] }) {
    const channels = factor.length;
    const made = new Float32Array(data.length);
    for (let at = 0; at < data.length; at++) {
      const channel = channels === 1 ? 0 : at % channels;
      made[at] = Math.fround(data[at] * factor[channel]) + offset[channel];
    }
    return { shape, data: made };
  },

  convolution({ shape, data }, { kernel, strides, dilation, same, arrays: [weights, bias] }) {
    const [height, width, channels] = shape;
    const [rows, columns, , filters] = kernel;
    const tall = dilation[0] * (rows - 1) + 1;
    const wide = dilation[1] * (columns - 1) + 1;
    const down = extent(height, tall, strides[0], same);
    const across = extent(width, wide, strides[1], same);
    const made = new Float32Array(down.count * across.count * filters);
    const sums = new Float64Array(filters);
    for (let y = 0, to = 0; y < down.count; y++) {
      for (let x = 0; x < across.count; x++, to += filters) {
        for (let filter = 0; filter < filters; filter++) sums[filter] = bias[filter];
        for (let row = 0; row < rows; row++) {
          const fromY = y * strides[0] - down.before + row * dilation[0];
          if (fromY < 0 || fromY >= height) continue;
          for (let column = 0; column < columns; column++) {
            const fromX = x * strides[1] - across.before + column * dilation[1];
            if (fromX < 0 || fromX >= width) continue;
            const from = (fromY * width + fromX) * channels;
            let weight = (row * columns + column) * channels * filters;
            for (let channel = 0; channel < channels; channel++, weight += filters) {
              const seen = data[from + channel];
              if (seen === 0) continue; // most of a drawing, and what ReLU has cut off
              for (let filter = 0; filter < filters; filter++) sums[filter] += seen * weights[weight + filter];
            }
          }
        }
        made.set(sums, to);
      }
    }
    return { shape: [down.count, across.count, filters], data: made };
  },

  pooling({ shape, data }, { take, size, strides, same }) {
    const [height, width, channels] = shape;
    const down = extent(height, size[0], strides[0], same);
    const across = extent(width, size[1], strides[1], same);
    const made = new Float32Array(down.count * across.count * channels);
    for (let y = 0, to = 0; y < down.count; y++) {
      for (let x = 0; x < across.count; x++) {
        const top = Math.max(0, y * strides[0] - down.before);
        const left = Math.max(0, x * strides[1] - across.before);
        const bottom = Math.min(height, y * strides[0] - down.before + size[0]);
        const right = Math.min(width, x * strides[1] - across.before + size[1]);
        for (let channel = 0; channel < channels; channel++, to++) {
          let largest = -Infinity;
          let sum = 0;
          for (let row = top; row < bottom; row++) {
            for (let column = left; column < right; column++) {
              const seen = data[(row * width + column) * channels + channel];
              sum += seen;
              if (seen > largest) largest = seen;
            }
          }
          made[to] = take === "max" ? largest : sum / ((bottom - top) * (right - left));
        }
      }
    }
    return { shape: [down.count, across.count, channels], data: made };
  },

  global({ shape, data }, { take, keep }) {
    const [height, width, channels] = shape;
    const made = new Float32Array(channels);
    for (let channel = 0; channel < channels; channel++) {
      let largest = -Infinity;
      let sum = 0;
      for (let at = channel; at < data.length; at += channels) {
        sum += data[at];
        if (data[at] > largest) largest = data[at];
      }
      made[channel] = take === "max" ? largest : sum / (height * width);
    }
    return { shape: keep ? [1, 1, channels] : [channels], data: made };
  },

  padding({ shape, data }, { rows: [top, bottom], columns: [left, right] }) {
    const [height, width, channels] = shape;
    const wider = left + width + right;
    const made = new Float32Array((top + height + bottom) * wider * channels);
    for (let row = 0; row < height; row++) {
      const from = row * width * channels;
      made.set(data.subarray(from, from + width * channels), ((top + row) * wider + left) * channels);
    }
    return { shape: [top + height + bottom, wider, channels], data: made };
  },

  reshape: ({ data }, { shape }) => ({ shape, data }),

  dense({ shape, data }, { size: [units, outputs], arrays: [weights, bias] }) {
    const count = data.length / units;
    const made = new Float32Array(count * outputs);
    const sums = new Float64Array(outputs);
    for (let row = 0; row < count; row++) {
      for (let output = 0; output < outputs; output++) sums[output] = bias[output];
      for (let unit = 0; unit < units; unit++) {
        const seen = data[row * units + unit];
        if (seen === 0) continue;
        for (let output = 0; output < outputs; output++) sums[output] += seen * weights[unit * outputs + output];
      }
      made.set(sums, row * outputs);
    }
    return { shape: [...shape.slice(0, -1), outputs], data: made };
  },

  activation({ shape, data }, { function: name, slope }) {
    if (name === "softmax") return { shape, data: softmax(data, shape[shape.length - 1]) };
    const apply = FUNCTIONS[name];
    return { shape, data: data.map((x) => apply(x, slope)) };
  },

  both: ({ data: [one] }) => ({ shape: [2], data: Float32Array.of(1 - one, one) }),
};

/** Return how many windows fit along a side, and how many zeros lie before it: as TensorFlow pads for "same". */
function extent(side, window, stride, same) {
  if (!same) return { count: Math.floor((side - window) / stride) + 1, before: 0 };
  const count = Math.ceil(side / stride);
  return { count, before: Math.floor(Math.max((count - 1) * stride + window - side, 0) / 2) };
}

/** Return the softmax of each row of `size` numbers. */
function softmax(data, size) {
  const made = new Float32Array(data.length);
  for (let first = 0; first < data.length; first += size) {
    const row = data.subarray(first, first + size);
    const largest = Math.max(...row);
    const powers = Array.from(row, (x) => Math.exp(x - largest));
    const sum = powers.reduce((one, other) => one + other, 0);
    made.set(powers.map((power) => power / sum), first);
  }
  return made;
}

const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const hardSigmoid = (x) => Math.min(Math.max(x / 6 + 0.5, 0), 1);

const FUNCTIONS = {
  relu: (x) => (x > 0 ? x : 0),
  relu6: (x) => Math.min(Math.max(x, 0), 6),
  leaky_relu: (x, slope) => (x > 0 ? x : slope * x),
  elu: (x, slope) => (x > 0 ? x : slope * Math.expm1(x)),
  selu: (x) => 1.05070098 * (x > 0 ? x : 1.67326324 * Math.expm1(x)),
  gelu: (x) => (x * (1 + erf(x * Math.SQRT1_2))) / 2,
  tanh: Math.tanh,
  sigmoid,
  silu: (x) => x * sigmoid(x),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  softsign: (x) => x / (1 + Math.abs(x)),
  hard_sigmoid: hardSigmoid,
  hard_silu: (x) => x * hardSigmoid(x),
  exponential: Math.exp,
};

/** Return the error function, to the last digits of a float32: a series of positive terms only. */
function erf(x) {
  const far = Math.abs(x);
  if (far > 4) return Math.sign(x);
  let term = far;
  let sum = far;
  for (let n = 1; term > 1e-10 * sum; n++) {
    term *= (2 * far * far) / (2 * n + 1);
    sum += term;
  }
  return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * Math.exp(-far * far) * sum;
}
