"""Re-solving the selected grids, and splitting one into equal ones: the question, the job in the worker, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gridplanner.i18n import _, ngettext
from ui.dialogs.number_dialog import NumberDialog
from ui.map.tools.counts import Counts
from ui.resolved_words import resolved_words
from ui.short_codes import with_short_codes

if TYPE_CHECKING:
    from gridplanner.planning.resolve import Resolved
    from ui.desk import Desk


class Resolving:
    """Divides the selected grids of a desk anew; every other grid stays as it is."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ask(self) -> None:
        """Ask into how many grids the selected ones are divided, then do it."""
        chosen = self._open_ones()
        text = ngettext(
            "Divides {n} grid anew; every other grid stays as it is, and codes stay with most of their households.",
            "Divides {n} grids anew; every other grid stays as it is, and codes stay with most of their households.", len(chosen),
        )  # fmt: skip
        self._ask(_("Re-solve here"), text.format(n=len(chosen)), chosen, len(chosen), 1)

    def ask_to_split(self) -> None:
        """Ask into how many grids the selected one is split, then do it."""
        plan, chosen = self._desk.session.project.grids, self._open_ones()[:1]
        if plan is not None and chosen:
            text = _("Splits grid {grid} into equal ones; the part with most households keeps its code.")
            self._ask(_("Split into equal grids"), with_short_codes(text.format(grid=plan.grids[chosen[0]].code)), chosen, 2, 2)

    def run(self, grids: tuple[int, ...], number: int) -> None:
        """Divide grids anew into a number of grids, in the worker."""
        split = len(grids) == 1
        words = _("Split into equal grids") if split else _("Re-solve here")

        def take(found: Resolved) -> str:
            return self._desk.do(found.edit) or resolved_words(found)

        self._desk.jobs.run(
            words, "gridplanner.planning.resolve:propose_resolve", self._desk.session.project, grids, number, then=take, can_finish=True
        )

    def _open_ones(self) -> tuple[int, ...]:
        """Return the selected grids that are not locked, and say so where there is none."""
        plan, chosen = self._desk.session.project.grids, self._desk.selection.chosen
        found = tuple(grid for grid in chosen if plan is not None and not plan.grids[grid].locked)
        if chosen and not found:
            self._desk.window.status.say(_("What is selected is locked; unlock it first"))
        return found

    def _ask(self, title: str, words: str, grids: tuple[int, ...], number: int, least: int) -> None:
        if not grids:
            return
        project = self._desk.session.project
        counts = Counts(project)
        households, persons = sum((counts.held(grid) for grid in grids), start=np.zeros(2)).tolist()
        dialog = NumberDialog(title, words, number, least, counts.band, households, persons, self._desk.window)
        dialog.accepted.connect(lambda: self.run(grids, dialog.number))
        dialog.open()
