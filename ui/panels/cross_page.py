"""The cross-table beside the map: who serves whom, grid by grid or summed by two kinds of areas, filtered, with sums that agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from gridplanner.i18n import N_, _, ngettext
from gridplanner.model.cross_table import CrossTable, cross_sums, cross_table, title_of
from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from ui.dialogs.form import Choice
from ui.figures import amount
from ui.latest import Latest
from ui.panels.column_table import Column, ColumnTable
from ui.short_codes import with_short_codes

HEADS = {"grid": N_("Grid"), "beat": N_("Beat"), "zone": N_("Zone"), "community": N_("Community"), "station": N_("Station")}
# what the table can show: every grid, or sums by two of the dimensions
VIEWS = (
    ("", N_("Grid by grid")), ("beat zone", N_("Beats and zones")), ("beat community", N_("Beats and communities")),
    ("zone community", N_("Zones and communities")), ("station beat", N_("Stations and beats")),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Wanted:
    """What the page asks its thread for."""

    project: Project
    view: str


@dataclass(frozen=True, eq=False)
class Cross:
    """What is shown: columns of the table, the grid of each row (-1: several), and the amounts that are summed below it."""

    project: Project
    view: str
    columns: tuple[Column, ...]
    grid: Ints
    grids: Ints
    households: Floats
    persons: Floats
    words: tuple[str, ...]


class CrossPage(QWidget):
    """`grid_chosen` carries the grid of the row that was clicked, `failed` why the table could not be made."""

    grid_chosen = Signal(int)
    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project: Project | None = None
        self._cross: Cross | None = None
        self._kept: Ints = np.zeros(0, np.int64)
        self._latest: Latest | None = None
        self.view, self.filter, self.table, self.sums = Choice(), QLineEdit(), ColumnTable(), QLabel()
        for key, words in VIEWS:
            self.view.addItem(_(words), key)
        self.view.currentIndexChanged.connect(lambda _row: self._ask())
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(lambda _text: self._show())
        self.table.chosen.connect(self._choose)
        self.sums.setObjectName("small")
        self.sums.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.view)
        row.addWidget(self.filter, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.sums, 0, Qt.AlignmentFlag.AlignTop)

    def show_project(self, project: Project) -> None:
        """Show who serves whom in a project, as soon as the page is in sight."""
        if project is not self._project:
            self._project = project
            self._ask()

    def retranslate(self) -> None:
        """Take up the language in use."""
        for number, (_key, words) in enumerate(VIEWS):
            self.view.setItemText(number, _(words))
        self.view.setAccessibleName(_("Rows"))
        self.filter.setPlaceholderText(_("Filter"))
        self.filter.setToolTip(_("Filter by code, name or people"))
        self.filter.setAccessibleName(_("Filter"))
        self.table.setAccessibleName(_("Cross-table"))
        self._cross = None
        self._show()
        self._ask()

    def close_thread(self) -> None:
        """End the thread that makes the table."""
        if self._latest is not None:
            self._latest.close()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def _ask(self) -> None:
        if self._project is None or not self.isVisible():
            return
        wanted = str(self.view.currentData())
        if self._cross is not None and self._cross.project is self._project and self._cross.view == wanted:
            return
        if self._latest is None:
            self._latest = Latest(_answer, "cross-table", self)
            self._latest.answered.connect(self._take)
            self._latest.failed.connect(self.failed)
        self._latest.ask(Wanted(self._project, wanted))
        if self._cross is None:
            self._show()

    def _take(self, cross: Cross) -> None:
        if cross.project is self._project and cross.view == str(self.view.currentData()):
            self._cross = cross
            self._show()

    def _show(self) -> None:
        cross = self._cross
        if cross is None or not cross.columns:
            self.table.show_columns(())
            self.table.setVisible(False)
            none = self._project is None or self._project.grids is None
            self.sums.setText(_("No grids yet: the table says which beat and zone each grid is in.") if none else _("Counting"))
            return
        self.table.setVisible(True)
        kept = _holding(cross.words, self.filter.text())
        self._kept = np.flatnonzero(kept)
        self.table.show_columns([_of_rows(column, kept) for column in cross.columns])
        rows = len(self._kept)
        parts = [ngettext("{n} row", "{n} rows", rows).format(n=f"{rows:,}")]
        count = len(np.unique(cross.grid[kept])) if not cross.view else int(cross.grids[kept].sum())
        parts.append(ngettext("{n} grid", "{n} grids", count).format(n=f"{count:,}"))
        parts.append(_("{n} households").format(n=amount(float(cross.households[kept].sum()))))
        parts.append(_("{n} persons").format(n=amount(float(cross.persons[kept].sum()))))
        words = " · ".join(parts)
        self.sums.setText(_("Sum: {sum}").format(sum=words))

    def _choose(self, row: int) -> None:
        if self._cross is not None and row < len(self._kept) and (grid := int(self._cross.grid[self._kept[row]])) >= 0:
            self.grid_chosen.emit(grid)


def _answer(request: object, _is_obsolete: Callable[[], bool]) -> Iterator[Cross]:
    assert isinstance(request, Wanted)
    yield cross_of(request.project, request.view)


def cross_of(project: Project, view: str) -> Cross:
    """Return what the page shows of a project: rows grid by grid for an empty `view`, else sums by the two dimensions it names."""
    table = cross_table(project)
    nothing = np.zeros(0)
    if table is None:
        return Cross(project, view, (), np.zeros(0, np.int64), np.zeros(0, np.int64), nothing, nothing, ())
    return _by_grid(project, table) if not view else _by_two(project, *view.split())


def _by_grid(project: Project, table: CrossTable) -> Cross:
    assert project.grids is not None
    codes = texts([project.grids.grids[grid].code or str(grid) for grid in table.grid.tolist()])
    names = {kind: texts([_named(project, kind, key) for key in getattr(table, kind).tolist()]) for kind in ("beat", "zone", "community")}
    short = {kind: texts([_code(project, kind, key) for key in getattr(table, kind).tolist()]) for kind in ("beat", "zone")}
    columns = (
        Column(HEADS["grid"], N_("Code of the grid"), codes, 58),
        Column(HEADS["beat"], N_("Its beat"), short["beat"], 50, names["beat"]),
        Column(HEADS["zone"], N_("Its patrol zone"), short["zone"], 44, names["zone"]),
        Column(HEADS["community"], N_("Its community"), names["community"], 72),
        Column(N_("Persons"), "", table.persons, 56), Column(N_("On duty"), N_("People on duty"), table.on_duty),
    )  # fmt: skip
    stations = [title_of(project, "station", key) for key in table.station.tolist()]
    words = tuple(map(" ".join, zip(codes, *names.values(), stations, table.on_duty, strict=True)))
    return Cross(
        project, "", columns, table.grid.astype(np.int64), np.ones(len(table), np.int64), table.households, table.persons, words
    )  # fmt: skip


def _by_two(project: Project, down: str, across: str) -> Cross:
    sums = cross_sums(project, down, across)
    assert sums is not None  # there is a cross-table
    row, column = np.nonzero(sums.grids)
    one = texts([_named(project, down, int(sums.down[at])) for at in row.tolist()])
    other = texts([_named(project, across, int(sums.across[at])) for at in column.tolist()])
    grids, households, persons = sums.grids[row, column], sums.households[row, column], sums.persons[row, column]
    columns = (
        Column(HEADS[down], "", one), Column(HEADS[across], "", other), Column(N_("Grids"), "", grids.astype(np.float64), 46),
        Column(N_("Households"), "", households, 80), Column(N_("Persons"), "", persons, 60),
    )  # fmt: skip
    words = tuple(map(" ".join, zip(one, other, strict=True)))
    nobody = np.full(len(row), -1, np.int64)
    return Cross(project, f"{down} {across}", columns, nobody, grids.astype(np.int64), households, persons, words)


def _code(project: Project, dimension: str, key: int) -> str:
    """Return the code of a beat or zone, its name where it has none; the whole name is too long beside the other columns."""
    plan = project.beats if dimension == "beat" else project.zones
    known = getattr(plan, f"{dimension}s", {})
    return known[key].code if key in known and known[key].code else title_of(project, dimension, key)


def _named(project: Project, dimension: str, key: int) -> str:
    """Return what a key of a dimension is called, of beats and zones with the code in front, as the map has it."""
    name = title_of(project, dimension, key)
    plan = {"beat": project.beats, "zone": project.zones}.get(dimension)
    known = getattr(plan, f"{dimension}s", {}) if plan is not None else {}
    return f"{known[key].code} {name}" if key in known and known[key].code not in name.split() else name


def _of_rows(column: Column, kept: Bools) -> Column:
    """Return some rows of a column."""
    return replace(column, values=column.values[kept], tips=None if column.tips is None else column.tips[kept])


def _holding(words: tuple[str, ...], text: str) -> Bools:
    """Return which rows hold every word of a filter; codes are found as they are said too."""
    wanted = text.casefold().split()
    lines = [f"{line} {with_short_codes(line)}".casefold() for line in words]
    return np.array([all(part in line for part in wanted) for line in lines], bool)
