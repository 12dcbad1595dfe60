"""What several runs say to many pictures, as cards in an order and as a table."""

import csv
import io

from cnn_dash.ui.predict.opinions import Opinions, as_csv, differ, most_doubtful_first
from cnn_dash.ui.predict.summary import Summary

DIGITS, LETTERS = tuple("0123456789"), tuple("abc")


def one_run(summary: Summary) -> Opinions:
    return Opinions(summary.name, {3: summary})


def said(name: str, *answers: str) -> Opinions:
    return Opinions(
        name, {run_id: Summary(name, answer=answer, class_names=DIGITS) for run_id, answer in enumerate(answers, 1)}
    )


def test_doubtful_answers_come_first_then_errors_then_names() -> None:
    given = [Summary("b.png"), Summary("A.png"), Summary("e.png", error="damaged"), Summary("d.png", doubt="strange")]
    ordered = most_doubtful_first(map(one_run, given))
    assert [one.first.name for one in ordered] == ["d.png", "e.png", "A.png", "b.png"]


def test_pictures_on_which_runs_differ_come_after_the_doubtful_ones() -> None:
    doubtful = Opinions("z", {1: Summary("z", doubt="strange"), 2: Summary("z")})
    broken = Opinions("b", {1: Summary("b", error="damaged"), 2: Summary("b", error="damaged")})
    ordered = most_doubtful_first([said("a", "7", "7"), broken, said("c", "7", "1"), doubtful])
    assert [one.key for one in ordered] == ["z", "c", "b", "a"]


def test_only_networks_with_the_same_classes_can_differ() -> None:
    seven, one = Summary("", answer="7", class_names=DIGITS), Summary("", answer="1", class_names=DIGITS)
    assert differ([seven, one])
    assert not differ([seven, Summary("", answer="a", class_names=LETTERS)])
    assert not differ([seven, Summary("", error="nothing there")])


def test_the_table_says_all_and_no_name_is_a_formula() -> None:
    answers = [
        Summary("=1+1.png", answer="12", confidence=0.98765, doubt="undecided", boxes=((1, 2, 3, 4), (5, 6, 7, 8))),
        Summary("b.png", error="b.png is damaged."),
    ]
    data = as_csv(list(map(one_run, answers)))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == {
        "file": "'=1+1.png",
        "answer": "12",
        "confidence": "0.9877",
        "doubt": "several classes fit",
        "boxes": "1 2 3 4; 5 6 7 8",
        "error": "",
    }
    assert (rows[1]["answer"], rows[1]["confidence"], rows[1]["error"]) == ("", "", "b.png is damaged.")


def test_further_runs_have_columns_of_their_own() -> None:
    data = as_csv([said("a.png", "7", "1"), said("b.png", "4", "4")])
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [(row["answer"], row["differ"], row["run_2_answer"]) for row in rows] == [
        ("7", "yes", "1"),
        ("4", "no", "4"),
    ]
    assert {"run_2_confidence", "run_2_doubt", "run_2_boxes", "run_2_error"} < set(rows[0])
