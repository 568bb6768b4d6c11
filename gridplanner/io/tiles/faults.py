"""Why a basemap, or one tile of it, could not be had."""

from __future__ import annotations

from gridplanner.errors import InputError

OFFLINE, REFUSED, QUOTA, MISSING, BROKEN = "offline", "refused", "quota", "missing", "broken"


class TileFault(InputError):  # noqa: N818  (named for what happened, as the others are)
    """A tile or a whole basemap that cannot be used; the text says which, why, and what to do.

    `kind` is OFFLINE (no answer at all), REFUSED (the key), QUOTA (too much was asked for), MISSING (no such tile) or BROKEN (what came
    is not a picture, or one that must not be opened).
    """

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind
