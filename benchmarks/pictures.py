"""How well a trained network reads pictures as people bring them: made ones, family by family, and real ones.

`python benchmarks/pictures.py RUN`, RUN a number or `latest` of the store that the environment names, or
`--model FILE.keras`. Each family shows the same MNIST test digits, seeded. `--real FOLDER` reads real pictures whose
names end in `_LABEL`, `--doubt` measures how well it is said that there is no digit, `--time` how long reading takes.
"""

import argparse
import statistics
import time
from pathlib import Path

import numpy as np
from common import data_dir
from doubts import table
from families import FAMILIES, contact_sheet, generator, make
from picture_scores import Score, score
from reading import Network, network_of_file, network_of_run, read
from real_pictures import read_folder, report

from cnn_dash.datasets import catalogue
from cnn_dash.inference import DRAWING

HEAD = ("family", "right", "plain", "lost", "limit", "", "sure, wrong", "doubted, right", "refused", "cut", "ink alone")


def main() -> None:
    options = arguments()
    network = network_of_file(options.model) if options.model else network_of_run(options.run)
    test = catalogue.load("mnist", data_dir()).test
    images, labels = test.images[..., 0], np.asarray(test.labels)
    print(f"{network.name}, {options.digits} pictures of each kind, seed {options.seed}\n")
    if options.real:
        print(report(read_folder(network, options.real)))
    if options.doubt:
        for name, area, caught in table(network, images, options.digits, options.seed):
            print(line(options.markdown, (name, f"AUROC {area:.4f}", f"{caught:.1%} doubtful")), flush=True)
    if options.time:
        time_reading(network, images)
    if options.real or options.doubt or options.time:
        return
    print(line(options.markdown, HEAD))
    if options.markdown:
        print(line(True, ("---", *["---:"] * 4, "---", *["---:"] * 5)))
    for name in options.families:
        found = score(
            name,
            network,
            images,
            labels,
            options.digits,
            options.seed,
            options.ceiling,
            keep_wrong=24 * bool(options.wrong),
        )
        print(line(options.markdown, cells(found)), flush=True)
        if options.wrong and found.wrong:
            options.wrong.mkdir(parents=True, exist_ok=True)
            contact_sheet(found.wrong).save(options.wrong / f"{name}.png")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", nargs="?", help="number, or `latest`")
    parser.add_argument("--model", type=Path, help="Keras file instead of a run")
    parser.add_argument("--digits", type=int, help="pictures of each family: 500, or with --doubt 100")
    parser.add_argument(
        "--families", type=lambda text: text.split(","), default=list(FAMILIES), help="names, or groups"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ceiling", action="store_true", help="also read the ink alone: what the network can reach")
    parser.add_argument("--wrong", type=Path, metavar="FOLDER", help="draw what was not read right into this folder")
    parser.add_argument("--real", type=Path, metavar="FOLDER", help="read real pictures instead")
    parser.add_argument("--doubt", action="store_true", help="measure doubt on pictures without a digit instead")
    parser.add_argument("--time", action="store_true", help="measure seconds instead")
    parser.add_argument("--markdown", action="store_true", help="print a table for docs/results.md")
    options = parser.parse_args()
    if not options.run and not options.model:
        parser.error("a RUN or --model is needed")
    of_group = [
        [name for name, family in FAMILIES.items() if part in (name, family.group)] for part in options.families
    ]
    if not all(of_group):
        parser.error(f"no such family or group; there are: {', '.join(FAMILIES)}")
    options.digits = options.digits or (100 if options.doubt else 500)
    options.families = [name for names in of_group for name in names]
    return options


def cells(found: Score) -> tuple[str, ...]:
    family = found.family
    limit = f"{family.limit:g}" if family.least_read is None else f"≥ {family.least_read:g} %"
    return (
        found.name,
        f"{found.right:.1%}",
        f"{found.plain:.1%}",
        f"{found.lost:.1f}",
        limit,
        "ok" if found.ok else "over",
        str(found.sure_wrong),
        str(found.doubted),
        str(found.refused),
        "–" if found.cut is None else f"{found.cut:.1%}",
        "–" if found.ceiling is None else f"{found.ceiling:.1%}",
    )


def line(markdown: bool, row: tuple[str, ...]) -> str:
    if markdown:
        return f"| {' | '.join(row)} |"
    return f"{row[0]:24s}" + "".join(f"{cell:>18s}" if len(row) < 5 else f"{cell:>12s}" for cell in row[1:])


def time_reading(network: Network, images: np.ndarray, times: int = 20) -> None:
    """Print how long a photo of 12 megapixels and a drawing take once they are decoded."""
    photo = next(
        picture
        for number in range(100)
        for picture in (make("ruled paper", images[number], generator("time", number), (4000, 4001)).picture,)
        if 11e6 < picture.width * picture.height < 13e6
    )
    drawing = make("clean drawing", images[0], generator("time", 0), (280, 281)).picture.resize((280, 280))
    for name, picture, steps in (("photo", photo, None), ("drawing", drawing, DRAWING)):
        read(network, picture, steps)
        seconds = []
        for _ in range(times):
            start = time.perf_counter()
            read(network, picture, steps)
            seconds.append(time.perf_counter() - start)
        print(
            f"{name} of {picture.width}×{picture.height}: {1000 * statistics.median(seconds):.1f} ms, median of {times}"
        )


if __name__ == "__main__":
    main()
