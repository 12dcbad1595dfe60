// Pieces of ink, grouped into what may be one character, as characters.py of cnn_dash.inference does.

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
  const whole = groups.map((group) => characterOf(group.pieces, pieces, reading));
  const several = groups.filter((group) => group.pieces.length > 1);
  const largest = several.map((group) => characterOf(group.pieces.slice(0, 1), pieces, reading, 0.75));
  return ranked([...whole, ...largest]);
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
  // What runs out of the picture, a table beside a sheet, has no fragments within it.
  if (apart > 0.3 * size || !sameInk(piece, main) || piece.cutOff !== main.cutOff) return false;
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
