"""Whole numbers out of text that comes from outside: an address, the environment, the command line."""

MOST_DIGITS = 18


def whole_number(text: str) -> int | None:
    """Return the number that plain digits say, 0 or more; None if the text says anything else.

    Of a longer one only the first 18 digits are read: it lies beyond every bound there is here in any case, and Python
    refuses to read more than 4,300 with a `ValueError`.
    """
    if not (text.isascii() and text.isdigit()):
        return None
    return int(text.lstrip("0")[:MOST_DIGITS] or "0")
