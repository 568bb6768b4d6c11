"""Packages brought back: communities of a made city edited by twenty hands while the project goes on, with five things changed by two."""

from __future__ import annotations

import contextlib
import dataclasses
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import shapely

from algorithms.progress import SILENT, Progress
from gridplanner.benchmarks.made_city import made_city
from gridplanner.benchmarks.merge_oracle import differences
from gridplanner.benchmarks.own_process import planned
from gridplanner.benchmarks.random_hand import KINDS
from gridplanner.benchmarks.table import Row, at_least, at_most
from gridplanner.edits.cut_edits import CutUnits
from gridplanner.edits.edit import Edit
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.handout_edits import HandOut
from gridplanner.edits.table_edits import ChangeGrids
from gridplanner.edits.take_in_edits import TakeIn
from gridplanner.errors import EditRejected
from gridplanner.io.gridpack import new_handout, open_pack, save_pack, write_pack
from gridplanner.io.saved import Mark, new_id
from gridplanner.model.handout import community_keys
from gridplanner.model.lines import Ints
from gridplanner.model.merging import merge
from gridplanner.model.outlines import polygons_of_units
from gridplanner.model.project import Project

HOUSEHOLDS, FEWER = 90_000, 27_000
PACKAGES, SOME = 20, 7
EACH, ELSEWHERE, TRIES = 6, 60, 50  # edits in a package, and in the project beside the packages
HAND = ("assign", "push border", "merge", "lock", "rename", "workers", "new grid", "cut", "split", "reshape border", "rule")
NOTES = (
    "Packages: communities of a made city are handed out as .gridpack files, one each, edited by a seeded hand (units moved, grids merged, "
    "split, drawn, cut and named, rules) and brought back one after the other, while the project is edited elsewhere. Five things are "
    "changed on both sides: who has a unit, a name, the people on duty, a cut, and a grid that one side ends. An oracle that knows "
    "nothing of the merge compares every community on the ground with what whoever edited it left.",
)
Pair = tuple[Edit, Edit]  # in the package, in the project


def rows_of_merge(progress: Progress = SILENT, quick: bool = False) -> tuple[list[Row], tuple[str, ...]]:
    """Return the rows of packages taken in, and notes."""
    city = made_city(FEWER if quick else HOUSEHOLDS)
    assert city.settings.grids is not None
    city = dataclasses.replace(
        city, settings=dataclasses.replace(city.settings, grids=dataclasses.replace(city.settings.grids, effort="quick", prove=False))
    )
    base, _figures = planned(city)
    progress.report(0.4, "city")
    return measured(base, SOME if quick else PACKAGES, EACH, ELSEWHERE, progress)


def measured(base: Project, packages: int, each: int, elsewhere: int, progress: Progress = SILENT) -> tuple[list[Row], tuple[str, ...]]:
    """Return the rows of a planned project of which the first `packages` communities are handed out."""
    rng = np.random.default_rng(7)
    keys = community_keys(base.communities)
    mark = Mark(project_id=new_id(), save_id=new_id())
    mine, works, seconds = base, [], []
    wanted = {}
    with tempfile.TemporaryDirectory(prefix="gridplanner-") as folder:
        for row in range(packages):
            path = Path(folder, f"{row}.gridpack")
            lease = new_handout(base, mark, [keys[row]], f"hand {row}", "")
            write_pack(path, base, lease)
            mine = HandOut(lease).apply(mine)
            pack = open_pack(path)
            if row < len(CONFLICTS):
                wanted[row], make = list(CONFLICTS.items())[row]
                work, mine = _with_conflict(base, pack.work.project, mine, row, each, make, rng)
            else:
                work = edited(pack.work.project, each, rng)
            save_pack(dataclasses.replace(pack.work, project=work), path)
            works.append(work)
            progress.report(0.4 + 0.4 * row / packages, "packages")
        mine = edited(mine, elsewhere, rng, beside=packages)
        before, found, false, notes = mine, 0, 0, 0
        for row in range(packages):
            progress.report(0.8 + 0.2 * row / packages, "packages")
            start = time.perf_counter()
            pack = open_pack(Path(folder, f"{row}.gridpack"))
            made = merge(pack.base.project, mine, pack.work.project, part=True)
            kinds = [one.kind for one in made.conflicts]
            hit = int(wanted.get(row, "").partition(":")[0] in kinds)
            found, false, notes = found + hit, false + len(kinds) - hit, notes + len(made.notes)
            if made.conflicts:
                made = merge(pack.base.project, mine, pack.work.project, {one.key: "theirs" for one in made.conflicts}, part=True)
            mine = TakeIn(made, mine, "", pack.handout).apply(mine)
            seconds.append(time.perf_counter() - start)
    inside = [differences(work, mine, [(0, row)]) for row, work in enumerate(works)]
    outside = differences(before, mine, [(row, row) for row in range(packages, len(keys))])
    case = f"{packages} packages, {len(base.grids.grids) if base.grids else 0:,} grids"
    return [
        at_least(case, "conflicts found", found, len(wanted)),
        at_most(case, "conflicts that are none", false, 0),
        at_most(case, "units that are not as their hand left them", sum(one.units for one in inside), 0),
        at_most(case, "grids that are not as their hand left them", sum(one.grids for one in inside), 0),
        at_most(case, "units changed elsewhere", outside.units, 0),
        at_most(case, "grids changed elsewhere", outside.grids, 0),
        at_most(case, "households in another community", outside.households + sum(one.households for one in inside), 0),
        at_most(case, "leases left", len(mine.handouts), 0),
        at_most(case, "a package taken in, median", statistics.median(seconds), None, "s"),
        at_most(case, "a package taken in, worst", max(seconds), None, "s"),
    ], NOTES


def edited(project: Project, count: int, rng: np.random.Generator, *, beside: int = 0) -> Project:
    """Return the project after some edits by hand, none of them in the first `beside` communities."""
    done = 0
    for _try in range(20 * count):
        if done == count:
            break
        try:
            after = KINDS[HAND[int(rng.integers(len(HAND)))]][0](project, rng).apply(project)
        except (EditRejected, IndexError, ValueError):
            continue
        if beside and not _only_beside(project, after, beside):
            continue
        project, done = after, done + 1
    return project


def _with_conflict(
    base: Project, work: Project, mine: Project, row: int, each: int, make: Callable[[Project, Project, int], Pair],
    rng: np.random.Generator,
) -> tuple[Project, Project]:  # fmt: skip
    """Return a package after some edits and one that clashes with one in the project, and the project after that one."""
    for _try in range(TRIES):
        after = edited(work, each - 1, rng)
        with contextlib.suppress(_TooFewError, EditRejected):
            there, here = make(base, after, row)
            return there.apply(after), here.apply(mine)
    raise _TooFewError


class _TooFewError(ValueError):
    """Too few grids of a community are as they were: fewer edits, or larger communities."""


def _only_beside(before: Project, after: Project, count: int) -> bool:
    one, two = before.grids, after.grids
    assert one is not None
    assert two is not None
    assert before.units is not None
    assert after.units is not None
    near = [{key: grid for key, grid in plan.grids.items() if grid.community < count} for plan in (one, two)]
    rows = np.flatnonzero(before.units.community < count)
    same = np.array_equal(one.labels[rows], two.labels[rows]) and len(before.rules) == len(after.rules)
    return near[0] == near[1] and same and int((after.units.community < count).sum()) == len(rows)


def _units_conflict(base: Project, work: Project, row: int) -> Pair:
    """A unit goes to one grid here and to another there."""
    grids = _untouched(base, work, row, 3)
    unit = _units_of(base, grids[0])[:1]
    there = _same_units(base, work, unit)
    return MoveUnits(tuple(there.tolist()), grids[1]), MoveUnits(tuple(unit.tolist()), grids[2])


def _name_conflict(base: Project, work: Project, row: int) -> Pair:
    """A grid gets two names."""
    grid = _untouched(base, work, row, 1)[0]
    return ChangeGrids(((grid, (("name", "东片网格"),)),)), ChangeGrids(((grid, (("name", "西片网格"),)),))


def _workers_conflict(base: Project, work: Project, row: int) -> Pair:
    """A grid gets other people on duty on either side."""
    grid = _untouched(base, work, row, 1)[0]
    return ChangeGrids(((grid, (("workers", ("12号",)),)),)), ChangeGrids(((grid, (("workers", ("34号",)),)),))


def _cut_conflict(base: Project, work: Project, row: int) -> Pair:
    """A unit is cut across on one side and along on the other."""
    unit = _units_of(base, _untouched(base, work, row, 1)[0])
    assert base.units is not None
    areas = shapely.area(polygons_of_units(base.units, unit.astype(np.int32)))
    unit = unit[[int(np.argmax(areas))]]
    spot = shapely.point_on_surface(polygons_of_units(base.units, unit.astype(np.int32)))[0]
    there = _same_units(base, work, unit)
    reach = 500.0
    across, along = ((spot.x - reach, spot.y), (spot.x + reach, spot.y)), ((spot.x, spot.y - reach), (spot.x, spot.y + reach))
    return CutUnits((across,), tuple(there.tolist())), CutUnits((along,), tuple(unit.tolist()))


def _ended_conflict(base: Project, work: Project, row: int) -> Pair:
    """A grid ends there and gets a name here."""
    grids = _untouched(base, work, row, 2)
    there = _same_units(base, work, _units_of(base, grids[0]))
    return MoveUnits(tuple(there.tolist()), grids[1]), ChangeGrids(((grids[0], (("name", "南片网格"),)),))


CONFLICTS: dict[str, Callable[[Project, Project, int], Pair]] = {
    "units": _units_conflict, "grid": _name_conflict, "cut": _cut_conflict, "ended": _ended_conflict, "grid: workers": _workers_conflict,
}  # fmt: skip


def _untouched(base: Project, work: Project, row: int, count: int) -> list[int]:
    """Return a grid of a community that nobody changed in the package, neither units nor values, and others that are still there."""
    assert base.grids is not None
    assert work.grids is not None
    found: list[int] = []
    others = []
    for key, grid in base.grids.grids.items():
        other = work.grids.grids.get(key)
        if grid.community != row or grid.locked or other is None or other.locked or other.code != grid.code:
            continue
        others.append(key)
        if found or dataclasses.replace(other, community=row) != grid:
            continue
        units = _units_of(base, key)
        there = _same_units(base, work, units)
        if len(units) > 1 and len(there) == len(units) == int((work.grids.labels == key).sum()) and (work.grids.labels[there] == key).all():
            found.append(key)
    others = [key for key in others if key not in found]
    if not found or len(others) < count - 1:
        raise _TooFewError
    return [*found, *others][:count]


def _units_of(project: Project, grid: int) -> Ints:
    assert project.grids is not None
    return np.flatnonzero(project.grids.labels == grid)


def _same_units(base: Project, work: Project, units: Ints) -> Ints:
    """Return the units of a package that are the very same ground as some units of the whole project; fewer where some were cut."""
    assert base.units is not None
    assert work.units is not None
    own, all_work = polygons_of_units(base.units, units.astype(np.int32)), np.arange(len(work.units), dtype=np.int32)
    there = polygons_of_units(work.units, all_work)
    place, unit = shapely.STRtree(there).query(shapely.point_on_surface(own), predicate="within")
    apart = shapely.area(shapely.symmetric_difference(own[place], there[unit]))
    return np.asarray(unit[apart < 0.01 * shapely.area(own[place])])
