// Draws one run from its event stream.

const RETRY_MS = 3000

export default function ({ data, parentElement, setTriggerValue }) {
  const panel = keepAlive(parentElement, () => new Panel(parentElement, data), ({ run }) => run === data.run)
  panel.onChange = (state) => setTriggerValue("changed", state)
  panel.take(data)
  return cleanup(parentElement, panel)
}

class Panel {
  constructor(root, data) {
    this.root = root
    this.run = data.run
    this.data = data
    this.onChange = () => {}
    this.onFirstDrawn = () => {}
    this.news = null
    this.idleUntil = 0
    this.find = (selector) => root.querySelector(selector)
    this.find(".numbers").replaceChildren()
    this.curves = new Curves(this.find(".charts"))
    this.images = new EpochImages(this.find(".images"), `${data.api}/runs/${data.run}/images`)
    this.find(".log").ontoggle = () => this.readLog()
    this.show({ status: "connecting", active: true, epochs: 0, epoch: 0, batch: 0, batches: 0, progress: 0 })
    this.drawn = library(data.plotly).then((plotly) => {
      this.curves.plotly = plotly
      adoptStyles(this.find(".charts"))
    })
    this.drawn.catch(() => this.setMessage("offline", "The drawing library could not be loaded. Reload the page to try again."))
    // A tab that nobody sees costs the server nothing, and holds none of the few connections that a browser has.
    this.onSight = () => document.hidden ? this.source.close() : this.listen()
    document.addEventListener("visibilitychange", this.onSight)
    this.listen()
    if (data.comeIntoView) this.comeIntoView()
  }

  // What the page knows of the run now. One that has been put into the queue again continues: there are more events of it.
  take(data) {
    const continues = data.queued !== this.data.queued
    this.data = data
    if (continues) this.listen()
    this.drawn.then(() => this.closed || this.curves.restyle())
  }

  // After this rerun has laid out the page, and again when the plots have made it longer, unless the person has moved on.
  comeIntoView() {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches
    const scroll = () => this.find(".panel")?.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" })
    const moved = new AbortController()
    const once = { signal: moved.signal, passive: true }
    for (const hand of ["wheel", "touchmove", "pointerdown", "keydown"]) addEventListener(hand, () => moved.abort(), once)
    setTimeout(scroll, 300)
    this.onFirstDrawn = () => {
      if (!moved.signal.aborted) scroll()
      moved.abort()
    }
  }

  listen() {
    this.source?.close()
    const source = new EventSource(`${this.data.api}/runs/${this.run}/events`)
    this.source = source
    const receive = (fresh) => (event) => {
      const { run, epochs, steps, shown } = JSON.parse(event.data)
      this.show(run)
      if (fresh || !this.news) this.news = { fresh, epochs, steps, shown }
      else {
        this.news.epochs.push(...epochs)
        this.news.steps.push(...steps)
        this.news.shown = shown ?? this.news.shown
      }
      this.news.run = run
      this.drawSoon()
    }
    source.addEventListener("snapshot", receive(true))
    source.addEventListener("update", receive(false))
    source.addEventListener("end", () => {
      source.close()
      this.readLog()
    })
    source.onerror = () => {
      if (this.closed) return
      this.badge("offline", "connection lost, trying again…")
      // The browser tries again by itself, but not after an answer that is an error, as of a proxy whose server restarts.
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.listenAgain(source), RETRY_MS)
    }
  }

  // A tab that is hidden by now listens when it is seen again.
  async listenAgain(source) {
    const answer = await fetch(`${this.data.api}/runs/${this.run}`).catch(() => null)
    if (this.closed || this.source !== source || document.hidden) return
    if (answer?.status === 404) {
      this.badge("offline", "")
      this.setMessage("offline", "This run has been deleted.")
    } else if (answer?.status === 421) { // called by a name that the server does not know
      this.badge("offline", "")
      this.setMessage("offline", (await answer.json().catch(() => ({}))).error ?? "This server does not accept that host name. Set CNN_DASH_HOSTS.")
    } else this.listen()
  }

  // Drawing waits for the library, and takes half of the time at most: on a machine that is busy training it takes long, and
  // what comes in meanwhile is drawn together, or nothing else would move on the page.
  drawSoon() {
    if (this.scheduled) return
    this.scheduled = true
    const wait = Math.max(0, this.idleUntil - performance.now())
    setTimeout(() => this.drawn.then(() => {
      this.scheduled = false
      if (!this.closed) this.drawNews()
    }), wait)
  }

  drawNews() {
    const began = performance.now()
    const { fresh, run, epochs, steps, shown } = this.news
    this.news = null
    this.shown = shown ?? this.shown
    if (fresh) this.curves.begin(shown, epochs, steps, run.epochs)
    else this.curves.extend(shown, epochs, steps, run.epochs)
    this.numbers()
    this.onFirstDrawn()
    this.onFirstDrawn = () => {}
    this.tell(run)
    const ended = performance.now()
    this.idleUntil = ended + (ended - began)
  }

  // The page draws its buttons for the state it knows: let it know of another one.
  tell(run) {
    const state = `${run.status}/${run.asked ?? ""}`
    if (state !== this.data.shown && state !== this.told) this.onChange(state)
    this.told = state
  }

  // ---- words and numbers

  badge(status, detail) {
    const badge = this.find(".badge")
    badge.dataset.status = status
    badge.textContent = status
    this.find(".detail").textContent = detail
  }

  setMessage(status, message) {
    const box = this.find(".message")
    box.dataset.status = status
    box.textContent = message ?? ""
    box.hidden = !message
  }

  show(run) {
    this.status = run.status
    this.badge(run.asked ?? run.status, detail(run))
    this.setMessage(run.status, run.message)
    const share = run.status === "finished" ? 1 : run.progress
    this.find(".bar div").style.width = `${100 * share}%`
    this.find(".bar").setAttribute("aria-valuenow", Math.round(100 * share))
    this.find(".bar").hidden = run.epochs === null // nobody said how long it will take
    this.last = run
    this.images.follow(run)
  }

  numbers() {
    const { metrics, headline } = this.shown
    const rows = headline.map((name) => [metrics[name].text, formatted(this.newest(name), metrics[name].format)])
    const best = this.last.best_epoch
    if (headline.length) rows.push([this.last.active ? "best so far" : "best epoch", best && `epoch ${best}`])
    const speed = this.last.images_per_second
    if (speed || this.last.source === "recipe") rows.push(["speed", speed && `${formatted(speed, "count")}/s`])
    if (this.last.test_accuracy !== null) {
      rows.unshift(["test accuracy", percent(this.last.test_accuracy)], ["test loss", formatted(this.last.test_loss)])
    }
    const list = this.find(".numbers")
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

  // The last value of a metric: not every epoch of another program has it.
  newest(name) {
    return this.curves.epochs.findLast((epoch) => Object.hasOwn(epoch.metrics, name))?.metrics[name]
  }

  async readLog() {
    clearTimeout(this.logTimer)
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
    if (!this.closed && this.last.active) this.logTimer = setTimeout(() => this.readLog(), 1000)
  }

  close() {
    this.closed = true
    clearTimeout(this.logTimer)
    document.removeEventListener("visibilitychange", this.onSight)
    this.source.close()
    this.images.close()
    this.curves.purge()
  }
}
