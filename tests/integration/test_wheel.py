"""`pip install .`: a wheel with everything in it, and a console script, from a folder where the repository is not."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


def tree(*patterns: str) -> set[str]:
    found = {path.relative_to(REPOSITORY).as_posix() for pattern in patterns for path in REPOSITORY.glob(pattern)}
    return {name for name in found if "__pycache__" not in name and Path(REPOSITORY / name).is_file()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built of a copy: setuptools leaves a folder in what it builds."""
    source, made = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("app.py", "setup.py", "pyproject.toml", "README.md", "LICENSE", "requirements.txt"):
        shutil.copy(REPOSITORY / name, source)
    shutil.copy(REPOSITORY / "requirements-callback.txt", source)
    for name in ("cnn_dash", "pages", ".streamlit"):
        shutil.copytree(REPOSITORY / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    done = subprocess.run(
        [*pip, "wheel", "--no-deps", "--quiet", "-w", str(made), str(source)], capture_output=True, text=True
    )
    if done.returncode and "Could not find a version that satisfies the requirement setuptools" in done.stderr:
        pytest.skip("pip cannot fetch setuptools here")
    assert done.returncode == 0, done.stderr
    (file,) = made.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with it and nothing else; what it needs comes from this environment."""
    target = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--no-deps", "--quiet"]
    subprocess.run([*pip, "--target", str(target), str(wheel)], check=True, capture_output=True)
    return target


@pytest.fixture
def environment(installed: Path, tmp_path: Path) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("CNN_DASH_", "STREAMLIT_"))}
    return kept | {"PYTHONPATH": str(installed), "CNN_DASH_HOME": str(tmp_path / "home"), "COLUMNS": "140"}


def test_everything_is_in_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if ".dist-info/" not in name}
    package = tree("cnn_dash/**/*")
    beside = {f"cnn_dash/dashboard/{name}" for name in tree("app.py", "pages/*.py", ".streamlit/config.toml")}
    assert found == package | beside


def test_the_console_script_is_the_command_line(installed: Path, environment: dict[str, str], tmp_path: Path) -> None:
    script = next((installed / "bin").glob("cnn-dash*"))
    said = subprocess.run(
        [sys.executable, str(script), "--help"], env=environment, cwd=tmp_path, capture_output=True, text=True
    )
    assert said.returncode == 0, said.stderr
    assert "Usage: cnn-dash" in said.stdout
    assert {"train", "ui", "import", "predict"} <= set(said.stdout.split())


def test_the_callback_needs_no_more_than_is_declared(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (one for one in archive.namelist() if one.endswith(".dist-info/METADATA"))
        lines = archive.read(name).decode().splitlines()
    base = {
        line.split()[1].partition("<")[0].partition(">")[0].lower()
        for line in lines
        if line.startswith("Requires-Dist:") and "extra ==" not in line
    }
    assert base == {"sqlalchemy", "alembic", "pydantic", "psutil", "platformdirs"}


@pytest.fixture
def server(installed: Path, environment: dict[str, str], tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "cnn_dash", "ui", "--server.port", str(port)]
    log = (tmp_path / "log").open("w+")
    process = subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(30)
        log.seek(0)
        assert "Traceback" not in log.read()
        with socket.socket() as asked:
            assert asked.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.skipif(os.name == "nt", reason="the command becomes the server")
def test_the_dashboard_starts_from_it(server: str, installed: Path) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"{server}/api/server", timeout=5) as answer:
                assert b'"version"' in answer.read()
                return
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.2)


def test_the_pages_are_found_and_drawn(installed: Path, environment: dict[str, str], tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; import cnn_dash\n"
        "from streamlit.testing.v1 import AppTest\n"
        "main = Path(cnn_dash.__file__).parent / 'ui' / 'main.py'\n"
        "app = AppTest.from_file(str(main), default_timeout=60).run()\n"
        "for name in ('home', 'train', 'runs', 'evaluate', 'predict'):\n"
        "    app.switch_page(f'../dashboard/pages/{name}.py').run()\n"
        "    assert not app.exception, app.exception\n"
        "    print(app.title[0].value)\n"
        "print(cnn_dash.__file__)\n"
    )
    said = subprocess.run([sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    *titles, place = said.stdout.splitlines()
    assert titles == ["Train a network, watch it learn", "Train", "Runs", "Evaluate", "Predict"]
    assert Path(place).is_relative_to(installed)
