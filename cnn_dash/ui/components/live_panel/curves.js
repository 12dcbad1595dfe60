// The charts of a run: those of the metrics that it has, as the server describes them. They grow by `Plotly.extendTraces`
// and are drawn anew by `Plotly.react`; both leave zoom and hidden lines as the person has set them.

const MAX_POINTS = 500
const GIGABYTES_FROM = 2e9
const NON_FINITE = { NaN: { text: "NaN", symbol: "x", edge: 0 }, Infinity: { text: "∞", symbol: "triangle-up", edge: 1 }, "-Infinity": { text: "−∞", symbol: "triangle-down", edge: 0 } }

class Curves {
  constructor(box) {
    this.box = box
    this.rows = { step: [], epoch: [] }
    this.planned = null
    this.charts = []
    box.replaceChildren()
  }

  get epochs() {
    return this.rows.epoch
  }

  // The end of the axis: the epochs that are planned; where nobody said how many, those that are there.
  get total() {
    return this.planned ?? Math.max(1, Math.ceil(Math.max(...["step", "epoch"].map((by) => this.rows[by].length ? position(this.rows[by].at(-1)) : 0))))
  }

  // A chart that was there stays in its place, with what a person has zoomed and hidden.
  list(charts) {
    const before = new Map(this.charts.map((chart) => [chart.name, chart]))
    this.charts = charts.map((chart) => ({ ...(before.get(chart.name) ?? frame(chart)), ...chart }))
    for (const [name, chart] of before) {
      if (charts.some((one) => one.name === name)) continue
      this.plotly?.purge(chart.plot)
      chart.cell.remove()
    }
    for (const chart of this.charts) {
      chart.heading.textContent = chart.title
      this.box.append(chart.cell)
    }
    this.box.dataset.columns = charts.length === 4 ? 4 : Math.min(charts.length, 3)
  }

  // ---- metrics that come in

  begin(shown, epochs, steps, planned) {
    this.planned = planned
    this.rows = { step: steps, epoch: epochs }
    this.list(shown.charts)
    this.draw()
  }

  extend(shown, epochs, steps, planned) {
    this.planned = planned
    this.rows.epoch.push(...epochs)
    this.rows.step.push(...steps)
    const fresh = { step: steps, epoch: epochs }
    const thinned = this.thin()
    const looks = this.looks
    if (shown) this.list(shown.charts)
    if (shown || thinned || this.epochs.length > MAX_POINTS || this.learnLooks() !== looks || this.brokenIn(fresh)) {
      this.draw()
      return
    }
    for (const chart of this.charts) {
      const x = [], y = [], customdata = [], which = []
      chart.lines.forEach((line, index) => {
        const rows = fresh[line.by].filter((row) => Object.hasOwn(row.metrics, line.metric))
        if (!rows.length) return
        which.push(index)
        x.push(rows.map(position))
        y.push(this.values(chart, line, rows))
        customdata.push(texts(chart, line, rows))
      })
      if (which.length) this.plotly.extendTraces(chart.plot, { x, y, customdata }, which)
    }
    this.follow()
    if (epochs.length) this.describe()
  }

  // Of steps that have become many, about one in each of so many equal parts of the axis: an hour looks like a minute.
  thin() {
    const steps = this.rows.step
    if (steps.length <= MAX_POINTS) return false
    const end = steps.at(-1).position
    const part = (step) => Math.floor((step.position / end) * (MAX_POINTS / 2))
    this.rows.step = steps.filter((step, index) => index === steps.length - 1 || part(step) !== part(steps[index + 1]))
    return true
  }

  // What changes the look of all that is drawn already: whether there is anything, and in which unit.
  learnLooks() {
    this.inGigabytes = this.inGigabytes || this.rows.step.some((step) => step.metrics.memory_bytes > GIGABYTES_FROM)
    this.looks = [this.inGigabytes, this.rows.epoch.length > 0, this.rows.step.length > 0].join()
    return this.looks
  }

  brokenIn(rows) {
    return [...rows.step, ...rows.epoch].some((row) => Object.values(row.metrics).some(isBroken))
  }

  // The rows that a line is drawn from: an epoch without the metric is left out, so that the line continues over it.
  having(line) {
    const rows = this.rows[line.by].filter((row) => Object.hasOwn(row.metrics, line.metric))
    return line.by === "epoch" ? evenly(rows) : rows
  }

  // ---- drawing

  draw() {
    this.learnLooks()
    const columns = this.drawnColumns
    this.drawnColumns = this.box.dataset.columns
    const config = { displaylogo: false, responsive: true, displayModeBar: false }
    for (const chart of this.charts) {
      const first = !chart.plot.layout
      if (!this.zoomed(chart)) chart.plot.end = this.total
      const traces = [...chart.lines.map((line) => this.trace(chart, line)), ...chart.lines.map((line) => this.edgeMarks(line)).filter(Boolean)]
      this.plotly.react(chart.plot, traces, this.layout(chart), config)
      if (first) chart.plot.on("plotly_relayout", () => this.follow())
      else if (columns !== this.drawnColumns) this.plotly.Plots.resize(chart.plot)
    }
    this.describe()
  }

  zoomed(chart) {
    const axis = chart.plot.layout?.xaxis
    return Boolean(axis) && chart.plot.end !== undefined && (axis.range[0] !== 0 || axis.range[1] !== chart.plot.end)
  }

  // A run that gets more epochs gets a longer axis; where a person has zoomed in, once they have zoomed out.
  follow() {
    for (const chart of this.charts) {
      if (!chart.plot.layout || chart.plot.end === this.total || this.zoomed(chart)) continue
      chart.plot.end = this.total
      this.plotly.react(chart.plot, chart.plot.data, this.layout(chart))
    }
  }

  trace(chart, line) {
    const rows = this.having(line)
    return {
      name: line.label,
      mode: line.by === "epoch" ? "lines+markers" : "lines",
      x: rows.map(position),
      y: this.values(chart, line, rows),
      customdata: texts(chart, line, rows),
      cliponaxis: false,
      line: { color: line.color, width: line.width, dash: line.dash },
      marker: { color: line.color, size: 6 },
      hovertemplate: `epoch %{x${line.by === "epoch" ? "" : ":.2f"}}: %{customdata}`,
    }
  }

  // Where a metric was NaN or infinite its line has a gap, and the edge of the plot a mark, wherever a person zooms.
  edgeMarks(line) {
    const rows = this.rows[line.by].filter((row) => isBroken(row.metrics[line.metric]))
    if (!rows.length) return null
    const kinds = rows.map((row) => NON_FINITE[row.metrics[line.metric]])
    return {
      name: `${line.label}, not finite`,
      mode: "markers",
      x: rows.map(position),
      y: kinds.map((kind) => kind.edge),
      text: kinds.map((kind) => kind.text),
      yaxis: "y2",
      showlegend: false,
      cliponaxis: false,
      marker: { color: line.color, size: 10, symbol: kinds.map((kind) => kind.symbol) },
      hovertemplate: `${line.label}: %{text}<extra></extra>`,
    }
  }

  values(chart, line, rows) {
    const scale = chart.format === "bytes" ? 1 / (this.inGigabytes ? 1e9 : 1e6) : 1
    return rows.map((row) => isBroken(row.metrics[line.metric]) ? null : scale * row.metrics[line.metric])
  }

  layout(chart) {
    // Without values plotly makes up an axis, down to an accuracy of -1.
    const drawn = chart.lines.some((line) => this.rows[line.by].some((row) => Number.isFinite(row.metrics[line.metric])))
    const style = getComputedStyle(this.box)
    const value = (name) => style.getPropertyValue(name).trim()
    const axis = { gridcolor: value("--st-border-color-light") || value("--st-border-color"), zeroline: false, linecolor: value("--st-border-color") }
    return {
      height: 230,
      margin: { l: 58, r: 8, t: 10, b: 58 }, // above: room for half of the highest label, which would be left out else
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: value("--st-font"), size: 12, color: value("--st-text-color") },
      xaxis: { ...axis, title: { text: "epoch", standoff: 4 }, range: [0, chart.plot.end], tickformat: "~g", nticks: 6, minallowed: 0 },
      yaxis: { ...axis, showticklabels: drawn, title: { text: this.unit(chart), standoff: 6 }, rangemode: chart.from_zero ? "tozero" : "normal", nticks: 6,
        ...(chart.format === "percent" ? { tickformat: ".6~%" } : { exponentformat: "power" }),
        // One value alone would else be in the middle of an axis from 1 below it to 1 above.
        ...(chart.bounded ? { autorangeoptions: { clipmin: 0, clipmax: 1, include: 1 } } : {}) },
      yaxis2: { overlaying: "y", range: [0, 1], fixedrange: true, visible: false },
      showlegend: chart.lines.length > 1,
      legend: { orientation: "h", x: -0.1, y: -0.24, yanchor: "top", font: { size: 10.5 } },
      hovermode: "x unified",
      hoverlabel: { bgcolor: value("--st-background-color"), font: { color: value("--st-text-color") } },
      uirevision: "the person's",
    }
  }

  unit(chart) {
    return chart.format === "bytes" && this.inGigabytes ? "GB" : chart.unit
  }

  describe() {
    for (const chart of this.charts) {
      const by = chart.lines.some((line) => line.by === "epoch") ? "epoch" : "step"
      const last = this.rows[by].at(-1)
      const lines = chart.lines.filter((line) => line.by === by && last && Object.hasOwn(last.metrics, line.metric))
      const values = lines.map((line) => `${line.label} ${formatted(last.metrics[line.metric], chart.format)}`)
      const now = values.length ? `: ${by === "epoch" ? `after epoch ${last.epoch}` : "now"} ${values.join(", ")}` : ""
      const broken = chart.lines.reduce((count, line) => count + this.rows[line.by].filter((row) => isBroken(row.metrics[line.metric])).length, 0)
      const gaps = broken ? `; NaN or infinite in ${broken} ${broken === 1 ? "place" : "places"}, marked on the edge` : ""
      chart.plot.setAttribute("aria-label", `${chart.title} by epoch${now}${gaps}`)
    }
  }

  restyle() {
    for (const chart of this.charts) {
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

function frame(chart) {
  const cell = document.createElement("div")
  cell.className = "chart"
  const heading = document.createElement("h4")
  const plot = document.createElement("div")
  plot.className = "plot"
  plot.dataset.chart = chart.name
  plot.setAttribute("role", "img")
  cell.append(heading, plot)
  return { cell, heading, plot }
}

function isBroken(value) {
  return Object.hasOwn(NON_FINITE, value)
}

// The values of a line as the pointer shows them: Plotly would write a large one with all its digits.
function texts(chart, line, rows) {
  return rows.map((row) => formatted(row.metrics[line.metric], chart.format))
}

function position(row) {
  return row.position ?? row.epoch
}

// About `MAX_POINTS` of many rows, the first and the last always there.
function evenly(rows) {
  const every = Math.ceil(rows.length / MAX_POINTS)
  return rows.filter((_, index) => index % every === 0 || index === rows.length - 1)
}
