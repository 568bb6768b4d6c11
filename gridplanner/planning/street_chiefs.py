"""Street chiefs: streets to stretches of even work, each with its chief and the grids on both sides."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import shapely

from algorithms.progress import SILENT, Progress, Span
from algorithms.streets.atoms import piece_of_line
from algorithms.streets.problem import StretchParams, StretchProblem
from algorithms.streets.stretches import divide_streets
from gridplanner.edits.edit import Replace, needs
from gridplanner.i18n import N_
from gridplanner.model.codes import reading_order
from gridplanner.model.freshness import made_from
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.project import Project
from gridplanner.model.street_chiefs import ChiefPlan, Stretch
from gridplanner.planning.chief_names import chiefs_by_unit, name_chiefs
from gridplanner.planning.street_lines import StreetLines, street_lines
from gridplanner.planning.street_sides import grids_beside
from gridplanner.planning.stretch_codes import stretch_codes
from gridplanner.settings import StreetChiefSettings

CAPPED = 50  # issues of one kind that name their place; the rest are counted
LOOSE = 0.5  # of the mean work, or as much above it, from which an uneven stretch is told

Line = tuple[int, float, float]  # stroke, and from where to where along it


def propose_chiefs(project: Project, progress: Progress = SILENT) -> Replace:
    """Return the edit that divides the streets among street chiefs.

    Raises InputError where there are no streets of the wished classes.
    """
    settings = project.settings.street_chiefs or StreetChiefSettings()
    streets = street_lines(project, settings)
    progress.report(0.3)
    atoms = streets.atoms
    km = float(atoms.length.sum()) / 1000.0
    count = settings.count or max(round(km / settings.length_km), 1)
    problem = StretchProblem(
        streets.workload, atoms.stroke, streets.street[atoms.stroke], atoms.tail, atoms.head, atoms.middle, streets.host
    )  # fmt: skip
    found = divide_streets(problem, StretchParams(count), Span(progress, 0.3, 0.8))
    stretches = _stretches(project, streets, found.label)
    issues = _findings(project, settings, stretches)
    if streets.twice:
        text = N_("Streets that are given more than once count once ({n} lines left out)")
        issues.append(Issue(Level.INFO, "twice", text, {"n": streets.twice}, "streets"))
    if not found.finished:
        text = N_("The search for street chiefs' stretches was stopped early; the best so far was kept")
        issues.append(Issue(Level.INFO, "cut_short", text, {}, "streets"))
    plan = ChiefPlan(tuple(stretches), tuple(issues), made_from(project, "chiefs"))
    words = N_("Divide {km} km of streets into {n} street chiefs' stretches")
    given = ("roads", "communities", "households", "grids", "key_sites", "incidents", "staff")
    return Replace(words, {"chiefs": plan}, needs(project, *given), {"km": f"{km:.1f}", "n": len(found.weight)})


def _stretches(project: Project, streets: StreetLines, label: Ints) -> list[Stretch]:
    """Return the rows of all stretches in the order of their codes: one row a line, lines of one stretch bear one code."""
    lines, of = _lines(streets, label)
    atoms = streets.atoms
    coded = stretch_codes(_numbering(project, streets, label), label, atoms.middle, atoms.length, project.chiefs)
    groups, codes = list(coded), list(coded.values())
    shapes = [_directed(streets, line) for line in lines]
    work = np.array([_work_of(streets, line) for line in lines])
    length = np.array([end - begin for _stroke, begin, end in lines])
    names = [streets.name[stroke] for stroke, _begin, _end in lines]
    mine: dict[int, list[int]] = {}
    for row in np.lexsort((np.arange(len(lines)), -length)).tolist():
        mine.setdefault(int(of[row]), []).append(row)
    by_street = [list(dict.fromkeys(_longest_first([(names[row], float(length[row])) for row in mine[g]]))) for g in groups]
    chief, _unknown = name_chiefs(codes, by_street, project.staff)
    sides = grids_beside(project, shapes)
    return [
        Stretch(code, names[row], shapes[row], float(length[row]), float(work[row]), *sides[row], chief[place])
        for place, (code, group) in enumerate(zip(codes, groups, strict=True))
        for row in mine[group]
    ]


def _longest_first(parts: list[tuple[str, float]]) -> list[str]:
    """Return the names of a stretch's streets, that with most of its length first; those without a name are left out."""
    metres: Counter[str] = Counter()
    for name, length in parts:
        metres[name] += round(length, 3)  # type: ignore[assignment]
    return [name for name, _length in sorted(metres.items(), key=lambda item: (-item[1], item[0])) if name]


def _lines(streets: StreetLines, label: Ints) -> tuple[list[Line], Ints]:
    """Return the lines of all stretches, atoms that follow each other on a stroke joined, and the stretch of each line."""
    atoms = streets.atoms
    fresh = np.append(True, (atoms.stroke[1:] != atoms.stroke[:-1]) | (label[1:] != label[:-1]))
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(atoms)) - 1
    lines = zip(atoms.stroke[first].tolist(), atoms.begin[first].tolist(), atoms.end[last].tolist(), strict=True)
    return list(lines), label[first]


def _work_of(streets: StreetLines, line: Line) -> float:
    stroke, begin, end = line
    atoms = streets.atoms
    low, high = np.searchsorted(atoms.stroke, [stroke, stroke + 1])
    inside = (atoms.begin[low:high] >= begin - 1e-6) & (atoms.end[low:high] <= end + 1e-6)
    return float(streets.workload[low:high][inside].sum())


def _directed(streets: StreetLines, line: Line) -> Floats:
    """Return the coordinates of a line from west to east, or from north to south where it runs so; rings as they are."""
    stroke, begin, end = line
    xy = piece_of_line(streets.atoms.lines[stroke], begin, end)
    east, north = xy[-1] - xy[0]
    turned = east < 0 if abs(east) >= abs(north) else north > 0
    return xy[::-1].copy() if turned else xy


def _numbering(project: Project, streets: StreetLines, label: Ints) -> Ints:
    """Return the stretches in reading order of their centres."""
    atoms = streets.atoms
    length = np.bincount(label, atoms.length)
    centre = np.column_stack([np.bincount(label, atoms.length * axis) for axis in atoms.middle.T]) / length[:, None]
    if len(project.communities):
        area = float(shapely.area(project.communities.polygons).sum())
    else:
        area = float(np.prod(np.ptp(atoms.middle, axis=0)))
    return reading_order(centre, np.full(len(length), max(area, 1.0) / len(length)))


def _findings(project: Project, settings: StreetChiefSettings, stretches: list[Stretch]) -> list[Issue]:
    """Return what is wrong with the stretches: without a chief, uneven, not as many as wished; chiefs that have none."""
    by_code = [(code, list(rows)) for code, rows in itertools.groupby(stretches, lambda stretch: stretch.code)]
    found: list[Issue] = []
    if not chiefs_by_unit(project.staff):
        text = N_("No street chiefs are given, so the {n} stretches have none; give staff whose role says 街长 and whose unit is a street")
        found.append(Issue(Level.INFO, "no_chief", text, {"n": len(by_code)}, "streets"))
    else:
        bare = [(code, rows[0]) for code, rows in by_code if not rows[0].chief]
        text = N_("Stretch {code} ({name}) has no chief; give staff whose unit is {code} or the street")
        found += [_issue(Level.WARNING, "no_chief", text, code, row) for code, row in bare[:CAPPED]]
        if len(bare) > CAPPED:
            text = N_("{n} more stretches have no chief")
            found.append(Issue(Level.WARNING, "no_chief", text, {"n": len(bare) - CAPPED}, "streets"))
        streets = [[row.name for row in rows if row.name] for _code, rows in by_code]
        for unit in sorted(name_chiefs([code for code, _rows in by_code], streets, project.staff)[1])[:CAPPED]:
            text = N_("The street chief of {unit} has no stretch: no street of the classes with chiefs is called so")
            found.append(Issue(Level.WARNING, "no_stretch", text, {"unit": unit or "-"}, "streets", unit))
    work = np.array([sum(row.workload for row in rows) for _code, rows in by_code])
    share = work / work.mean() if len(work) else work
    uneven = np.flatnonzero(np.abs(share - 1) > LOOSE)
    text = N_("Stretch {code} ({name}) has {percent} % of the mean work; no street that touches it can be joined or no junction cuts it")
    for row in uneven[np.argsort(-np.abs(share[uneven] - 1), kind="stable")][:CAPPED].tolist():
        code, rows = by_code[row]
        found.append(_issue(Level.INFO, "uneven", text, code, rows[0], percent=round(100 * float(share[row]))))
    if len(uneven) > CAPPED:
        text = N_("{n} more stretches are uneven")
        found.append(Issue(Level.INFO, "uneven", text, {"n": len(uneven) - CAPPED}, "streets"))
    if settings.count and len(by_code) != settings.count:
        text = N_("{wanted} stretches were asked for; the streets give {n}: they lie in too many parts, or have too few junctions")
        found.append(Issue(Level.WARNING, "count", text, {"wanted": settings.count, "n": len(by_code)}, "streets"))
    return found


def _issue(level: Level, kind: str, text: str, code: str, row: Stretch, **values: object) -> Issue:
    x, y = map(float, row.coords[len(row.coords) // 2])
    return Issue(level, kind, text, {"code": code, "name": row.name or "-", **values}, "streets", code, x, y)
