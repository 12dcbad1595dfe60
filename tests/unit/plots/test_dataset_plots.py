import numpy as np
import pytest

from cnn_dash.plots import class_counts, image_sizes, pixel_histogram


def counts(classes: int = 3, **changes):
    values = np.arange(2 * classes).reshape(2, classes)
    return class_counts.class_counts_info(values, [f"c{one}" for one in range(classes)], ["train", "test"], **changes)


def test_counts_are_stacked_by_split():
    figure = class_counts.class_counts_plot(counts())
    assert figure.layout.barmode == "stack"
    assert [bar.name for bar in figure.data] == ["train", "test"]
    assert [list(bar.y) for bar in figure.data] == [[0, 1, 2], [3, 4, 5]]
    assert list(figure.layout.xaxis.ticktext) == ["c0", "c1", "c2"]
    assert class_counts.describe(counts()) == (
        "3 classes: train 3 images, 0 to 2 of each; test 12 images, 3 to 5 of each."
    )


def test_the_largest_class_may_come_first():
    info = counts(largest_first=True)
    assert info.class_names == ("c2", "c1", "c0")
    assert info.counts.tolist() == [[2, 1, 0], [5, 4, 3]]


@pytest.mark.parametrize(("classes", "named"), [(2, True), (40, True), (41, False), (1000, False)])
def test_many_classes_are_named_by_hovering_only(classes, named):
    figure = class_counts.class_counts_plot(counts(classes))
    assert figure.layout.xaxis.showticklabels is named
    assert list(figure.data[0].customdata) == [f"c{one}" for one in range(classes)]


def test_counts_of_other_classes_are_refused():
    with pytest.raises(ValueError, match=r"Received: shape \(2, 2\)"):
        class_counts.class_counts_info(np.zeros((2, 2)), ["a"], ["train", "test"])


def test_the_histogram_shows_shares_of_pixels_and_leaves_out_values_that_do_not_occur():
    histogram = np.zeros((1, 256))
    histogram[0, [0, 255]] = [30, 10]
    info = pixel_histogram.pixel_histogram_info(histogram)
    (line,) = pixel_histogram.pixel_histogram_plot(info).data
    assert (line.y[0], line.y[255]) == (0.75, 0.25)
    assert np.isnan(line.y[1:255]).all()
    assert pixel_histogram.describe(info) == "Pixel values 0–255. grey: mean 64, 75.0 % black, 25.0 % full."


def test_colours_have_a_line_each():
    figure = pixel_histogram.pixel_histogram_plot(pixel_histogram.pixel_histogram_info(np.ones((3, 256))))
    assert [line.name for line in figure.data] == ["red", "green", "blue"]
    assert len({line.line.dash for line in figure.data}) == 3
    assert figure.layout.showlegend


@pytest.mark.parametrize("shape", [(2, 256), (1, 255), (256,)])
def test_a_histogram_of_another_shape_is_refused(shape):
    with pytest.raises(ValueError, match="256 numbers"):
        pixel_histogram.pixel_histogram_info(np.zeros(shape))


def test_sizes_are_counted_the_most_frequent_first():
    info = image_sizes.image_sizes_info([(40, 30), (20, 10), (40, 30)])
    (dots,) = image_sizes.image_sizes_plot(info).data
    assert (list(dots.x), list(dots.y), list(dots.customdata)) == ([40, 20], [30, 10], [2, 1])
    assert dots.marker.size[0] > dots.marker.size[1]
    assert image_sizes.describe(info) == (
        "2 different sizes of 3 pictures, 20 to 40 pixels wide and 10 to 30 high; 2 have 40 × 30 pixels."
    )


def test_one_size_and_none_are_said():
    assert image_sizes.describe(image_sizes.image_sizes_info([(8, 8)] * 3)) == "All 3 pictures have 8 × 8 pixels."
    assert image_sizes.describe(image_sizes.image_sizes_info([])) == "No sizes are known."


def test_a_class_name_is_no_markup():
    info = class_counts.class_counts_info([[3, 4]], ["<a href='http://x'>y</a>", "b"], ["train"])
    figure = class_counts.class_counts_plot(info)
    assert figure.layout.xaxis.ticktext[0].startswith("&lt;a href")
    assert figure.data[0].customdata[0].startswith("&lt;a href")
