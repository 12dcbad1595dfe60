// Draws one run from its event stream. Streamlit calls the default export again at every rerun of the page and at every
// change of theme; the panel itself lives on, by its element.

const panels = new WeakMap()

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  let panel = panels.get(parentElement)
  if (!panel || panel.run !== data.run) {
    panel?.close()
    panel = new Panel(parentElement, data)
    panels.set(parentElement, panel)
  }
  panel.onEnd = () => setTriggerValue("ended", data.run)
  panel.restyle()
  return () => {
    panels.get(parentElement)?.close()
    panels.delete(parentElement)
  }
}

// What each chart shows: the columns of an epoch, and of a point within one.
const CHARTS = [
  { name: "loss", title: "Loss", unit: "nats", lines: [["batches", "loss"], ["train", "loss"], ["validation", "val_loss"]], zero: true },
  { name: "accuracy", title: "Accuracy", unit: "share right", share: true, lines: [["batches", "accuracy"], ["train", "accuracy"], ["validation", "val_accuracy"]] },
  { name: "auc", title: "AUC, one class against the rest", unit: "mean area", share: true, lines: [["validation", "val_auc"]] },
  { name: "rate", title: "Learning rate", unit: "step size", lines: [["batches", "learning_rate"]], zero: true },
]
const NAMES = { batches: "within the epoch", train: "training", validation: "validation" }

class Panel {
  constructor(root, data) {
    this.root = root
    this.run = data.run
    this.data = data
    this.epochs = []
    this.points = []
    this.onEnd = () => {}
    this.find = (selector) => root.querySelector(selector)
    this.find(".charts").replaceChildren()
    this.find(".figures").replaceChildren()
    this.plots = CHARTS.map((chart) => this.frame(chart))
    this.find(".log").ontoggle = () => this.readLog()
    this.show({ status: "connecting", epochs: 0, epoch: 0, batch: 0, batches: 0, progress: 0 })
    this.drawn = library(data.plotly).then((plotly) => {
      this.plotly = plotly
      this.adoptStyles()
    })
    this.drawn.catch(() => this.say("offline", "The drawing library could not be loaded. Reload the page to try again."))
    this.listen()
    if (data.comeIntoView) this.comeIntoView()
  }

  comeIntoView() {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches
    // After this rerun has laid out the page.
    setTimeout(() => this.find(".panel")?.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "nearest" }), 300)
  }

  frame(chart) {
    const box = document.createElement("div")
    box.className = "chart"
    const title = document.createElement("h4")
    title.textContent = chart.title
    const plot = document.createElement("div")
    plot.className = "plot"
    plot.dataset.chart = chart.name
    plot.setAttribute("role", "img")
    box.append(title, plot)
    this.find(".charts").append(box)
    return plot
  }

  // plotly.js puts its style rules into the document, from where they do not reach into a component.
  adoptStyles() {
    const rules = document.getElementById("plotly.js-style-global")?.sheet?.cssRules ?? []
    const style = document.createElement("style")
    style.textContent = [...rules].map((rule) => rule.cssText).join("\n")
    this.find(".charts").before(style)
  }

  listen() {
    this.source = new EventSource(`${this.data.api}/runs/${this.run}/events`)
    // Drawing waits for the library; events keep their order behind it.
    const inTurn = (work) => (event) => {
      const message = JSON.parse(event.data)
      if (message.run) this.show(message.run)
      this.drawn = this.drawn.then(() => this.closed || work(message))
    }
    this.source.addEventListener("snapshot", inTurn((message) => this.begin(message)))
    this.source.addEventListener("update", inTurn((message) => this.extend(message)))
    this.source.addEventListener("end", () => {
      this.source.close()
      this.readLog()
      if (this.watchedItRun) this.drawn.then(() => this.closed || this.onEnd())
    })
    this.source.onerror = () => {
      if (!this.closed) this.badge("offline", "connection lost, trying again…")
    }
  }

  // ---- words and numbers

  badge(status, detail) {
    const badge = this.find(".badge")
    badge.dataset.status = status
    badge.textContent = status
    this.find(".detail").textContent = detail
  }

  say(status, message) {
    const box = this.find(".message")
    box.dataset.status = status
    box.textContent = message ?? ""
    box.hidden = !message
  }

  show(run) {
    this.total = run.epochs
    this.status = run.status
    if (run.status === "running" || run.status === "queued") this.watchedItRun = true
    this.badge(run.request ? { stop: "stopping", pause: "pausing" }[run.request] : run.status, detail(run))
    this.say(run.status, run.message)
    const share = run.status === "finished" ? 1 : run.progress
    this.find(".bar div").style.width = `${100 * share}%`
    this.find(".bar").setAttribute("aria-valuenow", Math.round(100 * share))
    this.last = run
  }

  figures() {
    const last = this.epochs.at(-1)
    const best = bestEpoch(this.epochs, this.last.monitor)
    const rows = [
      ["validation accuracy", last && percent(last.val_accuracy)],
      ["validation loss", last && last.val_loss.toFixed(4)],
      ["AUC", last && (last.val_auc === null ? "–" : last.val_auc.toFixed(4))],
      [this.status === "running" ? "best so far" : "best epoch", best && `epoch ${best}`],
      ["speed", this.last.images_per_second && `${Math.round(this.last.images_per_second).toLocaleString("en")}/s`],
    ]
    if (this.last.test_accuracy !== null) {
      rows.unshift(["test accuracy", percent(this.last.test_accuracy)], ["test loss", this.last.test_loss.toFixed(4)])
    }
    const list = this.find(".figures")
    if (list.childElementCount !== rows.length) {
      list.replaceChildren(...rows.map(() => {
        const cell = document.createElement("div")
        cell.append(document.createElement("dt"), document.createElement("dd"))
        return cell
      }))
    }
    rows.forEach(([name, value], index) => {
      const [term, number] = list.children[index].children
      term.textContent = name
      number.textContent = value || "–"
    })
  }

  async readLog() {
    if (!this.find(".log").open) return
    const box = this.find(".log pre")
    try {
      const answer = await fetch(`${this.data.api}/runs/${this.run}/log`)
      const text = answer.ok ? await answer.text() : "The log could not be read."
      if (text !== box.textContent) {
        const atEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - 8
        box.textContent = text || "Nothing yet."
        if (atEnd) box.scrollTop = box.scrollHeight
      }
    } catch {
      box.textContent = "The server cannot be reached."
    }
    clearTimeout(this.logTimer)
    if (!this.closed && (this.status === "running" || this.status === "queued")) {
      this.logTimer = setTimeout(() => this.readLog(), 1000)
    }
  }

  // ---- curves

  begin({ epochs, points }) {
    this.epochs = epochs
    this.points = points
    CHARTS.forEach((chart, index) => {
      const traces = chart.lines.map(([kind, column]) => this.trace(chart, kind, column))
      this.plotly.react(this.plots[index], traces, this.layout(chart), { displaylogo: false, responsive: true, displayModeBar: false })
    })
    this.figures()
    this.describe()
  }

  extend({ epochs, points }) {
    this.epochs.push(...epochs)
    this.points.push(...points)
    CHARTS.forEach((chart, index) => {
      const x = [], y = [], which = []
      chart.lines.forEach(([kind, column], line) => {
        const fresh = kind === "batches" ? points : epochs
        if (!fresh.length) return
        which.push(line)
        x.push(fresh.map((row) => row.position ?? row.epoch))
        y.push(fresh.map((row) => row[column]))
      })
      if (which.length) this.plotly.extendTraces(this.plots[index], { x, y }, which)
    })
    this.figures()
    if (epochs.length) this.describe()
  }

  trace(chart, kind, column) {
    const rows = kind === "batches" ? this.points : this.epochs
    const alone = chart.name === "rate"
    const color = alone ? this.data.colors.train : this.data.colors[kind]
    return {
      name: NAMES[kind],
      mode: kind === "batches" ? "lines" : "lines+markers",
      x: rows.map((row) => row.position ?? row.epoch),
      y: rows.map((row) => row[column]),
      cliponaxis: false,
      line: { color, width: kind === "batches" && !alone ? 1.5 : 2, dash: this.data.dashes[kind] ?? "solid" },
      marker: { color, size: 6 },
      hovertemplate: kind === "batches" ? "epoch %{x:.2f}: %{y:.4g}" : "epoch %{x}: %{y:.4f}",
    }
  }

  layout(chart) {
    const style = getComputedStyle(this.root.host ?? this.root)
    const value = (name) => style.getPropertyValue(name).trim()
    const axis = { gridcolor: value("--st-border-color-light") || value("--st-border-color"), zeroline: false, linecolor: value("--st-border-color") }
    return {
      height: 230,
      margin: { l: 60, r: 8, t: 4, b: 58 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: value("--st-font"), size: 12, color: value("--st-text-color") },
      xaxis: { ...axis, title: { text: "epoch", standoff: 4 }, range: [0, this.total], tickformat: "~g", nticks: 6, minallowed: 0 },
      yaxis: { ...axis, title: { text: chart.unit, standoff: 6 }, rangemode: chart.zero ? "tozero" : "normal", nticks: 6, exponentformat: "power",
        autorangeoptions: chart.share ? { clipmin: 0, clipmax: 1 } : {} },
      showlegend: chart.lines.length > 1,
      legend: { orientation: "h", x: 0, y: -0.24, yanchor: "top", font: { size: 11 } },
      hovermode: "x unified",
      hoverlabel: { bgcolor: value("--st-background-color"), font: { color: value("--st-text-color") } },
      uirevision: `run ${this.run}`,
    }
  }

  describe() {
    const last = this.epochs.at(-1)
    CHARTS.forEach((chart, index) => {
      const values = last ? chart.lines.filter(([kind]) => kind !== "batches").map(([kind, column]) => `${NAMES[kind]} ${Number(last[column]).toPrecision(4)}`) : []
      const now = values.length ? `: after epoch ${last.epoch} ${values.join(", ")}` : ""
      this.plots[index].setAttribute("aria-label", `Curve of the ${chart.title.toLowerCase()} by epoch${now}`)
    })
  }

  restyle() {
    this.drawn.then(() => {
      if (this.closed) return
      CHARTS.forEach((chart, index) => {
        if (!this.plots[index].layout) return
        const { font, xaxis, yaxis, hoverlabel } = this.layout(chart)
        this.plotly.relayout(this.plots[index], {
          font, hoverlabel,
          "xaxis.gridcolor": xaxis.gridcolor, "xaxis.linecolor": xaxis.linecolor,
          "yaxis.gridcolor": yaxis.gridcolor, "yaxis.linecolor": yaxis.linecolor,
        })
      })
    })
  }

  close() {
    this.closed = true
    clearTimeout(this.logTimer)
    this.source?.close()
    this.plots.forEach((plot) => this.plotly?.purge(plot))
  }
}

function detail(run) {
  if (run.status === "connecting") return ""
  if (run.request === "stop") return "what it has learned so far is tested and kept"
  if (run.request === "pause") return "it keeps everything and can be resumed"
  if (run.status === "queued") return "waiting for a worker; the first one takes a few seconds to start"
  if (run.status !== "running") return run.seconds ? `${run.epoch} of ${run.epochs} epochs in ${duration(run.seconds)}` : ""
  if (!run.batches) return "fetching the data"
  if (!run.epoch && !run.batch) return "building the network"
  if (run.progress >= 1) return "testing the network"
  const parts = [`epoch ${Math.min(run.epoch + 1, run.epochs)} of ${run.epochs}`, `batch ${run.batch} of ${run.batches}`]
  if (run.images_per_second) parts.push(`${Math.round(run.images_per_second).toLocaleString("en")} images/s`)
  if (run.seconds_left !== null) parts.push(`${duration(run.seconds_left)} left`)
  return parts.join(" · ")
}

function duration(seconds) {
  if (seconds < 99.5) return `${Math.max(1, Math.round(seconds))} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

function percent(share) {
  return `${(100 * share).toFixed(2)} %`
}

function bestEpoch(epochs, monitor) {
  const sign = monitor === "val_loss" ? 1 : -1
  let best = null
  for (const row of epochs) {
    if (row[monitor] !== null && (best === null || sign * row[monitor] < sign * best[monitor])) best = row
  }
  return best?.epoch
}

// plotly.js is large; all panels of a browser tab share one copy.
function library(url) {
  window.cnnDashPlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script")
    script.src = url
    script.onload = () => resolve(window.Plotly)
    script.onerror = () => {
      window.cnnDashPlotly = undefined
      reject(new Error("plotly.js could not be loaded"))
    }
    document.head.append(script)
  })
  return window.cnnDashPlotly
}
