"""The whole program for a run, as sections."""

import sys
from importlib.metadata import version
from pathlib import Path

from cnn_dash import __version__
from cnn_dash.config import RunConfig, TrainConfig
from cnn_dash.errors import RequestError
from cnn_dash.exporters.plain_keras.data import data
from cnn_dash.exporters.plain_keras.network import network
from cnn_dash.exporters.plain_keras.rates import Rates, rates
from cnn_dash.exporters.plain_keras.section import Section
from cnn_dash.exporters.plain_keras.training import needs_one_hot, training
from cnn_dash.exporters.source import ExportSource
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status
from cnn_dash.text import one_line

NOT_ASKED = "Not checked: it has no network yet. Run it, and compare its test accuracy with that of the run."

_PARTS = "from keras import "


def sections(source: ExportSource) -> list[Section]:
    """Return the program that trains the network of a run again; the first section has the title and no code.

    Raises:
        RequestError: If the run has no recipe: another program recorded it.
        StoreError: If the description of its input is damaged.
    """
    run = source.run
    if not isinstance(run.config, RunConfig):
        raise RequestError(
            f"The recipe of run {run.id} is not known here. Received: a run of another program, or an imported "
            "network. Allowed: runs that CNN Dash has trained. Take another format, such as keras."
        )
    config, known = run.config, source.stated_input
    train, classes = config.train, len(known.class_names)
    rate = rates(train)
    found = [
        Section(f"Train the network of run {run.id} again", tuple(_about(run, config)), ""),
        _settings(train),
        data(
            config.data.dataset,
            known.image_shape,
            classes,
            train.validation_fraction,
            one_hot=needs_one_hot(train),
            data_dir=Path(run.data_dir) if run.data_dir else None,
        ),
        network(config.model, train.augmentation, known.image_shape, classes),
        rate.section,
        training(train, rate, classes),
        _test(run, config, rate),
    ]
    return [section for section in found if section is not None]


def imports(program: list[Section]) -> str:
    """Return the lines that import what the sections use, sorted as usual."""
    lines = {line for section in program for line in section.imports}
    own = sorted(line for line in lines if line.split()[1] in sys.stdlib_module_names)
    others = sorted(line for line in lines.difference(own) if line.startswith("import"))
    if parts := sorted(line.removeprefix(_PARTS) for line in lines if line.startswith(_PARTS)):
        others.append(_PARTS + ", ".join(parts))
    return "\n\n".join("\n".join(group) for group in (own, others) if group)


def _about(run: Run, config: RunConfig) -> list[str]:
    text = [
        f"The network “{one_line(run.name)}”, trained in plain Keras with the recipe of the run. Written by CNN Dash "
        f"{__version__} for Keras {version('keras')}."
    ]
    if config.preset:
        text.append(f"The recipe started from the preset {config.preset}.")
    return text


def _settings(train: TrainConfig) -> Section:
    code = (
        f"SEED = {train.seed}\nEPOCHS = {train.epochs}\nBATCH_SIZE = {train.batch_size}\n"
        f"LEARNING_RATE = {train.learning_rate}\n\nkeras.utils.set_random_seed(SEED)"
    )
    text = (
        "The seed makes this script reproducible. CNN Dash draws other random numbers from the same seed, so the "
        "weights differ from those of the run."
    )
    return Section("Settings", (text,), code, ("import keras",))


def _test(run: Run, config: RunConfig, rate: Rates) -> Section:
    train = config.train
    # With label smoothing, it is in the loss of Keras too, and not in that of the run.
    loss = "" if train.label_smoothing else ", loss {result['loss']:.4f}"
    code = [
        "result = model.evaluate(x_test, y_test, verbose=0, return_dict=True)",
        f"print(f\"Test accuracy {{result['accuracy']:.2%}}{loss}\")",
    ]
    if config.model.base != "none":
        code.append("# The whole network, from pixels to probabilities.")
        code.append('keras.Model(pixels, model(base.output)).save("model.keras")')
    elif rate.own:
        code.append("# Saved without the optimizer, because its schedule is defined only in this script.")
        code.append('keras.Model(model.inputs, model.outputs).save("model.keras")')
    else:
        code.append('model.save("model.keras")')
    return Section("Test", tuple(_compare(run)), "\n".join(code), ("import keras",))


def _compare(run: Run) -> list[str]:
    result = run.result
    if result is None:
        return ["The run itself was not tested."]
    text = f"The run reached a test accuracy of {result.accuracy:.2%} and a test loss of {result.loss:.4f}."
    if run.status is Status.STOPPED:
        text += f" It was stopped after {run.epoch} of {run.epochs} epochs."
    return [text, "With other random numbers, the accuracy differs slightly."]
