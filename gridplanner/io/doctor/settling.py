"""All sources of a plan put in their places: each by what it says, those that do not say it by the others, and shifts undone."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from gridplanner.errors import InputError
from gridplanner.io.doctor.shifts import settle_datums
from gridplanner.io.source_crs import neighbour_of, with_crs

if TYPE_CHECKING:
    from gridplanner.io.open_source import Opened
    from gridplanner.io.reading import Reading
    from gridplanner.settings import SourceSettings


def settle_places(
    opened: Mapping[str, Opened], sources: Mapping[str, SourceSettings], reading: Reading, without: Collection[str] = ()
) -> dict[str, Opened]:
    """Return sources whose coordinates are in a CRS that is known; what was assumed or mended is told.

    A source that does not say what its coordinates are is settled by those that do. `without` are the keys of plain tables. Raises
    InputError as `with_crs` does.
    """
    placed: dict[str, Opened] = {}
    unsettled: list[str] = []
    for key, found in opened.items():
        if key in without or not len(found.table):
            placed[key] = found
            continue
        try:
            placed[key] = _placed(found, sources[key], reading)
        except InputError:  # without the layers beside it
            unsettled.append(key)
    beside = [each for found in placed.values() if found.table.crs and (each := neighbour_of(found.table, found.coordinates))]
    for key in unsettled:
        found = opened[key]
        table = with_crs(found.table, found.coordinates, sources[key], key, reading, beside)
        placed[key] = dataclasses.replace(found, table=table)
    return settle_datums({key: placed[key] for key in opened}, sources, reading, without)


def _placed(found: Opened, source: SourceSettings, reading: Reading) -> Opened:
    return dataclasses.replace(found, table=with_crs(found.table, found.coordinates, source, found.key, reading))
