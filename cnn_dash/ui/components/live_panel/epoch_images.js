// The images of the last epoch: validation images that the network has most and least wrong, and a training batch. They are
// fetched when an epoch has ended, while somebody can see them.

const IMAGES_EVERY_MS = 10000 // while it trains: twenty who watch short epochs are not to slow them down

class EpochImages {
  constructor(box, url) {
    this.box = box
    this.url = url
    this.fetched = ""
    this.at = -Infinity
    this.newest = ""
    box.hidden = true
    box.ontoggle = () => this.look()
  }

  // A run that has ended is asked about once more: the images of its last epoch may have been written after it.
  follow(run) {
    this.newest = run.source === "recipe" && run.epoch > 0 ? `${run.epoch} ${run.status}` : ""
    if (this.newest) this.look()
    else this.box.hidden = true
  }

  look() {
    if (this.closed || this.fetching || !this.newest || this.newest === this.fetched || !this.box.open) return
    const wait = this.newest.endsWith("running") ? this.at + IMAGES_EVERY_MS - performance.now() : 0
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.fetch(), Math.max(0, wait))
  }

  async fetch() {
    const asked = this.newest
    this.fetching = true
    try {
      const answer = await fetch(this.url)
      if (answer.status === 200) this.draw(await answer.json())
      else if (answer.status === 204) this.box.hidden = true
      this.fetched = asked
    } catch {
      // The server is away; the stream says so, and the next epoch asks again.
    }
    this.fetching = false
    this.at = performance.now()
    if (this.fetched === asked) this.look()
  }

  draw(found) {
    if (this.closed) return
    this.box.hidden = false
    this.box.querySelector("summary").textContent = `Images of epoch ${found.epoch}`
    const count = found.worst.length + found.best.length + found.batch.length
    const groups = [
      ["Worst validation images, by the probability of their class", found.worst],
      ["Best validation images", found.best],
      [batchTitle(found), found.batch],
    ]
    let place = 0
    this.box.querySelector(".groups").replaceChildren(...groups.map(([title, images]) => {
      const group = element("div", "group"), row = element("div", "row")
      row.append(...images.map((image) => figure(found, image, place++, count)))
      group.append(element("h4", "", title), row)
      return group
    }))
  }

  close() {
    this.closed = true
    clearTimeout(this.timer)
  }
}

function batchTitle({ batch, batch_size, augmented }) {
  const part = batch.length < batch_size ? ` (${batch.length} of ${batch_size} images)` : ""
  return `A training batch as the network got it${augmented ? ", augmented" : ""}${part}`
}

// One image out of the strip, with its class; of a validation image also what it was taken for, and how likely its class is.
function figure(found, image, place, count) {
  const made = element("figure"), picture = element("div", "image")
  picture.style.backgroundImage = `url("${found.strip}")`
  picture.style.backgroundSize = `${100 * count}% 100%`
  picture.style.backgroundPosition = `${count > 1 ? (100 * place) / (count - 1) : 0}% 0`
  picture.style.aspectRatio = `${found.width} / ${found.height}`
  const caption = element("figcaption"), lines = [element("div", "", image.class)]
  if (image.predicted !== undefined) {
    const wrong = image.predicted !== image.class
    lines.push(element("div", wrong ? "wrong" : "", wrong ? `✗ ${image.predicted}` : "✓"), element("div", "", shareText(image.probability)))
  }
  caption.append(...lines)
  picture.setAttribute("role", "img")
  picture.setAttribute("aria-label", described(image))
  made.title = described(image)
  made.append(picture, caption)
  return made
}

function described(image) {
  if (image.predicted === undefined) return `Class ${image.class}`
  const answer = image.predicted === image.class ? "recognised" : `taken for ${image.predicted}`
  return `Class ${image.class}, ${answer}; probability of its class ${shareText(image.probability)}`
}

// Rounded to the side of doubt: what is not certain is not called 0 or 100 %.
function shareText(share) {
  if (share > 0 && share < 0.001) return "< 0.1 %"
  if (share < 1 && share > 0.999) return "> 99.9 %"
  return `${decimal(100 * share, 1)} %`
}

function element(name, className = "", text = "") {
  const made = document.createElement(name)
  made.className = className
  made.textContent = text
  return made
}
