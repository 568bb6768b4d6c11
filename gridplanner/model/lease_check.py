"""What was changed here in communities that somebody else works on: told, not forbidden."""

from __future__ import annotations

from gridplanner.i18n import N_, _
from gridplanner.model.handout import community_keys, community_states
from gridplanner.model.issues import Issue, Level
from gridplanner.model.leases import Handout
from gridplanner.model.merge import Merge
from gridplanner.model.project import Project


def lease_issues(project: Project) -> list[Issue]:
    """Return a warning for each community that is handed out and is no longer as it was then, with its place."""
    found: list[Issue] = []
    if not project.handouts or project.units is None:
        return found
    place = {key: row for row, key in enumerate(community_keys(project.communities))}
    for handout in project.handouts:
        if handout.scenario != project.scenario or len(handout.states) != len(handout.communities):
            continue
        for key, was, now in zip(handout.communities, handout.states, community_states(project, handout.communities), strict=True):
            row = place.get(key)
            if now == was or row is None:
                continue
            text = N_("Community {name} is with {whom} until {until} and was changed here: both changes meet when the package comes back")
            values = {"name": str(project.communities.names[row]), "whom": handout.to, "until": handout.until or "…"}
            spot = project.communities.polygons[row].representative_point()
            found.append(Issue(Level.WARNING, "lease", text, values, "communities", key, float(spot.x), float(spot.y)))
    return found


def returning_notes(handout: Handout, project: Project, found: Merge) -> list[str]:
    """Return what is to be told of a package that came in before, or whose lease ended by hand, where it is merged with a project.

    What came in with it then and was taken back here since cannot be told from new work: it comes in again.
    """
    lease = next((one for one in project.handouts if one.package_id == handout.package_id), None)
    again = _("If it came in before: what was taken back here since comes in again with it. Look at what comes in")
    if lease is None:
        ended = _("The lease of this package has ended already: it was taken in before, or ended by hand")
        return [ended] if found.taken.is_empty else [ended, again]
    if lease.states in (handout.states, community_states(project, lease.communities)) or found.taken.is_empty:
        return []
    return [again]
