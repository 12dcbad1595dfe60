"""How a program trains and tests the network: optimizer, loss, callbacks."""

from cnn_dash.config import TrainConfig
from cnn_dash.exporters.plain_keras.rates import Rates
from cnn_dash.exporters.plain_keras.section import Section, block, fill
from cnn_dash.metrics import metric

_NAMES = {"adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop", "sgd": "SGD", "nadam": "Nadam"}

_CONTINUED = '''
class EarlyStopping(keras.callbacks.EarlyStopping):
    """Resets its patience after epoch $ended, where the run had ended before it was trained longer."""

    def on_epoch_end(self, epoch, logs=None):
        """Stop if the metric has not improved for too long."""
        super().on_epoch_end(epoch, logs)
        if epoch + 1 in {$ends}:
            self.wait, self.model.stop_training = 0, False
'''


def needs_auc(train: TrainConfig) -> bool:
    """Return whether the AUC decides anything."""
    return train.monitor == "val_auc" and (train.early_stopping or train.keep_best)


def needs_one_hot(train: TrainConfig) -> bool:
    """Return whether labels are needed as vectors instead of numbers."""
    return needs_auc(train) or train.label_smoothing > 0


def training(train: TrainConfig, rates: Rates, classes: int) -> Section:
    """Return the section that trains."""
    metrics, before = '"accuracy"', []
    if needs_auc(train):
        before.append(
            "# Most probabilities are near 0 or 1, so the thresholds are dense there; else the AUC is too low.\n"
            "thresholds = list(1 / (1 + np.exp(-np.linspace(-15, 15, 400))))\n"
            f'auc = keras.metrics.AUC(multi_label=True, num_labels={classes}, thresholds=thresholds, name="auc")'
        )
        metrics += ", auc"
    stopping, definition = _stopping(train)
    callbacks = [*rates.callbacks, *stopping]
    if train.balance_classes:
        numbers = "y_train.argmax(axis=1)" if needs_one_hot(train) else "y_train"
        before.append(
            f"counts = np.bincount({numbers}, minlength={classes})\n"
            "class_weight = {label: len(y_train) / (np.count_nonzero(counts) * max(count, 1)) "
            "for label, count in enumerate(counts)}"
        )
    fit = ["x_train", "y_train", "batch_size=BATCH_SIZE", "epochs=EPOCHS", "validation_data=(x_val, y_val)"]
    if train.balance_classes:
        fit.append("class_weight=class_weight")
    if callbacks:
        before.append(block("callbacks = [", callbacks, "]"))
        fit.append("callbacks=callbacks")
    compile_ = [f"optimizer={_optimizer(train, rates.rate)}", f"loss={_loss(train)}", f"metrics=[{metrics}]"]
    call = "\n".join([*before, block("model.compile(", compile_, ")"), block("model.fit(", [*fit, "verbose=2"], ")")])
    code = f"{definition}\n\n\n{call}" if definition else call
    imports = ("import keras", *(("import numpy as np",) if needs_auc(train) or train.balance_classes else ()))
    return Section("Training", tuple(_text(train)), code, imports)


def _text(train: TrainConfig) -> list[str]:
    found = []
    if train.early_stopping:
        found.append(f"Training stops when {train.monitor} has not improved for {_epochs(train.patience)}.")
    if train.keep_best:
        found.append(f"Afterwards, the network has the weights of the epoch with the best {train.monitor}.")
    if train.balance_classes:
        found.append("Images count by how rare their class is: class_weight.")
    if train.label_smoothing:
        found.append(f"Label smoothing {train.label_smoothing:g}: targets are slightly below 1 and above 0.")
    return [" ".join(found)] if found else []


def _epochs(count: int) -> str:
    return "one epoch" if count == 1 else f"{count} epochs"


def _optimizer(train: TrainConfig, rate: str) -> str:
    more = {"adamw": f", weight_decay={train.weight_decay}", "sgd": f", momentum={train.momentum}"}
    return f"keras.optimizers.{_NAMES[train.optimizer]}({rate}{more.get(train.optimizer, '')})"


def _loss(train: TrainConfig) -> str:
    if train.label_smoothing:
        return f"keras.losses.CategoricalCrossentropy(label_smoothing={train.label_smoothing})"
    return '"categorical_crossentropy"' if needs_one_hot(train) else '"sparse_categorical_crossentropy"'


def _stopping(train: TrainConfig) -> tuple[list[str], str]:
    """Return the callback that stops early or brings the best weights back, and the class it needs."""
    if not train.early_stopping and not train.keep_best:
        return [], ""
    mode = "" if train.monitor == "val_loss" else f', mode="{metric(train.monitor).direction}"'
    patience = str(train.patience) if train.early_stopping else "EPOCHS"
    restore = ", restore_best_weights=True" if train.keep_best else ""
    arguments = f'("{train.monitor}", patience={patience}{mode}{restore})'
    ends = [ended for ended, _ in train.plans if ended < train.epochs]
    if not ends or not train.early_stopping:
        why = [] if train.early_stopping else ["# It never stops early; it only restores the best weights."]
        return [*why, f"keras.callbacks.EarlyStopping{arguments}"], ""
    code = fill(_CONTINUED, ends=", ".join(map(str, ends)), ended=" and ".join(map(str, ends)))
    return [f"EarlyStopping{arguments}"], code
