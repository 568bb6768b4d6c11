"""What the tools of guard segments share, on the map and on the chart: what lies below the hand, and what an edit would come to."""

from __future__ import annotations

import dataclasses

import numpy as np

from gridplanner.edits.edit import Edit
from gridplanner.edits.rail_edits import AddBreak, MoveBreak, RemoveBreak
from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.project import Project
from gridplanner.model.rail import RailPlan
from gridplanner.model.rail_near import RailSpot, piece_of, place_at, spot_near
from gridplanner.model.rail_pieces import mileage_of
from gridplanner.model.rail_work import BreakSide, moved_break, nearest_break, next_row, plan_figures, row_at, segment_work
from ui.map.rail_strokes import plan_shown, segments_shown
from ui.map.tools.tool import Pointer, Preview, Reach, Tally
from ui.rail_figures import percent

NEAR = 12.0  # pixels from the line within which the pointer means it
GRIP = 9.0  # pixels along it within which it means a break
DRAW = 14.0  # pixels within which a break is drawn to a preferred place
FAR = 120.0  # pixels from the line within which a break in hand follows


class RailWork:
    """One plan of a project's railway (day, night …) with the segment that is chosen, row `row` (-1: none)."""

    def __init__(self, project: Project, plan: RailPlan, choice: str = "", row: int = -1) -> None:
        self.project, self.plan = project, plan
        self.name = plan_shown(plan, choice)
        self.shown = segments_shown(plan, choice)
        self.row = row if row in self.shown else -1
        self.breaks = [other for other in self.shown if next_row(plan, other) >= 0]  # rows of the segments before a break
        self._tried: dict[tuple[object, ...], tuple[Preview, Edit | None]] = {}

    # what lies below the hand

    def spot(self, pointer: Pointer, pixels: float = NEAR) -> RailSpot | None:
        """Return the place on a line that the pointer means."""
        return spot_near(self.plan.lines, pointer.x, pointer.y, pixels / pointer.scale)

    def segment_at(self, spot: RailSpot | None) -> int:
        """Return the row of the segment at a place, -1 for none."""
        return row_at(self.plan, self.name, spot.line, spot.along) if spot is not None else -1

    def break_at(self, spot: RailSpot | None, within: float) -> int:
        """Return the row of the segment that ends at a break within some metres of a place; -1 for none."""
        if spot is None:
            return -1
        rows = [row for row in self.breaks if self.plan.segments[row].line == spot.line]
        away = [abs(self.plan.segments[row].high - spot.along) for row in rows]
        best = min(range(len(rows)), key=away.__getitem__, default=-1)
        return rows[best] if best >= 0 and away[best] <= within else -1

    def snapped(self, line: int, along: float, low: float, high: float, pixels: float, *, free: bool = False) -> float:
        """Return the place for a break nearest to the hand between two places: an allowed one, unless the hand is `free`."""
        if free:
            return along
        found = nearest_break(self.plan.profile, line, along, low, high, DRAW * pixels)
        return along if found is None else found

    def place_of(self, row: int, along: float, pixels: float, *, free: bool = False) -> float:
        """Return where the break behind a segment comes to lie between its neighbours for a hand at a place of its line."""
        left, right = self.plan.segments[row], self.plan.segments[next_row(self.plan, row)]
        return min(max(self.snapped(left.line, along, left.low, right.high, pixels, free=free), left.low), right.high)

    # what edits would come to

    def moved(self, row: int, along: float, pixels: float, *, free: bool = False) -> tuple[Preview, Edit | None]:
        """Return what the break behind a segment would come to at a place of its line, and the edit; None where it is refused.

        `pixels` is how many metres one is.
        """
        other = next_row(self.plan, row)
        left = self.plan.segments[row]
        if other < 0:
            return Preview(), None
        to = self.place_of(row, along, pixels, free=free)
        found = moved_break(self.plan, row, to)
        assert found is not None  # there is a segment behind it
        line = self.plan.lines[left.line]
        edit = MoveBreak(row, found.along, found.chainage)
        low, high = sorted((left.high, found.along))
        shown = Preview(
            lines=(piece_of(line, low, high),) if high - low > pixels else (), marks=np.array([place_at(line, found.along)]),
            title=found.chainage, tallies=(self._side(found.left), self._side(found.right)), words=edit.words, hint=edit.words,
        )  # fmt: skip
        if abs(found.along - left.high) < 0.01:
            words = _("Drag the break along the line")
            return dataclasses.replace(shown, words=words, hint=words), None
        return self._judged(("move", row, round(found.along, 2)), shown, edit)

    def added(self, spot: RailSpot, pixels: float, *, free: bool = False) -> tuple[Preview, Edit | None]:
        """Return what a break at a place would come to, and the edit."""
        row = self.segment_at(spot)
        if row < 0:
            return Preview(hint=_("No segment of this plan is here")), None
        segment, line = self.plan.segments[row], self.plan.lines[spot.line]
        to = self.snapped(spot.line, spot.along, segment.low, segment.high, pixels, free=free)
        place = mileage_of(line).text(to)
        edit, mean = AddBreak(row, to, place=place), plan_figures(self.plan, self.name).mean
        halves = []
        for name, low, high in ((segment.code, segment.low, to), (_("New segment"), to, segment.high)):
            work = segment_work(self.plan, self.name, segment.line, low, high)
            halves.append(_tally(name, high - low, work, mean))
        shown = Preview(
            lines=(segment.coords,), marks=np.array([place_at(line, to)]), title=place, tallies=tuple(halves), words=edit.words,
            hint=edit.words,
        )  # fmt: skip
        return self._judged(("add", row, round(to, 2)), shown, edit)

    def removed(self, row: int) -> tuple[Preview, Edit | None]:
        """Return what it would come to to take away the break behind a segment, and the edit."""
        other = next_row(self.plan, row)
        if other < 0:
            return Preview(), None
        left, right = self.plan.segments[row], self.plan.segments[other]
        place = mileage_of(self.plan.lines[left.line]).text(left.high)
        edit = RemoveBreak(row, place=place)
        work = segment_work(self.plan, self.name, left.line, left.low, right.high)
        whole = _tally(left.code, right.high - left.low, work, plan_figures(self.plan, self.name).mean)
        marks = np.array([place_at(self.plan.lines[left.line], left.high)])
        shown = Preview(
            lines=(left.coords, right.coords), sure=False, marks=marks, title=place, tallies=(whole,), words=edit.words, hint=edit.words
        )  # fmt: skip
        return self._judged(("remove", row), shown, edit)

    def _judged(self, key: tuple[object, ...], shown: Preview, edit: Edit) -> tuple[Preview, Edit | None]:
        """Return a preview with the reason where its edit is refused; asked once for each `key`."""
        if key not in self._tried:
            try:
                edit.apply(self.project)
            except EditRejected as why:
                shown = dataclasses.replace(shown, words="", hint=str(why), warning=str(why), refused=True)
                self._tried[key] = shown, None
            else:
                self._tried[key] = shown, edit
        return self._tried[key]

    def _side(self, side: BreakSide) -> Tally:
        segment = self.plan.segments[side.row]
        text = _("{km} km · work {work} ({deviation})")
        told = text.format(km=f"{side.metres / 1000:.2f}", work=f"{side.work:.2f}", deviation=percent(side.dev_pct))
        return Tally("", 0.0, 0.0, self._fits(side.metres), name=segment.code, told=told)

    def _fits(self, metres: float) -> bool:
        settings = self.project.settings.rail
        if settings is None:
            return True
        return metres >= 1000 * settings.min_km - 1 and (not settings.max_km or metres <= 1000 * settings.max_km + 1)


def _tally(name: str, metres: float, work: float, mean: float) -> Tally:
    text = _("{km} km · work {work} ({deviation})")
    deviation = percent(100.0 * (work / mean - 1.0) if mean > 0 else 0.0)
    return Tally("", 0.0, 0.0, True, name=name, told=text.format(km=f"{metres / 1000:.2f}", work=f"{work:.2f}", deviation=deviation))


def work_of(reach: Reach) -> RailWork | None:
    """Return the segments that tools work on, None where there are none."""
    plan = reach.project.rail
    return RailWork(reach.project, plan, reach.rail_choice, reach.segment) if plan is not None and plan.segments else None
