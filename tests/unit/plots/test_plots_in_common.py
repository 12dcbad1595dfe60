import ast
from pathlib import Path

import pytest

import cnn_dash.plots
from cnn_dash.metrics import charts
from cnn_dash.plots import (
    class_counts,
    class_curves,
    confusion,
    coverage,
    curves,
    image_sizes,
    network,
    pixel_histogram,
    reliability,
    robustness,
    schedule,
    subsets,
)

LINE = reliability.reliability_line("as trained", [0.5], [0.6], [3], 0.1)
FIGURES = {
    "confusion": lambda: confusion.confusion_plot(confusion.confusion_info([0, 1], [0, 0], ["a", "b"])),
    "ROC": lambda: class_curves.class_curves_plot(class_curves.class_curves_info("roc", [])),
    "precision": lambda: class_curves.class_curves_plot(class_curves.class_curves_info("precision-recall", [])),
    "coverage": lambda: coverage.coverage_plot(coverage.coverage_info([1], [0.5], [0.3])),
    "reliability": lambda: reliability.reliability_plot(reliability.reliability_info(LINE, LINE)),
    "subsets": lambda: subsets.subsets_plot(subsets.subsets_info("Size (pixels)", [], 0.9)),
    "robustness": lambda: robustness.robustness_plot(robustness.robustness_info("Blur", "pixels", [0, 1], 0, [])),
    "curves": lambda: curves.overlay_plot(curves.overlay_info([], charts(["loss", "val_loss"])[0])),
    "network": lambda: network.network_plot(network.network_info([], (28, 28, 1))),
    "class_counts": lambda: class_counts.class_counts_plot(class_counts.class_counts_info([[1]], ["a"], ["train"])),
    "pixel_histogram": lambda: pixel_histogram.pixel_histogram_plot(pixel_histogram.pixel_histogram_info([[1] * 256])),
    "image_sizes": lambda: image_sizes.image_sizes_plot(image_sizes.image_sizes_info([(8, 8)])),
    "schedule": lambda: schedule.schedule_plot(schedule.schedule_info([0, 1], [0.1, 0.2])),
}


def colors_of_text(node, path=""):
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "color" and "font" in path:
                yield path, value
            yield from colors_of_text(value, f"{path}.{key}")
    elif isinstance(node, list | tuple):
        for item in node:
            yield from colors_of_text(item, path)


@pytest.mark.parametrize("name", FIGURES)
def test_text_and_background_are_left_to_the_theme(name):
    layout = FIGURES[name]().layout.to_plotly_json()
    layout.pop("template", None)
    assert list(colors_of_text(layout)) == []
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "rgba(0, 0, 0, 0)"


@pytest.mark.parametrize("name", FIGURES)
def test_a_redraw_keeps_height_and_view(name):
    first, second = FIGURES[name]().layout, FIGURES[name]().layout
    assert first.height
    assert first.uirevision
    assert (first.height, first.uirevision) == (second.height, second.uirevision)


@pytest.mark.parametrize("name", sorted(set(FIGURES) - {"network"}))
def test_axes_have_titles(name):
    layout = FIGURES[name]().layout
    assert layout.xaxis.title.text
    assert layout.yaxis.title.text


def test_the_package_itself_imports_nothing():
    tree = ast.parse(Path(cnn_dash.plots.__file__).read_text(encoding="utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
