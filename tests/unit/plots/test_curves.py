import math

import numpy as np
import pytest

from cnn_dash.metrics import charts
from cnn_dash.plots.curves import describe, overlay_info, overlay_plot
from cnn_dash.plots.run_lines import MAX_POINTS, RunCurves, smoothed
from cnn_dash.plots.run_marks import mark

NAN = math.nan


def run(run_id=1, *, place=0, best=None, seconds=None, **values):
    count = len(next(iter(values.values()), ()))
    return RunCurves(
        run_id=run_id,
        label=f"Run {run_id}",
        place=place,
        epochs=range(1, count + 1),
        seconds=[2.0] * count if seconds is None else seconds,
        values=values,
        best_epoch=best,
    )


def chart(name):
    """The chart of this name, with all metrics that it may show."""
    names = {"loss", "val_loss", "accuracy", "val_accuracy", "val_auc", "learning_rate", "f1", "val_f1", "test_f1"}
    return next(one for one in charts(names) if one.name == name)


def info_of(runs, name, **options):
    return overlay_info(runs, chart(name), **options)


def numbers(info):
    return [(line.run_id, line.metric.part, line.x.tolist(), line.y.tolist()) for line in info.lines]


def test_training_and_validation_of_each_run_by_epoch():
    info = info_of([run(4, loss=[0.9, 0.5], val_loss=[0.8, 0.6]), run(7, loss=[0.7], val_loss=[0.75])], "loss")
    assert numbers(info) == [
        (4, "train", [1, 2], [0.9, 0.5]),
        (4, "validation", [1, 2], [0.8, 0.6]),
        (7, "train", [1], [0.7]),
        (7, "validation", [1], [0.75]),
    ]


def test_time_is_the_sum_of_the_epochs_before():
    info = info_of([run(seconds=[3.0, 2.0, 2.5], val_accuracy=[0.1, 0.2, 0.3])], "accuracy", by="time")
    assert numbers(info) == [(1, "validation", [3.0, 5.0, 7.5], [0.1, 0.2, 0.3])]
    assert overlay_plot(info).layout.xaxis.title.text == "seconds"


def test_an_epoch_without_a_value_is_left_out():
    info = info_of([run(val_auc=[None, 0.5, None, 0.7]), run(2, val_auc=[None, None]), run(3, val_loss=[1.0])], "auc")
    assert numbers(info) == [(1, "validation", [2, 4], [0.5, 0.7])]
    assert info.non_finite == ()


def test_nan_and_infinity_are_gaps_with_a_mark_on_the_edge():
    info = info_of([run(val_loss=[0.9, NAN, 0.5, math.inf, -math.inf, 0.4])], "loss")
    line = info.lines[0]
    assert line.x.tolist() == [1, 2, 3, 4, 5, 6]
    assert np.array_equal(line.y, [0.9, NAN, 0.5, NAN, NAN, 0.4], equal_nan=True)
    assert line.last == (6, 0.4)
    plot = overlay_plot(info)
    marks = [trace for trace in plot.data if trace.yaxis == "y2"]
    assert [(trace.x[0], trace.y[0], trace.marker.symbol) for trace in marks] == [
        (2, 0, "x"),
        (4, 1, "triangle-up"),
        (5, 0, "triangle-down"),
    ]
    assert [trace.hovertemplate.split(": ")[1].split("<")[0] for trace in marks] == ["NaN", "∞", "−∞"]
    assert (plot.layout.yaxis2.range, plot.layout.yaxis2.overlaying) == ((0, 1), "y")
    assert plot.data[0].connectgaps is None
    assert describe(info).endswith("NaN or infinite in 3 places.")


def test_smoothing_goes_on_behind_a_gap():
    info = info_of([run(val_loss=[1.0, NAN, 3.0])], "loss", smoothing=0.5)
    assert info.lines[0].y[2] == pytest.approx(7 / 3)
    assert math.isnan(info.lines[0].y[1])


def test_a_metric_that_was_never_a_number_has_marks_alone():
    info = info_of([run(best=1, val_loss=[NAN, NAN])], "loss", log=True)
    assert (info.lines, info.best) == ((), ())
    assert [mark.epoch for mark in info.non_finite] == [1, 2]
    assert describe(info) == "Loss by epoch: no number. NaN or infinite in 2 places."


def test_a_metric_that_nobody_declared_is_drawn_with_its_validation_and_test():
    info = info_of([run(f1=[0.5], val_f1=[0.6], test_f1=[0.55])], "f1", parts=["validation"])
    assert numbers(info) == [(1, "validation", [1], [0.6]), (1, "test", [1], [0.55])]
    assert describe(info) == "f1 by epoch of 1 run. Last test: 0.55 (Run 1, epoch 1)."


def test_a_run_whose_epochs_have_no_time_has_no_line_by_time():
    info = info_of([run(seconds=[None, None], val_loss=[1.0, 2.0])], "loss", by="time")
    assert numbers(info) == []


def test_a_log_axis_has_no_place_for_zero():
    info = info_of([run(learning_rate=[0.0, 0.01, -1.0, 0.1])], "learning_rate", log=True)
    assert numbers(info) == [(1, None, [2, 4], [0.01, 0.1])]
    assert overlay_plot(info).layout.yaxis.type == "log"


@pytest.mark.parametrize("runs", [[], [run()], [run(1), run(2)]])
@pytest.mark.parametrize("chart", ["loss", "accuracy", "auc", "learning_rate"])
def test_without_epochs_there_is_an_empty_plot_that_says_so(runs, chart):
    info = info_of(runs, chart, smoothing=0.5)
    assert (info.lines, info.best) == ((), ())
    assert len(overlay_plot(info).data) == 0
    assert describe(info).endswith("by epoch: nothing to show yet.")


def test_a_run_that_failed_at_once_does_not_hide_the_others():
    info = info_of([run(1), run(2, val_loss=[0.4])], "loss")
    assert numbers(info) == [(2, "validation", [1], [0.4])]
    assert info.runs == 2


def test_one_epoch_is_a_point_that_can_be_seen():
    trace = overlay_plot(info_of([run(val_loss=[0.4])], "loss")).data[0]
    assert trace.mode == "lines+markers"


def test_only_what_was_asked_for_is_shown_but_always_the_rate():
    one = run(loss=[0.5], val_loss=[0.6], learning_rate=[0.1])
    assert [line.metric.part for line in info_of([one], "loss", parts=["train"]).lines] == ["train"]
    assert info_of([run(val_auc=[0.9])], "auc", parts=["train"]).lines == ()
    assert [line.metric.part for line in info_of([one], "learning_rate", parts=[]).lines] == [None]


def test_smoothing_by_hand():
    # the sums 1/2, then (1/2 + 3)/2, then (7/4 + 2)/2, each divided by 1 - 0.5^t
    assert smoothed([1.0, 3.0, 2.0], 0.5) == pytest.approx([0.5 / 0.5, 1.75 / 0.75, 1.875 / 0.875])
    assert smoothed([1.0, 3.0, 2.0], 0.0).tolist() == [1.0, 3.0, 2.0]
    assert smoothed([], 0.5).tolist() == []


@pytest.mark.parametrize("weight", [0.3, 0.9, 0.95])
def test_smoothing_against_the_definition(weight):
    values = np.random.default_rng(1).random(50)
    average, expected = 0.0, []
    for step, value in enumerate(values, start=1):
        average = weight * average + (1 - weight) * value
        expected.append(average / (1 - weight**step))
    assert smoothed(values, weight) == pytest.approx(expected)


def test_a_smoothed_line_lies_over_its_faint_raw_one():
    info = info_of([run(val_loss=[1.0, 3.0])], "loss", smoothing=0.5)
    faint, line = overlay_plot(info).data
    assert (list(faint.y), faint.opacity) == ([1.0, 3.0], 0.3)
    assert line.y[1] == pytest.approx(7 / 3)
    assert faint.legendgroup == line.legendgroup == "run 1"


def test_a_learning_rate_is_not_smoothed():
    info = info_of([run(learning_rate=[0.1, 0.3])], "learning_rate", smoothing=0.9)
    assert info.lines[0].y.tolist() == [0.1, 0.3]
    assert len(overlay_plot(info).data) == 1


@pytest.mark.parametrize("smoothing", [-0.1, 0.96, NAN])
def test_too_much_smoothing_is_refused(smoothing):
    with pytest.raises(ValueError, match=r"Received: .*Allowed: 0 to 0\.95"):
        info_of([], "loss", smoothing=smoothing)


def test_the_best_epoch_is_marked_on_the_validation_line_as_it_was_measured():
    one = run(best=2, loss=[0.9, 0.5, 0.4], val_loss=[0.8, 0.6, 0.7])
    best = info_of([one], "loss", smoothing=0.9).best
    assert [(mark.epoch, mark.x, mark.y) for mark in best] == [(2, 2.0, 0.6)]
    assert info_of([one], "loss", parts=["train"]).best[0].y == 0.5
    assert info_of([one], "loss", by="time").best[0].x == 4.0


def test_a_best_epoch_without_a_value_has_no_mark():
    assert info_of([run(best=1, val_auc=[None, 0.9])], "auc").best == ()
    assert info_of([run(best=7, val_auc=[0.8, 0.9])], "auc").best == ()


@pytest.mark.parametrize("count", [500, 501, 1000])
def test_a_long_line_is_thinned_and_keeps_its_ends_and_its_best(count):
    values = [1 / epoch for epoch in range(1, count + 1)]
    info = info_of([run(best=334, val_loss=values)], "loss", smoothing=0.5)
    line = info.lines[0]
    assert line.x.size == line.y.size == line.raw.size == line.epochs.size == MAX_POINTS
    assert (line.x[0], line.x[-1], line.raw[-1]) == (1, count, 1 / count)
    assert len(np.unique(line.x)) == MAX_POINTS
    assert info.best[0].y == 1 / 334


def test_colour_tells_the_run_and_dash_the_part():
    info = info_of([run(1, place=3, loss=[1, 2], val_loss=[1, 2]), run(2, place=13, val_loss=[2, 1])], "loss")
    train, validation, other = overlay_plot(info).data
    assert train.line.color == validation.line.color == other.line.color == mark(3).color
    assert (train.line.dash, validation.line.dash) == ("dot", "solid")
    assert train.line.width < validation.line.width
    assert (validation.mode, other.mode, other.marker.symbol) == ("lines", "lines+markers", "diamond")


def test_a_zoom_is_kept_unless_the_axis_means_something_else():
    def views(**options):
        shown = overlay_plot(info_of([run(val_loss=[1, 2])], "loss", **options)).layout
        return shown.xaxis.uirevision, shown.yaxis.uirevision

    assert views() == views(smoothing=0.5)
    assert views()[0] != views(by="time")[0]
    assert views()[1] != views(log=True)[1]


def test_a_title_brings_in_no_html():
    one = run(val_loss=[1.0])
    named = RunCurves(**{**vars(one), "label": '<a href="https://example.org">%{x}</a>'})
    trace = overlay_plot(info_of([named], "loss")).data[0]
    assert trace.name.startswith("&lt;a href=")
    assert "%{x}" not in trace.hovertemplate


def test_the_curves_in_words():
    several = [run(1, loss=[0.9], val_loss=[0.5]), run(2, val_loss=[0.4, 0.31254]), run(3)]
    assert describe(info_of(several, "loss")) == (
        "Loss by epoch of 2 runs. Last validation: from 0.3125 (Run 2) to 0.5 (Run 1)."
    )
    assert describe(info_of([several[0]], "loss", by="time", parts=["train"])) == (
        "Loss by time of 1 run. Last training: 0.9 (Run 1, epoch 1)."
    )
