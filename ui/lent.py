"""Communities that are handed out, as the map and the lists show them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from gridplanner.i18n import _
from gridplanner.model.handout import community_keys
from gridplanner.model.leases import Handout
from gridplanner.model.lines import Floats
from gridplanner.model.places import Communities
from gridplanner.model.project import Project
from gridplanner.model.statistics import unit_households
from ui.dialogs.handout_dialog import CommunityRow
from ui.map.leases import Leases


@lru_cache(maxsize=4)
def lent_rows(communities: Communities, handouts: tuple[Handout, ...], scenario: str) -> dict[int, Handout]:
    """Return the latest lease of each community that is handed out in a scenario, by its row."""
    if not handouts:
        return {}
    row_of = {key: row for row, key in enumerate(community_keys(communities))}
    return {row_of[key]: handout for handout in handouts if handout.scenario == scenario for key in handout.communities if key in row_of}


@lru_cache(maxsize=4)
def leases_of(communities: Communities, handouts: tuple[Handout, ...], scenario: str, _language: str) -> Leases | None:
    """Return what the map shows of the communities that are handed out, in the language in use."""
    lent = lent_rows(communities, handouts, scenario)
    if not lent:
        return None
    words = tuple(_with_words(handout) for handout in lent.values())
    return Leases(communities, tuple(lent), words, tuple(handout.to for handout in lent.values()))


def community_rows(project: Project, lent: dict[int, Handout]) -> list[CommunityRow]:
    """Return the communities of a project with what is in them, for the list to choose from."""
    count, units, plan = len(project.communities), project.units, project.grids
    homes: Floats = np.zeros(count)
    grids: Floats = np.zeros(count)
    if units is not None:
        homes = np.bincount(units.community, unit_households(units, project.households), count)[:count].astype(np.float64)
    if plan is not None and count:
        grids = np.bincount([grid.community for grid in plan.grids.values()], minlength=count).astype(np.float64)
    told = {row: _with_words(handout) for row, handout in lent.items()}
    return [
        CommunityRow(str(name), float(homes[row]), int(grids[row]), told.get(row, ""))
        for row, name in enumerate(project.communities.names.tolist())
    ]


def lent_of(project: Project, community: int) -> str:
    """Return with whom a community (its row) is and until when, empty where it is here."""
    handout = lent_rows(project.communities, project.handouts, project.scenario).get(community) if project.handouts else None
    return _with_words(handout) if handout is not None else ""


def _with_words(handout: Handout) -> str:
    if not handout.until:
        return _("with {whom}").format(whom=handout.to)
    return _("with {whom} until {day}").format(whom=handout.to, day=handout.until)
