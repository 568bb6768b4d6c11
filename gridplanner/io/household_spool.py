"""All addresses of a province in one working file, sorted so that those of a few communities are read without the others."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from algorithms.progress import Progress
from algorithms.units.locate import locate, nearest
from gridplanner.i18n import N_
from gridplanner.io.layer_parts import LayerParts
from gridplanner.io.read_points import read_households
from gridplanner.io.reading import Reading
from gridplanner.model.issues import Level
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.places import Communities, Households

BATCH = 250_000  # rows of the source read at a time
NEAR = 200.0  # metres within which a community takes an address outside all (contracts.md)
KEPT = 1000  # findings about single addresses that are kept
_COLUMNS = 5  # x, y, households, persons, radius (NaN: a plain point)


@dataclass(frozen=True, eq=False)
class Census:
    """What the addresses of a province are, in short.

    `households`, `addresses` (c,) of each community, those within 200 m of it included; `read`, `far` (addresses, households) in all and
    of those farther from every community; `whole` names the counts that are whole numbers everywhere.
    Run i is the rows `start[i]`, … of community `community[i]` in the working file, `count[i]` of them.
    """

    households: Floats
    addresses: Ints
    read: tuple[int, float]
    far: tuple[int, float]
    whole: tuple[str, ...]
    community: Ints
    start: Ints
    count: Ints


def take_census(parts: LayerParts, communities: Communities, path: Path, reading: Reading, progress: Progress) -> Census:
    """Write the addresses of a layer into `path`, each with its community, and return what they are.

    An address lies in the community that holds it (the first where several do), or the nearest one within 200 m.
    """
    households, addresses = np.zeros(len(communities)), np.zeros(len(communities), np.int64)
    read, far, whole = np.zeros(2), np.zeros(2), {"households", "persons"}
    runs: list[tuple[Ints, Ints, Ints]] = []
    written = 0
    with path.open("wb") as stream:
        for homes in _batches(parts, reading, progress):
            row = locate(homes.xy, communities.polygons)
            lost = np.flatnonzero(row < 0)
            row[lost] = nearest(homes.xy[lost], communities.polygons, NEAR)
            read += len(homes), homes.households.sum()
            far += np.count_nonzero(row < 0), homes.households[row < 0].sum()
            whole -= {name for name in whole if (getattr(homes, name) % 1).any()}
            order = np.argsort(row, kind="stable")[np.count_nonzero(row < 0) :]
            radius = homes.radius if homes.radius is not None else np.full(len(homes), np.nan)
            table = np.column_stack((homes.xy, homes.households, homes.persons, radius))[order]
            stream.write(np.ascontiguousarray(table, "<f8").tobytes())
            here, first, count = np.unique(row[order], return_index=True, return_counts=True)
            runs.append((here, written + first, count))
            written += len(order)
            households += np.bincount(row[order], homes.households[order], minlength=len(communities))
            addresses += np.bincount(row[order], minlength=len(communities))
    community, start, count = (np.concatenate(column).astype(np.int64) for column in zip(*runs, strict=True))
    return Census(
        households, addresses, (int(read[0]), float(read[1])), (int(far[0]), float(far[1])), tuple(sorted(whole)), community, start, count
    )


def households_of(path: Path, census: Census, rows: Ints) -> Households:
    """Return the addresses of some communities, in the order of the communities and then of the source."""
    run = np.flatnonzero(np.isin(census.community, rows))
    run = run[np.lexsort((census.start[run], census.community[run]))]
    parts = [np.zeros((0, _COLUMNS))]
    with path.open("rb") as stream:
        for start, count in zip(census.start[run].tolist(), census.count[run].tolist(), strict=True):
            stream.seek(8 * _COLUMNS * start)
            parts.append(np.fromfile(stream, "<f8", _COLUMNS * count).reshape(-1, _COLUMNS))
    table = np.concatenate(parts)
    radius = table[:, 4]
    return Households(
        np.ascontiguousarray(table[:, :2]), table[:, 2].copy(), table[:, 3].copy(), np.full(len(table), "", object),
        None if np.isnan(radius).all() else np.nan_to_num(radius),
    )  # fmt: skip


def _batches(parts: LayerParts, reading: Reading, progress: Progress) -> Iterator[Households]:
    layer = parts.without("address", "group")
    more = 0
    for first in range(0, max(parts.count, 1), BATCH):
        progress.check()
        progress.report(first / max(parts.count, 1))
        table = layer.rows(first, BATCH)
        reading.tell_notes("households", table)  # of text that cannot be read each part says its own
        if len(table):
            yield read_households(table, layer.fields, reading)
            more += max(len(reading.issues) - KEPT, 0)
            del reading.issues[KEPT:]
    if more:
        text = N_("{n} more findings about addresses of {file} are not listed")
        reading.tell(Level.INFO, "more", text, {"n": more, "file": parts.layer.path.name}, layer="households")


def keep_census(path: Path, census: Census) -> None:
    """Write a census into a file."""
    values: dict[str, Any] = {part.name: np.asarray(getattr(census, part.name)) for part in dataclasses.fields(census)}
    new = path.with_suffix(".new.npz")
    np.savez(new, **values)
    new.replace(path)


def kept_census(path: Path) -> Census | None:
    """Return the census kept in a file, None where there is none."""
    if not path.exists():
        return None
    with np.load(path) as found:
        read, far = found["read"].tolist(), found["far"].tolist()
        return Census(
            found["households"], found["addresses"], (int(read[0]), read[1]), (int(far[0]), far[1]),
            tuple(found["whole"].astype(str).tolist()), found["community"], found["start"], found["count"],
        )  # fmt: skip
