"""The page of patrol routes: what the plan comes to, its variants, the routes with the stops of the chosen one, and what they cover."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from gridplanner.i18n import _, ngettext
from gridplanner.model.patrol import PatrolPlan
from gridplanner.model.project import Project
from ui.dialogs.form import Choice
from ui.map.patrol_strokes import routes_shown
from ui.panels.coverage_page import CoveragePage
from ui.panels.fact_rows import set_mood, set_words
from ui.panels.play_bar import PlayBar
from ui.panels.route_card import RouteCard
from ui.panels.route_table import RouteTable
from ui.panels.tab_strip import TabStrip
from ui.patrol_figures import choices, patrol_figures, unserved, variant_words, zone_code
from ui.steps import STATE_WORDS, State


class PatrolPage(QWidget):
    """`choice_taken` carries the variant or day that is to be shown, `route_chosen` the row of a route in the plan, -1 for none.

    `findings_asked` says that what is on no route is to be shown.
    """

    choice_taken = Signal(str)
    route_chosen = Signal(int)
    findings_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project: Project | None = None
        self._state = State.EMPTY
        self._choice, self._route = "", -1
        self._heading, self._more = QLabel(), QLabel()
        for label, name in ((self._heading, "heading"), (self._more, "small")):
            label.setObjectName(name)
            label.setWordWrap(True)
        self.left_out, self.choice = QPushButton(), Choice()
        self.left_out.setObjectName("link")
        self.left_out.setCursor(Qt.CursorShape.PointingHandCursor)
        self.tabs, self._stack = TabStrip(), QStackedWidget()
        self.table, self.card, self.coverage, self.play = RouteTable(), RouteCard(), CoveragePage(), PlayBar()
        self._lay_out()
        self.left_out.clicked.connect(self.findings_asked)
        self.choice.activated.connect(lambda _row: self.choice_taken.emit(str(self.choice.currentData())))
        self.table.row_chosen.connect(lambda row: self.route_chosen.emit(self._shown[row]))
        self.card.all_asked.connect(lambda: self.route_chosen.emit(-1))
        self.tabs.chosen.connect(lambda name: self._stack.setCurrentIndex(("routes", "coverage").index(name)))
        self.retranslate()

    @property
    def _plan(self) -> PatrolPlan | None:
        return self._project.patrol if self._project is not None else None

    @property
    def _shown(self) -> tuple[int, ...]:
        return routes_shown(self._plan, self._choice) if self._plan is not None else ()

    def show_plan(self, project: Project, choice: str, route: int) -> None:
        """Show the routes of a variant or day, and the stops of the one at a row of the plan."""
        before, self._project = self._project, project
        same = before is not None and all(a is b for a, b in zip(_sources(before), _sources(project), strict=True))
        if not same or choice != self._choice:
            self._choice, self._route = choice, route
            self._fill()
        elif route != self._route:
            self._route = route
            self._show_route()

    def show_project(self, project: Project) -> None:
        """Show the routes of another project, of the same variant or day."""
        self.show_plan(project, self._choice, self._route)

    def show_state(self, state: State) -> None:
        """Say whether the plan is out of date."""
        if state is not self._state:
            self._state = state
            self._tell()

    def retranslate(self) -> None:
        """Take up the language and the look in use."""
        self.tabs.retranslate()
        self.tabs.set_words("routes", _("Routes"))
        self.tabs.set_words("coverage", _("Coverage"))
        self.choice.setAccessibleName(_("Routes shown"))
        self.table.setAccessibleName(_("Routes"))
        for part in (self.card, self.coverage, self.play):
            part.retranslate()
        self._fill()
        self.table.horizontalHeader().viewport().update()
        self.table.viewport().update()

    def _fill(self) -> None:
        project, plan = self._project, self._plan
        there = project is not None and plan is not None and len(plan.routes) > 0
        for part in (self.tabs, self._stack, self.play):
            part.setVisible(there)
        offered = choices(plan) if plan is not None and there else []
        if [self.choice.itemText(row) for row in range(self.choice.count())] != [words for _key, words in offered]:
            self.choice.clear()
            for key, words in offered:
                self.choice.addItem(words, key)
        self.choice.setCurrentIndex(max(self.choice.findData(self._choice), 0))
        self.choice.setVisible(len(offered) > 1)
        if project is not None and plan is not None and there:
            self.table.show_routes(project, plan, self._shown)
        self._show_route()
        self._tell()

    def _show_route(self) -> None:
        plan, project = self._plan, self._project
        self.table.light(self._route)
        if plan is None or project is None or self._route not in self._shown:
            self.card.hide()
            return
        self.card.show_route(project, plan, self._route)
        self.card.show()

    def _tell(self) -> None:
        """Put into words what the plan comes to."""
        project, plan = self._project, self._plan
        heading, more = _("No patrol routes yet. Press “Plan patrol routes” at the left."), ""
        left = 0
        if project is not None and plan is not None:
            figures = patrol_figures(plan, self._choice)
            heading = ngettext("{n} route", "{n} routes", figures.routes).format(n=f"{figures.routes:,}")
            heading += f" · {figures.metres / 1000:,.1f} km"
            heading += " · " + _("{share} % empty").format(share=f"{100 * figures.empty / max(figures.metres, 1e-9):.0f}")
            more = self._more_words(project, plan)
            left = len(unserved(project, self._choice))
            self.choice.setToolTip(
                "\n".join((_("A variant of all routes, or those that are drawn for a day"), *variant_words(project, plan)))
            )
            if self._state is State.STALE:
                heading += " · " + _(STATE_WORDS[State.STALE])
        set_words(self._heading, heading)
        set_mood(self._heading, "warning" if plan is not None and self._state is State.STALE else "heading")
        set_words(self._more, more)
        self._more.setToolTip(self._zone_words(project, plan) if project is not None and plan is not None else "")
        self._more.setVisible(bool(more))
        text = ngettext("{n} street or site is on no route", "{n} streets or sites are on no route", left)
        self.left_out.setText(text.format(n=f"{left:,}") + " ›")
        self.left_out.setToolTip(_("Show them among the findings"))
        self.left_out.setVisible(left > 0)

    def _more_words(self, project: Project, plan: PatrolPlan) -> str:
        """Return how long the routes take, how even the work is and how much is driven outside the zones."""
        figures = patrol_figures(plan, self._choice)
        words = [_("longest {longest} min, mean {mean} min").format(longest=f"{figures.longest:.0f}", mean=f"{figures.mean:.0f}")]
        if figures.uneven >= 0:
            text = _("longest route {ratio} × the mean of its zone ({zone})")
            words.append(text.format(ratio=f"{figures.ratio:.2f}", zone=zone_code(project, figures.uneven)))
        if figures.outside >= 50:
            words.append(_("{km} km outside the zones").format(km=f"{figures.outside / 1000:,.1f}"))
        return " · ".join(words)

    def _zone_words(self, project: Project, plan: PatrolPlan) -> str:
        """Return the longest route and the mean of each zone, a line each."""
        text = _("{zone}: longest {longest} min, mean {mean} min")
        rows = sorted((zone_code(project, zone), longest, mean) for zone, longest, mean in patrol_figures(plan, self._choice).minutes)
        return "\n".join(text.format(zone=code, longest=f"{longest:.0f}", mean=f"{mean:.0f}") for code, longest, mean in rows)

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Vertical)
        split.setObjectName("plain")
        split.setHandleWidth(8)
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        split.addWidget(self.card)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        self.table.setMinimumHeight(96)
        for part in (split, self.coverage):
            self._stack.addWidget(part)
        for name in ("routes", "coverage"):
            self.tabs.add(name)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.choice, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._heading, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._more)
        layout.addWidget(self.left_out)
        layout.addLayout(head)
        layout.addWidget(self.tabs)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.play)


def _sources(project: Project) -> tuple[object, ...]:
    return project.patrol, project.zones, project.settings.patrol
