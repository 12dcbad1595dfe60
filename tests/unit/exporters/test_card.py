"""The model card."""

from collections.abc import Callable
from pathlib import Path

from cnn_dash.exporters.export import export
from cnn_dash.exporters.registry import FORMATS
from cnn_dash.runs.annotations import annotate
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings


def test_it_says_what_one_has_to_know(
    train: Callable[..., Run], store: RunStore, settings: Settings, files: Callable[[str], Path]
) -> None:
    run = train()
    annotate(store, run.id, title="a | b <script>", notes="Mine.")
    run = store.run(run.id)
    export(settings, run, FORMATS["card"], files(".md"))
    card = files(".md").read_text("utf-8")
    lines = card.splitlines()
    assert lines[0] == "# Model card: a \\| b \\<script>"
    heads = [line for line in lines if line.startswith("#")][1:]
    assert heads == [
        "## How to use it", "## Data", "## Recipe", "## Metrics", "### Confusion matrix", "## Limits", "## Versions",
        "## Notes",
    ]  # fmt: skip
    assert run.result is not None
    assert "CC BY-SA 3.0" in card
    assert f"- Test accuracy: {run.result.accuracy:.2%} of 1,000 test images" in card
    assert "| `train.batch_size` | 128 |" in lines
    assert "| answer · logits | 10 | 170 |" in lines
    matrix = [line for line in lines if line.startswith("| **")]
    counts = [[int(cell) for cell in line.strip("| ").split(" | ")[1:]] for line in matrix]
    assert sum(map(sum, counts)) == 1000
    assert sum(counts[label][label] for label in range(10)) == round(1000 * run.result.accuracy)
    assert run.result.weights_sha256 in card
    assert lines[-1] == "Mine."
