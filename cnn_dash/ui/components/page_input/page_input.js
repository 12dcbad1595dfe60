// Listens to the whole document: paste, drop, keys.

export default function ({ data, parentElement, setTriggerValue }) {
  const listener = keepAlive(parentElement, () => new Listener(parentElement.querySelector(".veil")))
  listener.data = data
  listener.press = (key) => setTriggerValue("pressed", { key })
  return cleanup(parentElement, listener)
}

const TYPED_IN = "input:not([type=range]):not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]"

class Listener {
  constructor(veil) {
    this.veil = veil
    this.events = {
      paste: (event) => this.paste(event),
      dragover: (event) => this.drag(event),
      dragleave: (event) => event.relatedTarget || this.show(false), // left the window
      drop: (event) => this.drop(event),
      keydown: (event) => this.key(event),
    }
    // Before the page's own: the uploader tells nobody of what it takes.
    for (const [name, handle] of Object.entries(this.events)) document.addEventListener(name, handle, true)
  }

  paste(event) {
    const pictures = [...(event.clipboardData?.files ?? [])].filter(({ type }) => type.startsWith("image/"))
    const input = this.uploader()?.querySelector("input[type=file]")
    if (!pictures.length || !input) return
    event.preventDefault()
    const given = new DataTransfer()
    for (const picture of pictures) given.items.add(named(picture))
    input.files = given.files
    input.dispatchEvent(new Event("change", { bubbles: true }))
  }

  drag(event) {
    if (!hasFiles(event) || !this.uploader()) return
    event.preventDefault() // else the browser would open the file instead of the page
    this.show(true)
  }

  drop(event) {
    this.show(false)
    const zone = this.uploader()?.querySelector("[data-testid=stFileUploaderDropzone]")
    if (!event.isTrusted && event.composedPath().includes(zone)) return // our own, below
    if (!hasFiles(event) || !zone || zone.contains(event.target)) return
    event.preventDefault()
    event.stopPropagation()
    const init = { bubbles: true, cancelable: true, composed: true, dataTransfer: event.dataTransfer }
    zone.dispatchEvent(new DragEvent("drop", init)) // while the drop lasts: later a folder could not be read
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
    const target = event.composedPath()[0]
    if (target.matches?.(TYPED_IN) || document.querySelector("[role=dialog]")) return
    if (this.data.keys.includes(event.key.toLowerCase())) this.press(event.key.toLowerCase())
  }

  uploader() {
    return document.querySelector(`.${this.data.uploader}`)
  }

  show(dragged) {
    this.veil.firstElementChild.textContent = this.data.invitation
    this.veil.hidden = !dragged
  }

  close() {
    for (const [name, handle] of Object.entries(this.events)) document.removeEventListener(name, handle, true)
    this.veil.hidden = true
  }
}

function hasFiles(event) {
  return [...(event.dataTransfer?.types ?? [])].includes("Files")
}

// All that is pasted is called `image.png`.
function named(file) {
  const time = new Date().toTimeString().slice(0, 8).replaceAll(":", "-")
  return new File([file], `pasted ${time}.${file.name.split(".").pop()}`, { type: file.type })
}
