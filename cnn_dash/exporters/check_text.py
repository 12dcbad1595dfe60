"""What a check has found, in a sentence for people."""

from cnn_dash.exporters.check import Check
from cnn_dash.exporters.export_format import ExportFormat


def check_text(check: Check, form: ExportFormat) -> str:
    """Say how far a file agrees with its run."""
    if check.max_difference is None:
        return check.note
    images = f"{check.checked:,} test images"
    changed = "no answer" if not check.changed_answers else f"{check.changed_answers:,} answers"
    if check.changed_answers == 1:
        changed = "1 answer"
    found = f"Checked on {images}: {changed} changed, largest difference of a probability {number(check)}."
    if check.note:
        found += f" {check.note}"
    if form.exact and not check.same:
        return f"{found} That is more than rounding: look at it before you use the file."
    return found


def number(check: Check) -> str:
    """Return the largest difference for people: `0`, `8.3e-07`, `0.024`."""
    value = check.max_difference or 0.0
    return "0" if value == 0 else f"{value:.1e}" if value < 1e-3 else f"{value:.3f}"
