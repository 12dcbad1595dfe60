// What the network says to a drawing, and whether that is to be believed, as answers.py and familiarity.py of
// cnn_dash.inference do it for the app.

const NEIGHBOURS = 5;

const at = (id) => document.getElementById(id);
const network = JSON.parse(at("network").textContent);
const operations = withWeights(network.operations, floatsOf(bytesOf(at("weights").textContent)));
const known = knownFeatures();

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
    // What is doubtful does not depend on a temperature that somebody has kept.
    const fitted = calibrated(raw, said.fitted_temperature);
    const entropy = -fitted.reduce((sum, one) => sum + one * Math.log(Math.max(one, 1e-12)), 0);
    if (entropy > said.entropy_limit) doubt = "several classes fit";
  }
  const strange = known ? distance(features) / said.distance_limit : 0;
  return { probabilities, best, strange, doubt: strange > 1 ? "unlike all training images" : doubt };
}

/** Return the answer to a drawing, with the `pixels` that the network saw; null if nothing is drawn. */
function answerToDrawing(drawn) {
  let [found, most] = [null, -1];
  const asked = candidates(drawn, network.shape, network.framing).map((one) => ({ ...one, ...answerTo(one.pixels) }));
  const wholes = asked.filter((one) => !one.broken && one.strange <= 0.65 && one.ink);
  for (const answer of asked) {
    // By place and shape, and by whether the network has seen the like; the strongest part of a stroke is but a part.
    const isPart = wholes.some((whole) => whole !== answer && isWithinStroke(answer.ink, whole.ink));
    const familiar = Math.exp(-1.5 * Math.min(Math.max(answer.strange - 0.3, 0), 2));
    const likely = answer.broken ? 0 : answer.score * familiar * (isPart ? 0.6 : 1);
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
