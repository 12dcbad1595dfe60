// One line of `render_progress_line`; between the reruns it follows the live updates.

export default function ({ data, parentElement }) {
  const line = keepAlive(parentElement, () => new Line(parentElement))
  const fromPage = JSON.stringify(data)
  if (line.fromPage !== fromPage) { // at a change of theme the page hands over again what it knew long ago
    line.fromPage = fromPage
    line.run = data.run
    line.show(data)
  }
  return cleanup(parentElement, line)
}

class Line {
  constructor(parent) {
    this.words = parent.querySelector(".words")
    this.bar = parent.querySelector(".bar")
    this.onUpdate = ({ detail }) => {
      if (this.run === null) {
        this.show({ words: detail.queue ?? "", progress: null }) // nothing waits: the redraw that takes it away is near
        return
      }
      const news = detail.runs.find(({ run }) => run === this.run)
      if (news) this.show(news)
    }
    document.addEventListener("cnn-dash-under-way", this.onUpdate)
  }

  show({ words, progress }) {
    const perCent = 100 * (progress ?? 0)
    this.words.textContent = words
    this.bar.hidden = progress === null
    this.bar.firstElementChild.style.width = `${perCent}%`
    this.bar.setAttribute("aria-valuenow", Math.round(perCent))
    this.bar.setAttribute("aria-label", words)
  }

  close() {
    document.removeEventListener("cnn-dash-under-way", this.onUpdate)
  }
}
