"""Tells the browsers what is under way, and when a page has to be drawn again for it.

A browser asks with the version that it has seen. While something trains or waits, it is answered at once and told when
to ask again. While nothing does, the answer waits for news, so that nobody has to ask again and again: a run that is
started elsewhere shows up all the same.
"""

import asyncio
import time
from typing import Any

from anyio import to_thread

from cnn_dash.runs.activity import FRESH_S, Activity, progress_share, progress_text, queue_text

HOLD_S = 60.0
# An answer costs the server a millisecond or two: where many browsers look on, each asks less often.
AGAIN_S, MOST_AGAIN_S = 2.0, 10.0
MOST_ANSWERS_A_SECOND = 4.0
# A browser that has not asked for so long is gone, or its tab is hidden.
MEMORY_S = 30.0


class ActivityWatch:
    """Answers all browsers of one server."""

    def __init__(self, activity: Activity) -> None:
        self._activity = activity
        self._closed = False
        self._asked_at: dict[str, float] = {}

    def close(self) -> None:
        """Answer all who wait, within moments; may be called from a signal handler."""
        self._closed = True

    async def news(self, who: str, seen: str) -> dict[str, Any]:
        """Return the current activity, and when to ask again.

        Args:
            who: Any text that tells one browser tab from the others.
            seen: The version that it has drawn.

        Returns:
            `states`, which changes when a run begins, is asked something, is renamed, paused or ends, and `version`,
            which changes also when one has come further; `words` and `progress` (0–1, or None) of each of the `runs`
            that are listed, and the words of the `queue`; whether anything is `active`; the seconds after which to ask
            `again_s`.

        Raises:
            StoreError: If the store cannot be read.
        """
        until = time.monotonic() + HOLD_S
        while True:
            snapshot = await to_thread.run_sync(self._activity.snapshot)
            if snapshot.version != seen or snapshot.active or self._closed or time.monotonic() >= until:
                return {
                    "version": snapshot.version,
                    "states": snapshot.states,
                    "runs": [
                        {"run": run.id, "words": progress_text(run), "progress": progress_share(run)}
                        for run in snapshot.listed
                    ],
                    "queue": queue_text(snapshot) if snapshot.waiting else None,
                    "active": snapshot.active,
                    "again_s": self._again_s(who),
                }
            await asyncio.sleep(FRESH_S)

    def _again_s(self, who: str) -> float:
        now = time.monotonic()
        lately = {one: when for one, when in self._asked_at.items() if now - when < MEMORY_S}
        self._asked_at = lately | {who: now}
        return min(max(AGAIN_S, len(self._asked_at) / MOST_ANSWERS_A_SECOND), MOST_AGAIN_S)
