"""The rows of what police planning exports: beats, patrol zones, checkpoints, rings, the rating map, street chiefs and the cross-table."""

from __future__ import annotations

import numpy as np
import shapely

from algorithms.sums import group_sums
from algorithms.units.locate import locate, nearest
from gridplanner.io.layer_columns import LayerRows, line_shapes, no_places, point_shapes, rows_of
from gridplanner.model.beat_figures import beat_figures
from gridplanner.model.cross_table import cross_table, title_of
from gridplanner.model.groups import NONE, groups_of
from gridplanner.model.lines import Floats, Texts, parts_of_lines
from gridplanner.model.outlines import beat_outlines, grid_rows, zone_outlines
from gridplanner.model.places import RoadClass, Roads
from gridplanner.model.project import Project
from gridplanner.model.ratings import COLOURS, NOT_RATED, ratings_of
from gridplanner.model.statistics import unit_households
from gridplanner.model.units import unit_areas
from gridplanner.model.zone_figures import zone_amounts, zone_figures
from gridplanner.model.zones import ZonePlan

BESIDE = 25.0  # metres outside all zones within which a street or a key site counts for the nearest


def beats(project: Project) -> LayerRows | None:
    """Return a row for each beat that has grids."""
    plan, units, grids = project.beats, project.units, project.grids
    if plan is None or units is None or grids is None:
        return None
    figures, known = beat_figures(project), list(plan.beats.values())
    return _there(rows_of("beats", beat_outlines(units, grids, plan), {
        "beat_code": [beat.code for beat in known], "name": [beat.name for beat in known],
        **{name: getattr(figures, name) for name in ("households", "persons", "grids", "workload", "deviation")},
        "area": [beat.area for beat in known],
    }))  # fmt: skip


def group_codes_of_grids(project: Project, kind: str) -> list[str]:
    """Return the code of each grid's beat or zone (`kind` beats or zones), in the order of `grid_ids`, empty for none.

    A grid that street blocks part between zones bears the code of the one that most of its households live in.
    """
    units, grids, groups = project.units, project.grids, groups_of(project, kind)
    assert grids is not None
    if units is None or groups is None:
        return [""] * len(grids)
    row = grid_rows(grids)
    pairs, pair = np.unique(np.column_stack((row, groups.of_unit)), axis=0, return_inverse=True)
    weight = group_sums(pair.ravel(), unit_households(units, project.households) + 1e-9 * unit_areas(units), len(pairs))
    codes = [""] * len(grids)
    for at in np.argsort(weight, kind="stable").tolist():  # the heaviest comes last and stays
        grid, group = pairs[at].tolist()
        codes[grid] = groups.known[group].code if group in groups.known else ""
    return codes


def zones(project: Project) -> LayerRows | None:
    """Return a row for each patrol zone."""
    plan = project.zones
    if plan is None:
        return None
    shapes, figures = _zone_shapes(project, plan), zone_figures(project)
    known = list(plan.zones.values())
    workload, p90 = zone_amounts(project, plan)
    mean = float(workload.mean()) if len(workload) else 0.0
    names = project.depots.names
    sites = project.key_sites.xy
    return _there(rows_of("zones", shapes, {
        "zone_code": [zone.code for zone in known], "name": [zone.name for zone in known], "workload": workload,
        "dev_pct": 100.0 * (workload / mean - 1.0) if mean else np.zeros(len(plan)),
        "street_km": figures.street_km if figures is not None else _sums_in(shapes, *_street_pieces(project.roads)),
        "key_sites": _sums_in(shapes, sites, np.ones(len(sites))),
        "depot": [str(names[zone.depot]) if 0 <= zone.depot < len(names) else "" for zone in known],
        "resp_p90": np.where(np.isfinite(p90), p90, np.nan) if len(p90) == len(plan) else None,
    }))  # fmt: skip


def _zone_shapes(project: Project, plan: ZonePlan) -> Texts:
    """Return a polygon per zone; None where a zone has neither grids nor blocks."""
    units, grids = project.units, project.grids
    of_blocks = units is not None and len(plan.labels) == len(units) > 0
    if units is not None and (of_blocks or (grids is not None and plan.members)):
        return zone_outlines(units, grids, plan)
    return plan.hulls if len(plan.hulls) == len(plan) else no_places(len(plan))


def _sums_in(shapes: Texts, xy: Floats, value: Floats) -> Floats:
    """Return the sum of the values of the places (n, 2) in each shape, (k,); a place just outside all counts for the nearest."""
    there = np.flatnonzero(~shapely.is_missing(shapes))
    sums = np.zeros(len(shapes))
    if len(there) and len(xy):
        row = locate(xy, shapes[there])
        lost = np.flatnonzero(row < 0)
        row[lost] = nearest(xy[lost], shapes[there], BESIDE)
        sums[there] = group_sums(row[row >= 0], value[row >= 0], len(there))
    return sums


def _street_pieces(roads: Roads) -> tuple[Floats, Floats]:
    """Return the middle (n, 2) and the km (n,) of parts of the streets of class residential and up."""
    return parts_of_lines(roads.lines.select(np.flatnonzero(roads.classes >= RoadClass.STREET)))[:2]


def checkpts(project: Project) -> LayerRows | None:
    """Return a row for each checkpoint."""
    plan = project.checkpoints
    if plan is None:
        return None
    held = plan.checkpoints
    return rows_of("checkpts", point_shapes([(one.x, one.y) for one in held]), {
        "id": [one.code for one in held], "road": [one.road for one in held], "class": [one.highway for one in held],
        "direction": [one.direction for one in held], "rank": [one.rank for one in held], "flow_pct": [100.0 * one.flow for one in held],
        "cordon": [one.cordon for one in held], "status": ["existing" if one.existing else "new" for one in held],
    })  # fmt: skip


def crossings(project: Project) -> LayerRows | None:
    """Return the border-crossing table: a row for each street that crosses the boundary or a cordon, held or open."""
    plan = project.checkpoints
    if plan is None:
        return None
    held: dict[int, str] = {}
    for one in plan.checkpoints:
        held.setdefault(one.crossing, one.code)
    found = plan.crossings
    return rows_of("crossings", point_shapes([(one.x, one.y) for one in found]), {
        "road": [one.road for one in found], "class": [one.highway for one in found], "direction": [one.direction for one in found],
        "cordon": [one.cordon for one in found], "through": [100.0 * one.through for one in found],
        "outbound": [100.0 * one.outbound for one in found], "held": [held.get(row, "") for row in range(len(found))],
        "note": [one.site or ("" if one.arterial else "no arterial") for one in found],
    })  # fmt: skip


def rings(project: Project) -> LayerRows | None:
    """Return a row for each ring around a post, with the addresses that are reached in its time."""
    plan = project.rings
    if plan is None:
        return None
    homes, limits = project.households, np.array(plan.minutes, np.float64)
    same = len(plan.address_minutes) == len(homes)
    households, persons = np.zeros(len(plan)), np.zeros(len(plan))
    for row, (post, minutes) in enumerate(zip(plan.shape_post.tolist(), plan.shape_minutes.tolist(), strict=True)):
        before = limits[limits < minutes - 1e-9].max(initial=-np.inf)
        mine = (plan.address_post == post) & (plan.address_minutes > before) & (plan.address_minutes <= minutes) if same else []
        households[row], persons[row] = homes.households[mine].sum(), homes.persons[mine].sum()
    width = max(len(str(len(plan.posts))), 2)
    return _there(rows_of("rings", plan.shapes, {
        "code": [f"{post + 1:0{width}d}" for post in plan.shape_post.tolist()],
        "name": [str(plan.names[post]) if 0 <= post < len(plan.names) else "" for post in plan.shape_post.tolist()],
        "minutes": plan.shape_minutes, "households": households, "persons": persons,
    }))  # fmt: skip


def ratings(project: Project) -> LayerRows | None:
    """Return the rating map of the month that the settings name, else the latest: a row for each area, those not rated too."""
    if project.settings.rating is None:
        return None
    rating = ratings_of(project)
    column, areas = rating.column(), rating.areas
    if column < 0 or not len(areas):
        return None
    return _there(rows_of("ratings", areas.polygons, {
        "code": areas.codes, "name": areas.names, "month": [rating.months[column]] * len(areas), "value": rating.score[:, column],
        "colour": ["" if level == NOT_RATED else COLOURS[level] for level in rating.level[:, column].tolist()],
        "change": rating.change[:, column], "households": areas.households, "persons": areas.persons,
    }))  # fmt: skip


def streets(project: Project) -> LayerRows | None:
    """Return a row for each stretch that a street chief is responsible for."""
    plan = project.chiefs
    if plan is None:
        return None
    found = plan.stretches
    return rows_of("streets", line_shapes([one.coords for one in found]), {
        "street_id": [one.code for one in found], "name": [one.name for one in found], "chief": [one.chief for one in found],
        "length_m": [one.length_m for one in found], "workload": [one.workload for one in found],
        "grids_l": [_grid_codes(project, one.left) for one in found], "grids_r": [_grid_codes(project, one.right) for one in found],
    })  # fmt: skip


def _grid_codes(project: Project, ids: tuple[int, ...]) -> str:
    known = project.grids.grids if project.grids is not None else {}
    return ",".join(dict.fromkeys(known[grid].code for grid in ids if grid in known))


def crosstab(project: Project) -> LayerRows | None:
    """Return the cross-table once there is something to cross with grids and communities: beats or patrol zones."""
    table = cross_table(project) if project.beats is not None or project.zones is not None else None
    if table is None:
        return None
    assert project.grids is not None
    places = project.communities
    codes = {
        "grid": {key: grid.code for key, grid in project.grids.grids.items()},
        "beat": {key: beat.code for key, beat in project.beats.beats.items()} if project.beats is not None else {},
        "zone": {key: zone.code for key, zone in project.zones.zones.items()} if project.zones is not None else {},
    }
    columns: dict[str, object] = {
        "comm_code": places.codes[table.community], "comm_name": places.names[table.community],
        "station": ["" if key == NONE else table.stations[key] for key in table.station.tolist()],
        "households": table.households, "persons": table.persons, "on_duty": table.on_duty,
    }  # fmt: skip
    for dimension, known in codes.items():
        keys = getattr(table, dimension).tolist()
        columns[f"{dimension}_code"] = [known.get(key, "") for key in keys]
        columns[f"{dimension}_name"] = [title_of(project, dimension, key) if key in known else "" for key in keys]
    return rows_of("crosstab", no_places(len(table)), columns)


def _there(rows: LayerRows) -> LayerRows:
    """Return a layer of areas without the rows that have none: a group whose last piece was taken away."""
    there = np.array([shape is not None and not shape.is_empty for shape in rows.shapes], bool)
    if there.all():
        return rows
    return LayerRows(rows.schema, rows.shapes[there], {name: column[there] for name, column in rows.columns.items()})
