"""Places that belong to the grid of a code: what they demand of the problem, and a plan that keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely
from scipy.optimize import linear_sum_assignment

from algorithms.districting.pins import FREE, Unreachable, hold_pins, join_pins
from algorithms.districting.problem import Certificate, Districting, DistrictingParams, DistrictingProblem, district_offsets, evaluate
from algorithms.progress import SILENT, Progress
from algorithms.sums import group_sums
from algorithms.units.locate import locate
from gridplanner.errors import NoPlanFound
from gridplanner.i18n import N_, _
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Ints
from gridplanner.model.outlines import unit_polygons
from gridplanner.model.project import Project
from gridplanner.planning.pieces import Pieces


@dataclass(frozen=True, eq=False)
class Pins:
    """Pieces that belong to the grid of a code: `code` (p,) the row in `codes` of each piece, FREE (-1) for most.

    `settled` maps settled pieces (exclusive areas, villagers' groups) to the code that they take.
    """

    code: Ints
    codes: tuple[str, ...] = ()
    settled: Mapping[int, str] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()


def pins_of(project: Project, pieces: Pieces, region: Ints) -> Pins:
    """Return what the places that must stay demand of the pieces; `region` (p,) says which pieces are planned together.

    Raises NoPlanFound where two of them contradict each other, a lock, or a limit between communities.
    """
    units, stays = project.units, project.rules.must_stay
    assert units is not None
    code = np.full(len(pieces), FREE, np.int32)
    if not len(stays):
        return Pins(code)
    issues: list[Issue] = []
    unit = locate(stays.xy, unit_polygons(units))
    wanted: dict[int, tuple[str, int]] = {}
    for row in range(len(stays)):
        want = str(stays.codes[row])
        x, y = stays.xy[row].round(2).tolist()
        if unit[row] < 0 or not want:
            text = N_("Place {row}, which is to stay in grid “{code}”, lies in no community or names no grid; it was left aside")
            issues.append(Issue(Level.WARNING, "rule", text, {"row": row + 1, "code": want}, "rules", str(row + 1), x, y))
            continue
        piece = int(pieces.rows[unit[row]])
        before = wanted.setdefault(piece, (want, row))
        if before[0] != want:
            text = _(
                "Places {one} and {other} are in one unit, which stays whole, but are to stay in grid {code} and in grid {another}; "
                "take one of them away, or divide the unit by a line in [sources.fixed_lines]"
            )
            raise NoPlanFound(text.format(one=before[1] + 1, other=row + 1, code=before[0], another=want))
    locked = _locked_codes(project, pieces, wanted)
    settled: dict[int, str] = {}
    homes: dict[str, tuple[int, int]] = {}
    for piece, (want, row) in wanted.items():
        if piece in locked:
            continue
        there = homes.setdefault(want, (piece, row))
        if region[there[0]] != region[piece]:
            text = _(
                "Places {one} and {other} are to stay in grid {code}, but a limit, a river, a fixed line, or a grid of its own stands "
                "between them; a grid is in one piece, so give one of them another grid"
            )
            raise NoPlanFound(text.format(one=there[1] + 1, other=row + 1, code=want))
        if piece in pieces.settled:
            settled[piece] = want
    codes = tuple(sorted({want for piece, (want, _row) in wanted.items() if piece not in locked and piece not in settled}))
    for piece, (want, _row) in wanted.items():
        if piece not in locked and piece not in settled:
            code[piece] = codes.index(want)
    return Pins(code, codes, settled, tuple(issues))


def _locked_codes(project: Project, pieces: Pieces, wanted: Mapping[int, tuple[str, int]]) -> set[int]:
    """Return the pieces that are locked grids; raises NoPlanFound where a place is wanted in one and lies outside, or the other way."""
    plan = project.grids
    locked = {piece: plan.grids[what.grid].code for piece, what in pieces.settled.items() if what.kind == "locked" and plan is not None}
    for piece, (want, row) in wanted.items():
        if piece in locked and locked[piece] != want:
            text = _("Place {row} is to stay in grid {code}, but lies in grid {other}, which is locked; unlock it, or take the place away")
            raise NoPlanFound(text.format(row=row + 1, code=want, other=locked[piece]))
        if piece not in locked and want in locked.values():
            text = _("Place {row} is to stay in grid {code}, which is locked and does not hold it; unlock the grid, or take the place away")
            raise NoPlanFound(text.format(row=row + 1, code=want))
    return set(locked)


def with_pins(
    project: Project,
    pieces: Pieces,
    pins: Pins,
    problem: DistrictingProblem,
    found: Districting,
    params: DistrictingParams,
    progress: Progress = SILENT,
    owners: Mapping[str, int] | None = None,
) -> tuple[Districting, dict[int, str]]:
    """Return a districting changed so that every place is in the grid of its code, and the codes of those districts.

    Each code goes to the district that `owners` names for it, else to the one of its region that holds most of its places, then most of
    what the grid of that code had. A region that had to be changed is certified no longer. Raises NoPlanFound where the places of one
    code cannot be joined without passing those of another.
    """
    named = {int(found.labels[piece]): code for piece, code in pins.settled.items()}
    if not pins.codes:
        return found, named
    districts = _districts_of_codes(project, pieces, pins, problem, found.labels, owners or {})
    named |= {int(district): code for district, code in zip(districts.tolist(), pins.codes, strict=True)}
    rng = np.random.default_rng(project.settings.project.seed)
    try:
        labels = hold_pins(problem, found.labels, pins.code, districts, params, rng, progress)
    except Unreachable as why:
        code = pins.codes[why.pin]
        places = _in_the_way(project, pieces, pins, problem, found.labels, districts)
        text = _(
            "Not all places of grid {code} can be in it, for others stand between them that are to stay in other grids. Without the "
            "places at {places} all others can be kept; give those another grid"
        )
        raise NoPlanFound(text.format(code=code, places="; ".join(places))) from None
    if labels is found.labels:
        return found, named
    scored = evaluate(problem, labels, params)
    moved = np.unique(problem.region[labels != found.labels])
    value = group_sums(np.repeat(np.arange(len(problem.districts)), problem.districts), scored.cost)
    certificates = [
        Certificate("none", float(value[r]), why="pins") if r in set(moved.tolist()) else certificate
        for r, certificate in enumerate(found.certificates)
    ]
    return Districting(labels, scored.cost, tuple(certificates)), named


def _in_the_way(project: Project, pieces: Pieces, pins: Pins, problem: DistrictingProblem, labels: Ints, districts: Ints) -> list[str]:
    """Return where the places lie without which all others can be kept, found by taking away one that cannot be reached after another."""
    code, gone = pins.code.copy(), []
    while True:
        try:
            join_pins(problem, labels, code, districts, np.random.default_rng(project.settings.project.seed))
        except Unreachable as why:
            code[why.unit] = FREE
            x, y = shapely.get_coordinates(shapely.point_on_surface(pieces.polygons[why.unit]))[0].tolist()
            gone.append(f"{x:.0f}, {y:.0f}")
        else:
            return gone


def _districts_of_codes(
    project: Project, pieces: Pieces, pins: Pins, problem: DistrictingProblem, labels: Ints, owners: Mapping[str, int]
) -> Ints:
    """Return the district that takes each code: its owner, or that of most of its places, then of most of the grid that had the code."""
    plan = project.grids
    had: dict[str, int] = {}
    if plan is not None and len(plan.labels) == len(pieces.rows):
        had = {grid.code: key for key, grid in plan.grids.items()}
    first = district_offsets(problem)
    weight = problem.weight.max(axis=1)
    found = np.zeros(len(pins.codes), np.int64)
    held = np.flatnonzero(pins.code != FREE)
    region = np.zeros(len(pins.codes), np.int64)
    region[pins.code[held]] = problem.region[held]
    for r in np.unique(region).tolist():
        codes = np.flatnonzero(region == r)
        worth = np.zeros((len(codes), int(problem.districts[r])))
        for i, c in enumerate(codes.tolist()):
            mine = held[pins.code[held] == c]
            np.add.at(worth[i], labels[mine] - first[r], 1e6)
            if first[r] <= owners.get(pins.codes[c], -1) < first[r + 1]:
                worth[i, owners[pins.codes[c]] - first[r]] += 1e12
            key = had.get(pins.codes[c])
            if key is not None and plan is not None:
                old = np.unique(pieces.rows[plan.labels == key])
                old = old[problem.region[old] == r]
                np.add.at(worth[i], labels[old] - first[r], weight[old] + 1e-6)
        rows, columns = linear_sum_assignment(-worth)
        found[codes[rows]] = first[r] + columns
    return found
