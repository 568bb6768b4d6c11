"""Repairs that the planner does not want: which words `as_is` of a source may hold, and how one is added or taken back.

A repair is named by its kind and place, such as `mended:17` (row 17 of the file) or `gap_mended:36512001,3935220` (metres); the kind
alone names all of it. The words are those of the file and the project CRS, so they mean the same at every reading.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from difflib import get_close_matches

from gridplanner.i18n import N_
from gridplanner.io.line_repairs import KINDS as LINE_REPAIRS
from gridplanner.io.reading import Reading
from gridplanner.model.issues import LEFT, Issue, Level
from gridplanner.settings import Settings, SourceSettings

REPAIRS = (
    "mended", "doubled", "overlap_mended", "gap_mended", "clipped", "datum", "axes", "scale", "crs",
    *(kind for kind in LINE_REPAIRS if kind != "doubled"), "null_place", "level_by_name",
)  # fmt: skip


def sources_leaving(settings: Settings, issue: Issue) -> Mapping[str, SourceSettings]:
    """Return the source of a repair told not to make it; none where it has none."""
    source = settings.sources.get(issue.layer)
    if source is None or not issue.is_repair or issue.repair in source.as_is:
        return {}
    kept = tuple(word for word in source.as_is if not word.startswith(f"{issue.repair}:"))  # the kind says it for all its places
    return {issue.layer: dataclasses.replace(source, as_is=(*kept, issue.repair))}


def sources_repairing(settings: Settings, issue: Issue) -> Mapping[str, SourceSettings]:
    """Return the source of a repair that was left out told to make it again; none where it has none."""
    source = settings.sources.get(issue.layer)
    if source is None or not issue.is_left or issue.repair not in source.as_is:
        return {}
    return {issue.layer: dataclasses.replace(source, as_is=tuple(word for word in source.as_is if word != issue.repair))}


def tell_unmet(reading: Reading) -> None:
    """Say which words of `as_is` nothing was left out for: those that are no repair, and those whose place has none."""
    for key, words in reading.as_is.items():
        for word in sorted(words):
            if (key, word) in reading.left:
                continue
            kind = word.partition(":")[0]
            known = sorted({*REPAIRS, *(issue.repair.partition(":")[0] for issue in reading.issues if issue.is_repair)})
            if kind in known:
                text = N_("[sources.{key}] as_is names {word}, where there is nothing to repair")
                reading.tell(Level.INFO, LEFT, text, {"key": key, "word": word}, layer=key, repair=word)
            else:
                near = get_close_matches(kind, known, n=1) or known
                text = N_("[sources.{key}] as_is names {word}, which is no repair; known are {known}")
                reading.tell(Level.WARNING, LEFT, text, {"key": key, "word": word, "known": ", ".join(near)}, layer=key, repair=word)
