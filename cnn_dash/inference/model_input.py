"""The description of a network's input; kept beside the network, so that a prediction needs no data set."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from cnn_dash.errors import StoreError
from cnn_dash.inference.framing import Framing


@dataclass(frozen=True)
class ModelInput:
    """The input that a network takes, and the classes that it predicts.

    Attributes:
        class_names: One name for each class; the index is the label.
        image_shape: Height and width in pixels, and channels, of the model's input.
        framing: How the images that it learned from frame their ink; None if a picture goes in as a whole.
    """

    class_names: tuple[str, ...]
    image_shape: tuple[int, int, int]
    framing: Framing | None

    def write(self, file: Path) -> None:
        """Write it as JSON."""
        file.write_bytes(_JSON.dump_json(self, indent=2))

    @classmethod
    def read(cls, file: Path) -> "ModelInput":
        """Read what `write` wrote.

        Raises:
            StoreError: If the file is missing or damaged.
        """
        try:
            return _JSON.validate_json(file.read_bytes())
        except (OSError, ValidationError) as error:
            raise StoreError(
                f"This run cannot be used for predictions. Received: {file.name} ({error}). "
                "Train it again with the same settings."
            ) from error


_JSON = TypeAdapter(ModelInput)
