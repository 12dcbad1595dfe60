"""Limits of a process that opens what a stranger sent."""

import contextlib

MEMORY_BYTES = 4 << 30


def limit_memory() -> None:
    """Let a file that unpacks to gigabytes after all end this process, not the machine."""
    with contextlib.suppress(ImportError):  # Windows
        import resource

        for what, most in ((resource.RLIMIT_DATA, MEMORY_BYTES), (resource.RLIMIT_CORE, 0)):
            with contextlib.suppress(ValueError, OSError):  # a system may know no such limit, or have a lower one
                resource.setrlimit(what, (most, most))
