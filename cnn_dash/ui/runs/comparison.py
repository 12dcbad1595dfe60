"""Comparing runs: their curves over each other, what came of them, and the settings that make the difference."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from cnn_dash.metrics import EXPECTED_EPOCH_METRICS, Chart, Part, charts
from cnn_dash.plots import curves
from cnn_dash.plots.run_lines import Axis, RunCurves
from cnn_dash.runs.compare import Difference, best_epoch, differences, results
from cnn_dash.runs.records import EpochMetrics, Run
from cnn_dash.runs.status import Source
from cnn_dash.ui.components.downloads import render_exports
from cnn_dash.ui.components.messages import render_notice
from cnn_dash.ui.components.overlay import LegendEntry, Plot, render_overlay
from cnn_dash.ui.runs.comparison_tables import differences_html, results_html
from cnn_dash.ui.runs.swatches import run_places, swatch_html
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import open_store

MAX_RUNS = 20
"""More curves in one plot cannot be told apart."""

# What the widgets offer is what stands in the URL: a short word where the title of a chart is long.
_SHORT = {"auc": "AUC"}
_AXES: dict[str, Axis] = {"Epoch": "epoch", "Time": "time"}
_PARTS: dict[str, Part] = {"Training": "train", "Validation": "validation"}

# A slider is taller than the widgets beside it, and would stand above them.
_STYLE = "<style>.st-key-runs_smoothing { margin-bottom: -8px }</style>"
_ONLY_IN = {Source.RECIPE: "runs of CNN Dash", Source.EXTERNAL: "runs of other programs"}

_DOTTED = '<svg width="28" height="12" aria-hidden="true"><path d="M0 6h28" {}/></svg>'
_EXPLAINED: dict[Part, str] = {
    "train": _DOTTED.format('stroke="currentColor" stroke-width="1.5" stroke-dasharray="2 3"'),
    "validation": _DOTTED.format('stroke="currentColor" stroke-width="2.2"'),
}


@dataclass(frozen=True)
class _View:
    charts: tuple[Chart, ...]
    by: Axis
    parts: tuple[Part, ...]
    log: bool
    smoothing: float


def render_compare(runs: Sequence[Run]) -> None:
    """Show runs side by side, at most `MAX_RUNS` of them; what is chosen of the view is in the address.

    A caller that shows a run which is being trained calls again when there may be news, within a fragment.
    """
    if not runs:
        st.caption("No run is selected. Tick one to see its curves, or several to compare them.")
        return
    if len(runs) > MAX_RUNS:
        render_notice(
            f"These are the first {MAX_RUNS} of the selected runs. Received: {len(runs)}. Allowed: {MAX_RUNS}, since "
            "more curves cannot be told apart. Select fewer to see the others."
        )
        runs = runs[:MAX_RUNS]
    found = open_store().epochs_of([run.id for run in runs])
    records = [found[run.id] for run in runs]
    places = run_places([run.id for run in runs])
    with st.container(key=widget_keys.RUNS_OVERLAY):
        _render_curves(runs, records, places)
    if len(runs) > 1:
        with st.container(key=widget_keys.RUNS_DIFFERENCES):
            st.subheader("What is different")
            _render_differences(runs, places)
    with st.container(key=widget_keys.RUNS_RESULTS):
        st.subheader("Results")
        st.html(results_html(runs, places, results(runs, records)))
        render_exports([run.id for run in runs])


def _render_differences(runs: Sequence[Run], places: dict[int, int]) -> None:
    """Show the settings that differ; what only runs of one source can have is folded away."""
    rows = differences(runs)
    shared = [row for row in rows if row.only is None]
    if shared:
        st.html(differences_html(runs, places, shared))
    elif rows:
        st.caption("No setting that all of these runs have differs.")
    else:
        st.caption("Nothing: these runs have the same settings, the seed included.")
    for source, where in _ONLY_IN.items():
        own = [row for row in rows if row.only is source]
        if own:
            with st.expander(f"Only in {where} ({len(own)})"):
                st.html(differences_html([run for run in runs if run.source is source], places, _of(source, runs, own)))


def _of(source: Source, runs: Sequence[Run], rows: Sequence[Difference]) -> list[Difference]:
    """Return rows with the values of the runs of a source alone."""
    return [
        replace(row, values=tuple(value for run, value in zip(runs, row.values, strict=True) if run.source is source))
        for row in rows
    ]


def _render_curves(runs: Sequence[Run], records: Sequence[list[EpochMetrics]], places: dict[int, int]) -> None:
    view = _view(charts_of(runs, records))
    if not view.charts:
        st.caption("No plot is chosen. Choose the loss or another one above.")
        return
    if not any(records):
        st.caption("No epoch has been finished yet; the curves begin with the first one.")
        return
    shown = [_curves(run, epochs, places[run.id]) for run, epochs in zip(runs, records, strict=True) if epochs]
    infos = [
        curves.overlay_info(shown, chart, by=view.by, log=view.log, smoothing=view.smoothing, parts=view.parts)
        for chart in view.charts
    ]
    plots = [
        Plot(info.chart.name, info.chart.title, curves.overlay_plot(info), curves.describe(info)) for info in infos
    ]
    own = [LegendEntry(curves.group(run.run_id), run.label, swatch_html(run.place)) for run in shown]
    explained = [
        LegendEntry("", label.lower(), _EXPLAINED[part]) for label, part in _PARTS.items() if part in view.parts
    ]
    explained.append(LegendEntry("", "best epoch", "★"))
    if any(info.non_finite for info in infos):
        explained.append(LegendEntry("", "NaN; ▲ ▼ infinite", "×"))
    render_overlay(plots, [*own, *explained], key=widget_keys.RUNS_CURVES)


def charts_of(runs: Sequence[Run], records: Sequence[Sequence[EpochMetrics]]) -> list[Chart]:
    """Return the charts of what runs record in their epochs; of a run of ours that is known before the first one."""
    names = {name for epochs in records for record in epochs for name in record.metrics}
    return charts(names.union(EXPECTED_EPOCH_METRICS if any(run.config for run in runs) else ()))


def _view(offered: Sequence[Chart]) -> _View:
    """Draw the widgets above the curves. Their values are in the URL, where a bad one is taken for the default."""
    names: dict[str, Chart] = {}
    for chart in offered:  # two metrics of another program may have the same title
        title = _SHORT.get(chart.name, chart.title)
        names[chart.name if title in names else title] = chart
    st.html(_STYLE)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.pills(
            "Plots",
            list(names),
            selection_mode="multi",
            default=list(names),
            key=widget_keys.RUNS_PLOTS,
            bind="query-params",
        )
        by = st.segmented_control(
            "By", list(_AXES), default="Epoch", required=True, key=widget_keys.RUNS_AXIS, bind="query-params"
        )
        parts = st.pills(
            "Data",
            list(_PARTS),
            selection_mode="multi",
            default=list(_PARTS),
            key=widget_keys.RUNS_PARTS,
            bind="query-params",
            help="Training is what the network learned from, measured while it learned; validation is held back.",
        )
        smoothing = st.slider(
            "Smoothing",
            0.0,
            curves.MAX_SMOOTHING,
            0.0,
            0.05,
            key=widget_keys.RUNS_SMOOTHING,
            bind="query-params",
            help="Moving average: how much of the epochs before goes into a point. The measured line stays behind.",
            width=130,
        )
        log = st.toggle("Log scale", key=widget_keys.RUNS_LOG, bind="query-params")
    return _View(
        charts=tuple(chart for label, chart in names.items() if label in chosen),
        by=_AXES[by],
        parts=tuple(part for label, part in _PARTS.items() if label in parts),
        log=log,
        smoothing=smoothing,
    )


def _curves(run: Run, epochs: Sequence[EpochMetrics], place: int) -> RunCurves:
    names = {name for record in epochs for name in record.metrics}
    return RunCurves(
        run_id=run.id,
        label=f"Run {run.id} · {run.name}",
        place=place,
        epochs=[record.epoch for record in epochs],
        seconds=[record.seconds for record in epochs],
        values={name: [record.metrics.get(name) for record in epochs] for name in names},
        best_epoch=best_epoch(run),
    )
