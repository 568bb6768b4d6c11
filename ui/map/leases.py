"""What the map shows of communities that are handed out: which they are, and the words on them."""

from __future__ import annotations

from dataclasses import dataclass

from gridplanner.model.places import Communities


@dataclass(frozen=True, eq=False)
class Leases:
    """Rows of `communities` that somebody else works on, and for each what stands on it: with whom, until when.

    `short` is what stands there where there is no room for it: with whom alone.
    """

    communities: Communities
    rows: tuple[int, ...]
    words: tuple[str, ...]
    short: tuple[str, ...]
