"""What the Evaluate page sends to the browser."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest


def grid_images(app: AppTest) -> list[dict[str, Any]]:
    """The images in the grids on the page."""
    found = [one.proto.json for one in app.get("bidi_component") if "image_grid" in one.proto.component_name]
    return [image for data in found for image in json.loads(data)["images"]]
