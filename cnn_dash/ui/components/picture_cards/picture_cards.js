// Cards of pictures; a click on one tells which.

export default function ({ data, parentElement, setTriggerValue }) {
  const grid = keepAlive(parentElement, () => new Grid(parentElement.querySelector(".cards")))
  grid.open = (key) => setTriggerValue("open", { key })
  grid.show(data.cards)
  return cleanup(parentElement, grid)
}

class Grid {
  constructor(area) {
    this.area = area
    this.drawn = new Map() // what is on show, by key: a card that stays keeps its place in the page and the focus
  }

  show(cards) {
    const before = this.drawn
    this.drawn = new Map()
    let place = this.area.firstElementChild
    for (const card of cards) {
      const signature = JSON.stringify(card)
      let item = before.get(card.key)
      if (item?.signature !== signature) item = { signature, element: this.item(card), replaces: item?.element }
      this.drawn.set(card.key, item)
      if (item.replaces) {
        if (place === item.replaces) place = item.element
        item.replaces.replaceWith(item.element)
        item.replaces = undefined
      }
      if (item.element === place) place = place.nextElementSibling
      else this.area.insertBefore(item.element, place)
    }
    for (const [key, { element }] of before) if (!this.drawn.has(key)) element.remove()
  }

  item(card) {
    const item = document.createElement("div")
    item.setAttribute("role", "listitem")
    item.style.display = "contents"
    const button = document.createElement("button")
    button.type = "button"
    button.className = card.doubtful ? "card doubtful" : card.differ ? "card differ" : "card"
    button.title = [card.name, card.note].filter(Boolean).join("\n")
    button.onclick = () => this.open(card.key)
    const images = document.createElement("div")
    images.className = "images"
    if (card.picture) images.append(image(card.picture, "As brought"))
    if (card.model_input) images.append(image(card.model_input, "Model input", "input"))
    if (images.children.length) button.append(images)
    if (card.said.length) button.append(answers(card.said))
    if (card.note) button.append(text("p", "note", card.note))
    button.append(text("p", "name", card.name))
    item.append(button)
    return item
  }

  close() {}
}

// One answer is large; several stand below each other, each with its run.
function answers(said) {
  const made = text("div", said.length > 1 ? "said several" : "said", "")
  for (const { run, answer, confidence, differs } of said) {
    if (run) made.append(text("span", "run", run))
    made.append(text("b", differs ? "differs" : "", answer), text("span", "", confidence))
  }
  return made
}

function image(source, alt, name = "") {
  const made = document.createElement("img")
  made.src = source
  made.alt = alt
  made.className = name
  return made
}

function text(tag, name, content) {
  const made = document.createElement(tag)
  made.className = name
  made.textContent = content
  return made
}
