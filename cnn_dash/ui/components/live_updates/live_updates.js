// Asks the server what is under way, as long as the tab can be seen, hands it to the progress lines, and
// lets the page draw itself again when that is not enough. While nothing is under way the answer waits, and nothing is
// asked.

const OFFLINE_S = 5
const SOON_S = 0.5

export default function ({ data, parentElement, setTriggerValue }) {
  const updates = keepAlive(parentElement, () => new LiveUpdates(data.api))
  if (updates.drawn !== data.version) {
    updates.drawn = updates.seen = data.version
    updates.states = data.states
  }
  updates.progress = data.progress
  updates.tell = (version) => setTriggerValue("news", version)
  return cleanup(parentElement, updates)
}

class LiveUpdates {
  constructor(api) {
    this.api = api
    this.who = Math.random().toString(36).slice(2)
    this.seen = ""
    this.shown = () => document.hidden ? this.leave?.abort() : this.wake?.()
    document.addEventListener("visibilitychange", this.shown)
    this.run()
  }

  async run() {
    await this.pause(0.5) // the page comes first
    while (!this.closed) {
      if (document.hidden) await new Promise((resolve) => { this.wake = resolve })
      const again = await this.ask()
      if (!this.closed) await this.pause(again)
    }
  }

  // The seconds after which to ask again.
  async ask() {
    this.leave = new AbortController()
    try {
      const query = new URLSearchParams({ who: this.who, seen: this.seen })
      const answer = await fetch(`${this.api}/activity?${query}`, { signal: this.leave.signal })
      if (!answer.ok) return OFFLINE_S
      const news = await answer.json()
      if (news.version !== this.seen && !this.closed) this.spread(news)
      return news.active ? news.again_s : SOON_S
    } catch {
      return document.hidden ? SOON_S : OFFLINE_S
    }
  }

  spread(news) {
    document.dispatchEvent(new CustomEvent("cnn-dash-under-way", { detail: news }))
    const enough = news.states === this.states && !this.progress
    this.seen = news.version
    this.states = news.states
    if (!enough) this.tell(news.version)
  }

  pause(seconds) {
    return new Promise((resolve) => setTimeout(resolve, 1000 * seconds))
  }

  close() {
    this.closed = true
    this.leave?.abort()
    this.wake?.()
    document.removeEventListener("visibilitychange", this.shown)
  }
}
