// Images; a click on one tells which, and so does its tick.

export default function ({ data, parentElement, setTriggerValue }) {
  const grid = keepAlive(parentElement, () => new Grid(parentElement.querySelector(".images")))
  grid.tell = setTriggerValue
  grid.show(data)
  return cleanup(parentElement, grid)
}

class Grid {
  constructor(area) {
    this.area = area
    this.told = new Map() // ticks that the server has not confirmed yet, by key
  }

  show(data) {
    this.area.style.setProperty("--width", `${data.width_px}px`)
    this.area.style.setProperty("--good", data.colors.good)
    this.area.style.setProperty("--bad", data.colors.bad)
    for (const image of data.images) if (this.told.get(image.key) === image.ticked) this.told.delete(image.key)
    const signature = JSON.stringify(data)
    if (signature !== this.signature) {
      const focused = this.area.getRootNode().activeElement?.dataset?.key
      this.signature = signature
      this.area.replaceChildren(...data.images.map((image) => this.item(image, data.ticks)))
      if (focused) this.area.querySelector(`[data-key="${focused}"]`)?.focus()
    }
    this.choosing()
  }

  item(image, ticks) {
    const item = element("div", image.correct === false ? "item wrong" : "item")
    item.setAttribute("role", "listitem")
    const open = element("button", "open")
    open.type = "button"
    open.dataset.key = `open-${image.key}`
    open.onclick = () => this.tell("open", { key: image.key })
    const picture = element("img", "")
    picture.src = image.source
    picture.alt = image.alt
    const lines = element("span", "lines")
    image.lines.forEach((line, place) => {
      if (place) lines.append(element("br", ""))
      const marked = place === 0 && image.correct !== null
      lines.append(marked ? element("b", "", `${image.correct ? "✓" : "✗"} ${line}`) : line)
    })
    open.append(picture, lines)
    item.append(open)
    if (ticks) item.append(this.tick(image))
    return item
  }

  tick(image) {
    const label = element("label", "tick")
    const box = element("input", "")
    box.type = "checkbox"
    box.dataset.key = `tick-${image.key}`
    box.checked = this.told.get(image.key) ?? image.ticked
    box.setAttribute("aria-label", `Select: ${image.alt}`)
    box.onchange = () => {
      this.told.set(image.key, box.checked)
      this.choosing()
      // All that is not confirmed: of two ticks in a row the server may see only the later one.
      this.tell("tick", { ticks: [...this.told] })
    }
    label.append(box)
    return label
  }

  // While something is ticked all boxes are to be seen.
  choosing() {
    this.area.classList.toggle("choosing", this.area.querySelector("input:checked") !== null)
  }

  close() {}
}

function element(tag, name, content = "") {
  const made = document.createElement(tag)
  if (name) made.className = name
  made.textContent = content
  return made
}
