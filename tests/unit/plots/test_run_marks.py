from cnn_dash.plots.palette import CLASS_COLORS
from cnn_dash.plots.run_marks import mark, places


def test_twenty_places_look_different_and_the_first_ten_need_no_marker():
    marks = [mark(place) for place in range(20)]
    assert len(set(marks)) == 20
    assert [one.color for one in marks[:10]] == list(CLASS_COLORS)
    assert {one.symbol for one in marks[:10]} == {None}
    assert None not in {one.symbol for one in marks[10:]}


def test_a_run_has_the_colour_of_its_number_whoever_looks():
    assert places([3, 1, 12], {}) == {3: 2, 1: 0, 12: 1}
    assert places([12, 3, 1], {}) == places([3, 1, 12], {})


def test_runs_that_want_the_same_colour_get_others_whatever_order_they_come_in():
    assert places([21, 11, 1], {}) == {21: 2, 11: 1, 1: 0}
    assert places([1, 11, 21], {}) == {1: 0, 11: 1, 21: 2}


def test_a_run_keeps_its_colour_whatever_comes_and_goes():
    first = places([11, 21], {})
    assert first == {11: 0, 21: 1}
    more = places([1, 2, 11, 21], first)
    assert (more[11], more[21]) == (0, 1)
    assert len(set(more.values())) == 4
    assert places([21], more) == {21: 1}


def test_twenty_runs_get_twenty_places_and_one_that_comes_twice_gets_one():
    assert sorted(places(range(101, 121), {}).values()) == list(range(20))
    assert places([5, 5], {}) == {5: 4}
    assert places([], {1: 0}) == {}
