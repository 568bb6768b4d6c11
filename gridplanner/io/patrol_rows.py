"""The rows of what patrols cover within all days of the draw: a row a street, and a row a key site."""

from __future__ import annotations

import numpy as np
import shapely

from gridplanner.io.layer_columns import LayerRows, rows_of
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.patrol_coverage import coverage_of_week
from gridplanner.model.project import Project


def coverage(project: Project) -> LayerRows | None:
    """Return a row for each street that lies in a patrol zone or is driven; the interval is empty where no patrol comes."""
    plan, found = project.patrol, coverage_of_week(project)
    if plan is None or found is None:
        return None
    streets = plan.streets
    rows = np.flatnonzero((streets.zone >= 0) | (found.visits > 0))
    lines = streets.lines.select(rows)
    shapes = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, lines.coords, (lines.offsets,))
    return rows_of("coverage", shapes, {
        "edge_id": rows + 1, "name": streets.names[rows], "class": streets.classes[rows], "visits": found.visits[rows],
        "interval_h": _known(found.interval_h[rows]), "zone_code": _zone_codes(project, streets.zone[rows]),
        "required": streets.times[rows], "patrolled": found.patrolled[rows],
    })  # fmt: skip


def sitevisits(project: Project) -> LayerRows | None:
    """Return a row for each key site; the interval is empty where no patrol comes."""
    sites, found = project.key_sites, coverage_of_week(project)
    if found is None or not len(sites):
        return None
    return rows_of("sitevisits", shapely.points(sites.xy), {
        "name": sites.names, "wanted": sites.visits, "visits": found.site_visits, "interval_h": _known(found.site_interval_h),
        "zone_code": _zone_codes(project, found.site_zone),
    })  # fmt: skip


def _known(hours: Floats) -> Floats:
    return np.where(np.isfinite(hours), hours, np.nan)


def _zone_codes(project: Project, zones: Ints) -> list[str]:
    codes = {key: zone.code for key, zone in project.zones.zones.items()} if project.zones is not None else {}
    return [codes.get(key, "") for key in zones.tolist()]
