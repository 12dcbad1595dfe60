// Tells ink from its ground on a drawing, as ground.py and ink.py of cnn_dash.inference do.

const MIN_CONTRAST = 0.07;

/** Return the grey of the ground, 0–1: that of most corners. */
function groundOf({ width, height, data }) {
  const [rows, columns] = [Math.max(1, rounded(0.08 * height)), Math.max(1, rounded(0.08 * width))];
  const corners = [0, height - rows].flatMap((top) =>
    [0, width - columns].map((left) => {
      let sum = 0;
      for (let row = top; row < top + rows; row++) {
        for (let column = left; column < left + columns; column++) sum += data[row * width + column];
      }
      return sum / (rows * columns);
    }),
  );
  return f32(f32(median(corners)) / 255);
}

/** Yield the ways to tell ink from ground: {strength, threshold, dark, twoTones, width, height}. */
function* readings(picture, ground, twoTones) {
  const { width, height } = picture;
  let off = departures(picture, ground);
  if (noiseOf(off) > 0.01) {
    picture = blurred(picture);
    off = departures(picture, ground);
  }
  const noise = twoTones ? 0 : noiseOf(off);
  const darker = off.reduce((sum, one) => sum + one, 0) < 0;
  for (const dark of [darker, !darker]) {
    const strength = strengthOf(picture, ground, dark, noise);
    const low = twoTones ? MIN_CONTRAST : Math.max(MIN_CONTRAST, noise / Math.max(dark ? ground : 1 - ground, 0.15));
    const strong = strength.filter((one) => one > low);
    if (!strong.length) continue;
    const reading = { strength, dark, twoTones, width, height };
    if (twoTones) {
      const high = between(strength);
      if (high > MIN_CONTRAST && !blends(strength, high)) yield { ...reading, threshold: high };
      continue;
    }
    yield { ...reading, threshold: low };
    const high = between(strong);
    const isOther = high > 1.5 * low && strong.filter((one) => one > high).length < 0.8 * strong.length;
    if (isOther) yield { ...reading, threshold: high };
  }
}

/** Return by how much every second pixel is brighter than the ground. */
function departures({ width, height, data }, ground) {
  const off = new Float32Array(Math.ceil(height / 2) * Math.ceil(width / 2));
  let count = 0;
  for (let row = 0; row < height; row += 2) {
    for (let column = 0; column < width; column += 2) off[count++] = f32(data[row * width + column] / 255) - ground;
  }
  return off;
}

/** Return what noise of the ground may reach; on most drawings most of the ground has exactly one grey. */
function noiseOf(off) {
  const none = off.reduce((count, one) => count + (one === 0), 0);
  return none > off.length / 2 ? 0 : 5 * 1.4826 * median(off.map(Math.abs));
}

/** Return how far each pixel departs from the ground, by the room that it leaves: 0–1. */
function strengthOf({ data }, ground, dark, noise) {
  const factor = f32(dark ? -1 / 255 : 1 / 255);
  const room = Math.max(dark ? ground : f32(1 - ground), f32(0.15));
  const strengths = new Float32Array(256); // of each level of grey
  for (let level = 0; level < 256; level++) {
    const share = f32(f32(level * factor) + (dark ? ground : -ground));
    strengths[level] = share <= noise ? 0 : Math.max(0, share / room);
  }
  const strength = new Float32Array(data.length);
  for (let at = 0; at < data.length; at++) strength[at] = strengths[data[at]];
  return strength;
}

/** Smooth noise of single pixels (a Gaussian of 0.8 pixels). */
function blurred(picture) {
  const shares = Array.from({ length: 7 }, (_, at) => Math.exp(-((at - 3) ** 2) / (2 * 0.8 ** 2)));
  const sum = shares.reduce((one, other) => one + other);
  const { width, height } = picture;
  const mirror = (at, side) => (at < 0 ? -at : at >= side ? 2 * side - 2 - at : at);
  let { data } = picture;
  for (const [down, across] of [[0, 1], [1, 0]]) {
    const made = new Float64Array(data.length);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        for (let at = -3; at <= 3; at++) {
          const from = mirror(row + at * down, height) * width + mirror(column + at * across, width);
          made[row * width + column] += (data[from] * shares[at + 3]) / sum;
        }
      }
    }
    data = made;
  }
  return { width, height, data: Uint8ClampedArray.from(data) };
}

/** Return the strength that best parts weak ink from strong ink (Otsu), 0–1. */
function between(strength) {
  const counts = new Array(256).fill(0);
  for (const one of strength) counts[Math.min(Math.floor(f32(one * 255)), 255)]++;
  const mean = counts.reduce((sum, count, level) => sum + level * count, 0) / strength.length;
  let [best, most, share, below] = [0, 0, 0, 0];
  counts.forEach((count, level) => {
    const part = count / strength.length;
    below *= share;
    share += part;
    if (Math.min(share, 1 - share) < 1.2e-7) return;
    below = (below + level * part) / share;
    const above = (mean - share * below) / (1 - share);
    const apart = share * (1 - share) * (below - above) ** 2;
    if (apart > most) [best, most] = [level, apart];
  });
  return best / 255;
}

/** Return whether what is below a threshold is no plain ground. */
function blends(strength, threshold) {
  const ground = strength.filter((one) => one <= threshold);
  return !ground.length || median(ground) >= 0.2 * median(strength.filter((one) => one > threshold));
}

function median(values) {
  const sorted = new Float64Array(values).sort();
  const half = sorted.length / 2;
  return half % 1 ? sorted[Math.floor(half)] : (sorted[half - 1] + sorted[half]) / 2;
}
