"""Runs exported programs where there is no CNN Dash, and tells what they made of themselves: a script of its own.

    python -I run_programs.py JOBS.json

Each job is `{"file": script or notebook, "folder": where to run it, "data": FILE.npz}`. Beside the files that the
program leaves in its folder, there are `told.json` and `told.npz` then. What else the folder has decides what is done:

    weights.npz    the network gets these weights at the end, and predicts with them
    replay.npz     the training begins with the weights `arr_0`, `arr_1`, …, and sees its images in the order of each
                   epoch, `orders` (epochs, images): all else being equal, it is the same training then
"""

import hashlib
import json
import os
import sys
from pathlib import Path

sys.modules["cnn_dash"] = None  # type: ignore[assignment]  # to import it is an error
for adapted in ("matplotlib", "pandas", "sklearn"):  # Keras starts sooner without
    sys.modules[adapted] = None  # type: ignore[assignment]

import keras  # noqa: E402
import numpy as np  # noqa: E402


class Recorder(keras.callbacks.Callback):
    """Follows a fit: the learning rate of each step, the metrics of each epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.rates: list[float] = []
        self.logs: list[dict] = []

    def on_train_batch_begin(self, batch, logs=None) -> None:
        self.rates.append(float(keras.ops.convert_to_numpy(self.model.optimizer.learning_rate)))

    def on_epoch_end(self, epoch, logs=None) -> None:
        self.logs.append({name: float(value) for name, value in logs.items()})


recorders: list[Recorder] = []
keras_fit = keras.Model.fit


class Replay(keras.utils.PyDataset):
    """The batches of all epochs of a training, in the order of another one."""

    def __init__(self, x, y, orders, batch_size) -> None:
        super().__init__()
        self.x, self.y, self.orders, self.size = x, y, orders, batch_size
        self.steps = -(-len(x) // batch_size)

    def __len__(self) -> int:
        return len(self.orders) * self.steps

    def __getitem__(self, number):
        epoch, batch = divmod(number, self.steps)
        chosen = self.orders[epoch][batch * self.size : (batch + 1) * self.size]
        return self.x[chosen], self.y[chosen]


def fit(model, x, y, batch_size, callbacks=(), **options):
    recorders.append(Recorder())
    options["callbacks"] = [*callbacks, recorders[-1]]
    if not Path("replay.npz").exists():
        return keras_fit(model, x, y, batch_size=batch_size, **options)
    with np.load("replay.npz") as replay:
        model.set_weights(arrays(replay))
        batches = Replay(x, y, replay["orders"], batch_size)
    return keras_fit(model, batches, steps_per_epoch=batches.steps, shuffle=False, **options)


def arrays(file) -> list:
    return [file[f"arr_{index}"] for index in range(sum(name.startswith("arr_") for name in file.files))]


keras.Model.fit = fit


def code_of(file: Path) -> list[str]:
    """The pieces of code that are run one after the other."""
    if file.suffix == ".py":
        return [file.read_text("utf-8")]
    cells = json.loads(file.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def predict(model: keras.Model, images):
    return keras.ops.convert_to_numpy(model(images, training=False))  # `Model.predict` would trace a graph first


def md5(array) -> str:
    return hashlib.md5(np.ascontiguousarray(array.astype(np.int64) if array.ndim == 1 else array)).hexdigest()


def settings(optimizer) -> dict:
    """The numbers and switches that it was made with."""
    return {
        k: v for k, v in vars(optimizer).items() if isinstance(v, float | bool | None) and k[0] != "_" and k != "built"
    }


def run(job: dict) -> None:
    os.chdir(job["folder"])
    os.environ["DATA"] = job["data"]
    names: dict = {"__name__": "__main__"}
    for code in code_of(Path(job["file"])):
        exec(compile(code, job["file"], "exec"), names)
    model, recorder = names["model"], recorders[-1]
    tell(names, model, recorder)


def tell(names: dict, model: keras.Model, recorder: Recorder) -> None:
    splits = ("x_train", "y_train", "x_val", "y_val", "x_test", "y_test")
    images = np.asarray(names["x_test"][:50], np.float32)
    saved = keras.saving.load_model("model.keras", safe_mode=True)
    trained = model.get_weights()
    predicted = [predict(saved, images), predict(model, images)]
    if Path("weights.npz").exists():
        with np.load("weights.npz") as weights:
            model.set_weights(arrays(weights))
    predicted.append(predict(model, images))
    np.savez("told.npz", *trained, saved=predicted[0], own=predicted[1], given=predicted[2], rates=recorder.rates)
    told = {
        "layers": [[type(layer).__name__, list(layer.output.shape[1:])] for layer in model.layers],
        "parameters": model.count_params(),
        "optimizer": [type(model.optimizer).__name__, settings(model.optimizer)],
        "loss": model.loss if isinstance(model.loss, str) else model.loss.get_config(),
        "logs": recorder.logs,
        "accuracy": names["result"]["accuracy"],
        "md5": {name: md5(names[name]) for name in splits},
    }
    Path("told.json").write_text(json.dumps(told))


for one in json.loads(Path(sys.argv[1]).read_text()):
    run(one)
