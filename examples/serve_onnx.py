"""Put an exported ONNX file behind HTTP, without CNN Dash and without TensorFlow.

    python -m cnn_dash export model latest --format onnx --output digits.onnx
    pip install onnxruntime starlette uvicorn
    MODEL=digits.onnx uvicorn serve_onnx:app --port 8700          # in the folder of this file
    curl -d '{"images": [[[0, 0, …], …]]}' http://127.0.0.1:8700/predict

The images are what the network takes: 0–255, of its size, for the digits bright ink on black, centred. Whoever has
photos or drawings instead is better served by `python -m cnn_dash serve`, which finds the digits on them.
"""

import json
import os

import numpy as np
import onnxruntime
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

session = onnxruntime.InferenceSession(os.environ["MODEL"], providers=["CPUExecutionProvider"])
class_names = json.loads(session.get_modelmeta().custom_metadata_map["class_names"])
shape = tuple(session.get_inputs()[0].shape[1:])


async def predict(request: Request) -> JSONResponse:
    """Answer with class and probabilities of each image; all of them are one batch."""
    try:
        images = np.array((await request.json())["images"], np.uint8).reshape(-1, *shape)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        return JSONResponse({"error": f"Send {{'images': […]}} of {shape}, 0 to 255. Received: {error}."}, 422)
    (found,) = await run_in_threadpool(session.run, ["probabilities"], {"pixels": images})
    labels = [class_names[label] for label in found.argmax(axis=1)]
    told = [{"label": label, "probabilities": row.tolist()} for label, row in zip(labels, found, strict=True)]
    return JSONResponse({"predictions": told})


app = Starlette(routes=[Route("/predict", predict, methods=["POST"])])
