"""What the server says of itself: OpenAPI for programs, a page for people."""

from html import escape
from typing import Any

from cnn_dash import __version__
from cnn_dash.inference.answers import DOUBTS
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.inference.pictures import MAX_BYTES
from cnn_dash.serving.request_body import FORM, JSON, MOST_ARRAYS, MOST_FILES

_STATUSES = {
    "400": "The request is damaged or empty.",
    "413": "It is too large.",
    "415": "Its Content-Type is none of those allowed.",
    "421": "It was sent to another host name.",
    "422": "No picture could be answered, or these are no images.",
}


def openapi(title: str, known: ModelInput) -> dict[str, Any]:
    """Return the description of the routes, OpenAPI 3.1."""
    height, width, channels = known.image_shape
    pixel: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": 255}
    row = {"type": "array", "minItems": width, "maxItems": width, "items": pixel}
    if channels > 1:
        row["items"] = {"type": "array", "minItems": channels, "maxItems": channels, "items": pixel}
    image = {"type": "array", "minItems": height, "maxItems": height, "items": row}
    binary = {"schema": {"type": "string", "format": "binary"}}
    bodies = {
        FORM: {"schema": {"type": "object", "properties": {"image": {"type": "array", "items": binary["schema"]}}}},
        JSON: {
            "schema": {
                "oneOf": [
                    {
                        "type": "object",
                        "required": ["images"],
                        "properties": {"images": {"type": "array", "maxItems": MOST_ARRAYS, "items": image}},
                    },
                    {"type": "object", "required": ["image"], "properties": {"image": image}},
                ]
            }
        },
        "image/*": binary,
        "application/pdf": binary,
        "application/octet-stream": binary,
    }
    several = {
        "name": "several",
        "in": "query",
        "schema": {"type": "boolean", "default": True},
        "description": "Whether several characters may be read on a picture.",
    }
    predict = {
        "summary": "Predict pictures or arrays",
        "description": f"Pictures are read as CNN Dash reads them: up to {MOST_FILES} files of {MAX_BYTES:,} bytes. "
        "Arrays are model inputs, which go into the network as they are.",
        "parameters": [several],
        "requestBody": {"required": True, "content": bodies},
        "responses": {"200": _ok("What the network says, in the order of the pictures.", "Predictions")}
        | {status: _ok(text, "Error") for status, text in _STATUSES.items()},
    }
    health = {"summary": "Whether it answers", "responses": {"200": _ok("It does.", "Health")}}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": __version__, "description": f"Classes: {', '.join(known.class_names)}."},
        "paths": {"/predict": {"post": predict}, "/health": {"get": health}},
        "components": {"schemas": _schemas()},
    }


def _ok(text: str, schema: str) -> dict[str, Any]:
    return {"description": text, "content": {JSON: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


def _schemas() -> dict[str, Any]:
    share = {"type": "number", "minimum": 0, "maximum": 1}
    text, whole = {"type": "string"}, {"type": "integer"}
    doubt = {"enum": [*DOUBTS, None]}
    place = {"type": ["object", "null"], "properties": dict.fromkeys(("top", "left", "bottom", "right"), whole)}
    box = {"box": place, "label": text, "confidence": share, "doubt": doubt}
    prediction = {
        "file": text,
        "pages": whole,
        "label": text,
        "confidence": share,
        "doubt": doubt,
        "probabilities": {"type": "array", "items": share},
        "boxes": {"type": "array", "items": {"type": "object", "properties": box}},
        "error": text,
    }
    predictions = {
        "run": whole,
        "class_names": {"type": "array", "items": text},
        "predictions": {"type": "array", "items": {"type": "object", "properties": prediction}},
    }
    health = {"status": {"const": "ok"}, "run": whole, "name": text, "version": text}
    return {
        "Predictions": {"type": "object", "required": list(predictions), "properties": predictions},
        "Health": {"type": "object", "required": list(health), "properties": health},
        "Error": {"type": "object", "required": ["error"], "properties": {"error": text}},
    }


def docs(title: str, known: ModelInput, url: str) -> str:
    """Return a page for people, which asks for nothing from elsewhere."""
    height, width, channels = known.image_shape
    size = f"{height} × {width}" + ("" if channels == 1 else f" × {channels}")
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{escape(title)}</title>
<style>body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem }}
pre {{ overflow-x: auto; padding: 0.75rem; border: 1px solid #8885; border-radius: 0.5rem }}</style></head><body>
<h1>{escape(title)}</h1>
<p>Classes: {escape(", ".join(known.class_names))}.</p>
<h2>Pictures</h2>
<p>Photos, scans and drawings are read as CNN Dash reads them. Several files, or one as the body:</p>
<pre>curl -F image=@one.png -F image=@two.jpg {escape(url)}/predict
curl -H 'Content-Type: image/png' --data-binary @one.png '{escape(url)}/predict?several=false'</pre>
<h2>Arrays</h2>
<p>Model inputs, {size} whole numbers from 0 to 255, go into the network as they are, in one batch:</p>
<pre>curl -H 'Content-Type: application/json' -d '{{"images": [[[0, …], …], …]}}' {escape(url)}/predict</pre>
<p>The description for programs is <a href="openapi.json">openapi.json</a>; <a href="health">health</a> says whether the
server answers.</p></body></html>
"""
