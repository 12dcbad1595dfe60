// The page: canvas, picture, and what the network says.

const SIDE_PX = 280; // of the canvas that is recognised, as in CNN Dash; the one on show has the screen's own pixels
const GROUND = "#FFFFFF";
const INK = "#000000";
const SOFT_PX = 4; // an eraser as wide as the pen would leave the soft edges of a stroke
const STEP_PX = 4;
const MOST_BARS = 10;
const MOST_PIXELS = 12e6; // of a photo; phones give a canvas no more
const SLOW_MS = 40; // an answer that takes longer waits for a pause in the drawing
const NEIGHBOURS = 5;

const at = (id) => document.getElementById(id);
const network = JSON.parse(at("network").textContent);
const operations = withWeights(network.operations, floatsOf(bytesOf(at("weights").textContent)));
const known = knownFeatures();
const draws = network.shape[2] === 1;

/** Return the features of training images, each of length 1; null if the page has none. */
function knownFeatures() {
  if (!network.doubt || !network.doubt.features) return null;
  return halvesOf(bytesOf(at("features").textContent));
}

/** Return what the network says to a model input: probabilities of all classes, the best one, and why to doubt it. */
function answerTo(pixels) {
  const { probabilities: raw, features } = carryOut(operations, pixels, network.shape);
  const said = network.doubt;
  const probabilities = said ? calibrated(raw, said.temperature) : Array.from(raw);
  const best = probabilities.reduce((first, one, label) => (one > probabilities[first] ? label : first), 0);
  if (!probabilities.every(Number.isFinite)) return { probabilities, best, broken: true };
  let doubt = null;
  if (!said) {
    if (probabilities[best] < 0.5) doubt = "several classes fit";
  } else {
    const entropy = -probabilities.reduce((sum, one) => sum + one * Math.log(Math.max(one, 1e-12)), 0);
    if (entropy > said.entropy_limit) doubt = "several classes fit";
  }
  const strange = known ? distance(features) / said.distance_limit : 0;
  return { probabilities, best, strange, doubt: strange > 1 ? "unlike all training images" : doubt };
}

/** Return the answer to a drawing, with the `pixels` that the network saw; null if nothing is drawn. */
function answerToDrawing(drawn) {
  let [found, most] = [null, -1];
  for (const { pixels, score } of candidates(drawn, network.shape, network.framing)) {
    const answer = { ...answerTo(pixels), pixels };
    // By place and shape, and by whether the network has seen the like.
    const likely = answer.broken ? 0 : score * Math.exp(-1.5 * Math.min(Math.max(answer.strange - 0.3, 0), 2));
    if (likely > most) [found, most] = [answer, likely];
  }
  return found;
}

/** Return probabilities that say how often the network is right. */
function calibrated(probabilities, temperature) {
  const logits = Array.from(probabilities, (one) => Math.log(Math.max(one, 1e-12)) / temperature);
  const largest = Math.max(...logits);
  const powers = logits.map((one) => Math.exp(one - largest));
  const sum = powers.reduce((one, other) => one + other, 0);
  return powers.map((one) => one / sum);
}

/** Return the mean cosine distance to the nearest training images. */
function distance(features) {
  const size = features.length;
  const length = Math.max(Math.hypot(...features), 1e-12);
  const alike = [];
  for (let first = 0; first < known.length; first += size) {
    let sum = 0;
    for (let place = 0; place < size; place++) sum += (features[place] / length) * known[first + place];
    alike.push(sum);
  }
  const nearest = alike.sort((one, other) => other - one).slice(0, NEIGHBOURS);
  return 1 - nearest.reduce((one, other) => one + other, 0) / nearest.length;
}

/** Write a share in per cent that never rounds to certainty. */
function percent(share) {
  if (share > 0.999) return ">99.9 %";
  return share < 0.001 ? "<0.1 %" : `${(100 * share).toFixed(1)} %`;
}

// --- What the network says ---

/** Show an answer, and the model input that it is for; null shows a hint instead. */
function show(answer, hint = "") {
  at("found").hidden = !answer;
  at("hint").hidden = Boolean(answer);
  at("hint").textContent = hint;
  if (!answer) {
    at("said").textContent = "";
    return;
  }
  if (answer.broken) {
    show(null, "The network's output is not a number. Its weights are broken.");
    return;
  }
  const names = network.class_names;
  at("name").textContent = names[answer.best];
  at("confidence").textContent = percent(answer.probabilities[answer.best]);
  at("doubt").hidden = !answer.doubt;
  at("doubt").querySelector("span").textContent = answer.doubt ?? "";
  showInput(answer.pixels);
  showBars(answer, names);
}

function showInput(pixels) {
  const [height, width, channels] = network.shape;
  const seen = at("seen");
  [seen.width, seen.height] = [width, height];
  const image = new ImageData(width, height);
  for (let place = 0; place < width * height; place++) {
    for (let channel = 0; channel < 3; channel++) {
      image.data[4 * place + channel] = pixels[channels === 1 ? place : 3 * place + channel];
    }
    image.data[4 * place + 3] = 255;
  }
  seen.getContext("2d").putImageData(image, 0, 0);
}

function showBars({ probabilities, best }, names) {
  const ranked = probabilities.map((_, label) => label).sort((one, other) => probabilities[other] - probabilities[one]);
  const shown = ranked.slice(0, MOST_BARS);
  if (ranked.length === shown.length) shown.sort((one, other) => one - other);
  const rows = shown.map((label) => [names[label], probabilities[label], label === best]);
  const others = ranked.slice(shown.length);
  if (others.length) {
    const sum = others.reduce((all, label) => all + probabilities[label], 0);
    rows.push([`${others.length} other${others.length > 1 ? "s" : ""}`, sum, false]);
  }
  at("bars").replaceChildren(
    ...rows.flatMap(([text, share, isBest]) => {
      const [name, bar, number] = ["bdi", "i", "span"].map((kind) => document.createElement(kind));
      name.textContent = text;
      bar.style.width = `${100 * share}%`;
      bar.classList.toggle("best", isBest);
      number.textContent = percent(share);
      return [name, bar, number];
    }),
  );
  const next = ranked[1] === undefined ? "" : ` Next: ${names[ranked[1]]}, ${percent(probabilities[ranked[1]])}.`;
  at("bars").setAttribute("aria-label", `Predicted ${names[best]}, ${percent(probabilities[best])}.${next}`);
}

// --- The canvas ---

const strokes = []; // of {color, width, points}, points in pixels of the canvas that is recognised
const canvas = at("canvas");
const recognised = document.createElement("canvas");
const NOTHING = draws
  ? "Nothing drawn yet. Draw a character; the prediction comes while you draw."
  : "No picture yet. Choose one; the prediction comes at once.";
let current = null;
let waiting = 0;
let lastMs = 0;

/** Draw one stroke, smoothly from the middle between two points to the next. */
function draw(context, { color, width, points }, from = 0) {
  context.strokeStyle = context.fillStyle = color;
  context.lineWidth = width;
  context.lineCap = context.lineJoin = "round";
  context.beginPath();
  if (points.length < 2) {
    context.arc(...points[0], width / 2, 0, 2 * Math.PI);
    context.fill();
    return;
  }
  const middle = (index) => points[index].map((value, axis) => (value + points[index + 1][axis]) / 2);
  const start = Math.max(0, from - 2);
  context.moveTo(...(start ? middle(start - 1) : points[0]));
  for (let index = Math.max(1, start); index < points.length - 1; index++) {
    context.quadraticCurveTo(...points[index], ...middle(index));
  }
  context.lineTo(...points[points.length - 1]);
  context.stroke();
}

/** Draw all strokes anew. */
function redraw() {
  for (const one of [canvas, recognised]) {
    const context = one.getContext("2d", { willReadFrequently: one === recognised });
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = GROUND;
    context.fillRect(0, 0, one.width, one.height);
    context.setTransform(one.width / SIDE_PX, 0, 0, one.width / SIDE_PX, 0, 0);
    strokes.forEach((stroke) => draw(context, stroke));
  }
  at("undo").disabled = at("clear").disabled = strokes.length === 0;
}

/** Return the drawing as it is recognised: RGBA, SIDE_PX × SIDE_PX. */
function drawing() {
  return recognised.getContext("2d").getImageData(0, 0, SIDE_PX, SIDE_PX);
}

/** Recognise with the next frame; where that takes long, when the pen is lifted. */
function recogniseSoon() {
  if (waiting) return;
  waiting = requestAnimationFrame(() => {
    waiting = 0;
    redraw();
    if (!current || lastMs <= SLOW_MS) recognise();
  });
}

function recognise() {
  const begun = performance.now();
  show(strokes.length ? answerToDrawing(drawing()) : null, NOTHING);
  lastMs = performance.now() - begun;
  if (!current) at("said").textContent = at("found").hidden ? "" : at("bars").getAttribute("aria-label");
}

function place(event) {
  const box = canvas.getBoundingClientRect();
  return [((event.clientX - box.left) / box.width) * SIDE_PX, ((event.clientY - box.top) / box.height) * SIDE_PX];
}

function begin(event) {
  if (event.button !== 0 || current) return;
  at("brought").hidden = true; // what is drawn now is recognised, and not the picture of before
  canvas.setPointerCapture(event.pointerId);
  const width = Number(at("width").value);
  const erases = at("eraser").checked || event.buttons & 32; // the other end of a pen
  const looks = erases ? { color: GROUND, width: width + SOFT_PX } : { color: INK, width };
  current = { ...looks, pointer: event.pointerId, points: [place(event)] };
  strokes.push(current);
  recogniseSoon();
}

function go(event) {
  if (!current || event.pointerId !== current.pointer) return;
  const events = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
  const before = current.points.length;
  current.points.push(...(events.length ? events : [event]).map(place));
  // On the screen only what is new; what is recognised is drawn as one line, as CNN Dash draws it.
  const context = canvas.getContext("2d");
  draw(context, current, before);
  recogniseSoon();
}

function end(event) {
  if (!current || event.pointerId !== current.pointer) return;
  current = null;
  recogniseSoon();
}

function undo() {
  strokes.pop();
  current = null;
  recogniseSoon();
}

function clear() {
  strokes.length = 0;
  current = null;
  recogniseSoon();
}

function fit() {
  const side = Math.round(canvas.clientWidth * (window.devicePixelRatio || 1)) || SIDE_PX;
  if (canvas.width !== side) [canvas.width, canvas.height] = [side, side];
  redraw();
}

function setWidth(px) {
  at("width").value = px;
  at("px").textContent = `${at("width").value} px`;
}

function onKey(event) {
  const key = event.key.toLowerCase();
  const undoes = key === "z" && (event.ctrlKey || event.metaKey);
  if (undoes || !(event.ctrlKey || event.metaKey || event.altKey)) {
    if (undoes || key === "u") undo();
    else if (["delete", "backspace", "escape", "c"].includes(key)) clear();
    else if (key === "p") at("pen").checked = true;
    else if (key === "e") at("eraser").checked = true;
    else if (key === "+" || key === "-") setWidth(Number(at("width").value) + (key === "+" ? STEP_PX : -STEP_PX));
    else return;
    event.preventDefault();
  }
}

// --- A picture ---

/** Return RGBA pixels of a picture file, upright and on white; smaller if it is a large photo. */
async function pixelsOf(file) {
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none" });
  const scale = Math.min(1, Math.sqrt(MOST_PIXELS / (bitmap.width * bitmap.height)));
  const sheet = document.createElement("canvas");
  [sheet.width, sheet.height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
  const context = sheet.getContext("2d");
  context.fillStyle = GROUND;
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.drawImage(bitmap, 0, 0, sheet.width, sheet.height);
  return context.getImageData(0, 0, sheet.width, sheet.height);
}

async function bring(file) {
  if (!file) return;
  const shown = at("brought");
  try {
    const picture = await pixelsOf(file);
    URL.revokeObjectURL(shown.src);
    shown.src = URL.createObjectURL(file);
    shown.style.aspectRatio = `${network.shape[1]} / ${network.shape[0]}`;
    shown.hidden = false;
    strokes.length = 0;
    redraw();
    const pixels = wholePicture(picture, network.shape);
    show({ ...answerTo(pixels), pixels });
  } catch {
    shown.hidden = true;
    show(null, `${file.name} cannot be opened here. Take a PNG or JPEG picture.`);
  }
}

// --- To begin with ---

[recognised.width, recognised.height] = [SIDE_PX, SIDE_PX];
at("draw").hidden = !draws;
at("bring").hidden = draws && network.framing !== null;
at("file").addEventListener("change", (event) => bring(event.target.files[0]));
canvas.addEventListener("pointerdown", begin);
canvas.addEventListener("pointermove", go);
for (const kind of ["pointerup", "pointercancel"]) canvas.addEventListener(kind, end);
at("undo").addEventListener("click", undo);
at("clear").addEventListener("click", clear);
at("width").addEventListener("input", () => setWidth(at("width").value));
window.addEventListener("resize", fit);
if (draws) document.addEventListener("keydown", onKey);
setWidth(at("width").value);
fit();
show(null, NOTHING);
// The first answer takes longest, as the browser compiles: so it is asked for before anything is drawn.
setTimeout(() => answerTo(new Uint8Array(network.shape.reduce((all, side) => all * side)).fill(128)));
