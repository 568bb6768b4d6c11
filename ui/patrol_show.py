"""What the window shows of the patrol routes: which variant or day, which route, what is covered, and the crews on their way."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer

from gridplanner.edits.patrol_edits import LockRoutes
from gridplanner.model.patrol import PatrolPlan
from gridplanner.model.patrol_coverage import Coverage
from gridplanner.model.project import Project
from ui.latest import Latest
from ui.map.coverage_layer import coverage_of
from ui.map.crew_overlay import CrewMark, CrewOverlay
from ui.map.patrol_strokes import route_colours, routes_shown
from ui.map.scene import Showing
from ui.map.themes import COVERAGE, theme_of_map
from ui.panels.patrol_page import PatrolPage
from ui.panels.play_bar import USUAL
from ui.patrol_motion import span_of, ways_of

if TYPE_CHECKING:
    from ui.desk import Desk

STEP = "patrol"
TICK = 33  # milliseconds between two pictures of the crews


class PatrolShow(QObject):
    """Joins the page of the patrol routes to the map and the session; what is shown is of the window, not of the project."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.choice, self.span, self.route = "", "", -1
        self.coverage: Coverage | None = None  # of what is shown, None until it is worked out
        self.minute: float | None = None  # of the crews on the map, None where there are none
        self._speed = USUAL
        self._plan: PatrolPlan | None = None
        self._coverages: Latest | None = None
        self._asked: tuple[Project, str] | None = None
        self._crews: CrewOverlay | None = None
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._tick)

    @property
    def page(self) -> PatrolPage:
        """The page at the right."""
        return self._desk.side.patrol

    def attach(self) -> None:
        """Listen to the parts of the desk, once they are there."""
        desk, page = self._desk, self.page
        self._crews = CrewOverlay(desk.canvas)
        page.choice_taken.connect(self.show_choice)
        page.route_chosen.connect(self.choose)
        page.findings_asked.connect(self._show_findings)
        page.tabs.chosen.connect(lambda _name: self._ask_coverage())
        page.card.lock_asked.connect(self._lock)
        page.card.stop_chosen.connect(desk.canvas.point_at)
        page.coverage.span_taken.connect(self._take_span)
        page.coverage.theme_taken.connect(lambda name: desk.maps.use_theme(name or "grid"))
        page.coverage.lines_chosen.connect(desk.canvas.point_along)
        page.coverage.place_chosen.connect(desk.canvas.point_at)
        page.play.pressed.connect(self.toggle_play)
        page.play.moved.connect(self.go_to)
        page.play.sped.connect(self._take_speed)
        desk.window.steps.chosen.connect(self._follow)
        desk.bridge.changed.connect(lambda _before, after: self._take_change(after))

    def dressed(self, showing: Showing) -> Showing:
        """Return what is shown, with the variant, the route and the days; the codes of routes take the place of those of zones."""
        if self._is_here() and showing.project.picks:
            showing = dataclasses.replace(showing, patrol_picks="patrol" not in showing.hidden)
        if showing.project.patrol is None:
            return showing
        coded = self._is_here() and "patrol" not in showing.hidden and self._desk.maps.theme not in COVERAGE
        hidden = showing.hidden | {"zones-labels"} if coded else showing.hidden
        return dataclasses.replace(showing, patrol_choice=self.choice, patrol_route=self.route, patrol_span=self.span, hidden=hidden)

    def tell(self) -> None:
        """Bring the page into step with what the map shows."""
        desk = self._desk
        project = desk.session.project
        self.page.show_plan(project, self.choice, self.route)
        theme = theme_of_map(desk.maps.theme, project).id
        self.page.coverage.show_spans(project, self.span, theme if theme in COVERAGE else "")
        self._ask_coverage()

    def show_choice(self, choice: str) -> None:
        """Show the routes of a variant, or those drawn for a day; the crew that was chosen stays chosen."""
        plan, crew = self._desk.session.project.patrol, self._crew()
        self.choice = choice
        if plan is not None:
            shown = routes_shown(plan, choice)
            self.route = next((row for row in shown if (plan.routes[row].zone, plan.routes[row].crew) == crew), -1)
        self.stop()
        self._desk.show_maps()

    def choose(self, row: int, *, closer: bool = True) -> None:
        """Choose the route at a row of the plan and let the map show it `closer`; -1 shows all again."""
        plan, canvas = self._desk.session.project.patrol, self._desk.canvas
        self.route = row
        canvas.mark(None)
        self._desk.show_maps()
        if closer and plan is not None and row >= 0 and len(plan.routes[row].coords):
            coords = plan.routes[row].coords
            canvas.zoom_to((*coords.min(axis=0).tolist(), *coords.max(axis=0).tolist()))
        self._show_crews()

    # crews on their way

    @property
    def plays(self) -> bool:
        """True while the crews are moving."""
        return self._timer.isActive()

    def toggle_play(self) -> None:
        """Let the crews go, or stand; from the beginning where they had come to the end."""
        plan = self._desk.session.project.patrol
        if self.plays:
            self._timer.stop()
        elif plan is not None and self._is_here():
            begin, end = self._span()
            if end > begin:
                self.minute = begin if self.minute is None or self.minute >= end else max(self.minute, begin)
                self._clock.start()
                self._timer.start()
        self._show_crews()

    def go_to(self, minute: float) -> None:
        """Show the crews where they are at a clock minute."""
        if self._is_here():
            self.minute = minute
            self._clock.restart()
            self._show_crews()

    def stop(self) -> None:
        """Show no crews any more."""
        self._timer.stop()
        self.minute = None
        self._show_crews()

    def close(self) -> None:
        """End the thread and the clock."""
        self._timer.stop()
        if self._coverages is not None:
            self._coverages.close()

    def _tick(self) -> None:
        if self.minute is None:
            self._timer.stop()
            return
        begin, end = self._span()
        self.minute = max(self.minute, begin) + self._clock.restart() / 60_000 * self._speed
        on_duty = [way for way in ways_of(self._plan, self.choice) if way.minutes[-1] >= self.minute] if self._plan is not None else []
        if on_duty and all(way.minutes[0] > self.minute for way in on_duty):  # nobody is out before the next shift
            self.minute = min(float(way.minutes[0]) for way in on_duty)
        if self.minute >= end:
            self.minute = end
            self._timer.stop()
        self._show_crews()

    def _show_crews(self) -> None:
        plan, crews = self._desk.session.project.patrol, self._crews
        begin, end = self._span()
        self.page.play.show_span(begin, end)
        self.page.play.show_time(begin if self.minute is None else self.minute, plays=self.plays)
        if crews is None:
            return
        if plan is None or self.minute is None or not self._is_here() or "patrol" in self._desk.hidden:
            crews.clear()
            return
        colours, marks = route_colours(plan), []
        chosen = self.route if self.route in routes_shown(plan, self.choice) else -1
        for way in ways_of(plan, self.choice):
            place = way.at(self.minute)
            if place is not None:
                pale = chosen not in (-1, way.row)
                words = str(plan.routes[way.row].crew + 1)
                marks.append(CrewMark(*place, colours[way.row], words, pale, way.stands(self.minute)))
        crews.show_crews(marks)

    def _span(self) -> tuple[float, float]:
        plan = self._desk.session.project.patrol
        return span_of(ways_of(plan, self.choice)) if plan is not None else (0.0, 0.0)

    # what the parts tell

    def _is_here(self) -> bool:
        return self._desk.window.steps.step.id == STEP

    def _follow(self, step: str) -> None:
        if step != STEP:
            self.stop()
        else:
            self._show_crews()

    def _take_change(self, project: Project) -> None:
        """Forget the crews of another plan; the crew that was chosen stays chosen where it has a route."""
        before, self._plan = self._plan, project.patrol
        if project.patrol is before:
            return
        if before is not None and project.patrol is not None and 0 <= self.route < len(before.routes):
            was = before.routes[self.route]
            same = (was.zone, was.crew, was.variant)
            rows = enumerate(project.patrol.routes)
            self.route = next((row for row, route in rows if (route.zone, route.crew, route.variant) == same), -1)
        else:
            self.route = -1
        self.stop()

    def _show_findings(self) -> None:
        self._desk.side.issues.show_subject("patrol")
        self._desk.side.open_tab("issues")

    def _take_span(self, span: str) -> None:
        self.span = span
        self._desk.show_maps()

    def _take_speed(self, times: int) -> None:
        self._speed = times

    def _lock(self, row: int) -> None:
        plan = self._desk.session.project.patrol
        if plan is not None and 0 <= row < len(plan.routes):
            self._desk.do(LockRoutes((row,), not plan.routes[row].locked))

    def _crew(self) -> tuple[int, int] | None:
        plan = self._desk.session.project.patrol
        if plan is None or not 0 <= self.route < len(plan.routes):
            return None
        return plan.routes[self.route].zone, plan.routes[self.route].crew

    def _ask_coverage(self) -> None:
        """Have the coverage worked out, where anyone looks at it."""
        project = self._desk.session.project
        if self.page.tabs.current != "coverage" or not self._is_here() or project.patrol is None:
            return
        if self._asked is not None and self._asked[0] is project and self._asked[1] == self.span:
            return
        if self._coverages is None:
            self._coverages = Latest(_cover, "coverage", self._desk)
            self._coverages.answered.connect(self._take_coverage)
            self._coverages.failed.connect(self._desk.canvas.failed)
        self._asked, self.coverage = (project, self.span), None
        self._coverages.ask(self._asked)

    def _take_coverage(self, answer: tuple[tuple[Project, str], Coverage | None]) -> None:
        request, coverage = answer
        if request is self._asked:
            self.coverage = coverage
            self.page.coverage.show_coverage(request[0], coverage)


def _cover(request: object, _is_obsolete: Callable[[], bool]) -> Iterator[tuple[object, Coverage | None]]:
    assert isinstance(request, tuple)
    yield request, coverage_of(*request)
