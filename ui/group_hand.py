"""The planner's hand on beats and patrol zones: while their step is open, the tools, the lock and the table act on these."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPoint

from gridplanner.edits.group_edits import LockGroups, MergeGroups, RenameGroup, SplitOff
from gridplanner.edits.zone_edits import ChooseZones
from gridplanner.i18n import N_, _
from gridplanner.model.group_loads import loads_of
from gridplanner.model.groups import KINDS, NONE, Groups, code_of, groups_of, pieces_of
from ui.dialogs.group_name_dialog import GroupNameDialog
from ui.map.beat_layer import group_areas
from ui.map.tools.group_assign import GroupAssign, GroupSplit
from ui.map.tools.group_merge import GroupMerge
from ui.map.tools.group_push import GroupPush
from ui.map.tools.tool import Tool
from ui.map_menu import open_action_menu
from ui.panels.beats_page import BeatsPage
from ui.panels.zones_page import ZonesPage

if TYPE_CHECKING:
    from ui.desk import Desk

# tools that work on beats and zones as they do on grids
TOOLS: dict[str, Callable[[], Tool]] = {"assign": GroupAssign, "push": GroupPush, "merge": GroupMerge, "split": GroupSplit}
HINTS = {
    "assign": N_("Assign: brush whole grids into the chosen one; [ and ] size the brush, right button picks another, Esc abandons"),
    "push": N_("Push border: press on the border and drag it, whole grids follow; Shift pushes its whole length; Esc abandons"),
    "merge": N_("Merge: click the one that goes on, then the neighbours that join it"),
    "split": N_("Split off: brush the grids that are to be one of their own"),
}
PICK = {
    "beats": N_("Click a beat to choose it; Ctrl, Shift or Alt select grids of it"),
    "zones": N_("Click a zone to choose it; Ctrl, Shift or Alt select grids of it"),
}
ASK = {"beats": N_("Assign: click the beat that is to receive grids"), "zones": N_("Assign: click the zone that is to receive grids")}
MENU = ("lock", "group-rename", "group-split-off", "", "assign", "push", "merge", "split", "", "zoom-grid")


class GroupHand(QObject):
    """What is chosen among the beats or zones of a desk, and what can be done with it; every change is one step of the undo list."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.chosen: tuple[int, ...] = ()
        self._step = ""
        self._kind = ""  # what the tool in hand works on

    def attach(self) -> None:
        """Listen to the pages, once they are there."""
        side = self._desk.side
        for page in self.pages:
            page.group_chosen.connect(self.choose_and_zoom)
            page.bounds_chosen.connect(self._desk.canvas.zoom_to)
            page.menu_asked.connect(self.open_menu)
            page.lock_asked.connect(self.lock)
            page.rename_asked.connect(self.rename)
            page.split_asked.connect(self.split_off)
        side.zones_page.choice_taken.connect(self._take_choice)

    @property
    def pages(self) -> tuple[BeatsPage, ZonesPage]:
        """The pages of beats and of zones."""
        return self._desk.side.beats_page, self._desk.side.zones_page

    @property
    def kind(self) -> str:
        """What tools work on beside grids: "beats" or "zones" where that step is open and there are some, else nothing."""
        step = self._desk.window.steps.step.id
        return step if step in KINDS and groups_of(self._desk.session.project, step) is not None else ""

    @property
    def groups(self) -> Groups | None:
        """The beats or zones that the hand is on."""
        return groups_of(self._desk.session.project, self.kind) if self.kind else None

    @property
    def all_locked(self) -> bool:
        """True where everything chosen is locked."""
        groups = self.groups
        return groups is not None and bool(self.chosen) and all(groups.locked(group) for group in self.chosen)

    @property
    def hint(self) -> str:
        """What the map expects next, empty where the hand is on grids."""
        kind, tool = self.kind, self._desk.tool
        if not kind:
            return ""
        if tool == "assign" and not self.chosen:
            return _(ASK[kind])
        return _(HINTS[tool]) if tool in HINTS else _(PICK[kind])

    def tool(self, name: str) -> Callable[[], Tool] | None:
        """Return what makes a tool for beats or zones, None where the tool is one for grids."""
        return TOOLS.get(name) if self.kind else None

    def keep(self) -> None:
        """Forget what is no longer there, after a change of the project."""
        groups = self.groups
        self.chosen = tuple(group for group in self.chosen if groups is not None and group in groups.known)
        if self.kind != self._kind:
            self.change_tool()

    def take_step(self, step: str) -> None:
        """Choose nothing where another step was opened."""
        if step != self._step:
            self._step, self.chosen = step, ()
            self.tell()
        self.change_tool()

    def change_tool(self) -> None:
        """Take in hand what the tool is here: the same key means one for beats or zones, one for grids, or none."""
        self._kind = self.kind
        tool = self._desk.tool
        if tool:
            self._desk.use_tool(tool if not self._kind or tool in TOOLS else "")

    def tell(self) -> None:
        """Show on the pages what is chosen."""
        for page in self.pages:
            mine = page.kind == self.kind
            page.show_chosen(self.chosen if mine else (), len(self._desk.selection.chosen) if mine else 0)

    def take_click(self, grid: int | None) -> None:
        """Take a click on a grid of the map, or beside all: it chooses its beat or zone while their step is open, else itself."""
        if not self.kind:
            self._desk.select(grid)
        elif grid is None:
            self._desk.select(None)
            self.choose(())
        else:
            self.click()

    def lock_chosen(self) -> None:
        """Lock or unlock what is chosen: grids, or beats and zones while their step is open."""
        if self.kind:
            self.lock()
        else:
            self._desk.hand.lock()

    def zoom_to_chosen(self) -> None:
        """Show what is chosen closer: beats and zones, else grids."""
        if self.chosen:
            self.zoom()
        else:
            self._desk.hand.zoom_to_chosen()

    def click(self) -> None:
        """Choose the group below the pointer, or none."""
        groups, canvas = self.groups, self._desk.canvas
        if groups is None:
            return
        unit = canvas.unit_at(*canvas.view.point_to_world(canvas.gestures.last.x(), canvas.gestures.last.y()))
        group = int(groups.of_unit[unit]) if 0 <= unit < len(groups.of_unit) else NONE
        self.choose(() if group == NONE else (group,))

    def choose(self, groups: tuple[int, ...]) -> None:
        """Choose groups and no others; grids are selected no longer."""
        self.chosen = groups
        self._desk.jobs.last_words = ""
        if self._desk.selection.chosen:
            self._desk.selection.take(())  # shows everything anew
        else:
            self._desk.show_maps()
        self.tell()

    def choose_and_zoom(self, group: int) -> None:
        """Choose a group and show it closer."""
        self.choose((group,))
        self.zoom()

    def zoom(self) -> None:
        """Show the chosen groups closer."""
        groups, units = self.groups, self._desk.session.project.units
        if groups is None or units is None or not self.chosen:
            return
        boxes = group_areas(units, groups.of_unit, self.chosen).boxes
        if not np.isnan(boxes).all():
            left, bottom = np.nanmin(boxes[:, :2], axis=0).tolist()
            right, top = np.nanmax(boxes[:, 2:], axis=0).tolist()
            self._desk.canvas.zoom_to((left, bottom, right, top))

    def _take_choice(self, row: int) -> None:
        """Take another plan of zones; where that is refused the slider goes back to the plan that there is."""
        if self._desk.do(ChooseZones(row)):
            self._desk.side.zones_page.pareto.show_plan(self._desk.session.project)

    def lock(self) -> None:
        """Lock what is chosen, or unlock it where all of it is locked; with nothing chosen what lies below the pointer."""
        groups = self.groups
        if not self.chosen and self._desk.canvas.underMouse():
            self.click()
        if groups is None or not self.chosen:
            self._desk.window.status.say(_("Click a beat or zone to lock it, or point at one"))
            return
        locked = self.all_locked
        self._desk.do(LockGroups(groups.kind, tuple(g for g in self.chosen if groups.locked(g) == locked), locked=not locked))

    def rename(self) -> None:
        """Ask for another code and name of the chosen group."""
        groups = self.groups
        if groups is None or not self.chosen:
            return
        group, known = self.chosen[0], groups.known[self.chosen[0]]
        taken = {other.code for key, other in groups.known.items() if key != group}
        dialog = GroupNameDialog(groups.called(group), known.code, known.name, taken, self._desk.window)
        kind = groups.kind

        def apply() -> None:
            if (dialog.code, dialog.name) != (known.code, known.name):
                self._desk.do(RenameGroup(kind, group, dialog.code, dialog.name, known.code))

        dialog.accepted.connect(apply)
        dialog.open()

    def split_off(self) -> None:
        """Make a group of its own of the selected grids."""
        project, groups, grids = self._desk.session.project, self.groups, self._desk.selection.chosen
        if groups is None or project.grids is None or not grids:
            self._desk.window.status.say(_("Select grids with Ctrl, a rectangle (Shift) or a lasso (Alt), then make a new one of them"))
            return
        units = groups.units_with(np.flatnonzero(np.isin(project.grids.labels, grids)).tolist())
        code = code_of(groups.known, int(groups.of_unit[units[0]]))
        before = set(groups.known)
        if not self._desk.do(SplitOff(groups.kind, pieces_of(project, groups, units), code, groups.by_units)):
            after = self.groups
            self.choose(tuple(set(after.known) - before) if after is not None else ())

    def merge(self) -> None:
        """Merge the groups that the selected grids lie in into the one that carries most."""
        project, groups = self._desk.session.project, self.groups
        if groups is None or project.grids is None:
            return
        inside = np.isin(project.grids.labels, self._desk.selection.chosen)
        found = [group for group in np.unique(groups.of_unit[inside]).tolist() if group != NONE]
        if len(found) < 2:
            self._desk.window.status.say(_("Select grids of two neighbours at least, or use the merge tool (M)"))
            return
        loads = loads_of(project, groups.kind)
        order = sorted(found, key=lambda group: (-loads[group], group))
        self._desk.do(MergeGroups(groups.kind, order[0], tuple(order[1:]), tuple(code_of(groups.known, group) for group in order)))

    def open_menu_here(self, at: QPoint) -> None:
        """Open the menu of what lies below the pointer."""
        if not self._desk.selection.chosen:
            self.click()
        if self.chosen or self._desk.selection.chosen:
            self.open_menu(at)

    def open_menu(self, at: QPoint) -> None:
        """Open the menu of what is chosen at a place of the screen."""
        open_action_menu(self._desk, MENU, at)
