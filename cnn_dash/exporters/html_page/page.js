// The page: what it shows of an answer, and a picture instead of a drawing.

const MOST_BARS = 10;
const MOST_PIXELS = 12e6; // of a photo; phones give a canvas no more
const draws = network.shape[2] === 1;
const NOTHING = draws
  ? "Nothing drawn yet. Draw a character; the prediction comes while you draw."
  : "No picture yet. Choose one; the prediction comes at once.";

/** Write a share in per cent that never rounds to certainty. */
function percent(share) {
  if (share > 0.999) return ">99.9 %";
  return share < 0.001 ? "<0.1 %" : `${(100 * share).toFixed(1)} %`;
}

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
