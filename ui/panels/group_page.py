"""What the pages of beats and of patrol zones share: a heading, what is proven, a table, and a card of the one that is chosen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gridplanner.i18n import _
from gridplanner.model.groups import group_plan, groups_of, plan_groups
from gridplanner.model.project import Project
from ui.panels.fact_rows import Fact, FactRows, set_mood, set_words
from ui.panels.sorted_table import SortedTable, TableColumn, Values
from ui.steps import STATE_WORDS, State


class GroupPage(QWidget):
    """`group_chosen` carries the id of the row that was clicked; `lock_asked`, `rename_asked` and `split_asked` are buttons of the card."""

    group_chosen = Signal(int)
    bounds_chosen = Signal(object)
    menu_asked = Signal(QPoint)
    lock_asked = Signal()
    rename_asked = Signal()
    split_asked = Signal()

    kind = ""
    columns: tuple[TableColumn, ...] = ()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project: Project | None = None
        self._ids: tuple[int, ...] = ()
        self._chosen: tuple[int, ...] = ()
        self._pieces = 0
        self._state = State.EMPTY
        self._heading, self._proof = QLabel(), QLabel()
        self._heading.setObjectName("heading")
        self._proof.setObjectName("small")
        for label in (self._heading, self._proof):
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.table = SortedTable(self.columns)
        self.table.rows.sort(0)
        self.table.row_chosen.connect(lambda row: self.group_chosen.emit(self._ids[row]))
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._open_menu)
        self.above = QVBoxLayout()  # what a page puts between the proof and the table
        self.card, self._title, self._facts = QFrame(), QLabel(), FactRows()
        self._title.setObjectName("value")
        self.lock, self.rename, self.split = QPushButton(), QPushButton(), QPushButton()
        for button, told in ((self.lock, self.lock_asked), (self.rename, self.rename_asked), (self.split, self.split_asked)):
            button.setObjectName("small")
            button.clicked.connect(told)
        self._lay_out()

    def show_project(self, project: Project) -> None:
        """Show the plan of a project."""
        before, self._project = self._project, project
        if before is None or any(a is not b for a, b in zip(self.sources(before), self.sources(project), strict=True)):
            groups = groups_of(project, self.kind)
            plan = group_plan(project, self.kind)
            self._ids = tuple(groups.known) if groups is not None else tuple(self.ids_without_ground(project)) if plan is not None else ()
            self.show_more(project)
            self.retranslate()

    def show_state(self, state: State) -> None:
        """Say whether the plan is out of date."""
        if state is not self._state:
            self._state = state
            self._tell()

    def show_chosen(self, groups: Sequence[int], pieces: int) -> None:
        """Show which groups are chosen; `pieces` grids are selected that could be made a group of their own."""
        self._chosen, self._pieces = tuple(groups), pieces
        self._show_card()
        self._light()

    def retranslate(self) -> None:
        """Take up the language in use."""
        self._fill()
        self._tell()
        self.table.setVisible(bool(self._ids))
        self.table.setAccessibleName(self.title())
        self.table.horizontalHeader().viewport().update()
        self.table.viewport().update()
        self.rename.setText(_("Rename…"))
        self.split.setText(_("Make one of the selected grids"))
        self.split.setToolTip(_("Select grids with Ctrl, a rectangle (Shift) or a lasso (Alt), then make a new one of them"))
        self._show_card()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_chosen(self._chosen, self._pieces)

    # what a page says of its own kind

    def sources(self, project: Project) -> tuple[object, ...]:
        """Return the values that the page is made from."""
        section = getattr(project.settings, self.kind)
        return (group_plan(project, self.kind), project.units, project.grids, project.households, section)

    def ids_without_ground(self, _project: Project) -> Sequence[int]:
        """Return the ids where the plan lies over neither grids nor units."""
        return ()

    def rows(self, project: Project) -> tuple[Sequence[Values], frozenset[int]]:
        """Return the values of the columns, and the rows that are red."""
        raise NotImplementedError

    def show_more(self, project: Project) -> None:
        """Show what a page has beside the table."""

    def title(self) -> str:
        """Return what the page is called."""
        raise NotImplementedError

    def heading(self, project: Project) -> str:
        """Return how many there are and how they lie."""
        raise NotImplementedError

    def nothing(self) -> str:
        """Return what to do where there are none."""
        raise NotImplementedError

    def proof(self, project: Project) -> str:
        """Return what is proven."""
        raise NotImplementedError

    def facts(self, project: Project, group: int) -> tuple[str, bool, list[Fact]]:
        """Return the title of a group's card, whether the group is locked, and its figures."""
        raise NotImplementedError

    # the rest

    def _fill(self) -> None:
        """Show the rows anew, those of locked groups with a padlock."""
        project = self._project
        known = plan_groups(project, self.kind) if project is not None else {}
        values, bad = self.rows(project) if project is not None and self._ids else ([()] * len(self.columns), frozenset())
        locked = frozenset(row for row, group in enumerate(self._ids) if known[group].locked)
        self.table.rows.show(values, bad, locked)
        self._light()

    def _tell(self) -> None:
        """Say how many there are, and what is proven of them or why that holds no longer."""
        project = self._project if self._ids else None
        heading = self.heading(project) if project is not None else self.nothing()
        words = self.proof(project) if project is not None else ""
        if project is not None and self._state is State.STALE:
            heading = f"{heading} · {_(STATE_WORDS[State.STALE])}"
            words = _("Grids, data or settings have changed since. Press “Group again” at the left.")
        set_words(self._heading, heading)
        set_mood(self._heading, "warning" if project is not None and self._state is State.STALE else "heading")
        set_words(self._proof, words)
        self._proof.setVisible(bool(words))

    def _light(self) -> None:
        """Mark the row of the chosen group."""
        lines = self.table.selectionModel()
        if not self._chosen or self._chosen[0] not in self._ids:
            lines.clearSelection()
            return
        row = self._ids.index(self._chosen[0])
        line = next((i for i in range(self.table.rows.rowCount()) if self.table.rows.row_at(i) == row), None)
        if line is not None:
            index = self.table.rows.index(line, 0)
            flags = QItemSelectionModel.SelectionFlag
            lines.setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.table.scrollTo(index)

    def _show_card(self) -> None:
        group = self._chosen[0] if self._chosen and self._chosen[0] in self._ids else None
        self.card.setVisible(group is not None and self._project is not None)
        if group is None or self._project is None:
            return
        title, locked, facts = self.facts(self._project, group)
        set_words(self._title, title)
        self._facts.show_facts(facts)
        self.lock.setText(_("Unlock") if locked else _("Lock"))
        self.lock.setToolTip(_("What is locked is changed by no tool and by no new plan") + " (L)")
        self.split.setVisible(self._pieces > 0)

    def _open_menu(self, at: QPoint) -> None:
        row = self.table.rows.row_at(self.table.indexAt(at).row())
        if row is not None:
            self.group_chosen.emit(self._ids[row])
            self.menu_asked.emit(self.table.viewport().mapToGlobal(at))

    def _lay_out(self) -> None:
        self.card.setObjectName("card")
        inside = QVBoxLayout(self.card)
        inside.setContentsMargins(12, 10, 12, 10)
        inside.setSpacing(6)
        inside.addWidget(self._title)
        inside.addLayout(self._facts)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.lock, self.rename, self.split):
            buttons.addWidget(button)
        buttons.addStretch(1)
        inside.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._heading, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._proof)
        layout.addLayout(self.above)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.card)
        self.card.hide()


def counted(project: Project, kind: str) -> dict[int, int]:
    """Return how many grids (units, of zones of street blocks) each group has, by its id."""
    groups = groups_of(project, kind)
    if groups is None:
        return {}
    pieces = np.arange(len(groups.of_unit)) if groups.by_units or project.grids is None else project.grids.labels
    _pieces, first = np.unique(pieces, return_index=True)
    held = groups.of_unit[first]
    count = np.bincount(held[held >= 0], minlength=max(groups.known, default=0) + 1)
    return {group: int(count[group]) for group in groups.known}
