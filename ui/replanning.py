"""The button that re-plans: its question, its job, and what follows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from gridplanner.edits.computed import Computed
from gridplanner.edits.edit import Edit
from gridplanner.edits.settings_edits import ChangeSettings
from gridplanner.edits.several import Several
from gridplanner.i18n import _
from gridplanner.settings import GridSettings
from ui.dialogs.replan_dialog import ReplanDialog
from ui.replanned import Replanned, replanned_words

if TYPE_CHECKING:
    from ui.desk import Desk


class Replanning:
    """Brings the plan of a desk into its band with few households moving."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ask(self) -> None:
        """Ask how many households may move and from when the plan holds, then re-plan."""
        settings = self._desk.session.project.settings.grids or GridSettings()
        dialog = ReplanDialog(settings, date.today().isoformat(), self._desk.window)
        dialog.accepted.connect(lambda: self._desk.scenarios.before_replacing(lambda: self.run(dialog.settings)))
        dialog.open()

    def run(self, settings: GridSettings) -> None:
        """Re-plan under other settings: they and the new plan are one step of the undo list."""
        desk, before = self._desk, self._desk.session.project
        edits: tuple[Edit, ...] = (ChangeSettings("grids", settings),) if settings != before.settings.grids else ()

        def take(found: Replanned) -> str:
            refused = desk.do(Several(found.edit.words, (*edits, Computed(found.edit, project))))
            if refused:
                return refused
            desk.side.open_tab("moves")
            return replanned_words(found)

        desk.window.steps.choose("grids")
        words, project = _("Re-plan with little disturbance"), Several("", edits).apply(before)
        desk.jobs.run(words, "ui.tasks:replan", project, then=take, can_finish=True)
