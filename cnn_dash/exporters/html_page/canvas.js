// The canvas: strokes by mouse, finger or pen, which can be taken back.

const SIDE_PX = 280; // of the canvas that is recognised, as in CNN Dash; the one on show has the screen's own pixels
const GROUND = "#FFFFFF";
const INK = "#000000";
const SOFT_PX = 4; // an eraser as wide as the pen would leave the soft edges of a stroke
const STEP_PX = 4;
const SLOW_MS = 40; // an answer that takes longer waits until the pen is lifted

const strokes = []; // of {color, width, points}, points in pixels of the canvas that is recognised
const canvas = at("canvas");
const recognised = document.createElement("canvas");
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
