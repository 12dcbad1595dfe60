"""Text that a person writes, made safe to stand beside other text.

Unicode has characters that nobody sees and that change how others look: behind U+202E in the name of a run, "98.72 %"
reads "% 27.89". They are taken out where text comes in, and again where older text is read.
"""

import unicodedata

# Control, format, surrogate and private-use characters, separators of lines and of paragraphs.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
# They decide how letters of Persian and Indic scripts are joined, and make one emoji of several.
_JOINERS = "\u200c\u200d"
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
# What a spreadsheet takes for the beginning of a formula; the last four are what a Japanese keyboard types.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def printable(text: str, *, keep: str = "") -> str:
    """Return text without the characters that are not seen, in pieces of it that can be stored and shown anywhere.

    Joiners stay between characters beyond ASCII, where they have a meaning; elsewhere they would only give two names
    that look alike.

    Args:
        text: Any text, lone surrogates included.
        keep: Characters that stay nevertheless, such as line breaks.
    """
    if text.isprintable():
        return text
    return "".join(
        char
        for place, char in enumerate(text)
        if char in keep or unicodedata.category(char) not in _UNSEEN or (char in _JOINERS and _joins(text, place))
    )


def one_line(text: str) -> str:
    """Return text as a name: printable, every stretch of white space a single space."""
    return " ".join(printable(" ".join(text.split())).split())


def paragraphs(text: str) -> str:
    """Return text as a note: printable, with plain line breaks and tabs, nothing empty around it."""
    return printable("\n".join(text.splitlines()), keep="\n\t").strip()


def as_cell(text: str) -> str:
    """Return text as a spreadsheet takes it: what it would take for a formula is marked as text, by an apostrophe."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def isolated(text: str) -> str:
    """Return text such that its direction does not reach what stands beside it.

    Numbers after a Hebrew or Arabic name would else be drawn on its other side. Text without such letters is returned
    as it is.
    """
    if text.isascii() or _RIGHT_TO_LEFT.isdisjoint(map(unicodedata.bidirectional, text)):
        return text
    return f"\u2068{text}\u2069"


def _joins(text: str, place: int) -> bool:
    around = text[place - 1 : place] + text[place + 1 : place + 2] if place else ""
    return len(around) == 2 and not any(char.isascii() or char.isspace() or char in _JOINERS for char in around)
