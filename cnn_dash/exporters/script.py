"""The recipe of a run as a Python script of plain Keras."""

from pathlib import Path

from cnn_dash.exporters.export_format import ExportFormat
from cnn_dash.exporters.plain_keras.program import NOT_ASKED, imports, sections
from cnn_dash.exporters.plain_keras.section import WIDTH, comment
from cnn_dash.exporters.source import ExportSource


def script(source: ExportSource) -> str:
    """Return the script; raise as `sections` does."""
    about, *parts = sections(source)
    head = f'"""{about.title}."""\n\n{comment(*about.text)}\n\n{imports(parts)}'
    titled = [f"{_title(one.title)}\n{_with_text(one.text, one.code)}" for one in parts]
    return f"{head}\n\n" + "\n\n\n".join(titled) + "\n"


def _title(title: str) -> str:
    return f"# ---- {title} ".ljust(WIDTH - 40, "-")


def _with_text(text: tuple[str, ...], code: str) -> str:
    if not text:
        return code
    gap = "\n\n\n" if code.startswith(("class ", "def ")) else "\n\n"  # as Python's style guide asks for
    return f"{comment(*text)}{gap}{code}"


def _write(source: ExportSource, file: Path) -> None:
    file.write_text(script(source), "utf-8")


SCRIPT = ExportFormat(
    name="script",
    label="Python script",
    suffix=".py",
    about="A plain Keras script that trains the same network on the same data with the same recipe, without CNN Dash. "
    "It downloads the data.",
    media_type="text/x-python; charset=utf-8",
    write=_write,
    not_asked=NOT_ASKED,
    needs_recipe=True,
)
