"""What the planner must know of checkpoints: leaks, too few crossings, forbidden places that matter, sites at no crossing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.spatial import cKDTree

from gridplanner.i18n import N_
from gridplanner.model.checkpoints import Checkpoint, Closure, Crossing
from gridplanner.model.issues import Issue, Level
from gridplanner.model.project import Project
from gridplanner.planning.cordon_areas import CordonArea
from gridplanner.planning.cordon_closing import ENDS, SHALLOW
from gridplanner.planning.cordon_crossings import SITE, doubted

MUCH = 0.05  # share of a flow from which a place where no checkpoint may stand is worth a word
LAYER = "checkpts"


def cordon_issues(
    project: Project, cordon: CordonArea, crossings: Sequence[Crossing], checkpoints: Sequence[Checkpoint], closure: Closure
) -> list[Issue]:
    """Return the findings about one cordon."""
    found: list[Issue] = []
    x, y = (float(v) for v in cordon.area.representative_point().coords[0])

    def say(level: Level, text: str, values: Mapping[str, object], at: tuple[float, float] = (x, y), kind: str = "checkpoints") -> None:
        found.append(Issue(level, kind, text, {"what": cordon.name or N_("the boundary"), **values}, LAYER, cordon.name, *at))

    if not crossings:
        say(Level.WARNING, N_("No street crosses {what}, so no checkpoint can stand there; do the streets reach beyond it?"), {})
        return found
    if not cordon.name and project.communities.made_up and "district" not in project.settings.sources:
        text = N_("The boundary was made up around the addresses, so its crossings are a guess; import the communities")
        say(Level.WARNING, text, {})
    counts = {"wanted": cordon.count, "n": len(checkpoints)}
    if not checkpoints:
        text = N_("No checkpoint can stand at {what}: no street over it is of a class that may be held; add to classes in [checkpoints]")
        forbidden = N_("No checkpoint can stand at {what}: all crossings that may be held by their class are forbidden")
        say(Level.WARNING, forbidden if any(row.arterial for row in crossings) else text, {})
    elif len(checkpoints) < cordon.count:
        say(Level.INFO, N_("{wanted} checkpoints were wished for at {what}; {n} can be held, and all of them are"), counts)
    if len(checkpoints) > cordon.count:
        say(Level.INFO, N_("{wanted} checkpoints were wished for at {what}, but {n} stand there already; all are kept"), counts)
    for row in doubted(project, crossings):
        text = N_("At {road} a checkpoint stands and none may: both are marked; the checkpoint was kept, take one mark away")
        say(Level.WARNING, text, {"road": row.road or row.highway}, (row.x, row.y))
    for row in crossings:
        share = max(row.through, row.outbound)
        if row.site == "forbidden" and share >= MUCH:
            text = N_("No checkpoint may stand on {road}, where {share} % of the flow over {what} passes")
            say(Level.WARNING, text, {"road": row.road or row.highway, "share": f"{100 * share:.0f}"}, (row.x, row.y))
    nameless = [row for row in crossings if row.arterial and not row.road]
    if nameless:
        text = N_("Main streets without a name that cross {what}: {n}; the first is here")
        say(Level.INFO, text, {"n": len(nameless)}, (nameless[0].x, nameless[0].y))
    if closure.leaks:
        say(
            Level.WARNING, N_("Streets over {what} that no checkpoint may hold: {n}; it cannot be closed wholly"), {"n": len(closure.leaks)}
        )
    for leak_x, leak_y, road, highway in closure.leaks:
        named = N_("At {road} ({highway}) {what} stays open: no checkpoint may hold this street")
        text = named if road else N_("At a street without a name ({highway}) {what} stays open: no checkpoint may hold it")
        say(Level.INFO, text, {"road": road, "highway": highway}, (leak_x, leak_y), "leak")
    if closure.why == ENDS:
        say(Level.WARNING, N_("Streets go round the ends of {what}; draw it on to where no street goes"), {})
    if closure.why == SHALLOW:
        text = N_("Not all parts of {what} are as deep as checkpoints may move; there they move half way to the middle at most")
        say(Level.INFO, text, {})
    return found


def site_issues(project: Project, crossings: Sequence[Crossing]) -> list[Issue]:
    """Return a finding for every marked place that is at no crossing."""
    sites = project.checkpoint_sites
    if not len(sites):
        return []
    distance = np.full(len(sites), np.inf)
    if crossings:
        distance = cKDTree([(row.x, row.y) for row in crossings]).query(sites.xy)[0]
    texts = {
        "existing": N_("The checkpoint {name} stands at no crossing; it is kept, and counted at the boundary"),
        "forbidden": N_("The place {name}, where no checkpoint may stand, is at no crossing; nothing follows from it"),
    }
    found = []
    for row in np.flatnonzero(distance > SITE).tolist():
        name, (x, y) = str(sites.names[row]), sites.xy[row].tolist()
        text = texts.get(str(sites.kinds[row]), texts["forbidden"])
        found.append(Issue(Level.WARNING, "checkpoints", text, {"name": name or str(row + 1)}, LAYER, name, x, y))
    return found
