"""Housekeeping that nobody waits for: the trash of runs and that of own data sets."""

import time

from cnn_dash.datasets.own import library
from cnn_dash.runs import trash
from cnn_dash.runs.store import RunStore

EVERY_S = 60.0


class Cleanup:
    """Deletes for good what has been in the trash for long enough, now and then."""

    def __init__(self, store: RunStore) -> None:
        self._store = store
        self._due = 0.0

    def run_if_due(self) -> None:
        """Clean up, unless that was done a moment ago.

        Raises:
            StoreError: If the store cannot be used; the cleanup is repeated when it is due next.
        """
        now = time.monotonic()
        if now >= self._due:
            self._due = now + EVERY_S
            library.empty_trash(self._store.settings.data_dir, older_than_s=library.TRASH_KEPT_S)
            trash.empty_trash(self._store, older_than_s=trash.KEPT_S)
