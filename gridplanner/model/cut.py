"""Units cut by lines of the planner's hand: what was known of a unit goes on in its parts, and the plan stays the plan it was."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import shapely

from algorithms.units.cutting import PartitionCut, TooNarrowError, cut_faces
from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.cut_borders import newly_blocked, street_along
from gridplanner.model.cut_parts import Cut, polygons_near
from gridplanner.model.freshness import made_from
from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.project import Project
from gridplanner.model.units import Units, unit_areas
from gridplanner.model.zones import ZonePlan

FOLLOW = ("grids", "beats", "zones", "rings", "chiefs", "patrol")  # plans that a cut leaves as they were, of finer units


def cut_units(project: Project, lines: Sequence[Floats], may_cut: Bools | None = None) -> Cut:
    """Return the project's units cut by lines (k, 2), in metres; `may_cut` (u,) leaves out units that stay whole.

    Each address goes to the part that it lies in, on the line to the part that keeps the unit's row; one that lies outside its unit to
    the nearest part. New borders along a street are of its kind. The work grows with what is near the lines, beside one look at the
    arrays. Raises EditRejected where there are no units, or no room for the lines.
    """
    units = project.units
    if units is None:
        raise EditRejected(_("There are no units yet"))
    try:
        cut = cut_faces(units.xy, units.ends, units.left, units.right, len(units), list(lines), may_cut)
    except TooNarrowError:
        raise EditRejected(_("Borders lie too close together here; draw the line a little to one side")) from None
    if not len(cut.parent):
        return Cut(units, cut.parent, cut.along)
    fresh = np.flatnonzero(cut.source < 0) + len(units.ends)
    source = np.where(cut.source < 0, 0, cut.source)
    kind, road = (np.concatenate((values, values[source])) for values in (units.kind, units.road))
    kind[fresh], road[fresh] = street_along(project.roads, cut.xy[cut.ends[fresh]])
    blocked = np.concatenate((units.blocked, units.blocked[source]))
    blocked[fresh] = False
    after = dataclasses.replace(
        units,
        xy=cut.xy,
        ends=cut.ends,
        left=cut.left,
        right=cut.right,
        kind=kind,
        road=road,
        blocked=blocked,
        community=np.concatenate((units.community, units.community[cut.parent])),
        address_unit=_address_units(units, cut, project.households.xy),
        by_hand=True,
    )
    lost = newly_blocked(after, cut.parent, project.roads)
    if lost.any():
        after = dataclasses.replace(after, blocked=after.blocked | lost)
    return Cut(after, cut.parent, cut.along)


def with_cut(project: Project, cut: Cut) -> Project:
    """Return the project with cut units; parts are in the grids of their units, and what was up to date is so still."""
    if not len(cut.parent):
        return project
    fresh = {name for name in FOLLOW if getattr(project, name) is not None and _is_fresh(project, name)}
    after = dataclasses.replace(project, units=cut.units)
    if project.grids is not None:
        labels = project.grids.labels
        after = dataclasses.replace(after, grids=dataclasses.replace(project.grids, labels=np.concatenate((labels, labels[cut.parent]))))
    if project.zones is not None:
        after = dataclasses.replace(after, zones=_zones_of_parts(project.zones, len(project.units or ()), cut))
    for name in sorted(fresh):
        after = dataclasses.replace(after, **{name: dataclasses.replace(getattr(after, name), made_from=made_from(after, name))})
    return after


def _zones_of_parts(zones: ZonePlan, count: int, cut: Cut) -> ZonePlan:
    """Return zones over cut units: the parts of a unit are in its zone and share by their ground what it counted for."""
    if len(zones.labels) == count:
        choices = tuple(dataclasses.replace(one, labels=np.concatenate((one.labels, one.labels[cut.parent]))) for one in zones.choices)
        zones = dataclasses.replace(zones, labels=np.concatenate((zones.labels, zones.labels[cut.parent])), choices=choices)
    ground = zones.ground
    if ground is None or len(ground.work) != count:
        return zones
    unit = np.concatenate((np.arange(count), cut.parent))
    area = unit_areas(cut.units)
    share = area / np.maximum(np.bincount(unit, area, minlength=count)[unit], 1e-9)
    amounts = {name: getattr(ground, name)[unit] * share for name in ("work", "demand", "street_km", "key_sites")}
    return dataclasses.replace(zones, ground=dataclasses.replace(ground, piece=ground.piece[unit], **amounts))


def _address_units(units: Units, cut: PartitionCut, xy: Floats) -> Ints:
    """Return each address's unit after the cut."""
    count = len(units)
    touched = np.zeros(count + 1, bool)
    touched[cut.parent] = True
    found = units.address_unit.copy()
    rows = np.flatnonzero(touched[found])
    parents = np.unique(cut.parent)
    parts = np.concatenate((parents, count + np.arange(len(cut.parent))))
    whole = np.concatenate((parents, cut.parent))
    polygons = polygons_near(cut.xy, cut.ends, cut.left, cut.right, count + len(cut.parent), parts)
    order = np.argsort(whole, kind="stable")
    rows = rows[np.argsort(found[rows], kind="stable")]
    held = found[rows]  # by units as they were, in rising order
    for unit in parents.tolist():
        mine = rows[np.searchsorted(held, unit) : np.searchsorted(held, unit, "right")]
        own = order[np.searchsorted(whole[order], unit) : np.searchsorted(whole[order], unit, "right")]
        if len(mine):
            away = shapely.distance(polygons[own][:, None], shapely.points(xy[mine])[None, :])
            found[mine] = parts[own][np.argmin(away, axis=0)]  # of equal ones the first, which has the unit's row
    return found


def _is_fresh(project: Project, name: str) -> bool:
    return str(getattr(project, name).made_from) == made_from(project, name)
