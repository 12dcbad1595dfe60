// From the ink of one character to the model input, as framing.py and strokes.py of cnn_dash.inference bring it there; or
// from a whole picture, as preparation.py does.
//
// An image is {width, height, data}, row by row. Where Python computes in float32, so does this.

const FRAME_PX = 28;
const FINE = 8; // strokes are redrawn at this many times the final size

const f32 = Math.fround;

/** Round as Python does: halves to the even number. */
function rounded(x) {
  const low = Math.floor(x);
  if (x - low !== 0.5) return Math.round(x);
  return low % 2 === 0 ? low : low + 1;
}

/** Cut an image to the box around all that is not black; null if all is. */
function cut({ width, height, data }) {
  let [top, left, bottom, right] = [height, width, 0, 0];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (!data[row * width + column]) continue;
      [top, bottom] = [Math.min(top, row), row + 1];
      [left, right] = [Math.min(left, column), Math.max(right, column + 1)];
    }
  }
  if (bottom === 0) return null;
  const inner = new data.constructor((right - left) * (bottom - top));
  for (let row = top; row < bottom; row++) {
    inner.set(data.subarray(row * width + left, row * width + right), (row - top) * (right - left));
  }
  return { width: right - left, height: bottom - top, data: inner };
}

/** Bring ink to the size and place that the training images have: Uint8Array of `shape`, bright on black. */
function framed(ink, [height, width], framing) {
  const scale = Math.max(height, width) / FRAME_PX;
  const longest = Math.max(1, rounded(framing.longest_side * scale));
  const small = scaled(ink, longest, height, width, framing.stroke_px.map((px) => px * scale));
  const middle = framing.centre === "mass" ? centreOfMass(small) : null;
  let row = middle ? rounded(Math.floor(height / 2) - middle[0]) : Math.floor((height - small.height) / 2);
  let column = middle ? rounded(Math.floor(width / 2) - middle[1]) : Math.floor((width - small.width) / 2);
  row = Math.min(Math.max(row, 0), height - small.height);
  column = Math.min(Math.max(column, 0), width - small.width);
  const brightest = f32(255 / small.data.reduce((one, other) => Math.max(one, other), 0));
  const pixels = new Uint8Array(height * width);
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      pixels[(row + y) * width + column + x] = rounded(f32(small.data[y * small.width + x] * brightest));
    }
  }
  return pixels;
}

/** Scale to the longest side, or less to fit the room, with strokes of usual width. */
function scaled(ink, longest, height, width, [low, high]) {
  let fine = resized(ink, longest * FINE, height * FINE, width * FINE);
  const stroke = strokeWidth(fine) / FINE;
  const change = FINE * (Math.min(Math.max(stroke, low), high) - stroke);
  if (Math.abs(change) >= 1) fine = widened(fine, change);
  return resized(fine, longest, height, width);
}

function resized(image, longest, height, width) {
  const scale = Math.min(longest / Math.max(image.width, image.height), height / image.height, width / image.width);
  const size = [image.width, image.height].map((side) => Math.max(1, rounded(side * scale)));
  return resample(image, ...size, 1, BOX);
}

/** Return the mean width of the strokes in pixels: twice the area of the ink over the length of its outline. */
function strokeWidth({ width, height, data }) {
  const at = (row, column) =>
    row < 0 || column < 0 || row >= height || column >= width ? 0 : data[row * width + column];
  let area = 0;
  let outline = 0;
  for (let row = -1; row <= height; row++) {
    for (let column = -1; column <= width; column++) {
      const here = at(row, column);
      area += here;
      outline += Math.hypot(at(row, column + 1) - here, at(row + 1, column) - here);
    }
  }
  return outline ? (2 * area) / outline : 0;
}

/** Draw each stroke so many pixels wider, or narrower where negative, and cut it to the box around it. */
function widened({ width, height, data }, byPx) {
  const margin = Math.floor(Math.abs(byPx)) + 1;
  let line = { width: width + 2 * margin, height: height + 2 * margin };
  line.data = new Uint8Array(line.width * line.height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      line.data[(row + margin) * line.width + column + margin] = f32(data[row * width + column] * 255);
    }
  }
  const take = byPx > 0 ? Math.max : Math.min;
  for (let step = rounded(Math.abs(byPx) / 2); step > 0; step--) line = extremes(line, take);
  const inner = cut(line);
  if (!inner) return { width, height, data }; // so thin that nothing of it would be left
  return { ...inner, data: Float32Array.from(inner.data, (level) => level / 255) };
}

/** Return the largest or smallest of each 3×3 pixels. */
function extremes({ width, height, data }, take) {
  const level = new Uint8Array(data.length);
  const made = new Uint8Array(data.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      level[at] = take(data[at], data[at - (column > 0)], data[at + (column < width - 1)]);
    }
  }
  for (let at = 0; at < data.length; at++) {
    made[at] = take(level[at], level[at < width ? at : at - width], level[at + width < data.length ? at + width : at]);
  }
  return { width, height, data: made };
}

/** Return row and column of the centre of mass. */
function centreOfMass({ width, height, data }) {
  let [sum, down, across] = [0, 0, 0];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const mass = data[row * width + column];
      sum += mass;
      down += mass * row;
      across += mass * column;
    }
  }
  return [down / sum, across / sum];
}

const BOX = { reach: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) };
const BICUBIC = {
  reach: 2,
  weight: (x) => {
    const far = Math.abs(x);
    if (far < 1) return (1.5 * far - 2.5) * far * far + 1;
    return far < 2 ? ((-0.5 * far + 2.5) * far - 4) * far + 2 : 0;
  },
};

/**
 * Resize as Pillow does, along the rows and then the columns. (From version 13, where it is faster, Pillow does so the
 * other way round; that makes a grey level or two.)
 *
 * @param image Of `channels` numbers a pixel. Bytes are rounded between the two, as there; floats become float32.
 * @param part [left, top, right, bottom] of it, which need not be whole; else all.
 */
function resample(image, width, height, channels, filter, part = [0, 0, image.width, image.height]) {
  const bytes = !(image.data instanceof Float32Array);
  const kept = bytes ? (sum) => Math.min(Math.max(Math.floor(sum + 0.5), 0), 255) : f32;
  const kind = bytes ? Uint8ClampedArray : Float32Array;
  let { data } = image;
  if (width !== image.width || part[0] !== 0 || part[2] !== image.width) {
    const weights = weightsOf(image.width, part[0], part[2], width, filter);
    const made = new kind(width * image.height * channels);
    for (let row = 0, to = 0; row < image.height; row++) {
      for (const { first, share } of weights) {
        for (let channel = 0; channel < channels; channel++, to++) {
          let sum = 0;
          let from = (row * image.width + first) * channels + channel;
          for (let at = 0; at < share.length; at++, from += channels) sum += data[from] * share[at];
          made[to] = kept(sum);
        }
      }
    }
    data = made;
  }
  if (height !== image.height || part[1] !== 0 || part[3] !== image.height) {
    const line = width * channels;
    const made = new kind(height * line);
    weightsOf(image.height, part[1], part[3], height, filter).forEach(({ first, share }, row) => {
      for (let column = 0; column < line; column++) {
        let sum = 0;
        for (let at = 0; at < share.length; at++) sum += data[(first + at) * line + column] * share[at];
        made[row * line + column] = kept(sum);
      }
    });
    data = made;
  }
  return { width, height, data };
}

/** Return for each pixel of a resized side the first one that it is made of, and the share of each. */
function weightsOf(side, from, to, count, { reach, weight }) {
  const scale = (to - from) / count;
  const wider = Math.max(scale, 1);
  return Array.from({ length: count }, (_, at) => {
    const centre = from + (at + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach * wider + 0.5));
    const last = Math.min(side, Math.trunc(centre + reach * wider + 0.5));
    const share = Array.from({ length: last - first }, (_, x) => weight((x + first - centre + 0.5) / wider));
    const sum = share.reduce((one, other) => one + other, 0);
    return { first, share: share.map((one) => (sum ? one / sum : one)) };
  });
}

/**
 * Scale a picture until it covers the model input, and cut off what hangs over, on both sides equally.
 *
 * @param picture RGBA pixels, opaque.
 * @returns Uint8Array of `shape`.
 */
function wholePicture(picture, [height, width, channels]) {
  const count = picture.width * picture.height;
  const data = new Uint8ClampedArray(count * channels);
  for (let at = 0; at < count; at++) {
    const [red, green, blue] = picture.data.subarray(4 * at, 4 * at + 3);
    if (channels === 1) data[at] = (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16; // Pillow's luma
    else data.set([red, green, blue], 3 * at);
  }
  const ratio = picture.width / picture.height;
  let [wide, tall] = [picture.width, picture.height];
  if (ratio > width / height) wide = (width / height) * picture.height;
  else if (ratio < width / height) tall = picture.width / (width / height);
  const left = (picture.width - wide) * 0.5;
  const top = (picture.height - tall) * 0.5;
  const image = { width: picture.width, height: picture.height, data };
  return Uint8Array.from(resample(image, width, height, channels, BICUBIC, [left, top, left + wide, top + tall]).data);
}
