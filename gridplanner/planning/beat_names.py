"""Ids, codes and names of beats: in reading order, and those of the beats before wherever their grids are mostly the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import count as numbers

import numpy as np
import shapely

from algorithms.graph.matching import heaviest_matching
from algorithms.sums import group_sums
from gridplanner.i18n import _
from gridplanner.model.beats import Beat, BeatPlan
from gridplanner.model.codes import reading_order
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.outlines import grid_ids, grid_outlines
from gridplanner.model.project import Project
from gridplanner.planning.beat_areas import BeatAreas

SAME = 0.5  # of a beat's persons that must have been in a beat before for it to be that beat still


def named_beats(
    project: Project, areas: BeatAreas, label: Ints, persons: Floats, locked: Mapping[int, int]
) -> tuple[dict[int, int], dict[int, Beat]]:
    """Return the beat of each grid and the beats, by id, in the order of their codes.

    `label` (g,) is the beat 0 … of each grid in the order of `grid_ids`; `locked` maps labels to the ids of locked beats. A beat most
    of whose persons were in one beat before keeps that one's id, code and name (of several, those that share most do); the others
    take what is free, area by area in reading order. Codes are plain numbers, or two digits behind the code of their area.
    """
    assert project.grids is not None
    ids, count = grid_ids(project.grids), int(label.max()) + 1
    row = np.zeros(count, np.int32)
    row[label] = areas.row
    old = project.beats.beats if project.beats is not None else {}
    kept = _kept(project.beats, ids, label, persons, locked)
    codes, names = {old[key].code for key in kept.values()}, {old[key].name for key in kept.values()}
    free = (number for number in numbers(1) if number not in set(kept.values()))
    digits = max(len(str(count)), 3)
    id_of = np.zeros(count, np.int64)
    beats: dict[int, Beat] = {}
    for beat in np.lexsort((_rank(project, label, count), row)).tolist():
        area, prefix = str(areas.names[row[beat]]), str(areas.codes[row[beat]])
        if beat in kept:
            id_of[beat] = kept[beat]
            beats[kept[beat]] = replace(old[kept[beat]], area=area, locked=beat in locked)
            continue
        given = (f"{prefix}{n:02d}" if prefix else f"{n:0{digits}d}" for n in numbers(1))
        code = next(code for code in given if code not in codes)
        text = _("{area} beat {n}") if area else _("Beat {n}")
        name = next(name for n in numbers(1) if (name := text.format(area=area, n=n)) not in names)
        codes.add(code)
        names.add(name)
        id_of[beat] = next(free)
        beats[int(id_of[beat])] = Beat(code, name, area)
    members = dict(zip(ids.tolist(), id_of[label].tolist(), strict=True))
    return members, dict(sorted(beats.items(), key=lambda item: item[1].code))


def _rank(project: Project, label: Ints, count: int) -> Ints:
    """Return the place of each beat in reading order."""
    assert project.units is not None
    assert project.grids is not None
    outlines = grid_outlines(project.units, project.grids)
    size = shapely.area(outlines)
    area = group_sums(label, size, count)
    centre = shapely.get_coordinates(shapely.centroid(outlines)) * size[:, None]
    rank = np.empty(count, np.int64)
    rank[reading_order(np.column_stack([group_sums(label, c, count) for c in centre.T]) / area[:, None], area)] = np.arange(count)
    return rank


def _kept(before: BeatPlan | None, ids: Ints, label: Ints, persons: Floats, locked: Mapping[int, int]) -> dict[int, int]:
    """Return the id that beats keep, by label."""
    kept = dict(locked)
    if before is None:
        return kept
    keys = sorted(before.beats)
    place = {key: i for i, key in enumerate(keys)}
    was = np.array([place.get(before.members.get(g, -1), -1) for g in ids.tolist()], np.int64)
    free = (was >= 0) & ~np.isin(label, list(locked)) & ~np.isin(was, [place[key] for key in locked.values()])
    count, heft = int(label.max()) + 1, persons + 1.0  # grids where nobody lives count a little
    pair, index = np.unique(label[free].astype(np.int64) * len(keys) + was[free], return_inverse=True)
    shared = group_sums(index, heft[free], len(pair))
    mostly = shared > SAME * group_sums(label, heft, count)[pair // max(len(keys), 1)]
    pair, shared = pair[mostly], shared[mostly]
    found = heaviest_matching(pair // max(len(keys), 1), pair % max(len(keys), 1), shared, (count, len(keys)))
    return kept | {beat: keys[at] for beat, at in enumerate(found.tolist()) if at >= 0}
