"""Who may import whom: the imports of every module, read from its source, against the plan of the rooms."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
FILES = [*(REPOSITORY / "cnn_dash").rglob("*.py"), *(REPOSITORY / "pages").glob("*.py"), REPOSITORY / "app.py"]

# What each room may import beside itself: a room, or a single module of one.
VALUES = {
    f"cnn_dash.{name}"
    for name in (
        "errors",
        "parsing",
        "text",
        "strict_json",
        "metrics",
        "settings",
        "config",
        "hyperparameters",
        "presets",
        "sweep",
    )
}
DATA_AND_MODELS = VALUES | {"cnn_dash.datasets", "cnn_dash.models"}
OPENING = {"cnn_dash.inference.pictures", "cnn_dash.inference.signatures"}
RUNS = DATA_AND_MODELS | {"cnn_dash.runs", "cnn_dash.artifacts", "cnn_dash.jobs"}
# In a program of somebody else's: neither pages nor server, and nothing of how our own runs are trained.
RECORDED = {f"cnn_dash.{name}" for name in ("errors", "metrics", "settings", "text", "runs", "artifacts")}
RESULTS = RUNS | {"cnn_dash.job_process", "cnn_dash.evaluation", "cnn_dash.inference", "cnn_dash.explain"}
# Records as for a run that a program records: what a network that is brought in keeps, what a recipe's hooks are given.
RECORDING = RESULTS | {"cnn_dash.recording"}
WITH_EXPORTERS = RESULTS | {"cnn_dash.exporters"}
# The server draws the schedule of the learning rate, which is plain arithmetic. The rest of training needs Keras.
SHOWN = WITH_EXPORTERS | {"cnn_dash.plots", "cnn_dash.training.schedule", "cnn_dash.model_import"}
UI_BELOW_PAGES = {f"cnn_dash.ui.{name}" for name in ("components", "session", "formatting", "compat")}
ALLOWED = {
    "cnn_dash": {"cnn_dash.recording.manual"},  # when somebody asks for `cnn_dash.run`
    "cnn_dash.errors": set(),
    "cnn_dash.jobs": {"cnn_dash.errors"},
    "cnn_dash.job_process": RUNS,
    "cnn_dash.keras_alone": set(),
    "cnn_dash.metrics": set(),
    "cnn_dash.parsing": set(),
    "cnn_dash.strict_json": set(),
    "cnn_dash.text": set(),
    "cnn_dash.settings": {"cnn_dash.errors", "cnn_dash.parsing"},
    "cnn_dash.config": {"cnn_dash.errors", "cnn_dash.metrics"},
    "cnn_dash.hyperparameters": {"cnn_dash.errors", "cnn_dash.config"},
    "cnn_dash.presets": VALUES,
    "cnn_dash.sweep": VALUES,
    "cnn_dash.datasets": DATA_AND_MODELS,
    # Pictures that a person brings are opened where all uploads are, and nowhere else.
    "cnn_dash.datasets.own": DATA_AND_MODELS | OPENING,
    "cnn_dash.datasets.readers": DATA_AND_MODELS
    | {f"cnn_dash.inference.{name}" for name in ("pictures", "signatures")},
    "cnn_dash.models": DATA_AND_MODELS,
    "cnn_dash.artifacts": {"cnn_dash.errors"},
    "cnn_dash.runs": RUNS,
    "cnn_dash.callbacks": RECORDED | {"cnn_dash.recording"},
    "cnn_dash.recording": RECORDED,
    "cnn_dash.recording.results": RESULTS
    | {"cnn_dash.recording"},  # what a page reads as a result is written as for a run of ours
    "cnn_dash.model_import": RECORDING,
    "cnn_dash.model_import.__main__": RECORDING | {"cnn_dash.model_import", "cnn_dash.keras_alone"},
    "cnn_dash.evaluation": RUNS | {"cnn_dash.job_process"},
    "cnn_dash.evaluation.__main__": RESULTS | {"cnn_dash.keras_alone"},  # a process that runs a network
    "cnn_dash.inference": RUNS,
    "cnn_dash.explain": RUNS | {"cnn_dash.inference"},
    # A script repeats the schedule of the learning rate, which is plain arithmetic.
    "cnn_dash.exporters": RESULTS | {"cnn_dash.training.schedule"},
    "cnn_dash.exporters.__main__": WITH_EXPORTERS | {"cnn_dash.keras_alone"},
    "cnn_dash.serving": RESULTS | {"cnn_dash.api.guard"},
    "cnn_dash.training": RECORDING,  # also writes the report and how images are framed
    "cnn_dash.workers": RUNS,
    "cnn_dash.workers.__main__": RUNS
    | {"cnn_dash.training", "cnn_dash.keras_alone"},  # what runs in the process that trains
    "cnn_dash.plots": {"cnn_dash.metrics"},
    "cnn_dash.api": SHOWN,
    # The rooms of the UI: each page has its own, above what pages share, above the session; no page imports another.
    "cnn_dash.ui": SHOWN,
    "cnn_dash.ui.main": SHOWN | {"cnn_dash.ui.components", "cnn_dash.ui.session"},
    **{
        f"cnn_dash.ui.{page}": SHOWN | UI_BELOW_PAGES
        for page in ("home", "data", "train", "runs", "evaluate", "predict")
    },
    "cnn_dash.ui.components": SHOWN | {f"cnn_dash.ui.{name}" for name in ("session", "formatting", "compat")},
    "cnn_dash.ui.session": SHOWN | {"cnn_dash.ui.compat", "cnn_dash.ui.formatting"},
    "cnn_dash.ui.formatting": SHOWN,
    "cnn_dash.ui.compat": SHOWN,
    "cnn_dash.cli": WITH_EXPORTERS
    | {f"cnn_dash.{name}" for name in ("training", "workers", "model_import", "serving")},
    "cnn_dash.__main__": {"cnn_dash.cli", "cnn_dash.errors", "cnn_dash.keras_alone"},
    "pages": SHOWN | {"cnn_dash.ui"},
    "app": SHOWN | {"cnn_dash.ui", "cnn_dash.api", "cnn_dash.workers"},
}

# Where a heavy library may be imported at all.
STREAMLIT = {"cnn_dash.ui", "pages", "app"}
KERAS = {"cnn_dash.models.build", "cnn_dash.models.forward", "cnn_dash.training", "cnn_dash.inference.network_file"}
KERAS |= {
    "cnn_dash.callbacks",
    "cnn_dash.recording.hooks",
    "cnn_dash.recording.model_facts",
    "cnn_dash.recording.results",
    "cnn_dash.exporters",
}
KERAS |= {"cnn_dash.model_import.__main__"}  # a process of its own
ONLY_IN = {
    "streamlit": STREAMLIT,
    "streamlit_drawable_canvas": STREAMLIT,
    "keras": KERAS,
    "tensorflow": KERAS,
    "onnx": {"cnn_dash.exporters"},
    "tf2onnx": {"cnn_dash.exporters"},
    "onnxruntime": {"cnn_dash.exporters"},
    "ai_edge_litert": {"cnn_dash.exporters"},
}
PLOTS_MAY_USE = {"numpy", "pandas", "plotly"}


def module_name(file: Path) -> str:
    parts = file.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(file): file for file in FILES}


def imports(source: str, importer: str) -> Iterator[str]:
    """The full names of the modules that a source imports, wherever in it that stands."""
    package = importer if MODULES.get(importer, Path()).name == "__init__.py" else importer.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{origin}.{alias.name}"
                yield inner if inner in MODULES else origin


def within(module: str, rooms: set[str]) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def breaches(source: str, importer: str) -> list[str]:
    """What a module imports and may not."""
    room = max((room for room in ALLOWED if within(importer, {room})), key=len)
    allowed = ALLOWED[room] | ({room} if room != "cnn_dash" else set())
    found = []
    for imported in imports(source, importer):
        library = imported.partition(".")[0]
        if imported == "cnn_dash":  # the version number
            continue
        if library in {"cnn_dash", "pages", "app"}:
            entry = imported.endswith(".__main__")  # is run, not imported
            wrong = entry or not within(imported, allowed)
        elif room == "cnn_dash.plots":
            wrong = library not in sys.stdlib_module_names | PLOTS_MAY_USE
        else:
            wrong = not within(importer, ONLY_IN.get(library, {importer}))
        if wrong:
            found.append(f"{importer} imports {imported}")
    return found


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_imports_only_from_its_own_room_and_those_below(module):
    assert breaches(MODULES[module].read_text(encoding="utf-8"), module) == []


def test_every_room_has_its_rule():
    rooms = {".".join(module.split(".")[:2]) if module.startswith("cnn_dash.") else module for module in MODULES}
    rooms |= {".".join(module.split(".")[:3]) for module in MODULES if module.startswith("cnn_dash.ui.")}
    missing = {room for room in rooms if room not in ALLOWED and not room.startswith("pages.")}
    assert missing == set()


@pytest.mark.parametrize(
    ("importer", "source"),
    [
        ("cnn_dash.errors", "from cnn_dash.config import RunConfig"),
        ("cnn_dash.datasets.idx", "from cnn_dash.runs.store import RunStore"),
        ("cnn_dash.runs.store", "import cnn_dash.training.run"),
        ("cnn_dash.runs.store", "from cnn_dash import ui"),
        ("cnn_dash.runs.store", "from ..training import run"),
        ("cnn_dash.artifacts.local", "from cnn_dash.runs.store import RunStore"),
        ("cnn_dash.workers.supervisor", "from cnn_dash.training.run import train_run"),
        ("cnn_dash.workers.local_processes", "def late():\n    from cnn_dash.workers import __main__"),
        ("cnn_dash.evaluation.report", "from cnn_dash.training.fit import fit"),
        ("cnn_dash.callbacks", "from cnn_dash.config import RunConfig"),
        ("cnn_dash.callbacks", "import streamlit"),
        ("cnn_dash.recording.writer", "from cnn_dash.api.routes import Api"),
        ("cnn_dash.recording.writer", "import keras"),
        ("cnn_dash.plots.curves", "from cnn_dash.config import RunConfig"),
        ("cnn_dash.plots.curves", "import scipy.stats"),
        ("cnn_dash.api.routes", "import streamlit as st"),
        ("cnn_dash.api.routes", "from cnn_dash.ui import keys"),
        ("cnn_dash.ui.train.form", "from cnn_dash.training.run import train_run"),
        ("cnn_dash.ui.train.form", "def late():\n    import tensorflow as tf"),
        ("cnn_dash.ui.train.form", "from cnn_dash.ui.runs.columns import frame"),
        ("cnn_dash.ui.components.sidebar", "from cnn_dash.ui.home import recent_runs"),
        ("cnn_dash.ui.session.settings_url", "from cnn_dash.ui.components.messages import plain"),
        ("cnn_dash.ui.formatting", "from cnn_dash.ui.session import widget_keys"),
        ("cnn_dash.models.layer_table", "from keras import layers"),
        ("cnn_dash.training.fit", "import streamlit"),
        ("cnn_dash.ui.main", "import app"),
        ("cnn_dash.model_import.process", "import keras"),
        ("cnn_dash.model_import.process", "from cnn_dash.model_import import __main__"),
        ("pages.train", "import keras.ops"),
        ("app", "from cnn_dash.training.run import train_run"),
    ],
)
def test_a_breach_is_found(importer, source):
    assert len(breaches(source, importer)) == 1


@pytest.mark.parametrize(
    ("importer", "source"),
    [
        ("cnn_dash.ui.train.preview", "from cnn_dash.training.schedule import rates"),
        ("cnn_dash.ui.train.preview", "from cnn_dash.training import schedule"),
        ("cnn_dash.ui.train.form", "from cnn_dash.ui.components.messages import plain"),
        ("cnn_dash.ui.components.sidebar", "from cnn_dash.ui.session import widget_keys"),
        ("cnn_dash.ui.session.settings_url", "from cnn_dash.ui.formatting import format_value"),
        ("cnn_dash.training.run", "from cnn_dash.evaluation.report import write_report"),
        ("cnn_dash.plots.curves", "from cnn_dash.plots.palette import ACCENT\nimport plotly.graph_objects, math"),
        ("cnn_dash.api.routes", "from cnn_dash import __version__"),
        ("cnn_dash.training.fit", "import keras, tensorflow as tf"),
        ("cnn_dash.workers.__main__", "from cnn_dash.training.run import train_run"),
    ],
)
def test_what_is_allowed_passes(importer, source):
    assert breaches(source, importer) == []


def test_the_server_side_does_not_bring_keras_in():
    # These need a running server: the first is a script, the canvas of the others registers itself with the server.
    # The last is a script too, which Alembic runs.
    left_out = {
        "cnn_dash.ui.main",
        "cnn_dash.ui.predict.canvas",
        "cnn_dash.ui.predict.panel",
        "cnn_dash.runs.migrations.env",
        "cnn_dash.workers.__main__",  # the process that trains
        "cnn_dash.model_import.__main__",  # the process that loads a foreign network
    }
    rooms = {
        "cnn_dash.model_import",
        "cnn_dash.api",
        "cnn_dash.artifacts",
        "cnn_dash.plots",
        "cnn_dash.runs",
        "cnn_dash.ui",
        "cnn_dash.workers",
    }
    modules = sorted(module for module in MODULES if within(module, rooms) and module not in left_out)
    code = f"import sys, {', '.join(modules)}; print(sorted({{'keras', 'tensorflow'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_callback_brings_in_no_server_and_no_database_before_a_fit():
    heavy = "{'streamlit', 'plotly', 'sqlalchemy', 'alembic', 'pydantic', 'pandas', 'cv2', 'starlette', 'uvicorn'}"
    code = (
        f"import sys, keras; before = set(sys.modules); import cnn_dash.callbacks; "
        f"print(sorted({heavy} & (set(sys.modules) - before)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_to_import_the_package_brings_in_nothing():
    code = "import sys, cnn_dash; print([name for name in sys.modules if name.startswith('cnn_dash.')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("page", sorted((REPOSITORY / "pages").glob("*.py")), ids=lambda page: page.name)
def test_a_page_is_thin(page):
    assert len(page.read_text(encoding="utf-8").splitlines()) < 120


MOST_LINES = 300


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_holds_one_idea(module):
    assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_no_two_modules_of_the_ui_are_told_apart_by_one_letter():
    names = sorted({module.rpartition(".")[2] for module in MODULES if module.startswith("cnn_dash.ui.")})
    alike = [(one, f"{one}s") for one in names if f"{one}s" in names]
    alike += [(one, other) for one in names for other in names if one != other and one.replace("_", "s_") == other]
    assert alike == []


def graph() -> dict[str, set[str]]:
    """Every module with those of ours that it imports at any place; a package stands for its `__init__`."""
    return {
        module: {one for one in imports(file.read_text(encoding="utf-8"), module) if one in MODULES and one != module}
        for module, file in MODULES.items()
    }


def cycle(arrows: dict[str, set[str]]) -> list[str]:
    """The modules that are left when those that import nothing (any more) are taken away again and again."""
    left = {module: set(imported) for module, imported in arrows.items()}
    while ends := [module for module, imported in left.items() if not imported & left.keys()]:
        for module in ends:
            del left[module]
    return sorted(left)


def test_no_modules_import_each_other_in_a_circle():
    assert cycle(graph()) == []


def test_a_circle_is_found():
    assert cycle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}, "e": set()}) == ["a", "b", "c", "d"]
