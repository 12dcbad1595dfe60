"""Draws the first page of a PDF: a program of its own, which `pdf` starts.

PDF on stdin; on stdout a line with the number of pages, then PPM.

It imports nothing of ours, so that it starts fast and holds nothing that a hostile document could be after.
Exit codes: 0 drawn, 3 no page that can be drawn, 4 locked by a password.
"""

import contextlib
import sys

import pypdfium2
import pypdfium2.raw as pdfium_c

LONGER_SIDE_PX = 2_000
NO_PAGE, LOCKED = 3, 4
_MEMORY = 1 << 30  # bytes of address space
_SECONDS = 10  # of processor time


def main() -> int:
    """Draw the page; return the exit code."""
    _limit()
    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        page = document[0]
        bitmap = page.render(scale=LONGER_SIDE_PX / max(page.get_size()), rev_byteorder=True, prefer_bgrx=False)
        picture = bitmap.to_pil().convert("RGB")
    except pypdfium2.PdfiumError as error:
        return LOCKED if getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD else NO_PAGE
    except (IndexError, ZeroDivisionError, ValueError):
        return NO_PAGE
    sys.stdout.buffer.write(b"%d\n" % len(document))
    picture.save(sys.stdout.buffer, "PPM")
    return 0


def _limit() -> None:
    """Let a document that unpacks to gigabytes, or draws for hours, end this process."""
    with contextlib.suppress(ImportError):  # Windows: there, only the time that the parent waits is limited
        import resource

        for what, most in ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_CPU, _SECONDS), (resource.RLIMIT_CORE, 0)):
            with contextlib.suppress(ValueError, OSError):  # a system may know no such limit, or have a lower one
                resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    sys.exit(main())
