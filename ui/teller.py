"""Tells at the edges of the window what goes on: progress, place, scale, what is open and whether it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject

from gridplanner.i18n import N_, _, ngettext
from gridplanner.io.shared_places import place_name
from ui.figures import amount
from ui.place_teller import PlaceTeller
from ui.steps import State
from ui.when_words import clock_words

if TYPE_CHECKING:
    from ui.desk import Desk

HINTS = {
    "push": N_("Push border: press on a border and drag it; Shift pushes its whole length, Alt cuts through units; Esc abandons"),
    "merge": N_("Merge: click the grid that goes on, then the neighbours that join it"),
    "even": N_("Even out: click a grid that is out of its band"),
    "pen": N_("Street pen: click along streets around an area for a new grid, or from border to border to split one"),
    "split": N_("Split: drag a line across a grid, or click one with corners"),
    "draw": N_("Draw area: select a grid, then draw around what is to join it"),
    "reshape": N_("Reshape: press on the border between two grids and draw its new course"),
    "cut": N_("Cut: drag a line across units; the parts stay in their grid"),
    "fix": N_("Line that stays: click along streets; no grid will lie on both sides of it"),
    "stay": N_("Must stay: click a unit that is to stay in its grid; click it again to release it"),
    "cordon": N_("Cordon: click the corners of an area that is to be closed; a double click closes the line"),
    "keep": N_("Keep together: brush units that are to stay in one grid; click on some that are kept to release them"),
}
# at the steps where grids are hidden
STEP_HINTS = {
    "rings": N_("Drag to move the map; wheel to zoom; a limit at the right lists who is not reached"),
    "checkpoints": N_("Point at a crossing to read it; the right button marks it as existing or forbidden; drag to move the map"),
    "rating": N_("The slider at the right goes through the months; drag to move the map; wheel to zoom"),
    "chiefs": N_("Point at a stretch to read whose it is; drag to move the map; wheel to zoom"),
    "patrol": N_("Click a route at the right for its stops; Shift+P shows the crews on their way; drag to move the map"),
}
SOURCES = {"any": N_("units"), "unassigned": N_("units of no grid"), "one": N_("units of the first one's grid")}


class Teller(QObject):
    """Listens to the parts of a desk and fills the status line and the name in the bar."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._status = desk.window.status
        desk.jobs.changed.connect(self._tell_job)
        desk.jobs.reported.connect(self._tell_progress)
        desk.files.named.connect(self.tell_name)
        desk.files.saves.saving.changed.connect(self.tell_name)
        desk.files.keeping.changed.connect(self.tell_name)
        self.place = PlaceTeller(desk.canvas, self._status, lambda: desk.session.project.crs, self, desk.rail.words_at)
        desk.canvas.view_changed.connect(lambda _view: self.tell_scale())
        self._status.finish_asked.connect(desk.jobs.finish)
        self._status.cancel_asked.connect(desk.jobs.cancel)

    def tell_hint(self) -> None:
        """Say what became of the last job, else what the map expects next; a running job keeps its words."""
        if not self._desk.jobs.is_busy:
            self._status.say(self._desk.jobs.last_words or self._hint())

    def tell_all(self) -> None:
        """Say everything anew, in another language."""
        self.tell_name()
        self.tell_scale()
        self.tell_hint()

    def tell_name(self) -> None:
        """Say what is open and whether it is saved."""
        files, project = self._desk.files, self._desk.session.project
        name = self._desk.team.named(place_name(files.path)) if files.path is not None else project.name
        if files.keeping.is_reading:
            name = _("{name} (to read)").format(name=name)
        self._desk.window.name_project(name, unsaved=files.needs_saving)
        self._status.fact("crs", project.crs)
        self._status.fact("saved", self._saved_words())
        trouble = files.keeping.trouble
        self._status.fact("kept", trouble, trouble)

    def _saved_words(self) -> str:
        files = self._desk.files
        if files.saves.is_saving:
            return _("Saving …")
        if files.needs_saving:
            return _("Not saved")
        if files.path is None:
            return ""
        return _("Saved {time}").format(time=clock_words(files.saves.at)) if files.saves.at else _("Saved")

    def tell_scale(self) -> None:
        """Say the map scale, rounded to two digits."""
        n = self._desk.canvas.view.denominator
        digits = max(10 ** (len(str(int(n))) - 2), 1)
        self._status.fact("scale", f"1 : {round(n / digits) * digits:,}".replace(",", "\u2009"))

    def _hint(self) -> str:
        desk, tool = self._desk, self._desk.tool
        if not desk.has_data:
            return _("Drop files on the window, or press “Sample town” to look around")
        if desk.canvas.gestures.preview.hint:
            return desk.canvas.gestures.preview.hint
        if hint := desk.groups.hint or desk.routes.hint or desk.rail.hint or desk.roster.hint or desk.team.hint:
            return hint
        if tool == "draw" and desk.selection.selected is not None:
            return _("Draw area: draw around what is to join the selected grid; Enter or the first corner ends a line with corners")
        if tool in HINTS:
            return _(HINTS[tool])
        step = desk.window.steps.step.id
        if not tool and step in STEP_HINTS and len(desk.selection.chosen) < 2:
            there = desk.derived.states.get(step) in (State.DONE, State.STALE) or (step == "rating" and bool(desk.rating.month))
            return _(STEP_HINTS[step]) if there else _("Drag to move the map; wheel to zoom")
        if tool != "assign":
            return self._selected()
        if desk.selection.selected is None:
            return _("Assign: click the grid that is to receive units")
        text = _("Assign: brush {which} into the selected grid; [ and ] size the brush, right button picks another grid, Esc abandons")
        return text.format(which=_(SOURCES[desk.canvas.gestures.source]))

    def _selected(self) -> str:
        """Return how much is selected, or how to select."""
        chosen, figures = self._desk.selection.chosen, self._desk.derived.figures
        if len(chosen) < 2 or figures is None:
            return _("Click a grid to select it; drag to move the map, with Shift for a rectangle, with Alt for a lasso; wheel to zoom")
        mine = np.isin(figures.ids, chosen)
        text = ngettext("{n} grid selected: {households} households", "{n} grids selected: {households} households", len(chosen))
        return text.format(n=len(chosen), households=amount(float(figures.households[mine].sum())))

    def _tell_job(self) -> None:
        job = self._desk.jobs.current
        self._desk.window.steps.set_busy(job is not None)
        if job is not None:
            self._status.say(job.words)
            self._status.run(can_finish=job.can_finish)
        else:
            self._status.rest()
            self.tell_hint()

    def _tell_progress(self, fraction: float, message: str) -> None:
        job = self._desk.jobs.current
        if job is not None:
            self._status.advance(fraction)
            self._status.say(f"{job.words} · {message}" if message else job.words)
