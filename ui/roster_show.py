"""What the window shows of the roster: its page, and on the map who is on duty where at the chosen time."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gridplanner.i18n import _
from gridplanner.model.project import Project
from gridplanner.model.roster import RosterPlan
from ui.map.scene import Showing
from ui.panels.roster_page import RosterPage
from ui.roster_duty import Moment, moment_of_clock, moment_of_shift
from ui.roster_words import clock, short_day

if TYPE_CHECKING:
    from ui.desk import Desk

STEP = "roster"


class RosterShow(QObject):
    """Joins the page of the roster to the map; the time shown is of the window, not of the project."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._plan: RosterPlan | None = None
        self.moment: Moment = (0, 0)

    @property
    def page(self) -> RosterPage:
        """The page at the right."""
        return self._desk.side.roster

    @property
    def is_here(self) -> bool:
        """True where the roster is the step that is open, and there is one."""
        return self._plan is not None and self._desk.window.steps.step.id == STEP

    def attach(self) -> None:
        """Listen to the parts of the desk, once they are there."""
        page, desk = self.page, self._desk
        page.calendar.day_chosen.connect(self.take_day)
        page.calendar.cell_chosen.connect(self.take_cell)
        page.duty.moment_taken.connect(lambda day, minute: self.show_moment((day, minute)))
        page.duty.now_asked.connect(self.show_now)
        desk.bridge.changed.connect(lambda _before, after: self._take_change(after))

    def dressed(self, showing: Showing) -> Showing:
        """Return what is shown, with the people on duty while the step is open."""
        plan = showing.project.roster
        if plan is None or self._desk.window.steps.step.id != STEP or not len(plan):
            return showing
        day, minute = self.moment
        return dataclasses.replace(showing, duty=(min(day, plan.days - 1), minute))

    def show_moment(self, moment: Moment) -> None:
        """Show who is on duty at another time, on the page and on the map."""
        if moment != self.moment:
            self.moment = moment
            self.page.show_moment(moment)
            self._desk.show_maps()

    def show_now(self) -> None:
        """Show who is on duty now."""
        now = moment_of_clock(self._plan, datetime.now()) if self._plan is not None else None
        if now is None:
            self._desk.window.status.say(_("Today does not lie within the roster"))
        else:
            self.show_moment(now)

    def take_day(self, day: int) -> None:
        """Show another day at the same hour."""
        self.show_moment((day, self.moment[1]))

    def take_cell(self, person: int, day: int) -> None:
        """Show the day and the shift of a cell; of a free day the same hour."""
        plan = self._plan
        if plan is not None and 0 <= person < len(plan) and 0 <= day < plan.days:
            shift = int(plan.cells[person, day])
            self.show_moment(moment_of_shift(plan, day, shift) if shift >= 0 else (day, self.moment[1]))

    @property
    def hint(self) -> str:
        """What the map shows, in words, empty at other steps."""
        if not self.is_here or self._plan is None:
            return ""
        text = _("On duty {day} at {time}: a click on a day or a shift in the calendar shows another; drag to move the map")
        return text.format(day=short_day(self._plan, min(self.moment[0], self._plan.days - 1)), time=clock(self.moment[1]))

    def _take_change(self, project: Project) -> None:
        """Begin with today, or with the first shift of another roster."""
        before, plan = self._plan, project.roster
        self._plan = plan
        self.page.show_project(project)
        if plan is None or not len(plan) or not plan.days:
            return
        if before is None or (before.start, before.days) != (plan.start, plan.days):
            first = moment_of_shift(plan, 0, 0) if plan.shifts else (0, 0)
            self.moment = moment_of_clock(plan, datetime.now()) or first
            self.page.show_moment(self.moment)
