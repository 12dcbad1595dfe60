// What on the canvas may be the character that is meant, as reader.py and preparation.py of cnn_dash.inference find it on
// a drawing. Uneven ground, ruled lines, frames around something and sheets, which photos have, have no counterpart here.
//
// This and ink.js, pieces.js, characters.js and plausibility.js do what the Python modules of the same names do; their
// numbers are explained there. A box is [top, left, bottom, right], the last two exclusive.

/**
 * Return the model inputs of what may be meant, most likely first; none if nothing is drawn.
 *
 * @param drawing RGBA pixels of the canvas, grey and opaque.
 * @param shape Height, width and channels of the model input.
 * @param framing How the training images frame their ink; null if they do not: then the whole canvas goes in.
 * @returns A list of {pixels, score, ink}: Uint8Array of `shape`, how likely it is by place and shape, and its character
 *     on the canvas; without that, the whole canvas went in.
 */
function candidates(drawing, shape, framing) {
  const ways = waysOf(drawing, framing !== null && framing.several_parts);
  if (!framing) return ways.length ? [{ pixels: wholePicture(drawing, shape), score: 1 }] : [];
  const ranked = besideEachOther(
    ways.flatMap((way) => way.all.map((character) => ({ ...character, score: way.weight * character.score }))),
  );
  const kept = [];
  for (const one of ranked) {
    if (kept.length === 6 || one.score < 0.4 * ranked[0].score) break;
    const known = kept.some((other) => one.reading.dark === other.reading.dark && overlap(one.box, other.box) > 0.85);
    if (!known) kept.push(one);
  }
  return kept.map((one) => ({ pixels: framed(softInk(one), shape, framing), score: one.score, ink: one }));
}

/** Rank what is likely enough: beside strong ink, ink that is much weaker is none. */
function besideEachOther(characters) {
  const most = characters.reduce((best, one) => Math.max(best, one.score), 0);
  const likely = characters
    .filter((one) => one.score >= Math.max(0.02, 0.4 * most))
    .map((one) => ({ ...one, strength: median(one.pixels.map((at) => one.reading.strength[at])) }));
  const enough = 0.5 * likely.reduce((best, one) => Math.max(best, one.strength), 0);
  return likely
    .map((one) => ({ ...one, score: one.score * Math.min(1, one.strength / enough) ** 1.5 }))
    .sort((one, other) => other.score - one.score);
}

/** Return whether a character is part of a larger connected piece of another one. */
function isWithinStroke(part, whole) {
  if (part.reading.dark !== whole.reading.dark) return false;
  const [top, left, bottom, right] = whole.box;
  const [above, before, below, behind] = part.box;
  if (above < top || before < left || below > bottom || behind > right) return false;
  const { width, height } = whole.reading;
  const mask = new Uint8Array(width * height);
  for (const at of whole.pixels) mask[at] = 1;
  const { lists, numbers } = connected(mask, width, height);
  const counts = new Array(lists.length + 1).fill(0);
  for (const at of part.pixels) counts[numbers[at]]++;
  const around = counts.indexOf(Math.max(...counts));
  return around > 0 && lists[around - 1].length > 3 * part.pixels.length;
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
