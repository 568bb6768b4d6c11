"""What was changed here in communities that somebody else works on: told, not forbidden."""

from __future__ import annotations

from gridplanner.i18n import N_
from gridplanner.model.handout import community_keys, community_states
from gridplanner.model.issues import Issue, Level
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
