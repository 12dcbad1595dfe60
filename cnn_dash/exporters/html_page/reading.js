// What on the canvas may be the character that is meant, as cnn_dash.inference finds it on a drawing: ground.py, ink.py,
// pieces.py, characters.py, plausibility.py, reader.py and preparation.py. The numbers are theirs and explained there.
// Uneven ground, ruled lines, frames around something and sheets, which photos have, have no counterpart here.
//
// A box is [top, left, bottom, right], the last two exclusive. A mask is a Uint8Array as large as the canvas.

const MIN_CONTRAST = 0.07;

/**
 * Return the model inputs of what may be meant, most likely first; none if nothing is drawn.
 *
 * @param drawing RGBA pixels of the canvas, grey and opaque.
 * @param shape Height, width and channels of the model input.
 * @param framing How the training images frame their ink; null if they do not: then the whole canvas goes in.
 * @returns A list of {pixels, score}: Uint8Array of `shape`, and how likely it is by place and shape.
 */
function candidates(drawing, shape, framing) {
  const ways = waysOf(drawing, framing !== null && framing.several_parts);
  if (!framing) return ways.length ? [{ pixels: wholePicture(drawing, shape), score: 1 }] : [];
  const ranked = ways
    .flatMap((way) => way.all.map((character) => ({ ...character, score: way.weight * character.score })))
    .filter((one) => one.score >= 0.02)
    .sort((one, other) => other.score - one.score);
  const kept = [];
  for (const one of ranked) {
    if (kept.length === 6 || one.score < 0.4 * ranked[0].score) break;
    const known = kept.some((other) => one.reading.dark === other.reading.dark && overlap(one.box, other.box) > 0.85);
    if (!known) kept.push(one);
  }
  return kept.map((one) => ({ pixels: framed(softInk(one), shape, framing), score: one.score }));
}

/** Return the ways to tell ink from ground, best first, each with the characters that it shows. */
function waysOf({ width, height, data }, severalParts) {
  const picture = { width, height, data: new Uint8Array(width * height) };
  for (let at = 0; at < picture.data.length; at++) picture.data[at] = data[4 * at];
  const ground = groundOf(picture);
  const ways = [];
  for (const reading of readings(picture, ground, false)) {
    ways.push(...wayOf(reading, 1, severalParts));
    if (ways.some((way) => way.settled)) break;
  }
  const best = () => ways.reduce((most, way) => Math.max(most, way.score), 0);
  if (best() < 0.7) {
    for (const reading of readings(picture, ground, true)) ways.push(...wayOf(reading, 0.95, severalParts));
  }
  if (ways.length && best() < 0.4) {
    for (const reading of new Set(ways.map((way) => way.reading).filter((one) => !one.twoTones))) {
      const core = between(reading.strength.filter((one) => one > reading.threshold));
      ways.push(...wayOf({ ...reading, threshold: core }, 1, severalParts));
    }
  }
  return ways.sort((one, other) => other.score - one.score);
}

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

/** Return a way to read the canvas with its characters, as a list; empty if there are none. */
function wayOf(reading, weight, severalParts) {
  const pieces = piecesOf(reading);
  const characters = charactersOf(pieces, reading).slice(0, 40);
  if (!characters.length) return [];
  const broken = brokenOf(pieces, reading).slice(0, 12);
  let whole = null;
  if (severalParts) whole = wholeOf(pieces, reading);
  else if (reading.twoTones) whole = joinedOf(pieces, reading);
  const score = weight * Math.max(characters[0].score, whole ? whole.score : 0);
  const settled = score >= 0.85 && characters[0].area >= 0.95 * pieces.amount;
  return [{ reading, weight, score, settled, all: [...characters, ...broken, ...(whole ? [whole] : [])] }];
}

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

/** Group pieces into characters, most likely first: fragments go to the character beside them. */
function charactersOf(pieces, reading) {
  const groups = [];
  for (const piece of pieces.large) {
    const near = groups.filter((group) => belongs(piece, group.pieces[0], group.box));
    if (near.length) {
      const nearest = near.reduce((one, other) => (gap(piece.box, other.box) < gap(piece.box, one.box) ? other : one));
      nearest.pieces.push(piece);
      nearest.box = union(nearest.box, piece.box);
    } else groups.push({ pieces: [piece], box: piece.box });
  }
  return ranked(groups.map((group) => characterOf(group.pieces, pieces, reading)));
}

/** Join pieces that may be one broken stroke, though each might be a character; most likely first. */
function brokenOf(pieces, reading) {
  const found = new Map();
  for (const piece of pieces.large.slice(0, 20)) {
    const group = [piece];
    let box = piece.box;
    const near = pieces.large
      .filter((one) => one !== piece && gap(one.box, piece.box) <= longer(piece.box))
      .sort((one, other) => gap(one.box, piece.box) - gap(other.box, piece.box));
    for (const other of near) {
      if (group.length >= 5 || !continues(other, piece, box)) continue;
      group.push(other);
      box = union(box, other.box);
      const key = group.map((one) => one.pixels[0]).sort().join();
      if (!found.has(key)) found.set(key, characterOf([...group], pieces, reading, 0.95));
    }
  }
  return ranked([...found.values()]);
}

/** Join the largest piece with all that nearly touch it, or each other; null if there are none. */
function joinedOf(pieces, reading) {
  const ofOnePen = pieces.large.filter((piece) => samePen(piece, pieces.large[0]));
  if (ofOnePen.length < 2) return null;
  const { width, height } = reading;
  const reach = 1 + Math.floor(Math.min(...ofOnePen.map((piece) => piece.strokePx)) / 2);
  const mask = new Uint8Array(width * height);
  const before = Math.floor(reach / 2); // of a window of this side, the pixels before its middle
  for (const at of ofOnePen.flatMap((piece) => piece.pixels)) {
    const top = Math.floor(at / width) - (reach - 1 - before);
    const left = (at % width) - (reach - 1 - before);
    for (let row = Math.max(0, top); row < Math.min(height, top + reach); row++) {
      mask.fill(1, row * width + Math.max(0, left), row * width + Math.min(width, left + reach));
    }
  }
  const { numbers } = connected(mask, width, height);
  const together = numbers[ofOnePen[0].pixels[0]];
  const group = ofOnePen.filter((piece) => numbers[piece.pixels[0]] === together);
  return group.length > 1 ? characterOf(group, pieces, reading) : null;
}

/** Join all that is from one pen and within the canvas, for characters of several parts. */
function wholeOf(pieces, reading) {
  const [main] = pieces.large;
  const parts = pieces.large.filter(
    (piece) => piece === main || (sameInk(piece, main) && samePen(piece, main) && !piece.cutOff),
  );
  return characterOf(parts, pieces, reading, 1.3);
}

const ranked = (characters) => characters.sort((one, other) => other.score - one.score);

function characterOf(group, pieces, reading, likely = 1) {
  const box = group.map((piece) => piece.box).reduce(union);
  const area = group.reduce((sum, piece) => sum + piece.area, 0);
  const strokePx = group.reduce((sum, piece) => sum + piece.strokePx * piece.area, 0) / area;
  const made = { box, area, strokePx, reading, pixels: group.flatMap((piece) => piece.pixels) };
  return { ...made, score: likely * plausibility(made, group, pieces, reading) };
}

function sameInk(one, other) {
  return Math.min(one.strength, other.strength) >= 0.45 * Math.max(one.strength, other.strength);
}

function samePen(one, other) {
  return Math.max(one.strokePx, other.strokePx) <= 2.5 * Math.min(one.strokePx, other.strokePx);
}

/** Return whether a piece is part of the character with this largest piece and box. */
function belongs(piece, main, around) {
  const size = longer(around);
  const apart = gap(piece.box, around);
  if (apart > 0.3 * size || !sameInk(piece, main) || (piece.cutOff && !main.cutOff)) return false;
  if (longer(piece.box) < 1.2 * main.strokePx) {
    return longer(piece.box) >= 0.5 * main.strokePx && apart <= 0.6 * main.strokePx;
  }
  if (!samePen(piece, main) || isRule(piece, around)) return false;
  if (tall(piece.box) > 0.6 * tall(around) && wide(piece.box) < 4 * tall(piece.box)) return false;
  const both = union(around, piece.box);
  return tall(both) <= 1.35 * size && wide(both) <= 1.1 * size;
}

/** Return whether a piece may be the continuation of a stroke that broke. */
function continues(piece, main, around) {
  if (piece.cutOff && !main.cutOff) return false;
  if (longer(piece.box) < 1.2 * main.strokePx || !sameInk(piece, main) || !samePen(piece, main)) return false;
  const both = union(around, piece.box);
  const near = gap(piece.box, around) <= Math.max(0.2 * longer(main.box), 2.5 * main.strokePx);
  const shaped = wide(both) <= 1.5 * tall(both) && tall(both) <= 4 * wide(both);
  return near && shaped && !isRule(piece, around) && !isRule(main, piece.box);
}

/** Return whether a piece is a flat line, as wide as the character beside it. */
function isRule({ box, strokePx }, around) {
  if (box[0] >= around[2] + strokePx / 2) return wide(box) >= 2.5 * tall(box) && wide(box) > 0.7 * wide(around);
  const below = box[0] >= around[2] - 0.1 * tall(around);
  return wide(box) >= 4 * tall(box) && wide(box) > (below ? 0.8 : 1.15) * wide(around);
}

/** Return how likely a group is the character that is meant, from 0; about 1 for a plain one. */
function plausibility({ box, area, strokePx, pixels }, group, pieces, reading) {
  const { width, height } = reading;
  const [longest, side] = [longer(box), Math.max(width, height)];
  const slim = strokePx / longest;
  const strength = group.reduce((sum, piece) => sum + piece.strength * piece.area, 0) / area;
  const filled = area / (tall(box) * wide(box));
  const share = area / pieces.amount;
  const borders = atBorders(box, pixels, width, height);
  const alone = Math.max(...group.map((piece) => piece.area)) >= 0.85 * pieces.amount;
  const fills =
    reading.twoTones && longest >= 0.7 * side && share >= 0.85 && pieces.specks <= 40 &&
    (alone || pieces.count <= 3) && reading.threshold >= 0.28;
  const shaped = slim >= 0.07 && slim <= 1.25 * 0.28 && filled < 0.65 && strength >= 0.35;
  const fat = alone && slim <= 0.55 && filled < 0.9 && strength >= 0.35;
  const along = borders
    .map((one, at) => (one * (at % 2 ? tall(box) : wide(box))) / (at % 2 ? height : width))
    .sort((one, other) => one - other);
  const within =
    borders.reduce((sum, one) => sum + one, 0) * longest < 0.55 * 2 * (height + width) && along[alone ? 2 : 3] < 0.9;
  let score = Math.min(1, longest / side / 0.25) ** 0.7;
  if (fills && shaped && within) score *= alone ? 1.5 : 1;
  else if (fills && fat && within) return 0.4 * score;
  else for (const border of borders) if (border) score *= border < 0.35 ? 0.75 : 0.35;
  if (slim > 0.28) score *= Math.max(0.2, 1 - 6 * (slim - 0.28));
  if (slim < 0.03) score *= slim / 0.03;
  if (Math.min(tall(box), wide(box)) > 1.35 * slim * longest && filled > 0.65) score *= 0.3;
  if (wide(box) > 2.5 * tall(box)) score *= 0.25;
  if (group.every((piece) => wide(piece.box) > 4 * tall(piece.box))) score *= 0.3;
  if (tall(box) > 12 * wide(box)) score *= 0.5;
  if (isBar(box, filled, width, height)) score *= 0.3;
  score *= Math.min(1, strength / 0.35) ** 0.5;
  const offCentre = Math.hypot((box[0] + box[2]) / height - 1, (box[1] + box[3]) / width - 1) / 2;
  score *= 1 - 0.5 * Math.min(1, offCentre / 0.7);
  score *= Math.min(1, 30 / pieces.count) ** 0.5;
  if (reading.twoTones && (pieces.specks > 40 || longest < 0.35 * side)) score *= 0.2;
  return score * (0.5 + 0.5 * share ** 0.5);
}

/** Return for top, left, bottom and right which share of a group's own side is ink there, if it is at that border. */
function atBorders([top, left, bottom, right], pixels, width, height) {
  const [rows, columns] = [bottom - top, right - left];
  const sums = [0, 0, 0, 0];
  for (const at of pixels) {
    const row = Math.floor(at / width);
    const column = at % width;
    if (row === top) sums[0]++;
    if (column === left) sums[1]++;
    if (row === bottom - 1) sums[2]++;
    if (column === right - 1) sums[3]++;
  }
  const there = [top <= 1, left <= 1, bottom >= height - 1, right >= width - 1];
  return there.map((touches, at) => (touches ? sums[at] / (at % 2 ? rows : columns) : 0));
}

/** Return whether a group is a straight bar along an edge of the canvas. */
function isBar(box, filled, width, height) {
  if (longer(box) < 2.5 * Math.min(tall(box), wide(box)) || filled < 0.88) return false;
  const upright = tall(box) > wide(box);
  const beside = upright ? Math.min(box[1], width - box[3]) : Math.min(box[0], height - box[2]);
  return beside <= 0.06 * (upright ? width : height);
}

/** Return the ink of a character with its soft edges, 0–1 of full ink, cut to the box around it. */
function softInk({ box, pixels, strokePx, reading: { strength, width, height } }) {
  const reach = Math.max(1, rounded(0.35 * strokePx));
  const sorted = new Float32Array(pixels.map((at) => strength[at])).sort();
  const place = 0.75 * (sorted.length - 1);
  const low = sorted[Math.floor(place)];
  const full = f32(low + (sorted[Math.ceil(place)] - low) * (place % 1));
  const spans = Array.from({ length: 2 * reach + 1 }, (_, row) =>
    rounded(reach * Math.sqrt((reach * reach - (row - reach) ** 2) / (reach * reach))),
  );
  const mask = new Uint8Array(width * height);
  for (const at of pixels) mask[at] = 1;
  const near = new Uint8Array(width * height);
  for (let row = box[0]; row < box[2]; row++) {
    for (let first = box[1], last; first < box[3]; first = last + 1) {
      last = first; // of the pixels of this line that are ink side by side: all at once
      while (last < box[3] && mask[row * width + last]) last++;
      if (last === first) continue;
      for (let y = Math.max(0, row - reach); y <= Math.min(height - 1, row + reach); y++) {
        const span = spans[y - row + reach];
        near.fill(1, y * width + Math.max(0, first - span), y * width + Math.min(width, last + span));
      }
    }
  }
  const soft = new Float32Array(width * height);
  for (let at = 0; at < soft.length; at++) {
    const share = near[at] ? Math.min(f32(strength[at] / full), 1) : 0;
    soft[at] = share < f32(0.1) ? 0 : share;
  }
  return cut({ width, height, data: soft });
}
