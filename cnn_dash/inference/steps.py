"""The steps from a picture to the model's input, each of which can be left out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Steps:
    """The steps of preparation that are taken; a person switches one off to see what it does.

    Attributes:
        upright: Turn the picture as its EXIF says that the camera was held.
        even_ground: Let the ground vary over the picture, as light and paper do.
        remove_lines: Take out ruled lines, boxes, circles and underlines.
        choose: Frame the ink of one character; if not, all ink of the picture.
        frame: Bring it to the size and place of the training images; if not, the whole picture is scaled.
    """

    upright: bool = True
    even_ground: bool = True
    remove_lines: bool = True
    choose: bool = True
    frame: bool = True


DRAWING = Steps(even_ground=False, remove_lines=False)
"""The steps for a drawing on a canvas: it has neither light nor paper, and each of its straight strokes is meant."""
