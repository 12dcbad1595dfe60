"""Keys of the buttons of what is done in the background, by what it does."""


def try_again(doing: str) -> str:
    """Return the key of the button that begins anew what failed: `try_again_reading_images`."""
    return f"try_again_{_words(doing)}"


def cancel(doing: str) -> str:
    """Return the key of the button that ends what is being done: `cancel_reading_images`."""
    return f"cancel_{_words(doing)}"


def _words(doing: str) -> str:
    return doing.lower().replace(" ", "_")
