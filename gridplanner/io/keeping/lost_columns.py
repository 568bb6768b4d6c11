"""A layer of a project of which some columns are lost: what can be without them is blank, the others must be there."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from gridplanner.i18n import _
from gridplanner.io.packing import Array, Json, unpack_part
from gridplanner.io.project_text import DAMAGE
from gridplanner.model.places import NO_TURNS, texts
from gridplanner.model.project import Project

# columns that a layer can be without: texts are blank, the others have the value that says that nothing is known
_BLANK = {
    "communities": ("names", "streets"), "households": ("address",), "roads": ("highway", "names"), "barriers": ("names",),
    "railway": ("names",), "stations": ("names",), "key_sites": ("names",), "depots": ("names", "kinds"),
}  # fmt: skip
_UNKNOWN: Mapping[tuple[str, str], Any] = {
    ("households", "radius"): None, ("households", "group"): None, ("roads", "turns"): NO_TURNS,
    ("roads", "speed"): np.float64(0), ("roads", "level"): np.int8(0), ("roads", "oneway"): np.int8(0),
}  # fmt: skip


def layer_of(name: str, tree: Json, arrays: Mapping[str, Array], known: dict[str, object], notes: list[str], called: str) -> Any:
    """Return the value of one field of a project; raises ProjectFileError and the like where it cannot be without what is lost.

    `notes` grow by what is blank now.
    """
    try:
        value = unpack_part(tree, arrays, known)
    except DAMAGE:
        if name not in _BLANK:
            raise
        value, blank = _patched(name, tree, arrays, known)
        for column in blank:
            notes.append(_("Lost: column {column} of {part}").format(column=column, part=called))
    default = _default(name)
    if default is not None and not isinstance(value, type(default)):
        raise TypeError(name)
    return value


def _patched(name: str, tree: Json, arrays: Mapping[str, Array], known: dict[str, object]) -> tuple[Any, list[str]]:
    default = _default(name)
    parts = tree["fields"]
    values: dict[str, Any] = {}
    lost = []
    for part in dataclasses.fields(default):
        if part.name in parts:
            try:
                values[part.name] = unpack_part(parts[part.name], arrays, known)
            except DAMAGE:
                if part.name not in _BLANK[name] and (name, part.name) not in _UNKNOWN:
                    raise
                lost.append(part.name)
    count = next(len(value) for key, value in values.items() if key not in _BLANK[name] and (name, key) not in _UNKNOWN)
    for key in lost:
        unknown = _UNKNOWN.get((name, key))
        blank = texts([""] * count) if key in _BLANK[name] else unknown
        values[key] = np.full(count, blank) if isinstance(blank, np.generic) else blank
    made = type(default)(**values)
    if "$place" in tree:
        known[tree["$place"]] = made
    return made, lost


def _default(name: str) -> Any:
    part = next(part for part in dataclasses.fields(Project) if part.name == name)
    return part.default if part.default is not dataclasses.MISSING else None
