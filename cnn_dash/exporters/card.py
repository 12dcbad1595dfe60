"""The model card: what a network is, what it learned from, how good it is and where not to trust it, as Markdown."""

import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np

from cnn_dash import __version__
from cnn_dash.config import RunConfig
from cnn_dash.datasets import catalogue
from cnn_dash.errors import CnnDashError, ConfigError, DataError
from cnn_dash.evaluation.calibration import reliability
from cnn_dash.evaluation.report import Report
from cnn_dash.exporters.export_format import INPUT, OUTPUT, ExportFormat
from cnn_dash.exporters.source import ExportSource
from cnn_dash.inference import kept_temperature
from cnn_dash.inference.familiarity import scaled
from cnn_dash.models.layer_table import layer_table
from cnn_dash.runs.records import Run
from cnn_dash.text import one_line, paragraphs

WIDEST = 20
"""Classes up to which the confusion matrix is a table; of more, the most frequent mistakes are named."""
_MISTAKES = 10


def model_card(source: ExportSource) -> str:
    """Return the model card of a run. Needs neither Keras nor the data set."""
    run, known = source.run, source.stated_input
    height, width, channels = known.image_shape
    scaling = "How pixels have to be scaled before is not recorded."
    if known.scaling is not None:
        scaling = "Nothing has to be scaled before: that is part of the network."
    colours = "grey" if channels == 1 else "RGB"
    parts = [
        f"# Model card: {_text(run.name)}",
        f"A convolutional network that tells {len(known.class_names)} classes apart on {colours} images of "
        f"{height} × {width} pixels. Trained as run {run.id} of CNN Dash.",
        "## How to use it",
        f"- Input `{INPUT}`: (images, {height}, {width}, {channels}), raw pixels 0–255, 0 is black; uint8, or float32 "
        f"for the Keras file. {scaling}",
        f"- Output `{OUTPUT}`: (images, {len(known.class_names)}), float32; each row sums to 1.",
        f"- Classes, in order: {', '.join(map(_text, known.class_names))}.",
    ]
    if known.framing is not None:
        parts.append(
            f"- The images show bright ink on black, its longer side about {known.framing.longest_side} pixels of 28, "
            f"the {'centre of mass' if known.framing.centre == 'mass' else 'box around it'} in the middle. Bring a "
            "picture into this form first; dark on white, it is not what the network has learned."
        )
    parts += ["## Data", *_data(run), "## Recipe", *_recipe(run), "## Metrics", *_metrics(source)]
    parts += ["## Limits", *_limits(source), "## Versions", *_versions(run)]
    if notes := paragraphs(run.notes):
        parts += ["## Notes", notes]
    return "\n\n".join(_lists_together(parts)) + "\n"


def _data(run: Run) -> list[str]:
    try:
        info = catalogue.get(run.dataset or "", _data_dir(run))
    except (ConfigError, DataError):  # of another program, or deleted
        name = "not recorded" if run.dataset is None else _text(run.dataset)
        return [f"- Data set: {name}", "- Licence: not recorded. Ask whoever trained the network."]
    found = [
        f"- Data set: {_text(info.title)} (`{info.name}`). {info.description}",
        f"- Source: {f'<{info.source}>' if info.source.startswith('http') else _text(info.source)}",
        f"- Licence and attribution: {_text(info.licence)}",
        f"- Images: {info.train_count:,} for training and validation, {info.test_count:,} held out for the test",
    ]
    return found + ([f"- SHA-256 of its content: `{run.data_sha256}`"] if run.data_sha256 else [])


def _data_dir(run: Run) -> Path | None:
    """Return where the data set was when the run was queued, if it is a person's own."""
    return Path(run.data_dir) if run.data_dir else None


def _recipe(run: Run) -> list[str]:
    preset = f"Started from the preset `{run.preset}`." if run.preset else ""
    settings = _table(("Setting", "Value"), [(f"`{path}`", str(value)) for path, value in run.settings.items()])
    layers = _layers(run)
    return [part for part in (preset, settings, layers) if part]


def _layers(run: Run) -> str:
    if isinstance(run.config, RunConfig):
        try:
            info = catalogue.get(run.config.data.dataset, _data_dir(run))
        except (ConfigError, DataError):
            return ""
        rows = layer_table(run.config.model, info.image_shape, len(info.class_names)).rows
        cells = [(row.name, " × ".join(map(str, row.output_shape)), f"{row.parameters:,}") for row in rows]
        return _table(("Layer", "Output", "Parameters"), cells)
    names = list(dict.fromkeys(key for layer in run.layers for key in layer))
    return _table(names, [[str(layer.get(name, "")) for name in names] for layer in run.layers]) if names else ""


def _metrics(source: ExportSource) -> list[str]:
    run, result = source.run, source.run.result
    trained = f"{run.epoch} of {run.epochs} epochs" if run.epochs else f"{run.epoch} epochs"
    if result is None:
        return [f"- Trained for {trained}; not tested."]
    try:
        report = source.report
    except CnnDashError as error:
        return [f"- The test predictions cannot be read: {error}"]
    images = f"{len(report.labels):,} test images"
    figures = [
        f"- Test accuracy: {result.accuracy:.2%} of {images}; {int(report.wrong.sum()):,} mistakes",
        f"- Test loss: {result.loss:.4f} nats (mean cross-entropy)",
        f"- Always predicting the most frequent class: {report.baseline_accuracy:.2%}",
        f"- Trained for {trained}, best epoch {result.best_epoch}; {result.seconds:,.0f} s",
    ]
    if run.parameters:
        figures.append(f"- Parameters: {run.parameters:,}")
    return [*figures, "### Confusion matrix", *_confusion(report, source.stated_input.class_names)]


def _confusion(report: Report, class_names: Sequence[str]) -> list[str]:
    counts = confusion_counts(report, len(class_names))
    names = list(map(_text, class_names))
    if len(names) <= WIDEST:
        rows = [(f"**{name}**", *map(str, row)) for name, row in zip(names, counts, strict=True)]
        return ["Rows are the true class, columns the predicted one.", _table(("", *names), rows)]
    wrong = counts - np.diag(np.diagonal(counts))
    worst = [divmod(int(place), len(names)) for place in wrong.ravel().argsort()[::-1][:_MISTAKES]]
    cells = [(names[true], names[found], str(wrong[true, found])) for true, found in worst if wrong[true, found]]
    return ["The most frequent mistakes.", _table(("True", "Predicted", "Images"), cells)]


def confusion_counts(report: Report, classes: int) -> np.ndarray:
    """Return how often each class was predicted as each: int64 (classes, classes), rows are the true class."""
    both = report.labels * classes + report.predicted
    return np.bincount(both, minlength=classes * classes).reshape(classes, classes)


def _limits(source: ExportSource) -> list[str]:
    names = source.stated_input.class_names
    found = [
        "- It has seen images of its data set only, and the accuracy above is that on images of the same kind. On "
        "other pens, cameras or backgrounds it is lower: test it on your own before you rely on it.",
        f"- It answers with one of its {len(names)} classes whatever the image shows; there is no class for "
        "“something else”.",
        _calibration(source),
    ]
    try:
        counts = confusion_counts(source.report, len(names))
    except CnnDashError:
        return found
    totals = counts.sum(axis=1)
    recall = np.where(totals > 0, np.diagonal(counts) / np.maximum(totals, 1), 2.0)
    worst = int(recall.argmin())
    if recall[worst] < 1:
        found.append(f"- Least reliable class: {_text(names[worst])}, {recall[worst]:.1%} of {totals[worst]:,} found.")
    return found


def _calibration(source: ExportSource) -> str:
    temperature = kept_temperature.kept(source.folder)
    if temperature is None:
        return "- Its probabilities are not calibrated: a high one is no guarantee."
    said = (
        "- Its probabilities are those of the softmax, not calibrated. A temperature is kept for it: divide their "
        f"logarithms by {temperature:.4g} and take the softmax again, for confidences that say how often it is right."
    )
    try:
        report = source.report
    except CnnDashError:
        return said
    before, after = (
        reliability(report.labels, one).calibration_error
        for one in (report.probabilities, scaled(report.probabilities, temperature))
    )
    return f"{said} On the test images, the expected calibration error goes from {before:.2%} to {after:.2%}."


def _versions(run: Run) -> list[str]:
    python = ".".join(map(str, sys.version_info[:3]))
    found = [
        f"- Exported with CNN Dash {__version__}, Keras {version('keras')}, TensorFlow {version('tensorflow')}, "
        f"Python {python}",
        f"- Trained {run.created_at:%Y-%m-%d}" + (", recorded from another program" if run.config is None else ""),
    ]
    if run.result and run.result.weights_sha256:
        found.append(f"- SHA-256 of the weights: `{run.result.weights_sha256}`")
    return found


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return one_line(text).replace("|", "\\|")


def _text(text: str) -> str:
    """Return a name that somebody chose such that it does not end a line, a cell or a tag."""
    return one_line(text).replace("|", "\\|").replace("<", "\\<")


def _lists_together(parts: Sequence[str]) -> list[str]:
    """Join the items of a list, which stand without an empty line between them."""
    joined: list[str] = []
    for part in parts:
        if part.startswith("- ") and joined and joined[-1].startswith("- "):
            joined[-1] += f"\n{part}"
        else:
            joined.append(part)
    return joined


def _write(source: ExportSource, file: Path) -> None:
    file.write_text(model_card(source), "utf-8")


CARD = ExportFormat(
    name="card",
    label="Model card",
    suffix="-model-card.md",
    about="Documentation to publish with a network: data and licence, recipe, metrics, confusion matrix, limits. Every "
    "file with a network contains it, too.",
    media_type="text/markdown; charset=utf-8",
    write=_write,
)
