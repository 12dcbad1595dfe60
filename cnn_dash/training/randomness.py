"""Chance, as a function of (seed, epoch): a run repeats exactly, whatever was drawn before an epoch began.

So the state of a Dropout layer's generator is not carried from epoch to epoch but set anew when each begins; a
`.keras` file would not keep it.
"""

import keras
import numpy as np
from numpy.typing import NDArray


def order(images: int, seed: int, epoch: int) -> NDArray[np.int32]:
    """Return the order in which an epoch sees the training images: a permutation, int32 (images,)."""
    return np.random.default_rng([seed, epoch]).permutation(images).astype(np.int32)


def seed_dropout(model: keras.Model, seed: int, epoch: int) -> None:
    """Set the generator of every layer that has one to its state for this epoch."""
    for index, layer in enumerate(model.layers):
        generator = getattr(layer, "seed_generator", None)
        if generator is not None:
            state = np.random.SeedSequence([seed, epoch, index]).generate_state(2)
            # Read as signed: Keras keeps the state in an unsigned or a signed type, by backend.
            generator.state.assign(state.astype(generator.state.dtype))
