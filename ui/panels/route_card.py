"""The card of the patrol route that is chosen: when it is where, its lock, and its stops in the order of driving."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gridplanner.i18n import _
from gridplanner.model.patrol import PatrolPlan
from gridplanner.model.project import Project
from ui.map.patrol_marks import route_colour
from ui.map.patrol_strokes import route_colours
from ui.panels.fact_rows import set_words
from ui.panels.route_table import kilometres
from ui.panels.stop_table import StopTable
from ui.patrol_figures import route_title, waits_of
from ui.styles import theme


class RouteCard(QFrame):
    """`lock_asked` carries the row of the route in the plan, `stop_chosen` x and y of a stop, `all_asked` that no route is to be chosen.

    `buttons` is the row of buttons below the stops; others put theirs there.
    """

    lock_asked = Signal(int)
    all_asked = Signal()
    stop_chosen = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.row = -1
        self._shown: tuple[Project, PatrolPlan, int] | None = None
        self._title, self._figures = QLabel(), QLabel()
        self._title.setObjectName("value")
        self._title.setWordWrap(True)
        self._figures.setObjectName("small")
        self._figures.setWordWrap(True)
        self.stops = StopTable()
        self.lock, self.all = QPushButton(), QPushButton()
        self.lock.setObjectName("small")
        self.all.setObjectName("link")
        self.all.setCursor(Qt.CursorShape.PointingHandCursor)
        head, self.buttons = QHBoxLayout(), QHBoxLayout()
        for row in (head, self.buttons):
            row.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self.all, 0, Qt.AlignmentFlag.AlignTop)
        self.buttons.addWidget(self.lock)
        self.buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self._figures)
        layout.addWidget(self.stops, 1)
        layout.addLayout(self.buttons)
        self.stops.setMinimumHeight(80)
        self.lock.clicked.connect(lambda: self.lock_asked.emit(self.row))
        self.all.clicked.connect(self.all_asked)
        self.stops.row_chosen.connect(self._choose)
        self.hide()

    def show_route(self, project: Project, plan: PatrolPlan, row: int) -> None:
        """Show the route at a row of a plan; the stop that was marked stays so where the route is the same one."""
        kept = self.stops.chosen_stop() if row == self.row else -1
        self.row, self._shown = row, (project, plan, row)
        route = plan.routes[row]
        set_words(self._title, route_title(project, route))
        length = _("{km} km, of these {empty} km empty").format(
            km=kilometres(route.required_m + route.dead_m), empty=kilometres(route.dead_m)
        )
        words = [_("{n} min").format(n=f"{route.minutes:.0f}"), length]
        waits = sum(waits_of(plan, route))
        if waits >= 1:
            words.append(_("{n} min of waiting").format(n=f"{waits:.0f}"))
        if route.outside_m >= 50:
            words.append(_("{km} km outside its zone").format(km=kilometres(route.outside_m)))
        if route.locked:
            words.append(_("locked"))
        set_words(self._figures, " · ".join(words))
        self.stops.show_route(plan, route, route_colour(route_colours(plan)[row], theme()))
        self.stops.light(kept)
        self.lock.setText(_("Unlock") if route.locked else _("Lock"))

    def retranslate(self) -> None:
        """Take up the language and the look in use."""
        self.lock.setToolTip(_("A locked route stays as it is when the rest is planned again"))
        self.all.setText(_("All routes"))
        self.all.setToolTip(_("Show all routes"))
        self.stops.setAccessibleName(_("Stops of the route"))
        self.stops.horizontalHeader().viewport().update()
        if self._shown is not None:
            self.show_route(*self._shown)

    def _choose(self, row: int) -> None:
        stop = self.stops.stops[row]
        self.stop_chosen.emit(stop.x, stop.y)
