"""The log of changes in the window: shown, gone to on the map, written to a table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from gridplanner.i18n import _
from gridplanner.model.change_line import ChangeLine
from gridplanner.model.changes import Change
from gridplanner.model.grids import GridPlan
from ui.dialogs.changes_dialog import ChangesDialog

if TYPE_CHECKING:
    from ui.desk import Desk

TABLES = "Excel (*.xlsx);;CSV (*.csv)"


class ShowChanges:
    """Who changed what, in a dialog over a desk's window."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self) -> None:
        """Show the log of changes."""
        dialog = ChangesDialog(self._desk.session.log, lambda line: self._grid_of(line) is not None, self._desk.window)
        dialog.line_chosen.connect(self._go_to_line)
        dialog.export_asked.connect(self._ask_export)
        dialog.open()

    def export_to(self, changes: Sequence[Change], path: Path) -> None:
        """Write changes to a table: .xlsx, else CSV."""
        self._desk.preferences.remember_folder("export", path.parent)
        words = _("Writing {file}").format(file=path.name)
        self._desk.jobs.run(words, "gridplanner.io.change_table:write_changes", tuple(changes), path, then=lambda _nothing: None)

    def _ask_export(self, changes: Sequence[Change]) -> None:
        desk, title = self._desk, _("Export the change log")
        name = "-".join(part for part in (desk.session.project.name, _("changes")) if part)
        start = Path(desk.preferences.folder("export")) / f"{name}.xlsx"
        chosen, _kind = QFileDialog.getSaveFileName(desk.window, title, str(start), TABLES)
        if chosen:
            path = Path(chosen)
            self.export_to(changes, path if path.suffix.lower() in (".xlsx", ".csv") else path.with_name(f"{path.name}.csv"))

    def _go_to_line(self, line: ChangeLine) -> None:
        grid = self._grid_of(line)
        if grid is not None:
            self._desk.hand.select_and_zoom(grid)

    def _grid_of(self, line: ChangeLine) -> int | None:
        """Return the grid that a line of the log is about, where it is still there."""
        plan = self._desk.session.project.grids
        if plan is None:
            return None
        wanted = {"grid": (line.ref, line.after), "units": (line.after, line.before)}.get(line.what, ())
        of_code = grids_by_code(plan)
        return next((of_code[code] for code in wanted if code in of_code), None)


@lru_cache(maxsize=2)
def grids_by_code(plan: GridPlan) -> dict[str, int]:
    """Return the grids of a plan by their codes; one without has #id, as in the log."""
    return {grid.code or f"#{key}": key for key, grid in plan.grids.items()}
