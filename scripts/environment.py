"""Make a virtual environment and install requirement files into it, unless it has them already.

    python3 scripts/environment.py .venv requirements.txt [requirements-dev.txt ...]

The environment gets the Python that runs this script; one of another version is made anew. A stamp in it says which
requirement files it has, by their content, so a second call takes a moment and asks no network. Needs nothing but
Python's own library.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

SUPPORTED = ((3, 11), (3, 13))


def python_of(environment: Path) -> Path:
    """Return the interpreter in a virtual environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_usable(environment: Path) -> bool:
    """Whether the environment has this Python's version, and pip. False after an interrupted creation, too."""
    question = "import pip, sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run([python_of(environment), "-c", question], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return answer.stdout.split() == [str(number) for number in sys.version_info[:2]]


def create(environment: Path) -> None:
    """Make the environment, in place of what may be there."""
    say(f"Making {environment} with Python {'.'.join(map(str, sys.version_info[:3]))}")
    if environment.exists() and any(environment.iterdir()) and not (environment / "pyvenv.cfg").is_file():
        sys.exit(f"{environment} is not a virtual environment, so it stays as it is. Next: move it away.")
    try:
        venv.create(environment, with_pip=True, clear=True)
    except subprocess.CalledProcessError as error:
        sys.exit(
            f"No virtual environment could be made. Received: {error}. Debian and Ubuntu keep that part of Python in "
            f"a package of its own. Next: apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        )


def install(environment: Path, files: list[Path]) -> None:
    """Install those requirement files that the environment does not have in this state."""
    stamps = {file: environment / f"{file.name}.sha256" for file in files}
    digests = {file: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    if all(stamps[file].is_file() and stamps[file].read_text() == digests[file] for file in files):
        return
    say(f"Installing {' and '.join(map(str, files))} into {environment}")
    wanted = [argument for file in files for argument in ("-r", str(file))]
    pip = [str(python_of(environment)), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    if sys.stdout.isatty():
        pip.remove("--quiet")  # it is some 600 MB: a person wants to see them come
    if subprocess.run([*pip, *wanted]).returncode:
        sys.exit("The packages could not be installed; pip says why above. Next: see that this machine is online.")
    for file in files:
        stamps[file].write_text(digests[file])


def say(message: str) -> None:
    """Tell the person who waits."""
    sys.stderr.write(f"{message}\n")


def main() -> None:
    """See the text at the top."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("environment", type=Path, help="folder of the virtual environment")
    parser.add_argument("requirements", type=Path, nargs="+", help="requirement files")
    arguments = parser.parse_args()
    if not SUPPORTED[0] <= sys.version_info[:2] <= SUPPORTED[1]:
        sys.exit(
            f"CNN Dash does not run on this Python. Received: {sys.version.split()[0]}. Allowed: 3.11 to 3.13. "
            "Next: name another one, as in: make run PYTHON=python3.12"
        )
    if not is_usable(arguments.environment):
        create(arguments.environment)
    install(arguments.environment, arguments.requirements)


if __name__ == "__main__":
    main()
