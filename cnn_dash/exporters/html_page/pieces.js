// Pieces of ink, as pieces.py of cnn_dash.inference finds them: what touches is one piece. A mask is a Uint8Array.

/** Return the pieces of ink that touch: `large` ones, largest first, and how many there are. */
function piecesOf({ width, height, strength, threshold }) {
  const mask = new Uint8Array(strength.length);
  for (let at = 0; at < mask.length; at++) mask[at] = strength[at] > threshold;
  const far = distances(mask, width, height);
  const { lists } = connected(mask, width, height);
  const least = Math.max(2, (0.012 * Math.max(width, height)) ** 2 / 4);
  const seen = lists.filter((pixels) => pixels.length >= least);
  const large = seen
    .sort((one, other) => other.length - one.length)
    .slice(0, 60)
    .map((pixels) => {
      const box = boxOf(pixels, width);
      const cutOff = box[0] <= 1 || box[1] <= 1 || box[2] >= height - 1 || box[3] >= width - 1;
      // Across a stroke of width w the mean distance from its border is w / 4.
      const strokePx = (4 * pixels.reduce((sum, at) => sum + far[at], 0)) / pixels.length;
      return { pixels, box, area: pixels.length, strokePx, cutOff, strength: median(pixels.map((at) => strength[at])) };
    });
  const amount = lists.reduce((sum, pixels) => sum + pixels.length, 0);
  return { large, count: seen.length, specks: lists.length - seen.length, amount };
}

/** Return the pixels of each piece of a mask that touches, also across corners, and the number of each pixel's piece. */
function connected(mask, width, height) {
  const numbers = new Int32Array(mask.length);
  const lists = [];
  for (let start = 0; start < mask.length; start++) {
    if (!mask[start] || numbers[start]) continue;
    const pixels = [start];
    numbers[start] = lists.push(pixels);
    for (let next = 0; next < pixels.length; next++) {
      const row = Math.floor(pixels[next] / width);
      const column = pixels[next] % width;
      for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
        for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
          const beside = y * width + x;
          if (!mask[beside] || numbers[beside]) continue;
          numbers[beside] = lists.length;
          pixels.push(beside);
        }
      }
    }
  }
  return { lists, numbers };
}

/** Return how far each pixel of ink is from the ground, as OpenCV's 3×3 mask measures it. */
function distances(mask, width, height) {
  const wider = width + 2;
  const far = new Float64Array(wider * (height + 2)); // with a border of ground around
  for (let at = 0; at < mask.length; at++) {
    if (mask[at]) far[(Math.floor(at / width) + 1) * wider + (at % width) + 1] = Infinity;
  }
  const pass = (at, way) => {
    if (far[at] === 0) return;
    const beside = Math.min(far[at - way], far[at - way * wider]) + 0.955;
    const across = Math.min(far[at - way * (wider + 1)], far[at - way * (wider - 1)]) + 1.3693;
    far[at] = Math.min(far[at], beside, across);
  };
  for (let row = 1; row <= height; row++) for (let x = 1; x <= width; x++) pass(row * wider + x, 1);
  for (let row = height; row > 0; row--) for (let x = width; x > 0; x--) pass(row * wider + x, -1);
  const inner = new Float64Array(mask.length);
  for (let row = 0; row < height; row++) {
    inner.set(far.subarray((row + 1) * wider + 1, (row + 1) * wider + 1 + width), row * width);
  }
  return inner;
}

function boxOf(pixels, width) {
  let [top, left, bottom, right] = [Infinity, Infinity, 0, 0];
  for (const at of pixels) {
    const row = Math.floor(at / width);
    const column = at % width;
    if (row < top) top = row;
    if (row >= bottom) bottom = row + 1;
    if (column < left) left = column;
    if (column >= right) right = column + 1;
  }
  return [top, left, bottom, right];
}

const tall = ([top, , bottom]) => bottom - top;
const wide = ([, left, , right]) => right - left;
const longer = (box) => Math.max(tall(box), wide(box));

function union(one, other) {
  return [
    Math.min(one[0], other[0]), Math.min(one[1], other[1]), Math.max(one[2], other[2]), Math.max(one[3], other[3]),
  ];
}

function gap(one, other) {
  return Math.hypot(
    Math.max(one[0] - other[2], other[0] - one[2], 0), Math.max(one[1] - other[3], other[1] - one[3], 0),
  );
}

function overlap(one, other) {
  const down = Math.min(one[2], other[2]) - Math.max(one[0], other[0]);
  const across = Math.min(one[3], other[3]) - Math.max(one[1], other[1]);
  if (down <= 0 || across <= 0) return 0;
  return (down * across) / (tall(one) * wide(one) + tall(other) * wide(other) - down * across);
}
