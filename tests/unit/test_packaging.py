"""What a fresh machine gets: the requirements, the server's settings, and the scripts behind `make`."""

import ast
import importlib.metadata
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts import find_postgresql

REPOSITORY = Path(__file__).parents[2]


def requirements(file: str) -> list[Requirement]:
    lines = (REPOSITORY / file).read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


RUNTIME, DEVELOPMENT = requirements("requirements.txt"), requirements("requirements-dev.txt")


@pytest.mark.parametrize("requirement", RUNTIME, ids=str)
def test_a_requirement_has_a_lower_and_an_upper_bound(requirement):
    assert {specifier.operator for specifier in requirement.specifier} == {">=", "<"}


@pytest.mark.parametrize("requirement", DEVELOPMENT, ids=str)
def test_a_tool_is_pinned_or_has_both_bounds(requirement):
    assert {specifier.operator for specifier in requirement.specifier} in ({">=", "<"}, {"=="})


@pytest.mark.parametrize("requirement", RUNTIME + DEVELOPMENT, ids=str)
def test_the_installed_version_lies_within(requirement):
    assert importlib.metadata.version(requirement.name) in requirement.specifier


PROGRAM = ("app.py", "cnn_dash/**/*.py", "pages/*.py")
TOOLS = ("tests/**/*.py", "benchmarks/**/*.py", "scripts/*.py", "examples/*.py")


@pytest.mark.parametrize(
    ("patterns", "listed"), [(PROGRAM, RUNTIME), (TOOLS, RUNTIME + DEVELOPMENT)], ids=["program", "tests and tools"]
)
def test_every_imported_package_is_required(patterns, listed):
    files = [file for pattern in patterns for file in REPOSITORY.glob(pattern)]
    own = {
        "app",
        "cnn_dash",
        "examples",
        "scripts",
        "tests",
        *(path.stem for path in (REPOSITORY / "benchmarks").iterdir()),
    }
    imported = set()
    for node in (node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            imported.add(str(node.module).partition(".")[0])
    distributions = importlib.metadata.packages_distributions()
    required = {canonicalize_name(requirement.name) for requirement in listed}
    third_party = imported - sys.stdlib_module_names - own
    unlisted = {
        name for name in third_party if required.isdisjoint(map(canonicalize_name, distributions.get(name, [])))
    }
    assert len(third_party) > 10
    assert unlisted == set()


def test_contributing_gives_the_reason_for_every_requirement():
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    explained = {name.strip(" `") for names, reason in rows for name in names.split(",") if len(reason) > 10}
    assert {requirement.name for requirement in RUNTIME} <= explained


def test_the_server_keeps_to_this_machine_and_to_itself():
    config = tomllib.loads((REPOSITORY / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["address"] == "localhost"
    assert config["server"]["showEmailPrompt"] is False
    assert config["browser"]["gatherUsageStats"] is False


def script(name: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, REPOSITORY / "scripts" / name, *arguments]
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, env={**os.environ, **environment})


def test_requirements_are_installed_once_and_again_when_they_change(tmp_path):
    environment, wanted = tmp_path / "env", tmp_path / "requirements.txt"
    wanted.write_text("# nothing\n")
    first = script("environment.py", environment, wanted)
    assert first.returncode == 0, first.stderr
    assert "Making" in first.stderr
    assert "Installing" in first.stderr

    second = script("environment.py", environment, wanted)
    assert (second.returncode, second.stderr) == (0, "")

    wanted.write_text("./no-such-package\n")
    for _ in range(2):  # what failed is not taken for done the next time
        failed = script("environment.py", environment, wanted)
        assert failed.returncode != 0
        assert "could not be installed" in failed.stderr
    assert "Making" not in failed.stderr


def test_a_folder_that_is_no_environment_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("precious")
    refused = script("environment.py", tmp_path, REPOSITORY / "requirements.txt")
    assert refused.returncode != 0
    assert "not a virtual environment" in refused.stderr
    assert (tmp_path / "thesis.txt").read_text() == "precious"


def test_a_browser_that_does_not_start_is_refused():
    refused = script("find_browser.py", CNN_DASH_TEST_BROWSER=sys.executable)
    assert refused.returncode != 0
    assert refused.stdout == ""
    assert "does not start" in refused.stderr


def test_a_postgresql_that_does_not_start_is_refused(tmp_path):
    refused = script("find_postgresql.py", CNN_DASH_TEST_POSTGRESQL=str(tmp_path))
    assert refused.returncode != 0
    assert refused.stdout == ""
    assert "does not start" in refused.stderr


def test_without_postgresql_the_tests_go_on(monkeypatch, capsys):
    monkeypatch.delenv(find_postgresql.VARIABLE, raising=False)
    monkeypatch.setattr(find_postgresql, "candidates", lambda: iter(()))
    monkeypatch.setattr(find_postgresql, "install", lambda: None)
    find_postgresql.main()
    said = capsys.readouterr()
    assert said.out == ""
    assert "The tests that need it are skipped." in said.err
