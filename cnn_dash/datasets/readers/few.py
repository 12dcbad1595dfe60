"""Chooses a few examples to look at: some of each class, before any of them is read."""

from collections.abc import Sequence


def few(labels: Sequence[str], most: int) -> list[int]:
    """Return the places of up to `most` examples, in ascending order, by turns of every class.

    Of more classes than that, every n-th has one.

    Args:
        labels: Class of each example; an empty text for one that belongs nowhere.
        most: How many.
    """
    places: dict[str, list[int]] = {}
    for place, label in enumerate(labels):
        if label:
            places.setdefault(label, []).append(place)
    step = max(1, -(-len(places) // most))
    chosen = list(places.values())[::step]
    found: list[int] = []
    for turn in range(most):
        found += [one[turn] for one in chosen if turn < len(one)]
        if len(found) >= most or not any(turn + 1 < len(one) for one in chosen):
            break
    return sorted(found[:most])
