"""One HTML page with the network in it: a canvas that recognises what is drawn, offline, from the disk.

`operations` turns the Keras model into plain steps, `network.js` takes them in the browser and `numpy_network` here, to
check a file. `preparation.js` is the way of a drawing to the model's input, as `cnn_dash.inference` goes it.
"""
