"""Who serves whom: grid × beat × patrol zone × community × police station, with the people on duty, and sums by any two of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from algorithms.sums import group_sums
from gridplanner.i18n import N_
from gridplanner.model.duty_data import Staff
from gridplanner.model.groups import NONE, groups_of
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Floats, Ints, Texts
from gridplanner.model.outlines import grid_ids, grid_rows
from gridplanner.model.places import Roads, texts
from gridplanner.model.project import Project
from gridplanner.model.recent import Recent
from gridplanner.model.stations import stations_of_grids
from gridplanner.model.statistics import unit_households, unit_persons
from gridplanner.model.units import unit_areas

DIMENSIONS = ("grid", "beat", "zone", "community", "station")
MOST_UNKNOWN = 50  # findings about people on duty whose unit is not known


@dataclass(frozen=True, eq=False)
class CrossTable:
    """One row for each grid, or for each part of a grid that lies in another patrol zone where zones are made of street blocks.

    `grid`, `beat` and `zone` (n,) are ids, `community` (n,) the row of the community, `station` (n,) the row in `stations`; NONE for none.
    `households` and `persons` (n,) sum to those of all grids; `on_duty` (n,) names the people on duty: name (role) work phone.
    """

    grid: Ints
    beat: Ints
    zone: Ints
    community: Ints
    station: Ints
    stations: tuple[str, ...]
    households: Floats
    persons: Floats
    on_duty: Texts

    def __len__(self) -> int:
        return len(self.grid)


@dataclass(frozen=True, eq=False)
class CrossSums:
    """Sums by two dimensions: `down` (r,) and `across` (c,) are keys of DIMENSIONS, NONE for none, with titles for the planner.

    `households`, `persons` and `grids` are (r, c). A grid that lies in several zones counts once in each cell that it is in.
    """

    down: Ints
    across: Ints
    down_titles: tuple[str, ...]
    across_titles: tuple[str, ...]
    households: Floats
    persons: Floats
    grids: Ints


_recent = Recent[CrossTable](4)


def cross_table(project: Project) -> CrossTable | None:
    """Return who serves whom, ordered by community and grid code; None where there is no grid plan."""
    if project.units is None or project.grids is None:
        return None
    given = (
        project.units, project.grids, project.beats, project.zones, project.households, project.communities, project.staff,
        project.station_areas, project.depots, project.settings.beats, project.settings.zones,
    )  # fmt: skip
    known = _recent.find(*given)
    return known if known is not None else _recent.keep(_made(project), *given)


def cross_sums(project: Project, down: str, across: str) -> CrossSums | None:
    """Return the sums by two of DIMENSIONS; None where there is no grid plan."""
    table = cross_table(project)
    if table is None:
        return None
    rows, row = np.unique(getattr(table, down), return_inverse=True)
    columns, column = np.unique(getattr(table, across), return_inverse=True)
    shape = (len(rows), len(columns))
    cell = row * len(columns) + column
    households, persons = (
        group_sums(cell, values, len(rows) * len(columns)).reshape(shape) for values in (table.households, table.persons)
    )
    one_each = np.unique(np.column_stack((cell, table.grid)), axis=0)[:, 0]
    grids = np.bincount(one_each, minlength=len(rows) * len(columns)).reshape(shape)
    down_titles = tuple(title_of(project, down, key) for key in rows.tolist())
    across_titles = tuple(title_of(project, across, key) for key in columns.tolist())
    return CrossSums(rows, columns, down_titles, across_titles, households, persons, grids)


def title_of(project: Project, dimension: str, key: int) -> str:
    """Return what a key of a dimension is called: its name, its code where it has none, a dash for none."""
    if key == NONE:
        return "–"
    if dimension == "station":
        table = cross_table(project)
        return table.stations[key] if table is not None else ""
    words = _words(project, dimension, key)
    return words[1] or words[0] or str(key)


def staff_issues(project: Project) -> list[Issue]:
    """Return the people on duty whose unit is nothing that there is, once all that is wished has been planned."""
    settings = project.settings
    wished = (
        (settings.beats, project.beats), (settings.zones, project.zones), (settings.street_chiefs, project.chiefs),
        (settings.rail, project.rail), (settings.roster, project.roster),
    )  # fmt: skip
    if not len(project.staff) or project.grids is None or any(wish is not None and plan is None for wish, plan in wished):
        return []
    known = {_plain(word) for word in _all_words(project)} | _street_words(project.roads)
    units, count = np.unique(project.staff.units.astype(str), return_counts=True)
    unknown = [(unit, int(n)) for unit, n in zip(units.tolist(), count.tolist(), strict=True) if unit and _plain(unit) not in known]
    text = N_("People on duty: “{unit}” is no grid, beat, patrol zone, community, street or police station ({count} people); mend its name")
    issues = [
        Issue(Level.WARNING, "staff", text, {"unit": unit, "count": n}, "staff", unit[:64]) for unit, n in unknown[:MOST_UNKNOWN]
    ]  # fmt: skip
    if len(unknown) > MOST_UNKNOWN:
        more = N_("People on duty: {count} more units are not known; mend their names")
        issues.append(Issue(Level.WARNING, "staff", more, {"count": len(unknown) - MOST_UNKNOWN}, "staff"))
    return issues


def _made(project: Project) -> CrossTable:
    units, grids = project.units, project.grids
    assert units is not None
    assert grids is not None
    row = grid_rows(grids)
    nobody = np.full(len(units), NONE, np.int32)
    beats, zones = (groups.of_unit if (groups := groups_of(project, kind)) is not None else nobody for kind in ("beats", "zones"))
    key = np.column_stack((row, beats, zones, units.community)).astype(np.int64)
    parts, part = np.unique(key, axis=0, return_inverse=True)
    part = part.ravel()
    homes = project.households
    households, persons, area = (
        group_sums(part, values, len(parts)) for values in (unit_households(units, homes), unit_persons(units, homes), unit_areas(units))
    )
    kept = _worth_a_row(parts[:, 0], households + persons, area)
    parts, households, persons = parts[kept], households[kept], persons[kept]
    ids = grid_ids(grids)
    codes = [grids.grids[int(grid)].code for grid in ids]
    order = sorted(range(len(parts)), key=lambda i: (parts[i, 3], codes[parts[i, 0]], parts[i, 2]))
    parts, households, persons = parts[order], households[order], persons[order]
    stations, station_of = stations_of_grids(project)
    grid, beat, zone, community = ids[parts[:, 0]], parts[:, 1], parts[:, 2], parts[:, 3]
    duty = _Duty(project)
    station = station_of[parts[:, 0]]
    keys = zip(*(column.tolist() for column in (grid, beat, zone, community, station)), strict=True)
    people = [duty.of(of_grid, of_beat, of_zone, place, post, stations) for of_grid, of_beat, of_zone, place, post in keys]
    return CrossTable(grid, beat, zone, community, station, stations, households, persons, texts(people))


def _worth_a_row(grid: Ints, weight: Floats, area: Floats) -> Ints:
    """Return the parts to keep: those where somebody lives, and of a grid where nobody does the largest."""
    order = np.lexsort((-area, -weight, grid))
    first = np.ones(len(order), bool)
    first[1:] = grid[order][1:] != grid[order][:-1]
    return np.sort(order[first | (weight[order] > 0)])


class _Duty:
    """Who is on duty for what: the people whose unit is its code or name."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._people: dict[str, list[int]] = {}
        for row, unit in enumerate(project.staff.units.tolist()):
            if unit:
                self._people.setdefault(_plain(unit), []).append(row)

    def of(self, grid: int, beat: int, zone: int, community: int, station: int, stations: tuple[str, ...]) -> str:
        """Return the people on duty for a grid, its beat, zone, community, street office and police station, the nearest first."""
        project = self._project
        assert project.grids is not None
        rows = dict.fromkeys(self._rows(_words(project, "grid", grid)))
        named = {str(project.staff.names[row]) for row in rows}
        found = [person_text(project.staff, row) for row in rows]
        found += [worker for worker in project.grids.grids[grid].workers if worker not in named and worker not in found]
        rest = [*_words(project, "beat", beat), *_words(project, "zone", zone), *_words(project, "community", community)]
        if 0 <= community < len(project.communities):
            rest.append(str(project.communities.streets[community]))
        if station != NONE:
            rest.append(stations[station])
            rest += [str(project.station_areas.codes[station])] if len(project.station_areas) else []
        found += [person_text(project.staff, row) for row in self._rows(rest) if row not in rows]
        return "; ".join(dict.fromkeys(found))

    def _rows(self, words: Iterable[str]) -> list[int]:
        """Return the rows of the people whose unit is one of some words."""
        return [row for word in words if word for row in self._people.get(_plain(word), ())]


def person_text(staff: Staff, row: int) -> str:
    """Return a person on duty in one line: name (role) work phone."""
    name, role, phone = str(staff.names[row]), str(staff.roles[row]), str(staff.phones[row])
    who = f"{name} ({role})" if name and role else name or role
    return f"{who} {phone}".strip()


def _words(project: Project, dimension: str, key: int) -> tuple[str, str]:
    """Return the code and the name of what a key of a dimension is; empty ones for none, and where it is not there any more."""
    if key == NONE:
        return "", ""
    if dimension == "community":
        places = project.communities
        return (str(places.codes[key]), str(places.names[key])) if key < len(places) else ("", "")
    plan = {"grid": project.grids, "beat": project.beats, "zone": project.zones}[dimension]
    known = getattr(plan, f"{dimension}s", {})
    return (known[key].code, known[key].name) if key in known else ("", "")


@lru_cache(maxsize=2)
def _street_words(roads: Roads) -> frozenset[str]:
    return frozenset(_plain(name) for name in roads.names)


def _all_words(project: Project) -> Iterable[str]:
    """Return every code and name that the unit of a person on duty may be, but for the names of streets."""
    for dimension, plan in (("grid", project.grids), ("beat", project.beats), ("zone", project.zones)):
        for key in getattr(plan, f"{dimension}s", {}):
            yield from _words(project, dimension, key)
    for columns in (project.communities, project.station_areas):
        yield from columns.codes
        yield from columns.names
    yield from project.communities.streets
    yield from project.depots.names
    for stretch in project.chiefs.stretches if project.chiefs is not None else ():
        yield from (stretch.code, stretch.name)
    yield from (segment.code for segment in (project.rail.segments if project.rail is not None else ()))
    yield from (member.code for member in (project.roster.people if project.roster is not None else ()))


def _plain(word: str) -> str:
    return word.strip().casefold()
