"""One HTML page with the network in it: a canvas that recognises what is drawn, offline, from the disk.

`operations` turns the Keras model into plain steps, `network.js` takes them in the browser and `numpy_network` here, to
check a file. `reading.js` finds what was drawn, and `framing.js` brings it to the model's input, as
`cnn_dash.inference` does; `canvas.js` and `page.js` are what one sees.
"""
