"""What the machine is said to do, against what it does."""

import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from cnn_dash.recording.usage import ResourceMonitor


def test_a_busy_processor_and_taken_memory_are_seen() -> None:
    machine = ResourceMonitor()
    idle = machine.measure()
    end = threading.Event()
    thread = threading.Thread(target=lambda: [sum(range(1000)) for _ in iter(end.is_set, True)])
    thread.start()
    taken = bytearray(os.urandom(1)) * 200_000_000
    end.wait(0.5)
    busy = machine.measure()
    end.set()
    thread.join()
    assert 0 < (busy.cpu or 0) <= 1
    assert (busy.memory_bytes or 0) - (idle.memory_bytes or 0) > 150_000_000
    del taken


@pytest.fixture
def nvidia_smi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of this name that stands where the driver would put it; it says what is in `says`."""
    if sys.platform == "win32":
        pytest.skip("the stand-in is a shell script")
    program = tmp_path / "nvidia-smi"
    program.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\ncat {tmp_path}/says\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return tmp_path / "says"


def test_of_several_graphics_cards_the_busiest_is_named(nvidia_smi: Path) -> None:
    nvidia_smi.write_text("7\n83\n")
    assert ResourceMonitor().measure().gpu == pytest.approx(0.83)


def test_a_driver_without_a_card_is_asked_once(nvidia_smi: Path) -> None:
    nvidia_smi.write_text("No devices were found\n")
    machine = ResourceMonitor()
    assert machine.measure().gpu is None
    assert machine.measure().gpu is None
    assert len((nvidia_smi.parent / "asked").read_text().splitlines()) == 1


def test_without_a_driver_there_is_no_metric(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ResourceMonitor().measure().gpu is None
