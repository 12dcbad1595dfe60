"""Print the folder with the programs of a PostgreSQL server (`initdb`, `postgres`); install them if there are none.

In this order: the folder that `CNN_DASH_TEST_POSTGRESQL` names; the path; where Debian keeps them; Debian's package
`postgresql`, where this may install it (as root, or by sudo without a password). The tests start a server of their own
from what this prints. Without one they still run, with SQLite alone, so then nothing is printed and nothing fails.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "CNN_DASH_TEST_POSTGRESQL"
PROGRAMS = ("initdb", "postgres")
DEBIAN = Path("/usr/lib/postgresql")
INSTALL_TIMEOUT_S = 900

# Debian's package makes a server that starts with the machine; nobody asked for that one. The tests need the programs.
NO_SERVER = Path("/etc/postgresql-common/createcluster.d/cnn-dash-tests.conf")


def has_programs(folder: Path) -> bool:
    """Whether the programs of a server are in a folder and start."""
    try:
        return all(subprocess.run([folder / p, "--version"], capture_output=True).returncode == 0 for p in PROGRAMS)
    except OSError:
        return False


def candidates() -> Iterator[Path]:
    """Folders where the programs may be: on the path, then Debian's, the newest version first."""
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent
    versions = [folder for folder in DEBIAN.glob("*/bin") if folder.parent.name.isdigit()]
    yield from sorted(versions, key=lambda folder: int(folder.parent.name), reverse=True)


def installed() -> Path | None:
    """Return the folder of an installed PostgreSQL, or None.

    Raises:
        SystemExit: If one was named and is none.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if has_programs(Path(named)):
            return Path(named)
        sys.exit(
            f"The PostgreSQL for the tests does not start. Received: {VARIABLE}={named!r}. "
            "Allowed: a folder with initdb and postgres."
        )
    return next(filter(has_programs, candidates()), None)


def install() -> None:
    """Install Debian's package, without the server that it would make and start."""
    if not shutil.which("apt-get"):
        return
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    packages = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "--no-install-recommends"]
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as setting:
        setting.write("create_main_cluster = false\n")
        setting.flush()
        if run(*root, "apt-get", "update") and run(*root, "install", "-D", "-m", "644", setting.name, str(NO_SERVER)):
            run(*root, *packages, "postgresql")
            run(*root, "rm", str(NO_SERVER))


def run(*command: str) -> bool:
    """Run a command with its output on stderr, as stdout is for the answer; whether it succeeded."""
    sys.stderr.write(f"No PostgreSQL for the tests yet: {' '.join(command)}\n")
    try:
        return subprocess.run(command, stdout=sys.stderr, timeout=INSTALL_TIMEOUT_S).returncode == 0
    except (OSError, subprocess.TimeoutExpired) as error:
        sys.stderr.write(f"{error}\n")
        return False


def main() -> None:
    """See the text at the top."""
    folder = installed()
    if folder is None:
        install()
        folder = installed()
    if folder is not None:
        sys.stdout.write(f"{folder}\n")
        return
    sys.stderr.write(
        "There is no PostgreSQL here and none could be installed; why is said above. The tests that need it are "
        f"skipped. Next: install it, or name the folder of its programs: {VARIABLE}=/path/to/bin make test\n"
    )


if __name__ == "__main__":
    main()
