// One line of `render_how_far`. Streamlit calls the default export again at every rerun of the page; in between the pulse
// of the page says what is new.

const lines = new WeakMap()

export default function (component) {
  const { data, parentElement } = component
  let line = lines.get(parentElement)
  if (!line) {
    line = new Line(parentElement)
    lines.set(parentElement, line)
  }
  const said = JSON.stringify(data)
  if (line.said !== said) { // at a change of theme the page says again what it said long ago
    line.said = said
    line.run = data.run
    line.show(data)
  }
  // The cleanup of a call that was overtaken by the next one comes late, and must not end what that one uses.
  const call = (line.call = {})
  return () => {
    if (line.call !== call) return
    line.close()
    lines.delete(parentElement)
  }
}

class Line {
  constructor(parent) {
    this.words = parent.querySelector(".words")
    this.bar = parent.querySelector(".bar")
    this.hear = ({ detail }) => {
      if (this.run === null) {
        if (detail.queue) this.show({ words: detail.queue, progress: null })
        return
      }
      const news = detail.runs.find(({ run }) => run === this.run)
      if (news) this.show(news)
    }
    document.addEventListener("cnn-dash-under-way", this.hear)
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
    document.removeEventListener("cnn-dash-under-way", this.hear)
  }
}
