"""Response rings: how soon crews from the posts are at every address and incident, and what that reaches on the map."""

from __future__ import annotations

import numpy as np

from algorithms.progress import SILENT, Progress, Span
from algorithms.units.locate import locate
from gridplanner.edits.edit import Replace, needs
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.freshness import made_from
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Floats, Ints, Texts
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.model.rating_figures import told_count
from gridplanner.model.rings import RingPlan
from gridplanner.planning.ring_shapes import Homes, ring_shapes
from gridplanner.planning.travel import minutes_of_reach, reach_of, ways_of
from gridplanner.settings import ResponseSettings

AWAY = 500.0  # metres to the nearest street from which a post is likely misplaced, and an address without a street of its own


def propose_rings(project: Project, progress: Progress = SILENT) -> Replace:
    """Return the edit that measures the response from the posts.

    Raises InputError where there are no posts or no streets.
    """
    settings = project.settings.response or ResponseSettings()
    ways = ways_of(project.roads, settings.mode)
    posts, names, issues = _posts(project, settings)
    progress.report(0.1)
    aside = ways.places(posts).distance
    for row in np.flatnonzero(aside > AWAY).tolist():
        text = N_("{name} is {metres} m from the nearest street; its minutes begin with that way. Check where it lies")
        values = {"name": names[row], "metres": round(float(aside[row]))}
        issues.append(Issue(Level.WARNING, "far_post", text, values, "rings", names[row], *map(float, posts[row])))
    reach = reach_of(ways, posts)
    address_minutes, address_post = minutes_of_reach(ways, reach, project.households.xy)
    incident_minutes, incident_post = minutes_of_reach(ways, reach, project.incidents.xy)
    progress.report(0.3)
    homes = Homes(project.households.xy, address_minutes, address_post)
    rings = ring_shapes(ways, reach, settings.minutes, project.communities.polygons, homes, Span(progress, 0.3, 1.0))
    issues += _not_reached(project, address_minutes, settings.minutes[-1])
    issues += _far_from_streets(project, ways.places(project.households.xy).distance, address_minutes)
    issues += _incidents_not_reached(project, incident_minutes, settings.minutes[-1])
    plan = RingPlan(
        settings.minutes, posts, names, address_minutes, address_post, incident_minutes,
        rings.shapes, rings.post, rings.minutes, tuple(issues), made_from(project, "rings"), incident_post,
    )  # fmt: skip
    words = N_("Measure the response from {n} posts")
    given = ("roads", "households", "incidents", "depots", *(("zones",) if settings.posts == "zones" else ()))
    return Replace(words, {"rings": plan}, needs(project, *given), {"n": len(posts)})


def _posts(project: Project, settings: ResponseSettings) -> tuple[Floats, Texts, list[Issue]]:
    """Return where crews start from, what these places are called, and what is wrong with them."""
    depots = project.depots
    if settings.posts == "depots":
        if not len(depots):
            raise InputError(_("There are no depots to respond from; import depots, or choose the posts of the patrol zones"))
        named = [name or _("Depot {n}").format(n=row) for row, name in enumerate(depots.names.tolist(), 1)]
        return depots.xy.copy(), texts(named), []
    if project.zones is None:
        raise InputError(_("There are no patrol zones to respond from; plan the patrol zones first, or choose the depots as posts"))
    places: list[tuple[float, float]] = []
    names: list[str] = []
    issues: list[Issue] = []
    for zone in project.zones.zones.values():
        if zone.x is not None and zone.y is not None:
            places.append((zone.x, zone.y))
        elif 0 <= zone.depot < len(depots):
            places.append((float(depots.xy[zone.depot, 0]), float(depots.xy[zone.depot, 1])))
        else:
            text = N_("{name} has no place that it is served from, so no response from it was measured; plan the patrol zones again")
            issues.append(Issue(Level.WARNING, "no_post", text, {"name": zone.name}, "zones", zone.code))
            continue
        names.append(zone.name)
    if not places:
        raise InputError(_("No patrol zone has a place that it is served from; plan the patrol zones again"))
    return np.array(places, np.float64), texts(names), issues


def _not_reached(project: Project, minutes: Floats, limit: float) -> list[Issue]:
    """Return an issue per community for what is too far, and one for what has no way at all: never one an address."""
    homes = project.households
    community = _communities(project)
    found: list[Issue] = []
    late = N_(
        "{name}: reached later than in {minutes} minutes, the last of them in {worst}: households: {households}, addresses: {n}; "
        "a post nearer to them would help"
    )
    lost = N_(
        "{name}: cut off, as no street joins them to those that crews come on: households: {households}, addresses: {n}; "
        "look for a gap in the streets"
    )
    names = project.communities.names.tolist()
    for kind, text, rows in (
        ("cut_off", lost, np.flatnonzero(np.isinf(minutes) & (homes.households > 0))),
        ("late", late, np.flatnonzero(np.isfinite(minutes) & (minutes > limit) & (homes.households > 0))),
    ):
        for key in np.unique(community[rows]).tolist():
            mine = rows[community[rows] == key]
            at = int(mine[np.argmax(np.where(np.isfinite(minutes[mine]), minutes[mine], 0.0))])
            name = names[key] if 0 <= key < len(names) else project.name
            values: dict[str, object] = {
                "households": round(float(homes.households[mine].sum())), "n": len(mine), "name": name, "minutes": f"{limit:g}",
                "worst": f"{float(minutes[at]):.1f}",
            }  # fmt: skip
            x, y = map(float, homes.xy[at])
            found.append(Issue(Level.WARNING, kind, text, values, "rings", name, x, y))
    return found


def _far_from_streets(project: Project, metres: Floats, minutes: Floats) -> list[Issue]:
    """Return an issue where households are far from all streets: there the minutes are those of a straight walk across country."""
    homes = project.households
    far = np.flatnonzero((metres > AWAY) & np.isfinite(minutes) & (homes.households > 0))
    if not len(far):
        return []
    text = N_(
        "Farther than {metres} m from every street that crews drive on, so that their minutes are mostly on foot: "
        "households: {households}, addresses: {n}; look for streets that are missing"
    )
    at = int(far[np.argmax(metres[far])])
    values = {"metres": round(AWAY), "households": round(float(homes.households[far].sum())), "n": len(far)}
    return [Issue(Level.INFO, "far_address", text, values, "rings", "", *map(float, homes.xy[at]))]


def _incidents_not_reached(project: Project, minutes: Floats, limit: float) -> list[Issue]:
    """Return an issue for incidents that are too far, and one for those with no way; without a place where small counts are hidden."""
    found: list[Issue] = []
    rating = project.settings.rating
    below = rating.suppress_below if rating is not None else 0
    for kind, text, some in (
        ("cut_off", N_("Incidents with no way to them from any post: {n}"), np.isinf(minutes)),
        ("late", N_("Incidents that are reached later than in {minutes} minutes: {n}"), np.isfinite(minutes) & (minutes > limit)),
    ):
        if some.any():
            count = float(project.incidents.weight[some].sum())
            at = int(np.flatnonzero(some)[np.argmax(np.nan_to_num(minutes[some], posinf=0.0))])
            place = map(float, project.incidents.xy[at]) if below <= 0 else ()
            values = {"n": told_count(count, below), "minutes": f"{limit:g}"}
            found.append(Issue(Level.WARNING, kind, text, values, "rings", "", *place))
    return found


def _communities(project: Project) -> Ints:
    """Return the community row of each address, -1 outside all of them, (a,)."""
    units = project.units
    if units is not None and len(units.address_unit) == len(project.households):
        inside = units.address_unit >= 0
        return np.where(inside, units.community[np.where(inside, units.address_unit, 0)], -1)
    return locate(project.households.xy, project.communities.polygons)
