// Streamlit calls the default export of a component again at every rerun of the page and at every change of theme. What
// it draws lives on, by its element.

const living = new WeakMap()

// What lives in an element: what is there if it `fits`, else a new one.
function keepAlive(element, make, fits = () => true) {
  let one = living.get(element)
  if (!one || !fits(one)) {
    one?.close()
    one = make()
    living.set(element, one)
  }
  return one
}

// What the default export returns, to be called when the element goes. The cleanup of a call that was overtaken by the
// next one comes late, and must not end what that one uses.
function cleanup(element, one) {
  const call = (one.call = {})
  return () => {
    if (one.call !== call) return
    one.close()
    living.delete(element)
  }
}
