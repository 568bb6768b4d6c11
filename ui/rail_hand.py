"""The planner's hand on the railway: the plan and the segment that are shown, breaks and locks, and where a chainage is."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF

from gridplanner.edits.computed import Computed
from gridplanner.edits.edit import Edit, Replace
from gridplanner.edits.rail_edits import GiveSegments, LockSegments, RecodeSegment
from gridplanner.i18n import N_, _
from gridplanner.model.project import Project
from gridplanner.model.rail import RailLine, RailPlan, RailSegment
from gridplanner.model.rail_near import RailSpot, named_places, place_at, spot_near
from ui.dialogs.route_code_dialog import RouteCodeDialog
from ui.map.rail_strokes import plan_shown, row_again, segments_shown
from ui.map.scene import Showing
from ui.map.tools.rail_break import RailAddTool, RailBreakTool
from ui.map.tools.rail_work import RailWork
from ui.map.tools.tool import Pointer, Tool
from ui.rail_figures import readings, spot_words
from ui.rail_lines import RailLines
from ui.rail_menu import RailMenu
from ui.steps import State

if TYPE_CHECKING:
    from ui.desk import Desk
    from ui.panels.rail_page import RailPage

STEP, LAYER = "rail", "guards"
BREAK, ADD = "rail-break", "rail-add"
NEAR = 12.0  # pixels from a line within which a click on the map means it
HINTS = {
    BREAK: N_("Move breaks: drag a break along the line; with Ctrl click one to take it away; with Alt it stays where the hand is"),
    ADD: N_("Add breaks: click the line where a segment is to be divided; with Alt at that very place"),
}
IDLE = N_("Click the line to read its chainage and choose the segment; type a chainage such as K814+300 into the find box to go there")

BARE = N_("Click the line to read its chainage; drag to move the map; wheel to zoom")


class RailHand(QObject):
    """What is shown and done of the railway of a desk; every change is one step of the undo list.

    `choice` is the plan that is shown (day, night …; empty for the first), `row` the segment that is chosen, -1 for none.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.choice, self.row = "", -1
        self.menu = RailMenu(desk, self)
        self._lines = RailLines(self)
        self._before: RailPlan | None = None

    @property
    def page(self) -> RailPage:
        """The page at the right."""
        return self._desk.side.rail

    def attach(self) -> None:
        """Listen to the parts of the desk, once they are there."""
        desk, page = self._desk, self.page
        page.plan_taken.connect(self.show_plan)
        page.segment_chosen.connect(self.choose)
        page.place_asked.connect(self.go_to)
        page.findings_asked.connect(self._show_findings)
        page.card.lock_asked.connect(self.lock)
        page.card.code_asked.connect(self.recode)
        page.card.given.connect(self.give)
        page.chart.edit_made.connect(desk.do)
        page.chart.pointed.connect(self._point)
        page.chart.led.connect(desk.canvas.gestures.lend)
        desk.canvas.grid_clicked.connect(self._take_click)
        desk.bridge.changed.connect(lambda _before, after: self._take_change(after))
        self._lines.changed.connect(desk.teller.tell_hint)
        self.menu.attach()

    def close(self) -> None:
        """End the thread."""
        self._lines.close()

    # what is shown

    @property
    def plan(self) -> RailPlan | None:
        """The plan that the hand is on, None at other steps and where there is none."""
        plan = self._desk.session.project.rail
        return plan if plan is not None and plan.segments and self._desk.window.steps.step.id == STEP else None

    @property
    def lines(self) -> tuple[RailLine, ...]:
        """The measured lines of the railway, before there is a plan as soon as they are put together; none where there is no railway."""
        return self._lines.of(self._desk.session.project)

    @property
    def is_on(self) -> bool:
        """True where the hand is on guard segments."""
        return self.plan is not None

    @property
    def shown(self) -> tuple[int, ...]:
        """The rows of the segments that are shown, in line order."""
        plan = self._desk.session.project.rail
        return segments_shown(plan, self.choice) if plan is not None else ()

    @property
    def segment(self) -> RailSegment | None:
        """The segment that is chosen."""
        return self.plan.segments[self.row] if self.plan is not None and self.row in self.shown else None

    @property
    def locked(self) -> bool:
        """True where the segment that is chosen is locked."""
        return self.segment is not None and self.segment.locked

    @property
    def hint(self) -> str:
        """What the map expects next, empty where the hand is on something else."""
        if self._desk.tool in HINTS:
            return _(HINTS[self._desk.tool])
        if self._desk.tool or self._desk.window.steps.step.id != STEP:
            return ""
        return _(IDLE) if self.is_on else _(BARE) if self.lines else ""

    def dressed(self, showing: Showing) -> Showing:
        """Return what is shown, with the plan and the segment."""
        if showing.project.rail is None:
            return showing
        return dataclasses.replace(showing, rail_choice=self.choice, rail_segment=self.row if self.is_on else -1)

    def tell(self) -> None:
        """Bring the page into step with what the map shows; at its step lines are wanted before there is a plan."""
        if self._desk.window.steps.step.id == STEP:
            self._lines.ask(self._desk.session.project)
        self.page.show_plan(self._desk.session.project, self.choice, self.row)

    def show_plan(self, name: str) -> None:
        """Show the plan of a name (day, night …); a guard that was chosen stays chosen where it has a segment there."""
        plan, before = self._desk.session.project.rail, self.segment
        self.choice, self.row = name, -1
        self._desk.canvas.abandon()  # what a tool shows is of the plan before
        if plan is not None and before is not None:
            mine = (before.squad, before.guard)
            self.row = next((row for row in self.shown if (plan.segments[row].squad, plan.segments[row].guard) == mine), -1)
        self._desk.show_maps()

    def choose(self, row: int, *, closer: bool = True) -> None:
        """Choose the segment at a row of the plan and let the map show it `closer`; -1 for none."""
        desk, plan = self._desk, self._desk.session.project.rail
        if row != self.row:
            self.row = row
            desk.jobs.last_words = ""
            desk.show_maps()
        if closer and plan is not None and 0 <= row < len(plan.segments):
            coords = plan.segments[row].coords
            desk.canvas.mark(None)
            desk.canvas.zoom_to((*coords.min(axis=0).tolist(), *coords.max(axis=0).tolist()))

    def step(self, by: int) -> None:
        """Choose the next segment along the line or the one before."""
        shown = self.shown
        if shown:
            at = shown.index(self.row) + by if self.row in shown else (0 if by > 0 else len(shown) - 1)
            self.choose(shown[min(max(at, 0), len(shown) - 1)])

    # chainage

    def go_to(self, text: str) -> None:
        """Show the place that reads a chainage; of several the find box lists them, within a broken chain it is said."""
        lines, text = self.lines, text.strip()
        if not lines or not text:
            return
        found = named_places(lines, text)
        places = [one for one in found if not one.broken] or list(found)
        if len({(one.line, round(one.along)) for one in places}) > 1:
            self._desk.finder.look_for(text)
        elif places:
            line = lines[places[0].line]
            self._desk.canvas.point_at(*place_at(line, places[0].along))
            words = " · ".join((*readings(line, places[0].along), line.name))
            if places[0].broken:
                words = _("{text} is left out by a broken chain; this is {place}").format(text=text, place=words)
            self._say(words)
        else:
            spans = _(", ").join(f"{line.name} {line.mileage.text(0.0)}–{line.mileage.text(1e12, coming=True)}" for line in lines[:3])
            self._say(_("No line reads {text}; the lines are {lines}").format(text=text, lines=spans))

    def ask_place(self) -> None:
        """Let a chainage be typed."""
        self._desk.side.open_tab(STEP)
        self.page.go.setFocus()
        self.page.go.selectAll()

    def spot_at(self, x: float, y: float, pixels: float = NEAR) -> RailSpot | None:
        """Return the place on a line near a place of the map in metres, None where there is none."""
        return spot_near(self.lines, x, y, pixels / self._desk.canvas.view.scale)

    def words_at(self, place: tuple[float, float]) -> str:
        """Return what posts read near a place of the map, for the status line; empty where no line is near."""
        spot = self.spot_at(*place)
        return spot_words(self.lines, spot) if spot is not None else ""

    # what is done

    def tool(self, name: str) -> Callable[[], Tool] | None:
        """Return what makes a tool of the railway step, None for others."""
        if name == BREAK:
            return lambda: RailBreakTool(lambda row: self.choose(row, closer=False), self.page.chart.show_led)
        return RailAddTool if name == ADD else None

    def lock(self, row: int = -1) -> None:
        """Lock a segment or unlock it: the chosen one, with none chosen the one below the pointer."""
        plan = self.plan
        row = next((one for one in (row, self.row, self.row_at(self._desk.canvas.gestures.last)) if one >= 0), -1)
        if plan is None or row < 0:
            self._say(_("Click a segment to lock it, or point at one"))
            return
        self._desk.do(LockSegments((row,), not plan.segments[row].locked))

    def give(self, row: int, squad: int) -> None:
        """Give a segment to another squad."""
        self._desk.do(GiveSegments((row,), squad))

    def give_on(self, by: int) -> None:
        """Give the chosen segment to the squad before its own or behind it."""
        segment = self.segment
        if segment is not None and segment.squad + by >= 1:
            self.give(self.row, segment.squad + by)

    def remove_break(self, row: int | None = None) -> None:
        """Take away the break behind a segment: behind the chosen one, where it ends its line the one before it."""
        work, row = self.work(), self.row if row is None else row
        if work is None or row < 0:
            return
        if row not in work.breaks:
            row = next((other for other in work.breaks if work.plan.segments[other].high == work.plan.segments[row].low), row)
        shown, edit = work.removed(row)
        self._do(edit, shown.warning or _("There is no break at either end of this segment"))

    def add_break(self, spot: RailSpot) -> None:
        """Divide the segment at a place on its line."""
        work = self.work()
        if work is not None:
            shown, edit = work.added(spot, 1 / self._desk.canvas.view.scale)
            self._do(edit, shown.warning or shown.hint)

    def recode(self, row: int = -1) -> None:
        """Ask for another code of a segment, the chosen one if none is given."""
        plan, row = self.plan, self.row if row < 0 else row
        if plan is None or not 0 <= row < len(plan.segments):
            return
        code = plan.segments[row].code
        taken = {other.code for other in plan.segments if other.code != code}
        dialog = RouteCodeDialog(code, taken, self._desk.window, _("Rename segment {code}").format(code=code))
        dialog.accepted.connect(lambda: self._desk.do(RecodeSegment(row, dialog.code, code)) if dialog.code != code else None)
        dialog.open()

    def solve_rest(self) -> None:
        """Divide the segments again that are not locked, in the worker."""
        desk, plan, project = self._desk, self.plan, self._desk.session.project
        if plan is None:
            return
        name = plan_shown(plan, self.choice)
        stale = desk.derived.states.get(STEP) is State.STALE

        def take(edit: Replace) -> str:
            refused = desk.do(Computed(edit, project))
            if refused:
                return refused
            return _("Divided again with the line, work and settings of today; locked segments stayed") if stale else ""

        desk.jobs.run(
            _("Divide the rest again"), "gridplanner.planning.rail_rest:propose_rail_rest", project, name, then=take, can_finish=True
        )  # fmt: skip

    # what lies below the pointer

    def work(self) -> RailWork | None:
        """Return the segments shown as tools see them."""
        plan = self.plan
        if plan is None or LAYER in self._desk.hidden:
            return None
        return RailWork(self._desk.session.project, plan, self.choice, self.row)

    def pointer(self, place: QPointF) -> Pointer:
        """Return a pixel of the map as tools see it."""
        view = self._desk.canvas.view
        return Pointer(*view.point_to_world(place.x(), place.y()), -1, scale=view.scale)

    def row_at(self, place: QPointF) -> int:
        """Return the row of the segment at a pixel of the map, -1 for none."""
        work = self.work()
        return work.segment_at(work.spot(self.pointer(place))) if work is not None else -1

    def open_menu_at(self, at: QPoint) -> bool:
        """Open the menu of what lies at a point of the screen; False where that is nothing of the railway."""
        return self.is_on and self.menu.open_at(at)

    def _do(self, edit: Edit | None, otherwise: str) -> None:
        if edit is not None:
            self._desk.do(edit)
        else:
            self._say(otherwise)

    def _say(self, words: str) -> None:
        self._desk.jobs.last_words = words
        self._desk.teller.tell_hint()

    def _take_click(self, _grid: int | None) -> None:
        """Choose the segment that was clicked and read the chainage there; beside the line, and with Escape, none."""
        canvas = self._desk.canvas
        if self._desk.window.steps.step.id != STEP or self._desk.tool not in ("", BREAK):
            return
        place = canvas.gestures.last
        inside = canvas.gestures.is_clicking
        spot = self.spot_at(*canvas.view.point_to_world(place.x(), place.y())) if inside else None
        self.choose(self.row_at(place) if inside else -1, closer=False)
        canvas.mark((spot.x, spot.y) if spot is not None else None)
        if spot is not None:
            self._say(spot_words(self.lines, spot))

    def _take_change(self, project: Project) -> None:
        """Keep the chosen segment where it is still there, by its place or, where that changed, by its code."""
        before, self._before = self._before, project.rail
        if project.rail is before:
            return
        mine = before.segments[self.row] if before is not None and 0 <= self.row < len(before.segments) else None
        self.row = row_again(project.rail, mine) if project.rail is not None and mine is not None else -1
        if project.rail is None or self.choice not in project.rail.plans:
            self.choice = ""

    def _point(self, spot: RailSpot | None) -> None:
        """Mark on the map where the pointer is on the chart."""
        if self.is_on:
            self._desk.canvas.mark((spot.x, spot.y) if spot is not None else None)

    def _show_findings(self) -> None:
        self._desk.side.issues.show_subject(STEP)
        self._desk.side.open_tab("issues")
