// Draws plots that Python has made, and keeps zoom and hidden runs when they change.

export default function ({ data, parentElement }) {
  const overlay = keepAlive(parentElement, () => new Overlay(parentElement, data.plotly))
  overlay.show(data)
  return cleanup(parentElement, overlay)
}

class Overlay {
  constructor(root, url) {
    this.root = root
    this.find = (selector) => root.querySelector(selector)
    this.hidden = new Set()
    this.boxes = new Map()
    this.find(".legend").replaceChildren()
    this.find(".charts").replaceChildren()
    this.drawn = library(url)
      .then((plotly) => {
        this.plotly = plotly
        adoptStyles(this.find(".charts"))
      })
      .catch(() => {
        this.find(".charts").textContent = "The drawing library could not be loaded. Reload the page to try again."
      })
  }

  show({ charts, legend }) {
    this.entries = legend
    this.listRuns()
    this.find(".charts").dataset.count = charts.length
    for (const [name, box] of this.boxes) {
      if (!charts.some((chart) => chart.name === name)) this.remove(name, box)
    }
    for (const chart of charts) {
      if (!this.boxes.has(chart.name)) this.boxes.set(chart.name, frame(chart))
      const box = this.boxes.get(chart.name)
      box.chart = chart
      this.find(".charts").append(box) // in the order asked for
    }
    this.drawn = this.drawn.then(() => this.closed || this.draw())
  }

  remove(name, box) {
    this.plotly?.purge(box.plot)
    box.remove()
    this.boxes.delete(name)
  }

  draw() {
    if (!this.plotly) return
    const theme = this.theme()
    for (const box of this.boxes.values()) {
      const visible = [...this.hidden].sort().join()
      const state = [box.chart.figure, JSON.stringify(theme), visible].join("\n")
      if (box.state === state) continue
      box.state = state
      const { data, layout } = JSON.parse(box.chart.figure)
      for (const trace of data) trace.visible = this.hidden.has(trace.legendgroup) ? false : true
      this.plotly.react(box.plot, data, themed(layout, theme), { displaylogo: false, responsive: true, displayModeBar: false })
      box.plot.setAttribute("aria-label", box.chart.alt)
      box.none.hidden = data.length > 0
      box.none.textContent = data.length ? "" : "Nothing to show yet."
    }
  }

  // ---- the legend

  listRuns() {
    const list = this.find(".legend")
    const signature = JSON.stringify(this.entries)
    if (list.dataset.signature === signature) return // a button that has the focus keeps it
    list.dataset.signature = signature
    list.replaceChildren(...this.entries.map((entry) => this.entry(entry)))
  }

  entry({ group, label, swatch }) {
    const item = document.createElement(group ? "button" : "span")
    item.innerHTML = swatch // our own drawing; the label is a person's
    const text = document.createElement("span")
    text.className = "label"
    text.textContent = label
    item.append(text)
    if (!group) {
      item.className = "explains"
      return item
    }
    item.type = "button"
    item.title = `${label}: click to hide or show`
    item.setAttribute("aria-pressed", !this.hidden.has(group))
    item.onclick = () => {
      if (!this.hidden.delete(group)) this.hidden.add(group)
      item.setAttribute("aria-pressed", !this.hidden.has(group))
      this.drawn = this.drawn.then(() => this.closed || this.draw())
    }
    return item
  }

  // ---- looks

  theme() {
    const style = getComputedStyle(this.root.host ?? this.root)
    const value = (name) => style.getPropertyValue(name).trim()
    return {
      font: value("--st-font"),
      text: value("--st-text-color"),
      background: value("--st-background-color"),
      grid: value("--st-border-color-light") || value("--st-border-color"),
      line: value("--st-border-color"),
    }
  }

  close() {
    this.closed = true
    for (const box of this.boxes.values()) this.plotly?.purge(box.plot)
  }
}

function frame(chart) {
  const box = document.createElement("div")
  box.className = "chart"
  const title = document.createElement("h4")
  title.textContent = chart.title
  box.plot = document.createElement("div")
  box.plot.className = "plot"
  box.plot.dataset.chart = chart.name
  box.plot.setAttribute("role", "img")
  box.none = document.createElement("p")
  box.none.className = "none"
  box.append(title, box.plot, box.none)
  return box
}

function themed(layout, theme) {
  const axis = { gridcolor: theme.grid, linecolor: theme.line }
  return {
    ...layout,
    font: { ...layout.font, family: theme.font, size: 12, color: theme.text },
    hoverlabel: { bgcolor: theme.background, font: { color: theme.text } },
    xaxis: { ...layout.xaxis, ...axis },
    yaxis: { ...layout.yaxis, ...axis },
  }
}
