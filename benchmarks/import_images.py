"""Images per second and peak memory of the import of a ZIP archive of many small pictures.

`python benchmarks/import_images.py [--images 100000] [--size 28] [--classes 10] [--processes N]`. The archive holds
grey PNGs of 32×32 pixels in class folders. The import is a process of its own, as from the command line; its memory is
the proportional set size (PSS) of it and its children together, so that pages they share count once, sampled ten times
a second; without Linux it is the sum of their resident sets.
"""

import argparse
import io
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

_SAMPLED_S = 0.1
_DIFFERENT = 500  # pictures; their content repeats after so many
_PROGRAM = """
import sys
from pathlib import Path
from cnn_dash.datasets.own.importing import import_from
from cnn_dash.datasets.own.manifest import ImportOptions
from cnn_dash.datasets.readers.opening import open_reader
if __name__ == "__main__":
    archive, folder, size, processes = sys.argv[1:]
    options = ImportOptions(size=int(size))
    made = import_from(open_reader(Path(archive)), "many", Path(folder), options, processes=int(processes) or None)
    print(sum(made.total.values()))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--size", type=int, default=28)
    parser.add_argument("--classes", type=int, default=10)
    parser.add_argument("--processes", type=int, default=0, help="that decode; 0 for as many as there are CPUs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        archive = folder / "many.zip"
        write(archive, options.images, options.classes)
        (folder / "program.py").write_text(_PROGRAM)
        command = [sys.executable, str(folder / "program.py"), str(archive), str(folder / "data"), str(options.size)]
        began = time.perf_counter()
        here = str(Path(__file__).parents[1])
        process = subprocess.Popen([*command, str(options.processes)], env={"PYTHONPATH": here, "PATH": ""})
        peak = 0
        while process.poll() is None:
            peak = max(peak, memory(process.pid))
            time.sleep(_SAMPLED_S)
        seconds = time.perf_counter() - began
        print(f"{archive.stat().st_size / 1e6:,.0f} MB in the archive")
        print(f"{options.images / seconds:,.0f} images/s, {seconds:.1f} s in all, peak memory {peak / 1e6:,.0f} MB")


def write(archive: Path, images: int, classes: int) -> None:
    """Write the archive."""
    random = np.random.default_rng(0)
    pictures = []
    for _ in range(_DIFFERENT):
        file = io.BytesIO()
        Image.fromarray(random.integers(0, 80, (32, 32), dtype=np.uint8)).save(file, "PNG")
        pictures.append(file.getvalue())
    with zipfile.ZipFile(archive, "w") as made:
        for number in range(images):
            made.writestr(f"class{number % classes}/{number}.png", pictures[number % _DIFFERENT])


def memory(pid: int) -> int:
    """Return the bytes of memory of a process and its children."""
    total = 0
    try:
        first = psutil.Process(pid)
        for one in [first, *first.children(recursive=True)]:
            try:
                info = one.memory_full_info()
                total += getattr(info, "pss", info.rss)
            except psutil.Error:
                continue
    except psutil.Error:
        pass
    return total


if __name__ == "__main__":
    main()
