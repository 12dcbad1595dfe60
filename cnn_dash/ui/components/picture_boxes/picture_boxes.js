// A picture with boxes; a click on one, or a rectangle drawn over the picture, says what is meant.

export default function ({ data, parentElement, setTriggerValue }) {
  const picture = keepAlive(parentElement, () => new Picture(parentElement))
  picture.choose = (box) => setTriggerValue("region", { box })
  const known = JSON.stringify(data)
  if (picture.known !== known) { // a change of theme changes nothing here, and a box that has the focus keeps it
    picture.known = known
    picture.show(data)
  }
  return cleanup(parentElement, picture)
}

const DRAG_PX = 6 // less is a click
const LABEL_PX = 18 // above a box that begins higher there is no room for its label

class Picture {
  constructor(parent) {
    this.area = parent.querySelector(".picture")
    this.image = parent.querySelector("img")
    this.drawn = parent.querySelector(".drawn")
    this.area.onpointerdown = (event) => this.press(event)
    this.area.onpointermove = (event) => this.move(event)
    this.area.onpointerup = (event) => this.release(event)
    this.area.onpointercancel = () => this.cancel()
    this.area.onkeydown = (event) => this.key(event)
    this.sizes = new ResizeObserver(() => this.resized())
    this.sizes.observe(this.area)
  }

  show(data) {
    this.data = data
    this.area.style.setProperty("--ratio", data.width / data.height)
    if (this.image.src !== data.src) this.image.src = data.src
    const read = data.read.map(({ label }) => label).filter(Boolean).join(" ")
    this.image.alt = read ? `The picture as brought, with boxes around what was read: ${read}` : "The picture as brought"
    const focused = this.area.getRootNode().activeElement
    const hadFocus = focused?.classList.contains("box")
    for (const old of this.area.querySelectorAll(".box")) old.remove()
    const several = data.read.length > 1
    const boxes = [
      ...data.read.map(({ box, label }) => ({ box, label, kind: several ? "one" : "only" })),
      ...data.others.map((box) => ({ box, label: "", kind: "other" })),
    ]
    // In the order in which one reads, for the Tab key; the smaller of two that overlap lies on top.
    for (const one of boxes) this.area.append(this.box(one))
    this.resized()
    if (hadFocus) this.area.focus({ preventScroll: true })
    this.drawn.hidden = true
  }

  box({ box, label, kind }) {
    const element = document.createElement(kind === "only" ? "div" : "button")
    element.className = kind === "other" ? "box other" : "box"
    if (kind !== "only") {
      element.type = "button"
      const name = kind === "other" ? "Read what is here instead" : `Read only this one: ${label}`
      element.title = name
      element.setAttribute("aria-label", name)
      element.onclick = () => {
        if (!this.dragged) this.send(box)
      }
    }
    this.place(element, box)
    const [top, left, bottom, right] = box
    element.style.zIndex = 1000 - Math.round((999 * (bottom - top) * (right - left)) / (this.data.width * this.data.height))
    if (label) {
      const text = document.createElement("span")
      text.textContent = label
      element.append(text)
      element.dataset.top = top
    }
    return element
  }

  place(element, [top, left, bottom, right]) {
    const { width, height } = this.data
    element.style.top = `${(100 * top) / height}%`
    element.style.left = `${(100 * left) / width}%`
    element.style.height = `${(100 * (bottom - top)) / height}%`
    element.style.width = `${(100 * (right - left)) / width}%`
  }

  // Show at once what was chosen; the answer comes with the next data.
  send(box) {
    this.place(this.drawn, box)
    this.drawn.hidden = false
    this.area.focus({ preventScroll: true })
    this.choose(box)
  }

  // ---- a rectangle by hand

  press(event) {
    this.dragged = false
    if (event.isPrimary === false) return this.cancel() // a second finger enlarges the page
    if (event.button === 0) this.start = { id: event.pointerId, ...this.at(event) }
  }

  move(event) {
    if (!this.start || event.pointerId !== this.start.id) return
    const now = this.at(event)
    if (!this.dragged) {
      if (Math.hypot(now.x - this.start.x, now.y - this.start.y) < DRAG_PX) return
      this.dragged = true
      this.area.setPointerCapture(event.pointerId)
      this.drawn.hidden = false
    }
    this.place(this.drawn, this.rectangle(now))
  }

  release(event) {
    const { start } = this
    this.start = null
    if (!start || event.pointerId !== start.id || !this.dragged) return
    this.start = start
    const box = this.rectangle(this.at(event))
    this.start = null
    this.send(box)
  }

  cancel() {
    this.start = null
    this.dragged = true // what follows is no click
    this.drawn.hidden = true
  }

  at(event) {
    const { left, top, width, height } = this.area.getBoundingClientRect()
    const x = Math.min(Math.max(event.clientX - left, 0), width)
    const y = Math.min(Math.max(event.clientY - top, 0), height)
    return { x, y, scale: this.data.width / width }
  }

  rectangle(now) {
    const { x, y } = this.start
    const sides = [Math.min(y, now.y), Math.min(x, now.x), Math.max(y, now.y), Math.max(x, now.x)]
    return sides.map((side) => side * now.scale)
  }

  key(event) {
    if (event.key !== "Escape" || !(this.start || this.data.byHand)) return
    event.stopPropagation() // else it also closes the dialog around the picture
    event.preventDefault()
    if (this.start) this.cancel()
    else this.choose(null)
  }

  resized() {
    const { width } = this.area.getBoundingClientRect()
    if (!this.data || !width) return
    const scale = width / this.data.width
    this.image.classList.toggle("enlarged", scale > 3) // a small picture shows its pixels, as the model input does
    for (const box of this.area.querySelectorAll("[data-top]")) {
      box.classList.toggle("high", box.dataset.top * scale < LABEL_PX)
    }
  }

  close() {
    this.sizes.disconnect()
  }
}
