"""The moment: what a desk holds right now, as far as it decides what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gridplanner.i18n import language
from gridplanner.model.scenarios import scenario_title
from ui.actions.action import Moment
from ui.derived import can_roster
from ui.grid_rules import all_exclusive, all_locked, locked_count

if TYPE_CHECKING:
    from ui.desk import Desk


def _is_locked(desk: Desk) -> bool:
    if desk.routes.is_on:
        return desk.routes.locked
    if desk.rail.is_on:
        return desk.rail.locked
    return desk.groups.all_locked if desk.groups.kind else all_locked(desk.session.project, desk.selection.chosen)


def moment_of(desk: Desk) -> Moment:
    """Return what decides which actions are possible, and which are switched on."""
    project, history, chosen = desk.session.project, desk.session.history, desk.selection.chosen
    return Moment(
        ready=True, busy=desk.jobs.is_busy, can_finish=desk.jobs.current is not None and desk.jobs.current.can_finish,
        has_data=desk.has_data,
        has_communities=len(project.communities) > 0, has_units=project.units is not None, has_grids=project.grids is not None,
        has_railway=len(project.railway) > 0, has_roads=len(project.roads) > 0,
        has_rating=len(project.indicators) > 0 or len(project.incidents) > 0,
        has_routes=project.patrol is not None and len(project.patrol.routes) > 0,
        undo=history.present.words if history.past else None, redo=history.future[0].words if history.future else None,
        chosen=len(chosen), locked=_is_locked(desk),
        exclusive=all_exclusive(project, chosen),
        kept=bool(chosen) and all(grid in desk.derived.kept for grid in chosen),
        any_locked=locked_count(project) > 0,
        scenario=scenario_title(project.scenario), scenarios=1 + len(project.scenarios), is_master=project.master == project.scenario,
        comparing=desk.comparing.is_on, tool=desk.tool, source=desk.canvas.gestures.source, hidden=desk.hidden, show_units=desk.show_units,
        map_theme=desk.maps.theme, map_themes=desk.maps.possible_themes, has_basemap=desk.maps.basemap.is_on,
        second_map=desk.maps.second is not None, groups=desk.groups.kind, groups_chosen=len(desk.groups.chosen),
        language=language(), theme=desk.preferences.theme,
        at_patrol=project.patrol is not None and desk.window.steps.step.id == "patrol",
        at_patrol_step=len(project.roads) > 0 and desk.window.steps.step.id == "patrol",
        route_chosen=desk.routes.row >= 0, route_stop=desk.routes.stop > 0,
        can_roster=can_roster(project), has_roster=desk.rosters.is_possible,
        at_rail=desk.rail.is_on, segment_chosen=desk.rail.segment is not None, lent=bool(desk.team.lease_hint),
    )  # fmt: skip
