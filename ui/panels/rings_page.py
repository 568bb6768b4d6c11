"""Response beside the map: the shares that posts reach in time, what each post reaches, and the addresses that nobody reaches in time."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from gridplanner.i18n import N_, _, ngettext
from gridplanner.model.project import Project
from gridplanner.model.ring_figures import RingCoverage, Uncovered, coverage_of, uncovered
from ui.figures import amount
from ui.panels.reach_bars import ReachBars, share_words
from ui.panels.sorted_table import SortedTable, TableColumn
from ui.panels.tab_strip import TabStrip
from ui.steps import STATE_WORDS, State

LISTED = 1000  # addresses of the list, the worst first


def _minutes(value: float) -> str:
    return f"{value:.1f}" if math.isfinite(value) else _("no way")


POSTS = (
    TableColumn(N_("Post"), N_("Where crews start from")),
    TableColumn(N_("Households"), N_("Households that this post is first to reach in time"), 78, True, amount),
    TableColumn(N_("Share"), N_("Of all households"), 62, True, share_words),
    TableColumn(N_("Incidents"), N_("Incidents that this post is first to reach in time"), 72, True, amount),
)
BEYOND = (
    TableColumn(N_("Address"), N_("Address that is not reached in time")),
    TableColumn(N_("min"), N_("Minutes from the first post"), 62, True, _minutes),
    TableColumn(N_("Households"), "", 78, True, amount),
)


class RingsPage(QWidget):
    """`place_chosen` carries x and y of the post or address that was chosen. Figures are made when the page is first seen."""

    place_chosen = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project: Project | None = None
        self._shown: Project | None = None  # whose figures these are
        self._state = State.EMPTY
        self._figures: RingCoverage | None = None
        self._beyond: Uncovered | None = None
        self._heading, self._more = QLabel(), QLabel()
        for label, name in ((self._heading, "heading"), (self._more, "small")):
            label.setObjectName(name)
            label.setWordWrap(True)
        self.bars, self.tabs, self._stack = ReachBars(), TabStrip(), QStackedWidget()
        self.posts, self.beyond = SortedTable(POSTS), SortedTable(BEYOND)
        self._tables = {"posts": self.posts, "beyond": self.beyond}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for part in (self._heading, self.bars, self.tabs, self._more):
            layout.addWidget(part)
        layout.addWidget(self._stack, 1)
        for name, table in self._tables.items():
            self.tabs.add(name)
            self._stack.addWidget(table)
            table.row_chosen.connect(lambda row, of=name: self._choose(of, row))
        self.tabs.chosen.connect(lambda name: self._turn_to(name))
        self.bars.chosen.connect(lambda _row: self._show_limit())
        self.retranslate()

    def show_project(self, project: Project) -> None:
        """Show the response rings of a project."""
        self._project = project
        if self.isVisible():
            self._catch_up()

    def show_state(self, state: State) -> None:
        """Say whether the plan is out of date."""
        if state is not self._state:
            self._state = state
            self._tell()

    def retranslate(self) -> None:
        """Take up the language in use."""
        self.tabs.retranslate()
        self.bars.retranslate()
        for table, words in ((self.posts, _("Posts")), (self.beyond, _("Not reached in time"))):
            table.setAccessibleName(words)
            table.horizontalHeader().viewport().update()
        self._tell()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._catch_up()

    def _catch_up(self) -> None:
        """Make the figures of the project that is shown, where they are another's."""
        project, before = self._project, self._shown
        if project is None:
            return
        parts = ("rings", "households", "incidents")
        if before is None or any(getattr(before, part) is not getattr(project, part) for part in parts):
            known = self._figures
            self._figures = coverage_of(project) if project.rings is not None else None
            last = len(self._figures.minutes) - 1 if self._figures is not None else -1
            same = known is not None and self._figures is not None and np.array_equal(known.minutes, self._figures.minutes)
            self.bars.show_figures(self._figures, self.bars.row if same else last)
            self._shown = project
            self._show_limit()
        self._shown = project

    def _show_limit(self) -> None:
        """Show what belongs to the limit chosen."""
        project, known, row = self._shown, self._figures, self.bars.row
        if project is None or known is None or row < 0:
            self._beyond = None
        else:
            self._beyond = uncovered(project, float(known.minutes[row]))
            listed = self._beyond.rows[:LISTED]
            homes = known.post_households[:, row]
            share = float(known.household_share[row]) / max(float(known.households[row]), 1e-9)
            self.posts.rows.show((known.posts.tolist(), homes, homes * share, known.post_incidents[:, row]))
            names = [str(project.households.address[at]) or _("address {n}").format(n=at + 1) for at in listed.tolist()]
            self.beyond.rows.show((names, self._beyond.minutes[:LISTED], self._beyond.households[:LISTED]))
        self._tell()

    def _tell(self) -> None:
        """Put into words what there is."""
        plan = self._project.rings if self._project is not None else None
        known, left = self._figures, self._beyond
        heading = _("No response rings yet. Press “Compute response rings” at the left.")
        if plan is not None:
            heading = ngettext("{n} post", "{n} posts", len(plan.names)).format(n=f"{len(plan.names):,}")
            if known is not None and known.cut_off > 0:
                text = ngettext("{n} household has no way to it", "{n} households have no way to them", round(known.cut_off))
                heading += " · " + text.format(n=amount(known.cut_off))
            if self._state is State.STALE:
                heading += " · " + _(STATE_WORDS[State.STALE])
        self._heading.setText(heading)
        self._heading.setObjectName("warning" if plan is not None and self._state is State.STALE else "heading")
        self._heading.style().unpolish(self._heading)
        self._heading.style().polish(self._heading)
        self.tabs.set_words("posts", _("Posts"))
        beyond = _("Not reached in time")
        self.tabs.set_words("beyond", f"{beyond} {len(left):,}" if left is not None and len(left) else beyond)
        for part in (self.bars, self.tabs, self._stack):
            part.setVisible(plan is not None)
        self._tell_more()

    def _tell_more(self) -> None:
        left, known = self._beyond, self._figures
        words = ""
        if self.tabs.current == "beyond" and left is not None and known is not None:
            limit = f"{known.minutes[self.bars.row]:g}"
            if not len(left):
                words = _("Every address with households is reached within {minutes} min.").format(minutes=limit)
            elif len(left) > LISTED:
                words = _("The {listed} worst of {all} addresses").format(listed=f"{LISTED:,}", all=f"{len(left):,}")
        self._more.setText(words)
        self._more.setVisible(bool(words))

    def _turn_to(self, name: str) -> None:
        self._stack.setCurrentWidget(self._tables[name])
        self._tell_more()

    def _choose(self, of: str, row: int) -> None:
        project = self._shown
        if project is None or project.rings is None:
            return
        place = project.rings.posts[row] if of == "posts" else None
        if of == "beyond" and self._beyond is not None:
            place = project.households.xy[self._beyond.rows[row]]
        if place is not None:
            self.place_chosen.emit(float(place[0]), float(place[1]))
