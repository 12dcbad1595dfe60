"""One network, its optimizer and the training images, on the device: many steps in one call.

`Model.fit` hands the graph one batch at a time. Here the images lie on the device once, as bytes, and a call runs a
whole group of steps over given indices, so Python is not in the way of a small network (docs/benchmarks.md). It also
gives the loop in `fit` what exact repetition needs: the order, the rate and the seed of every step come from outside.

A training set that is too large for the device stays in its memory-mapped files, and each call is given the images of
its steps alone: the same graph over the same batches, so the weights are the same bit for bit.
"""

from collections.abc import Callable, Iterator, Mapping

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from cnn_dash.config import TrainConfig
from cnn_dash.datasets.dataset import Inputs, Split
from cnn_dash.errors import StoreError
from cnn_dash.models.forward import forward
from cnn_dash.training.augment import augment
from cnn_dash.training.device_memory import image_budget

PREDICT_BATCH = 512
PART_BYTES = 64 << 20
"""Of images that are copied to the device at once, where the training set is too large for it; a batch at least."""

_Data = tuple[tf.Tensor, tf.Tensor]
_BASE, _NO_BASE = "base", np.empty(0, np.uint8)


class Engine:
    """Trains `model` in place on `split`, by index.

    Args:
        model: Takes float32 (N, H, W, C) in 0–255, or the features of a base (N, D); gives probabilities (N, classes).
        split: The training images. If they have features, the model learns from these, and nothing is augmented.
        train: Optimizer, label smoothing, augmentation and seed.
        budget: How many bytes of images may lie on the device; None for what it has room for.
        base: SHA-256 of the weights of the base that the features are of; empty if there is none.

    Attributes:
        model: The network as it is now.
        train: The settings.
        images: Number of training images.
        labels: Their classes, int64 (images,).
        augments: Whether training images are augmented.
    """

    def __init__(
        self, model: keras.Model, split: Split, train: TrainConfig, budget: int | None = None, base: str = ""
    ) -> None:
        self.model = model
        self.train = train
        self.images = len(split)
        self.labels = split.labels
        self._base = np.frombuffer(bytes.fromhex(base), np.uint8)
        self.augments = train.augmentation.active and split.features is None
        self.optimizer = optimizer(train)
        self.optimizer.build(model.trainable_variables)
        self._loss = keras.losses.CategoricalCrossentropy(label_smoothing=train.label_smoothing)
        self._shown = split.images
        self._source = split.inputs
        fits = self._source.nbytes <= (image_budget() if budget is None else budget)
        self._resident = _on_device(np.asarray(self._source), split.labels) if fits else None
        self._classes = model.output_shape[-1]
        self._weights = tf.constant(class_weights(split.labels, self._classes)) if train.balance_classes else None
        self._steps = self._traced_steps()
        self._forward = forward(model, self._source.dtype)

    def steps(self, indices: NDArray[np.int32], rates: NDArray[np.float32], first_step: int) -> tuple[float, int]:
        """Train on some batches, one after the other.

        Args:
            indices: int32 (steps, batch), positions in the training split.
            rates: float32 (steps,), the learning rate of each step.
            first_step: Number of the first step in the whole run; it seeds the augmentation.

        Returns:
            The sum of the losses and the number of right predictions over all images of these batches.
        """
        losses, right = [], 0
        for begin, data, places in self._parts(indices):
            some = slice(begin, begin + len(places))
            found, correct = self._steps(
                *data, tf.constant(places), tf.constant(rates[some]), tf.constant(first_step + begin, tf.int32)
            )
            losses.append(found.numpy())
            right += int(correct)
        return float(np.concatenate(losses).sum(dtype=np.float64)) * indices.shape[1], right

    def _parts(self, indices: NDArray[np.int32]) -> Iterator[tuple[int, _Data, NDArray[np.int32]]]:
        """Yield the first step of a part, images and labels on the device, and the places (steps, batch) in these."""
        if self._resident is not None:
            yield 0, self._resident, indices
            return
        batch = indices.shape[1]
        steps = max(1, PART_BYTES // (batch * int(np.prod(self._source.shape[1:])) * self._source.dtype.itemsize))
        for begin in range(0, len(indices), steps):
            some = indices[begin : begin + steps]
            data = _on_device(self._source[some.ravel()], self.labels[some.ravel()])
            yield begin, data, np.arange(some.size, dtype=np.int32).reshape(some.shape)

    def as_trained(self, batch: NDArray[np.int32], step: int, count: int) -> NDArray[np.uint8]:
        """Return the first images of a batch as the network gets them in a step, augmented if they are.

        Args:
            batch: int32 (batch,), positions in the training split.
            step: Number of the step in the whole run.
            count: So many of them, at most.

        Returns:
            uint8 (count, H, W, C), rounded.
        """
        images = tf.constant(self._shown[batch[:count]], tf.float32)
        if self.augments:
            images = augment(images, self.train.augmentation, [self.train.seed, step], of_batch=len(batch))
        return np.asarray(tf.cast(tf.round(images), tf.uint8))

    def probabilities(self, images: Inputs) -> NDArray[np.float32]:
        """Predict with the network as it is now: uint8 (N, H, W, C), or features → float32 (N, classes)."""
        return np.concatenate(list(self.predictions(images)))

    def predictions(self, images: Inputs) -> Iterator[NDArray[np.float32]]:
        """Yield the predictions part by part, so that the caller may do something in between or stop."""
        for begin in range(0, len(images), PREDICT_BATCH):
            yield self._forward(images[begin : begin + PREDICT_BATCH])

    def state(self) -> dict[str, NDArray[np.generic]]:
        """Return everything that the next step depends on: weights, moving averages, generators, optimizer."""
        found = {name: np.array(variable.numpy()) for name, variable in self._variables().items()}
        return found | {_BASE: self._base} if len(self._base) else found

    def restore(self, state: Mapping[str, NDArray[np.generic]]) -> None:
        """Go on from where `state` was taken.

        Raises:
            StoreError: If the state is that of another network, optimizer or base.
        """
        if not np.array_equal(state.get(_BASE, _NO_BASE), self._base):
            raise StoreError(
                "The weights of the pretrained base have changed since the run began. Received: a file with the "
                f"SHA-256 {self._base.tobytes().hex()[:12]}…. Allowed: that of the run. Put the former file back and "
                "try again, or train the same settings as a new run."
            )
        for name, variable in self._variables().items():
            if name not in state or state[name].shape != tuple(variable.shape):
                raise StoreError(
                    "A checkpoint does not fit the network of its run. "
                    f"Received: {len(state)} arrays without a fitting {name}. "
                    "Train the settings as a new run; the same seed gives the same network."
                )
            variable.assign(state[name])

    def _variables(self) -> dict[str, keras.Variable]:
        optimizer = self.optimizer.variables
        # Keras does not count Nadam's running product among the optimizer's variables, and forgets it when it saves.
        known = {id(variable) for variable in optimizer}
        hidden = [v for v in vars(self.optimizer).values() if isinstance(v, keras.Variable) and id(v) not in known]
        return {f"model/{index}": variable for index, variable in enumerate(self.model.variables)} | {
            f"optimizer/{index}": variable for index, variable in enumerate([*optimizer, *hidden])
        }

    def _traced_steps(self) -> Callable[..., tuple[tf.Tensor, tf.Tensor]]:
        variables = self.model.trainable_variables
        rate = self.optimizer.learning_rate

        @tf.function(  # type: ignore[untyped-decorator]
            input_signature=[
                tf.TensorSpec([None, *self._source.shape[1:]], self._source.dtype),
                tf.TensorSpec([None], tf.int32),
                tf.TensorSpec([None, None], tf.int32),
                tf.TensorSpec([None], tf.float32),
                tf.TensorSpec([], tf.int32),
            ]
        )
        def steps(
            pixels: tf.Tensor, classes: tf.Tensor, indices: tf.Tensor, rates: tf.Tensor, first_step: tf.Tensor
        ) -> tuple[tf.Tensor, tf.Tensor]:
            losses, right = tf.TensorArray(tf.float32, tf.shape(indices)[0]), tf.constant(0)
            for step in tf.range(tf.shape(indices)[0]):
                images = tf.cast(tf.gather(pixels, indices[step]), tf.float32)  # (batch, H, W, C)
                labels = tf.gather(classes, indices[step])  # (batch,)
                if self.augments:
                    images = augment(images, self.train.augmentation, [self.train.seed, first_step + step])
                with tf.GradientTape() as tape:
                    p = self.model(images, training=True)  # (batch, classes)
                    weights = None if self._weights is None else tf.gather(self._weights, labels)  # (batch,)
                    loss = self._loss(tf.one_hot(labels, self._classes), p, sample_weight=weights)
                gradients = tape.gradient(loss, variables)
                rate.assign(rates[step])
                self.optimizer.apply(gradients, variables)
                losses = losses.write(step, loss)
                right += tf.reduce_sum(tf.cast(tf.argmax(p, axis=1, output_type=tf.int32) == labels, tf.int32))
            return losses.stack(), right

        traced: Callable[..., tuple[tf.Tensor, tf.Tensor]] = steps
        return traced


def _on_device(images: NDArray[np.generic], labels: NDArray[np.int64]) -> _Data:
    """Return images uint8 (N, H, W, C), or features float32 (N, D), and labels int32 (N,) as tensors."""
    return tf.constant(images), tf.constant(labels, tf.int32)


def class_weights(labels: NDArray[np.int64], classes: int) -> NDArray[np.float32]:
    """Return a weight for each class, so that all that have images count alike: float32 (classes,).

    The mean weight of all images is 1, as of scikit-learn's `class_weight="balanced"`.
    """
    counts = np.bincount(labels, minlength=classes)
    there = np.count_nonzero(counts)
    return (len(labels) / (there * np.maximum(counts, 1))).astype(np.float32)


def optimizer(train: TrainConfig) -> keras.optimizers.Optimizer:
    """Return the optimizer that the settings name; its rate is set at every step."""
    rate = train.learning_rate
    match train.optimizer:
        case "adam":
            return keras.optimizers.Adam(rate)
        case "adamw":
            return keras.optimizers.AdamW(rate, weight_decay=train.weight_decay)
        case "rmsprop":
            return keras.optimizers.RMSprop(rate)
        case "sgd":
            return keras.optimizers.SGD(rate, momentum=train.momentum)
        case "nadam":
            return keras.optimizers.Nadam(rate)
