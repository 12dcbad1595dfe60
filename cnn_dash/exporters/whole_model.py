"""The whole way from raw pixels to probabilities as one Keras model. Importing this imports Keras."""

import keras

from cnn_dash.inference.model_input import ModelInput


def whole_model(model: keras.Model, known: ModelInput) -> keras.Model:
    """Put around a network what its program did outside of it: scaling of pixels before, probabilities after.

    A network of ours has both inside, and is returned as it is. Only Keras' own layers are added, so that what is
    returned can be saved and loaded in safe mode.

    Args:
        model: A network with one input and one output.
        known: How pixels go in, and what comes out.
    """
    factor, offset = known.factor_and_offset
    whole = tuple(model.inputs[0].shape[1:]) == known.image_shape
    if (factor, offset) == (1.0, 0.0) and known.outputs == "probabilities" and whole:
        return model
    pixels = keras.Input(known.image_shape, dtype="float32", name="pixels")
    x = pixels
    if (factor, offset) != (1.0, 0.0):
        x = keras.layers.Rescaling(factor, offset, name="scale_pixels")(x)
    x = model(x)
    if known.outputs == "logits":
        x = keras.layers.Softmax(name="to_probabilities")(x)
    elif known.outputs != "probabilities":
        if known.outputs == "sigmoid logits":
            x = keras.layers.Activation("sigmoid", name="to_probability")(x)
        other = keras.layers.Rescaling(-1.0, 1.0, name="of_the_other_class")(x)
        x = keras.layers.Concatenate(name="both_classes")([other, x])
    return keras.Model(pixels, x, name="cnn_dash")
