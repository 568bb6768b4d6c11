"""The planner's hand on the tables: what is written and pasted becomes edits, what is clicked is shown on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gridplanner.i18n import _
from ui.clipboard import Table
from ui.dialogs.paste_dialog import PasteDialog
from ui.latest import Latest
from ui.panels.grid_card import STEPS, CardQuestion, answer_card
from ui.pasting import Target, pasting_of

if TYPE_CHECKING:
    from ui.desk import Desk

COLUMNS = "grid-columns"  # where the columns chosen are remembered


class TableHand:
    """Joins the right side of a desk to its session and its map."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        side = desk.side
        self._cards = Latest(answer_card, "card", desk)
        self._cards.answered.connect(side.card.show_answer)
        self._cards.failed.connect(desk.canvas.failed)
        side.card.asked.connect(self._ask_card)
        side.card.edit_made.connect(desk.do)
        side.card.grid_chosen.connect(desk.hand.select_and_zoom)
        side.table.grids.edit_made.connect(desk.do)
        side.table.pasted.connect(self.paste)
        side.table.columns_chosen.connect(lambda names: desk.preferences.remember_choice(COLUMNS, " ".join(names)))
        side.table.use_columns(desk.preferences.choice(COLUMNS).split())
        side.grids_page.find_asked.connect(lambda: desk.finder.open())
        desk.selection.changed.connect(lambda: side.grids_page.show_chosen(desk.selection.chosen))
        desk.window.steps.chosen.connect(side.follow)
        side.follow(desk.window.steps.step.id)

    def close(self) -> None:
        """End the thread that knows the cards."""
        self._cards.close()

    def paste(self, cells: Table, target: Target) -> None:
        """Show what a pasted block changes and do it when the planner agrees; a single value goes straight into its cell."""
        content = self._desk.side.table.grids.content
        if content is None or content.project is not self._desk.session.project:
            return
        pasting = pasting_of(content, cells, target)
        edit = pasting.edit(content)
        if edit is not None and len(pasting.changes) == 1 and not pasting.refused:
            self._desk.do(edit)
            return
        if edit is None and not pasting.refused:
            self._desk.window.status.say(_("Nothing changes"))
            return
        dialog = PasteDialog(content, pasting, self._desk.window)
        if edit is not None:
            dialog.accepted.connect(lambda: self._desk.do(edit))
        dialog.open()

    def _ask_card(self, grid: int) -> None:
        history = self._desk.session.history
        steps = (*history.past[-STEPS:], history.present)
        self._cards.ask(CardQuestion(self._desk.session.project, grid, steps))
