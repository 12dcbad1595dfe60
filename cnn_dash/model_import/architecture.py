"""What a network says of itself in its `config.json`, read without Keras: which classes it is made of, and its input.

Keras' safe mode refuses Python code in a file. Beyond that, only layers of Keras that compute are taken here: some
others read files, or hand over to another library.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cnn_dash.model_import.archive import refused

# Those of Keras, but not what runs code, loads other formats, or reads files.
_REFUSED = {
    "Lambda": "a Lambda layer, which is Python code",
    "__lambda__": "a Python function",
    "TFSMLayer": "a TFSMLayer, which loads a SavedModel",
    "TorchModuleWrapper": "a module of PyTorch",
    "JaxLayer": "a function of JAX",
    "FlaxLayer": "a module of Flax",
    "StringLookup": "a layer for text, which reads files",
    "IntegerLookup": "a layer for tables, which reads files",
    "TextVectorization": "a layer for text, which reads files",
}
# Values of Keras' own format: a tensor of the graph, an array, a part of a tensor.
_VALUES = ("__keras_tensor__", "__tensor__", "__numpy__", "__bytes__", "__ellipsis__", "__slice__")
_MODELS = ("Sequential", "Functional", "Model")
# Parts of Keras from which an object in a file may come; utilities such as `get_file` are not among them.
_MODULES = (
    "activations", "constraints", "dtype_policies", "initializers", "layers", "losses", "metrics", "models",
    "optimizers", "ops", "quantizers", "regularizers", "src.models", "src.layers", "src.ops", "src.dtype_policies",
    "src.engine", "src.initializers", "src.applications.convnext",
)  # fmt: skip
_SCALING = ("Rescaling", "Normalization")


@dataclass(frozen=True)
class Architecture:
    """What can be said of a network before it is loaded.

    Attributes:
        image_shape: Height, width and channels of its input, None where any will do; None if it does not say.
        scales_itself: Whether a layer brings pixels 0–255 to its own scale.
        layers: Number of layers, those of inner networks counted one by one.
    """

    image_shape: tuple[int | None, ...] | None
    scales_itself: bool
    layers: int


def check_architecture(config: Mapping[str, Any], name: str) -> Architecture:
    """Check that a network is made of Keras' own layers, and return what it says of itself.

    Args:
        config: What is in `config.json`.
        name: What the file is called, for the messages.

    Raises:
        ModelFileError: If there is anything else in it.
    """
    # How it was compiled is not loaded: a loss of somebody's own does not matter.
    objects = list(_objects({key: value for key, value in config.items() if key != "compile_config"}))
    for one in objects:
        _check(one, name)
    kinds = [str(one["class_name"]) for one in objects]
    if not kinds or kinds[0] not in _MODELS:
        what = f"a {kinds[0][:80]}" if kinds else "a config.json without a network"
        raise refused(name, what, f"a model of class {', '.join(_MODELS)}")
    layers = [one for one in objects if str(one.get("module")).endswith("layers") and one["class_name"] != "InputLayer"]
    return Architecture(_image_shape(config, objects), any(kind in _SCALING for kind in kinds), len(layers))


def _check(one: Mapping[str, Any], name: str) -> None:
    kind, module, registered = str(one["class_name"]), one.get("module"), one.get("registered_name")
    if kind in _REFUSED:
        raise refused(name, _REFUSED[kind], "a network of Keras' own layers")
    if kind in _VALUES:
        return
    inside = isinstance(module, str) and (
        module == "keras" or any(module == f"keras.{part}" or module.startswith(f"keras.{part}.") for part in _MODULES)
    )
    if not inside or (isinstance(registered, str) and ">" in registered):
        what = f"{kind[:80]!r} of {str(module)[:80]!r}"
        raise refused(name, f"a class or function of somebody's own, {what}", "a network of Keras' own layers")


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield all serialized objects in a configuration, the outermost first."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            if "class_name" in one:
                yield one
            waiting += reversed(list(one.values()))
        elif isinstance(one, list):
            waiting += reversed(one)


def _image_shape(config: Mapping[str, Any], objects: list[Mapping[str, Any]]) -> tuple[int | None, ...] | None:
    told = [one.get("config") for one in objects if one["class_name"] == "InputLayer"] + [config.get("build_config")]
    for one in told:
        for key in ("batch_shape", "batch_input_shape", "input_shape"):
            shape = one.get(key) if isinstance(one, Mapping) else None
            if isinstance(shape, list) and all(size is None or isinstance(size, int) for size in shape):
                return tuple(shape[1:])
    return None
