// How likely a group of ink is the character that is meant, as plausibility.py of cnn_dash.inference judges it.

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
    borders.reduce((sum, one) => sum + one, 0) * longest < 0.55 * 2 * (height + width) &&
    along[alone ? 2 : 3] < 0.9 &&
    !coversCorner(box, pixels, width, height);
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

/** Return whether ink reaches far along both sides of a corner of the canvas. */
function coversCorner([top, left, bottom, right], pixels, width, height) {
  const ink = new Set(pixels);
  // As the rows and columns of the group's own box, of which the first two pixels count as ink.
  const run = (at, length) => {
    let count = 2;
    while (count < length && ink.has(at(count))) count++;
    return Math.max(2, count);
  };
  const rows = [[top <= 1, top, 1], [bottom >= height - 1, bottom - 1, -1]];
  const columns = [[left <= 1, left, 1], [right >= width - 1, right - 1, -1]];
  return rows.some(([atRow, row, down]) =>
    columns.some(
      ([atColumn, column, across]) =>
        atRow &&
        atColumn &&
        run((count) => row * width + column + across * count, right - left) >= 0.35 * width &&
        run((count) => (row + down * count) * width + column, bottom - top) >= 0.35 * height,
    ),
  );
}

/** Return whether a group is a straight bar along an edge of the canvas. */
function isBar(box, filled, width, height) {
  if (longer(box) < 2.5 * Math.min(tall(box), wide(box)) || filled < 0.88) return false;
  const upright = tall(box) > wide(box);
  const beside = upright ? Math.min(box[1], width - box[3]) : Math.min(box[0], height - box[2]);
  return beside <= 0.06 * (upright ? width : height);
}
