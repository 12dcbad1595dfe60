// plotly.js for our components: it is large, so all of a browser tab share one copy.

function library(url) {
  window.cnnDashPlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script")
    script.src = url
    const fail = () => {
      window.cnnDashPlotly = undefined // the next component tries again
      reject(new Error("plotly.js could not be loaded"))
    }
    script.onload = () => (window.Plotly ? resolve(window.Plotly) : fail())
    script.onerror = fail
    document.head.append(script)
  })
  return window.cnnDashPlotly
}

// plotly.js puts its style rules into the document, from where they do not reach into a component.
function adoptStyles(charts) {
  const rules = document.getElementById("plotly.js-style-global")?.sheet?.cssRules ?? []
  const style = document.createElement("style")
  style.textContent = [...rules].map((rule) => rule.cssText).join("\n")
  charts.before(style)
}
