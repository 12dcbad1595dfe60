"""The network: its layers as a list, as arithmetic, and as a Keras model.

`layers` walks over a `ModelConfig` once and names the layers; `layer_table` computes sizes and costs from that list
without TensorFlow; `build` makes the Keras model from the same list.
"""
