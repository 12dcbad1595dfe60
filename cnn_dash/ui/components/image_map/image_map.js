// Points on a canvas. The pointer shows the image of the nearest point, dragging draws a lasso, a double click or Esc
// takes the choice and the zoom back, the wheel zooms while Ctrl or Shift is held (alone it scrolls the page).

const REACH_PX = 14
const TIP_PX = 112
const MARGIN_PX = 16

export default function ({ data, parentElement, setTriggerValue }) {
  const map = keepAlive(parentElement, () => new ImageMap(parentElement))
  map.select = (points) => setTriggerValue("select", { points })
  map.show(data)
  return cleanup(parentElement, map)
}

class ImageMap {
  constructor(parent) {
    this.root = parent.querySelector(".map")
    this.canvas = this.root.querySelector(":scope > canvas")
    this.tip = this.root.querySelector(".tip")
    this.picture = new Image()
    this.chosen = new Set()
    this.zoomOut()
    const on = (event, handle, options) => this.canvas.addEventListener(event, handle.bind(this), options)
    on("pointerdown", this.begin)
    on("pointermove", this.move)
    on("pointerup", this.end)
    on("pointercancel", this.giveUp)
    on("pointerleave", () => this.point(null))
    on("dblclick", this.reset)
    on("wheel", this.wheel, { passive: false })
    on("keydown", this.key)
    this.watcher = new ResizeObserver(() => this.draw())
    this.watcher.observe(this.canvas)
  }

  show(data) {
    const other = this.signature !== data.tiles.url + data.points.length + data.points.slice(0, 40)
    this.data = data
    if (other) {
      this.signature = data.tiles.url + data.points.length + data.points.slice(0, 40)
      this.picture.src = data.tiles.url
      this.chosen = new Set()
      this.zoomOut()
      this.point(null)
    }
    this.canvas.setAttribute("aria-label", data.alt)
    this.legend()
    this.draw()
  }

  legend() {
    const { names, colors } = this.data
    const place = this.root.querySelector(".legend")
    if (names.length > colors.length) {
      place.textContent = "Colours repeat: there are more classes than colours. Hovering names the class."
      return
    }
    place.replaceChildren(
      ...names.map((name, label) => {
        const item = document.createElement("span")
        const dot = document.createElement("i")
        dot.style.background = colors[label]
        item.append(dot, name)
        return item
      })
    )
  }

  zoomOut() {
    this.zoom = { scale: 1, x: 0, y: 0 }
  }

  // Place of a point in CSS pixels of the canvas; y grows upwards in the data. A map keeps its proportions.
  placeOf(index) {
    const { width, height } = this.size
    const side = Math.min(width, height) - 2 * MARGIN_PX
    const wide = Math.max(side, Math.min(width - 2 * MARGIN_PX, 1.6 * side))
    const { scale, x, y } = this.zoom
    const left = (width - wide) / 2
    const top = (height - side) / 2
    const points = this.data.points
    return [
      (left + (points[2 * index] / 10000) * wide) * scale + x,
      (top + side - (points[2 * index + 1] / 10000) * side) * scale + y,
    ]
  }

  get size() {
    return { width: this.canvas.clientWidth, height: this.canvas.clientHeight }
  }

  draw() {
    const { width, height } = this.size
    if (!this.data || !width) return
    const dense = window.devicePixelRatio || 1
    if (this.canvas.width !== Math.round(width * dense) || this.canvas.height !== Math.round(height * dense)) {
      this.canvas.width = Math.round(width * dense)
      this.canvas.height = Math.round(height * dense)
    }
    const pen = this.canvas.getContext("2d")
    pen.setTransform(dense, 0, 0, dense, 0, 0)
    pen.clearRect(0, 0, width, height)
    const { labels, colors, highlight } = this.data
    const radius = labels.length > 1500 ? 2.6 : 4
    const lit = (index) =>
      this.chosen.size ? this.chosen.has(index) : highlight === null || labels[index] === highlight
    for (const bright of [false, true]) {
      pen.globalAlpha = bright ? 0.8 : 0.13
      for (let index = 0; index < labels.length; index++) {
        if (lit(index) !== bright) continue
        const [x, y] = this.placeOf(index)
        pen.fillStyle = colors[labels[index] % colors.length]
        pen.beginPath()
        pen.arc(x, y, radius, 0, 7)
        pen.fill()
      }
    }
    pen.globalAlpha = 1
    const ink = getComputedStyle(this.root).color
    if (this.hovered != null) {
      const [x, y] = this.placeOf(this.hovered)
      pen.strokeStyle = ink
      pen.lineWidth = 2
      pen.beginPath()
      pen.arc(x, y, radius + 3, 0, 7)
      pen.stroke()
    }
    if (this.lasso?.length > 1) {
      pen.strokeStyle = ink
      pen.lineWidth = 1.5
      pen.setLineDash([5, 4])
      pen.beginPath()
      this.lasso.forEach(([x, y], place) => (place ? pen.lineTo(x, y) : pen.moveTo(x, y)))
      pen.closePath()
      pen.stroke()
      pen.setLineDash([])
    }
  }

  at(event) {
    const box = this.canvas.getBoundingClientRect()
    return [event.clientX - box.left, event.clientY - box.top]
  }

  begin(event) {
    if (event.button) return
    this.lasso = [this.at(event)]
    this.canvas.setPointerCapture(event.pointerId)
    this.point(this.nearest(this.lasso[0]))
  }

  move(event) {
    const place = this.at(event)
    if (!this.lasso) {
      this.point(this.nearest(place))
      return
    }
    this.lasso.push(place)
    if (this.lasso.length > 3) this.point(null)
    this.draw()
  }

  end() {
    const lasso = this.lasso
    this.lasso = null
    if (lasso?.length > 5) {
      const found = []
      for (let index = 0; index < this.data.labels.length; index++) {
        const { highlight, labels } = this.data
        if (highlight !== null && labels[index] !== highlight) continue
        if (within(this.placeOf(index), lasso)) found.push(index)
      }
      this.choose(found)
    }
    this.draw()
  }

  giveUp() {
    this.lasso = null
    this.draw()
  }

  choose(found) {
    this.chosen = new Set(found)
    this.select(found)
    this.draw()
  }

  reset() {
    this.zoomOut()
    if (this.chosen.size) this.choose([])
    this.draw()
  }

  key(event) {
    if (event.key === "Escape") this.reset()
  }

  wheel(event) {
    if (!event.ctrlKey && !event.shiftKey) return
    event.preventDefault()
    const [x, y] = this.at(event)
    const by = Math.exp(-(event.deltaY || event.deltaX) / 400)
    const scale = Math.min(20, Math.max(1, this.zoom.scale * by))
    const grown = scale / this.zoom.scale
    this.zoom = scale === 1 ? { scale: 1, x: 0, y: 0 } : { scale, x: x - (x - this.zoom.x) * grown, y: y - (y - this.zoom.y) * grown }
    this.draw()
  }

  nearest([x, y]) {
    let best = null
    let reach = REACH_PX ** 2
    for (let index = 0; index < this.data.labels.length; index++) {
      const [left, top] = this.placeOf(index)
      const far = (left - x) ** 2 + (top - y) ** 2
      if (far < reach) [best, reach] = [index, far]
    }
    return best
  }

  // Show the image of a point, or none.
  point(index) {
    if (index === this.hovered) return
    this.hovered = index
    this.tip.hidden = index === null
    if (index !== null) {
      const { tiles, captions } = this.data
      const image = this.tip.querySelector("canvas")
      image.width = tiles.width
      image.height = tiles.height
      const grown = TIP_PX / Math.max(tiles.width, tiles.height)
      image.style.width = `${tiles.width * grown}px`
      image.style.height = `${tiles.height * grown}px`
      const left = (index % tiles.columns) * tiles.width
      const top = Math.floor(index / tiles.columns) * tiles.height
      const { width, height } = tiles
      image.getContext("2d").drawImage(this.picture, left, top, width, height, 0, 0, width, height)
      this.tip.querySelector("span").textContent = captions[index]
      const [x, y] = this.placeOf(index)
      const beside = x + 16 + this.tip.offsetWidth > this.size.width ? x - 16 - this.tip.offsetWidth : x + 16
      this.tip.style.left = `${Math.max(0, beside)}px`
      this.tip.style.top = `${Math.min(Math.max(0, y - 40), Math.max(0, this.size.height - this.tip.offsetHeight))}px`
    }
    this.draw()
  }

  close() {
    this.watcher.disconnect()
  }
}

// Whether a place lies within a polygon: a ray to the right crosses its sides an odd number of times.
function within([x, y], polygon) {
  let inside = false
  for (let a = 0, b = polygon.length - 1; a < polygon.length; b = a++) {
    const [ax, ay] = polygon[a]
    const [bx, by] = polygon[b]
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
  }
  return inside
}
