"""The right side: tables and details behind tabs; others add theirs with `add_tab`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from gridplanner.i18n import N_, _
from ui.derived import Derived
from ui.panels.beats_page import BeatsPage
from ui.panels.checkpoints_page import CheckpointsPage
from ui.panels.chiefs_page import ChiefsPage
from ui.panels.cross_page import CrossPage
from ui.panels.grids_page import GridsPage
from ui.panels.history_panel import HistoryPanel
from ui.panels.issues_panel import IssuesPanel
from ui.panels.moves_panel import MovesPanel
from ui.panels.patrol_page import PatrolPage
from ui.panels.rail_page import RailPage
from ui.panels.rings_page import RingsPage
from ui.panels.roster_page import RosterPage
from ui.panels.tab_strip import TabStrip
from ui.panels.zones_page import ZonesPage
from ui.steps import State

WIDTH = 372
_DUTY = {
    "rings": N_("Response"), "checkpoints": N_("Checkpoints"), "chiefs": N_("Street chiefs"), "patrol": N_("Routes"),
    "rail": N_("Segments"), "roster": N_("Roster"),
}  # fmt: skip
# what a step at the left brings up
_OWN = ("grids", "beats", "zones", *_DUTY)
_STEP_TABS = {"check": "issues", **{name: name for name in _OWN}}


class SidePanel(QWidget):
    """Tables and details of the project that is open."""

    grids_chosen = Signal(object)
    menu_asked = Signal(QPoint)
    proof_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rightPanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(WIDTH)
        self.tabs, self._pages = TabStrip(), QStackedWidget()
        self._titles: dict[str, Callable[[], str]] = {}
        self._widgets: dict[str, QWidget] = {}
        self._derived: Derived | None = None
        self._awaited = ""
        self.grids_page = GridsPage()
        self.table, self.histogram, self.card = self.grids_page.table, self.grids_page.histogram, self.grids_page.card
        self.issues, self.history, self.moves = IssuesPanel(), HistoryPanel(), MovesPanel()
        self.beats_page, self.zones_page, self.cross = BeatsPage(), ZonesPage(), CrossPage()
        self._grouped: dict[str, BeatsPage | ZonesPage] = {"beats": self.beats_page, "zones": self.zones_page}
        self.rings, self.checkpoints, self.chiefs, self.patrol = RingsPage(), CheckpointsPage(), ChiefsPage(), PatrolPage()
        self.rail, self.roster = RailPage(), RosterPage()
        self._duty: dict[str, RingsPage | CheckpointsPage | ChiefsPage | PatrolPage | RailPage | RosterPage] = {
            "rings": self.rings, "checkpoints": self.checkpoints, "chiefs": self.chiefs, "patrol": self.patrol,
            "rail": self.rail, "roster": self.roster,
        }  # fmt: skip
        layout = QVBoxLayout(self)
        layout.setContentsMargins(15, 8, 14, 12)
        layout.setSpacing(10)
        layout.addWidget(self.tabs)
        layout.addWidget(self._pages, 1)
        self.tabs.chosen.connect(self._turn_to)
        self.add_tab("grids", N_("Grids"), self.grids_page)
        self.add_tab("beats", N_("Beats"), self.beats_page)
        self.add_tab("zones", N_("Zones"), self.zones_page)
        self.add_tab("cross", N_("Cross-table"), self.cross)
        for name in (*self._grouped, "cross"):
            self.tabs.set_there(name, there=False)
        for name, duty_page in self._duty.items():
            self.add_tab(name, _DUTY[name], duty_page)
            self.tabs.set_there(name, there=False)
        self.add_tab("moves", N_("Moves"), self.moves, count=lambda derived: len(derived.transfers or ()))
        self.add_tab("issues", N_("Findings"), self.issues, count=lambda derived: len(derived.issues or ()))
        self.add_tab("history", N_("History"), self.history)
        self.tabs.set_there("moves", there=False)
        self.table.grids_chosen.connect(self.grids_chosen)
        self.histogram.grids_chosen.connect(self.grids_chosen)
        self.table.menu_asked.connect(self.menu_asked)
        self.grids_page.proof_asked.connect(self.proof_asked)
        self.retranslate()

    def add_tab(self, name: str, title: str, widget: QWidget, count: Callable[[Derived], int] | None = None, before: str = "") -> None:
        """Add a tab, at the end or before another one: `title` is a msgid, `count` says what number stands behind it (none where 0).

        A widget that has a method `retranslate` is told when the language changes.
        """

        def words() -> str:
            number = count(self._derived) if count is not None and self._derived is not None else 0
            return f"{_(title)} {number:,}" if number else _(title)

        self._titles[name], self._widgets[name] = words, widget
        self._pages.addWidget(widget)
        self.tabs.add(name, before)
        self.tabs.set_words(name, words())

    def open_tab(self, name: str) -> None:
        """Bring a tab to the front, now or as soon as there is something behind it."""
        self._awaited = "" if self.tabs.is_there(name) else name
        if not self._awaited:
            self.tabs.choose(name)

    def follow(self, step_id: str) -> None:
        """Show the table of the step that was chosen at the left; other steps leave the tab in front."""
        for name in (*self._grouped, *self._duty):
            self.tabs.set_there(name, there=name == step_id)
        self.tabs.set_there("cross", there=step_id in self._grouped)
        if step_id in _STEP_TABS:
            self.open_tab(_STEP_TABS[step_id])

    def show_derived(self, derived: Derived, chosen: Sequence[int]) -> None:
        """Show what follows from a project."""
        before, self._derived = self._derived, derived
        self.grids_page.show_derived(derived, chosen)
        if derived.issues is not None and (before is None or derived.transfers is not before.transfers):
            self.moves.show_moves(derived)
        self.issues.show_issues(derived.issues)
        for name, grouped in self._grouped.items():
            grouped.show_project(derived.project)
            grouped.show_state(derived.states.get(name, State.EMPTY))
        self.cross.show_project(derived.project)
        for name, duty in self._duty.items():
            duty.show_project(derived.project)
            duty.show_state(derived.states.get(name, State.EMPTY))
        plan = derived.project.grids
        self.tabs.set_there("moves", there=plan is not None and plan.replan is not None)
        if self._awaited and self.tabs.is_there(self._awaited):
            self.open_tab(self._awaited)
        self._name_tabs()

    def retranslate(self) -> None:
        """Take up the language and the look in use."""
        for widget in (self.tabs, *self._widgets.values()):
            retranslate = getattr(widget, "retranslate", None)
            if retranslate is not None:
                retranslate()
        self._name_tabs()

    def _turn_to(self, name: str) -> None:
        self._awaited = ""
        self._pages.setCurrentWidget(self._widgets[name])

    def _name_tabs(self) -> None:
        for name, words in self._titles.items():
            self.tabs.set_words(name, words())
