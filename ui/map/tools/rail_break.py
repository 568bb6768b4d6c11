"""Breaks between guard segments by hand: one is dragged along the line, one is added by a click, and with Ctrl one is taken away."""

from __future__ import annotations

from collections.abc import Callable

from gridplanner.edits.edit import Edit
from gridplanner.i18n import N_, _
from gridplanner.model.rail_near import RailSpot
from ui.map.tools.rail_work import FAR, GRIP, RailWork, work_of
from ui.map.tools.refusal import refuse
from ui.map.tools.tool import NOTHING, Drag, Pointer, Preview, Reach

CHOOSE = N_("Click segment {code} to choose it; drag its ends to move them")


class _Kept:
    """The work of the reach that was asked for last, so that what was found stays from one move of the pointer to the next."""

    def __init__(self) -> None:
        self._kept: tuple[object, str, int, RailWork | None] | None = None

    def below(self, reach: Reach, pointer: Pointer) -> tuple[RailWork, RailSpot] | None:
        """Return the work of a reach with the place on a line that the pointer means; None where there is none."""
        key = reach.project, reach.rail_choice, reach.segment
        if self._kept is None or self._kept[:3] != key:
            self._kept = (*key, work_of(reach))
        work = self._kept[3]
        spot = work.spot(pointer) if work is not None else None
        return (work, spot) if work is not None and spot is not None else None


class RailBreakTool:
    """A break is dragged, with Ctrl a click takes it away; elsewhere a click chooses the segment, which `choose` is told.

    `lead` is told where the break behind a row is while it is in hand, metres along its line, and -1 when it is let go.
    """

    cursor = "PointingHandCursor"

    def __init__(self, choose: Callable[[int], None], lead: Callable[[int, float], None]) -> None:
        self._choose, self._lead = choose, lead
        self._works = _Kept()
        self._lit: tuple[tuple[object, ...], Preview] | None = None

    def hover(self, reach: Reach, pointer: Pointer) -> Preview:
        """Show what a press would take."""
        found = self._works.below(reach, pointer)
        if found is None:
            return NOTHING
        work, spot = found
        row = work.break_at(spot, GRIP / pointer.scale)
        if row >= 0:
            return self._shown((work, "break", row, pointer.extend), lambda: _break_lit(work, row, pointer))
        segment = work.segment_at(spot)
        if segment < 0:
            return NOTHING
        code = work.plan.segments[segment].code
        return self._shown((work, "segment", segment), lambda: Preview(hint=_(CHOOSE).format(code=code)))

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        found = self._works.below(reach, press)
        if found is None:
            return None
        work, spot = found
        row = work.break_at(spot, GRIP / press.scale)
        if row < 0:
            yield NOTHING
            self._choose(work.segment_at(spot))
            return None
        if press.extend:
            return (yield from _clicked(lambda: work.removed(row)))
        return (yield from _break_drag(work, row, press, self._lead))

    def _shown(self, key: tuple[object, ...], make: Callable[[], Preview]) -> Preview:
        if self._lit is None or self._lit[0] != key:
            self._lit = key, make()
        return self._lit[1]


class RailAddTool:
    """A click on the line divides the segment there; Alt takes the very place of the hand."""

    cursor = "CrossCursor"

    def __init__(self) -> None:
        self._works = _Kept()

    def hover(self, reach: Reach, pointer: Pointer) -> Preview:
        """Show both parts that a click would make."""
        found = self._works.below(reach, pointer)
        return _added(*found, pointer)[0] if found is not None else NOTHING

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        found = self._works.below(reach, press)
        if found is None:
            return None
        return (yield from _clicked(lambda: _added(*found, press)))


def _added(work: RailWork, spot: RailSpot, pointer: Pointer) -> tuple[Preview, Edit | None]:
    if work.break_at(spot, GRIP / pointer.scale) >= 0:
        return Preview(hint=_("There is a break here already; click farther from it")), None
    return work.added(spot, 1 / pointer.scale, free=pointer.free)


def _break_lit(work: RailWork, row: int, pointer: Pointer) -> Preview:
    if pointer.extend:
        return work.removed(row)[0]
    shown, _edit = work.moved(row, work.plan.segments[row].high, 1 / pointer.scale, free=True)
    return shown


def _clicked(make: Callable[[], tuple[Preview, Edit | None]]) -> Drag:
    """Take a click, or say why not."""
    shown, edit = make()
    if edit is None:
        return (yield from refuse(shown.warning or shown.hint))
    pointer = yield shown
    while not pointer.released:
        pointer = yield shown
    return edit


def _break_drag(work: RailWork, row: int, press: Pointer, lead: Callable[[int, float], None]) -> Drag:
    """Lead a break along its line to where it is let go; Alt leaves it at the very place of the hand."""
    left, pointer = work.plan.segments[row], press
    shown, edit = work.moved(row, left.high, 1 / press.scale, free=True)
    try:
        while not pointer.released:
            pointer = yield shown
            spot = work.spot(pointer, FAR)
            if spot is not None and spot.line == left.line:
                shown, edit = work.moved(row, spot.along, 1 / pointer.scale, free=pointer.free)
                lead(row, work.place_of(row, spot.along, 1 / pointer.scale, free=pointer.free))
    finally:  # let go, or left by Escape
        lead(-1, 0.0)
    return edit
