// The charts of a run. They grow by `Plotly.extendTraces` and are drawn anew by `Plotly.react`; both leave zoom and hidden
// lines as the person has set them.

// What each chart shows: the columns of an epoch, or of a point within one.
const CHARTS = [
  { name: "loss", title: "Loss", unit: "nats", lines: [["batches", "loss"], ["train", "loss"], ["validation", "val_loss"]], zero: true },
  { name: "accuracy", title: "Accuracy", unit: "share right", share: true, lines: [["batches", "accuracy"], ["train", "accuracy"], ["validation", "val_accuracy"]] },
  { name: "auc", title: "AUC, one class against the rest", unit: "mean area", share: true, lines: [["validation", "val_auc"]] },
  { name: "rate", title: "Learning rate", unit: "step size", lines: [["rate", "learning_rate"]], zero: true },
  { name: "processors", title: "Machine in use", unit: "% of the machine", lines: [["cpu", "cpu"], ["gpu", "gpu"]], scale: () => 100, machine: true, zero: true },
  { name: "memory", title: "Memory of the worker", unit: "MB", lines: [["memory", "memory_bytes"]], scale: (panel) => 1 / (panel.inGigabytes ? 1e9 : 1e6), machine: true, zero: true },
]
const NAMES = { batches: "batches", train: "training", validation: "validation", rate: "learning rate", cpu: "processors", gpu: "graphics card", memory: "memory" }
const BY_EPOCH = ["train", "validation"]
const MAX_POINTS = 500
const GIGABYTES_FROM = 2e9

class Curves {
  constructor(box, data) {
    this.box = box
    this.data = data
    this.epochs = []
    this.points = []
    this.total = 1
    box.replaceChildren()
    this.charts = CHARTS.map((chart) => ({ ...chart, ...this.frame(chart) }))
  }

  frame(chart) {
    const cell = document.createElement("div")
    cell.className = "chart"
    cell.hidden = Boolean(chart.machine) // until there is something to show
    const title = document.createElement("h4")
    title.textContent = chart.title
    const plot = document.createElement("div")
    plot.className = "plot"
    plot.dataset.chart = chart.name
    plot.setAttribute("role", "img")
    cell.append(title, plot)
    this.box.append(cell)
    return { cell, plot }
  }

  // ---- figures that come in

  // `active`: it goes on, so that charts without figures will have some.
  begin(epochs, points, total, active) {
    this.total = total
    this.begins = active && !points.length
    this.epochs = epochs
    this.points = points
    this.draw()
  }

  extend(epochs, points, total) {
    const kinds = this.kinds()
    this.total = total
    this.epochs.push(...epochs)
    this.points.push(...points)
    const thinned = this.thin()
    if (thinned || this.epochs.length > MAX_POINTS || this.kinds() !== kinds) {
      this.draw()
      return
    }
    for (const chart of this.shown()) {
      const x = [], y = [], which = []
      this.lines(chart).forEach(([kind, column], line) => {
        const fresh = BY_EPOCH.includes(kind) ? epochs : points
        if (!fresh.length) return
        which.push(line)
        x.push(fresh.map(position))
        y.push(this.column(chart, fresh, column))
      })
      if (which.length) this.plotly.extendTraces(chart.plot, { x, y }, which)
    }
    this.follow()
    if (epochs.length) this.describe()
  }

  // Of points that have become many, about one in each of so many equal parts of the axis: an hour looks like a minute.
  thin() {
    if (this.points.length <= MAX_POINTS) return false
    const end = this.points.at(-1).position
    const part = (point) => Math.floor((point.position / end) * (MAX_POINTS / 2))
    this.points = this.points.filter((point, index) => index === this.points.length - 1 || part(point) !== part(this.points[index + 1]))
    return true
  }

  has(column) {
    return this.points.some((point) => point[column] != null)
  }

  // Which charts, lines and figures there are; older runs know nothing of the machine, and few machines have a graphics card.
  kinds() {
    this.machine = this.machine || this.begins || this.has("cpu")
    this.gpu = this.gpu || this.has("gpu")
    this.inGigabytes = this.inGigabytes || this.points.some((point) => point.memory_bytes > GIGABYTES_FROM)
    return [this.machine, this.gpu, this.inGigabytes, this.epochs.length > 0, this.points.length > 0].join()
  }

  shown() {
    return this.charts.filter((chart) => !chart.machine || this.machine)
  }

  lines(chart) {
    return chart.lines.filter(([kind]) => kind !== "gpu" || this.gpu)
  }

  // ---- drawing

  draw() {
    this.kinds()
    const columns = this.box.dataset.machine
    this.box.dataset.machine = Boolean(this.machine)
    const config = { displaylogo: false, responsive: true, displayModeBar: false }
    for (const chart of this.charts) chart.cell.hidden = !this.shown().includes(chart)
    for (const chart of this.shown()) {
      const first = !chart.plot.layout
      if (!this.zoomed(chart)) chart.end = this.total
      const traces = this.lines(chart).map(([kind, column]) => this.trace(chart, kind, column))
      this.plotly.react(chart.plot, traces, this.layout(chart), config)
      if (first) chart.plot.on("plotly_relayout", () => this.follow())
      else if (columns !== this.box.dataset.machine) this.plotly.Plots.resize(chart.plot)
    }
    this.describe()
  }

  zoomed(chart) {
    const axis = chart.plot.layout?.xaxis
    return Boolean(axis) && chart.end !== undefined && (axis.range[0] !== 0 || axis.range[1] !== chart.end)
  }

  // A run that gets more epochs gets a longer axis; where a person has zoomed in, once they have zoomed out.
  follow() {
    for (const chart of this.shown()) {
      if (!chart.plot.layout || chart.end === this.total || this.zoomed(chart)) continue
      chart.end = this.total
      this.plotly.react(chart.plot, chart.plot.data, this.layout(chart))
    }
  }

  trace(chart, kind, column) {
    const byEpoch = BY_EPOCH.includes(kind)
    const rows = byEpoch ? evenly(this.epochs) : this.points
    const color = this.data.colors[kind]
    return {
      name: NAMES[kind],
      mode: byEpoch ? "lines+markers" : "lines",
      x: rows.map(position),
      y: this.column(chart, rows, column),
      cliponaxis: false,
      line: { color, width: kind === "batches" ? 1.5 : 2, dash: this.data.dashes[kind] ?? "solid" },
      marker: { color, size: 6 },
      hovertemplate: chart.machine ? "%{y:.3~g}" : byEpoch ? "epoch %{x}: %{y:.4f}" : "epoch %{x:.2f}: %{y:.4g}",
    }
  }

  column(chart, rows, column) {
    const scale = chart.scale?.(this) ?? 1
    return rows.map((row) => row[column] == null ? null : scale * row[column])
  }

  layout(chart) {
    // Without figures plotly makes up an axis, down to an accuracy of -1.
    const drawn = this.lines(chart).some(([kind]) => (BY_EPOCH.includes(kind) ? this.epochs : this.points).length)
    const style = getComputedStyle(this.box)
    const value = (name) => style.getPropertyValue(name).trim()
    const axis = { gridcolor: value("--st-border-color-light") || value("--st-border-color"), zeroline: false, linecolor: value("--st-border-color") }
    const unit = chart.name === "memory" && this.inGigabytes ? "GB" : chart.unit
    return {
      height: 230,
      margin: { l: 58, r: 8, t: 4, b: 58 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: value("--st-font"), size: 12, color: value("--st-text-color") },
      xaxis: { ...axis, title: { text: "epoch", standoff: 4 }, range: [0, chart.end], tickformat: "~g", nticks: 6, minallowed: 0 },
      yaxis: { ...axis, showticklabels: drawn, title: { text: unit, standoff: 6 }, rangemode: chart.zero ? "tozero" : "normal", nticks: 6, exponentformat: "power",
        autorangeoptions: chart.share ? { clipmin: 0, clipmax: 1 } : {} },
      showlegend: this.lines(chart).length > 1,
      legend: { orientation: "h", x: -0.1, y: -0.24, yanchor: "top", font: { size: 10.5 } },
      hovermode: "x unified",
      hoverlabel: { bgcolor: value("--st-background-color"), font: { color: value("--st-text-color") } },
      uirevision: "the person's",
    }
  }

  describe() {
    for (const chart of this.shown()) {
      const last = this.epochs.at(-1)
      const point = this.points.at(-1)
      let now = ""
      if (chart.machine && point) {
        now = `: now ${this.lines(chart).map(([kind, column]) => `${NAMES[kind]} ${Math.round(this.column(chart, [point], column)[0] ?? 0)}`).join(", ")} ${this.layout(chart).yaxis.title.text}`
      } else if (last) {
        const values = chart.lines.filter(([kind]) => BY_EPOCH.includes(kind)).map(([kind, column]) => `${NAMES[kind]} ${Number(last[column]).toPrecision(4)}`)
        if (values.length) now = `: after epoch ${last.epoch} ${values.join(", ")}`
      }
      chart.plot.setAttribute("aria-label", `Curve of the ${chart.title.toLowerCase()} by epoch${now}`)
    }
  }

  restyle() {
    for (const chart of this.shown()) {
      if (!chart.plot.layout) continue
      const { font, xaxis, yaxis, hoverlabel } = this.layout(chart)
      this.plotly.relayout(chart.plot, {
        font, hoverlabel,
        "xaxis.gridcolor": xaxis.gridcolor, "xaxis.linecolor": xaxis.linecolor,
        "yaxis.gridcolor": yaxis.gridcolor, "yaxis.linecolor": yaxis.linecolor,
      })
    }
  }

  purge() {
    this.charts.forEach((chart) => this.plotly?.purge(chart.plot))
  }
}

function position(row) {
  return row.position ?? row.epoch
}

// About `MAX_POINTS` of many rows, the first and the last always there.
function evenly(rows) {
  const every = Math.ceil(rows.length / MAX_POINTS)
  return rows.filter((_, index) => index % every === 0 || index === rows.length - 1)
}
