"""The rows of the exported layers, computed from a project."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely

from gridplanner.io import duty_rows, patrol_rows, rail_rows, roster_rows
from gridplanner.io.layer_columns import LayerRows as LayerRows
from gridplanner.io.layer_columns import line_shapes, no_places, point_shapes, rows_of
from gridplanner.io.limits import grid_limits
from gridplanner.model.grids import GridPlan
from gridplanner.model.issues import Issue
from gridplanner.model.lines import Floats, Ints, Texts
from gridplanner.model.outlines import grid_ids, grid_outlines, grid_rows, unit_polygons
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures, unit_households, unit_persons
from gridplanner.model.street_words import clock_words
from gridplanner.model.transfers import transfers_of

_FIGURES = ("households", "persons", "deviation", "dev_mean", "area_m2", "compact", "street_pct", "inner_pct", "status")


def layers_of(project: Project) -> list[LayerRows]:
    """Return the layers that a project has, in the order of the contract, without the issues."""
    found = (build(project) for build in BUILDERS)
    return [rows for rows in found if rows is not None]


def issue_rows(issues: tuple[Issue, ...]) -> LayerRows:
    """Return the issues as a layer; those about no place have no geometry."""
    shapes = np.empty(len(issues), object)
    for row, issue in enumerate(issues):
        if issue.x is not None and issue.y is not None:
            shapes[row] = shapely.Point(issue.x, issue.y)
    columns = {
        "level": [str(issue.level) for issue in issues],
        **{name: [getattr(issue, name) for issue in issues] for name in ("kind", "message", "layer", "ref")},
    }
    return rows_of("issues", shapes, columns)


def _codes(plan: GridPlan) -> Texts:
    return texts([plan.grids[int(grid)].code for grid in grid_ids(plan)])


def _units(project: Project) -> LayerRows | None:
    if project.units is None:
        return None
    units = project.units
    codes = _codes(project.grids)[grid_rows(project.grids)] if project.grids is not None else texts([""] * len(units))
    return rows_of("units", unit_polygons(units), {
        "unit_id": np.arange(1, len(units) + 1), "grid_code": codes, "households": unit_households(units, project.households),
        "persons": unit_persons(units, project.households), "comm_code": project.communities.codes[units.community],
    })  # fmt: skip


def _grids(project: Project) -> LayerRows | None:
    if project.units is None or project.grids is None:
        return None
    plan, figures = project.grids, grid_figures(project)
    grids = [plan.grids[int(grid)] for grid in figures.ids]
    places = project.communities
    columns: dict[str, object] = {
        "grid_code": _codes(plan), "name": [grid.name for grid in grids], "comm_code": places.codes[figures.community],
        "comm_name": places.names[figures.community], "street": places.streets[figures.community],
        **{name: getattr(figures, name) for name in _FIGURES},
        "beat_code": duty_rows.group_codes_of_grids(project, "beats"), "zone_code": duty_rows.group_codes_of_grids(project, "zones"),
        "workers": _workers(project, figures.load), "prev_code": [grid.prev_code for grid in grids],
        "valid_from": [grid.valid_from for grid in grids], "limits": grid_limits(project),
    }  # fmt: skip
    return rows_of("grids", grid_outlines(project.units, plan), {key: value for key, value in columns.items() if value is not None})


def _workers(project: Project, load: Floats) -> Ints | None:
    """Return the workers of each grid: those named, else a share of round(grids × ratio), the heaviest first; None without [staff]."""
    assert project.grids is not None
    grids = [project.grids.grids[int(grid)] for grid in grid_ids(project.grids)]
    if any(grid.workers for grid in grids):
        return np.array([len(grid.workers) for grid in grids], np.int32)
    if project.settings.staff is None:
        return None
    total = round(len(grids) * project.settings.staff.workers_per_grid)
    each, rest = divmod(total, len(grids))
    workers = np.full(len(grids), each, np.int32)
    workers[np.argsort(-load, kind="stable")[:rest]] += 1
    return workers


def _addresses(project: Project) -> LayerRows | None:
    """The addresses of the plan; those too far from every community are in the issues."""
    if project.units is None or not len(project.households):
        return None
    unit = project.units.address_unit
    planned = np.flatnonzero(unit >= 0)
    codes = _codes(project.grids)[grid_rows(project.grids)][unit[planned]] if project.grids is not None else texts([""] * len(planned))
    homes = project.households
    columns = {"grid_code": codes, "households": homes.households[planned], "persons": homes.persons[planned]}
    return rows_of("addresses", shapely.points(homes.xy[planned]), columns)


def _routes(project: Project) -> LayerRows | None:
    if project.patrol is None:
        return None
    routes = project.patrol.routes
    columns = {
        "route_code": [r.code for r in routes], "zone_code": [_zone_code(project, r.zone) for r in routes],
        "depot": [r.depot for r in routes], "variant": [r.variant for r in routes], "shift": [r.shift for r in routes],
        "length_km": [(r.required_m + r.dead_m) / 1000.0 for r in routes], "minutes": [r.minutes for r in routes],
        "req_km": [r.required_m / 1000.0 for r in routes], "dead_km": [r.dead_m / 1000.0 for r in routes],
        "sites": [r.sites for r in routes], "crew": [r.crew + 1 for r in routes], "outside_km": [r.outside_m / 1000.0 for r in routes],
        "locked": [int(r.locked) for r in routes],
    }  # fmt: skip
    return rows_of("routes", line_shapes([r.coords for r in routes]), columns)


def _stops(project: Project) -> LayerRows | None:
    if project.patrol is None:
        return None
    stops = [(route, seq, stop) for route in project.patrol.routes for seq, stop in enumerate(route.stops, 1)]
    return rows_of("stops", point_shapes([(stop.x, stop.y) for _route, _seq, stop in stops]), {
        "route_code": [route.code for route, _seq, _stop in stops], "seq": [seq for _route, seq, _stop in stops],
        "kind": [stop.kind for *_keys, stop in stops], "name": [stop.name for *_keys, stop in stops],
        "arrive": [clock_words(stop.arrive) for *_keys, stop in stops], "dwell_min": [stop.dwell for *_keys, stop in stops],
        "variant": [route.variant for route, *_rest in stops], "zone_code": [_zone_code(project, route.zone) for route, *_rest in stops],
    })  # fmt: skip


def _zone_code(project: Project, zone: int) -> str:
    zones = project.zones.zones if project.zones is not None else {}
    return zones[zone].code if zone in zones else ""


def _transfers(project: Project) -> LayerRows | None:
    """Who changes grid; there is no such layer where nothing was re-planned."""
    found = transfers_of(project)
    if found is None:
        return None
    return rows_of("transfers", no_places(len(found)), {
        "address": project.households.address[found.address], "households": found.households, "from_code": found.before,
        "to_code": found.now,
    })  # fmt: skip


def _retired(project: Project) -> LayerRows | None:
    if project.grids is None or not project.grids.retired:
        return None
    ends = project.grids.retired
    codes = project.communities.codes
    return rows_of("retired", no_places(len(ends)), {
        "grid_code": [end.code for end in ends], "name": [end.name for end in ends],
        "comm_code": [codes[end.community] if end.community < len(codes) else "" for end in ends],
        "new_codes": [",".join(end.successors) for end in ends], "retired": [end.retired for end in ends],
    })  # fmt: skip


BUILDERS: tuple[Callable[[Project], LayerRows | None], ...] = (
    _units,
    _grids,
    _addresses,
    duty_rows.beats,
    duty_rows.zones,
    duty_rows.checkpts,
    duty_rows.crossings,
    duty_rows.rings,
    duty_rows.ratings,
    duty_rows.streets,
    duty_rows.crosstab,
    patrol_rows.coverage,
    _routes,
    _stops,
    patrol_rows.sitevisits,
    rail_rows.railsegs,
    rail_rows.corridor,
    roster_rows.roster,
    _transfers,
    _retired,
)
