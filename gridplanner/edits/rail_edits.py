"""Guard segments by hand: breaks moved, added and taken away, segments locked, handed over and recoded."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from gridplanner.errors import EditRejected
from gridplanner.i18n import _, ngettext
from gridplanner.model.issues import Issue
from gridplanner.model.project import Project
from gridplanner.model.rail import RailPlan, RailSegment
from gridplanner.model.rail_codes import code_for, is_usual, next_guard
from gridplanner.model.rail_follow import followed
from gridplanner.model.rail_limits import why_no_break
from gridplanner.model.rail_pieces import mileage_of, segment_on
from gridplanner.model.rail_work import next_row, walls_within
from gridplanner.settings import RailSettings

LEAST = 1.0  # metres that a segment must keep


@dataclass(frozen=True)
class MoveBreak:
    """Move the break behind the segment of a row to `along` metres of its line; `place` is what posts read there, for the words."""

    row: int
    along: float
    place: str = field(default="", compare=False)

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Move a break to {place}").format(place=self.place or f"{self.along:.0f} m")

    def apply(self, project: Project) -> Project:
        """Return the project; raises EditRejected for no break, one of a locked segment or post, beyond both, and where none may be."""
        plan = rail_of(project)
        left = segment_at(plan, self.row)
        other = next_row(plan, self.row)
        if other < 0:
            raise EditRejected(_("Segment {code} ends where its line ends; there is no break to move").format(code=left.code))
        right = plan.segments[other]
        _refuse_fixed(left, right)
        _refuse_wall(plan, left)
        _refuse_beyond(plan, left, self.along, left.low, right.high)
        _refuse_closed(project, plan, left, self.along)
        changed = {self.row: segment_on(plan, left, left.low, self.along), other: segment_on(plan, right, self.along, right.high)}
        return _with(project, plan, [changed.get(row, segment) for row, segment in enumerate(plan.segments)], left.plan)


@dataclass(frozen=True)
class AddBreak:
    """Divide the segment of a row at `along` metres of its line; its guard keeps the part before it, or behind it where `behind` is False.

    The other part goes to `guard` of `squad`: 0 is the same squad, and a guard that has no segment yet.
    """

    row: int
    along: float
    squad: int = 0
    guard: int = 0
    behind: bool = True
    place: str = field(default="", compare=False)

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Add a break at {place}").format(place=self.place or f"{self.along:.0f} m")

    def apply(self, project: Project) -> Project:
        """Return the project; raises EditRejected in a locked segment or post, at its ends, and where no break may be."""
        plan = rail_of(project)
        whole = segment_at(plan, self.row)
        _refuse_fixed(whole)
        _refuse_beyond(plan, whole, self.along, whole.low, whole.high)
        _refuse_closed(project, plan, whole, self.along)
        squad = self.squad or whole.squad
        guard = self.guard or next_guard(plan, whole.plan, squad)
        _refuse_nobody(squad, guard)
        fresh = dataclasses.replace(whole, squad=squad, guard=guard, code=code_for(plan, whole.plan, squad, guard))
        before, after = (whole, fresh) if self.behind else (fresh, whole)
        halves = [segment_on(plan, before, whole.low, self.along), segment_on(plan, after, self.along, whole.high)]
        segments = [*plan.segments[: self.row], *halves, *plan.segments[self.row + 1 :]]
        return _with(project, plan, segments, whole.plan)


@dataclass(frozen=True)
class RemoveBreak:
    """Take away the break behind the segment of a row: its guard gets both parts, or that of the next segment where `keep_next`."""

    row: int
    keep_next: bool = False
    place: str = field(default="", compare=False)

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Take away the break at {place}").format(place=self.place) if self.place else _("Take a break away")

    def apply(self, project: Project) -> Project:
        """Return the project; raises EditRejected where there is no break, and for one of a locked segment or post."""
        plan = rail_of(project)
        left = segment_at(plan, self.row)
        other = next_row(plan, self.row)
        if other < 0:
            raise EditRejected(_("Segment {code} ends where its line ends; there is no break to take away").format(code=left.code))
        right = plan.segments[other]
        _refuse_fixed(left, right)
        _refuse_wall(plan, left)
        kept, gone = (right, left) if self.keep_next else (left, right)
        whole = segment_on(plan, kept, left.low, right.high)
        segments = [segment for row, segment in enumerate(plan.segments) if row != other]
        segments[self.row] = whole
        issues = tuple(issue for issue in plan.issues if not _is_of(issue, gone))
        return _with(project, dataclasses.replace(plan, issues=issues), segments, left.plan)


@dataclass(frozen=True)
class LockSegments:
    """Lock segments (rows of the plan), so that they stay when the rest is divided again, or unlock them."""

    rows: tuple[int, ...]
    locked: bool = True

    @property
    def words(self) -> str:
        """The words in the language in use."""
        count = len(self.rows)
        if self.locked:
            return ngettext("Lock {n} segment", "Lock {n} segments", count).format(n=count)
        return ngettext("Unlock {n} segment", "Unlock {n} segments", count).format(n=count)

    def apply(self, project: Project) -> Project:
        """Return the project with the segments locked or unlocked; raises EditRejected for an unknown segment."""
        plan = rail_of(project)
        changed = {row: dataclasses.replace(segment_at(plan, row), locked=self.locked) for row in self.rows}
        segments = tuple(changed.get(row, segment) for row, segment in enumerate(plan.segments))
        return dataclasses.replace(project, rail=dataclasses.replace(plan, segments=segments))


@dataclass(frozen=True)
class GiveSegments:
    """Hand segments (rows of the plan) over to a squad: to its `guard`, or each to a guard that has none yet where that is 0.

    A code that tells squad and guard follows; one that the planner gave stays.
    """

    rows: tuple[int, ...]
    squad: int
    guard: int = 0

    @property
    def words(self) -> str:
        """The words in the language in use."""
        count = len(self.rows)
        return ngettext("Give {n} segment to squad {squad}", "Give {n} segments to squad {squad}", count).format(n=count, squad=self.squad)

    def apply(self, project: Project) -> Project:
        """Return the project; raises EditRejected for an unknown or locked segment, and where no squad or guard has such a number."""
        plan = rail_of(project)
        _refuse_nobody(self.squad, self.guard or 1)
        for row in self.rows:
            before = segment_at(plan, row)
            if before.locked:
                raise EditRejected(_("Segment {code} is locked; unlock it first").format(code=before.code))
            guard = self.guard or (before.guard if before.squad == self.squad else next_guard(plan, before.plan, self.squad))
            if (before.squad, before.guard) == (self.squad, guard):
                continue
            code = code_for(plan, before.plan, self.squad, guard) if is_usual(plan, before) else before.code
            now = segment_on(plan, dataclasses.replace(before, squad=self.squad, guard=guard, code=code), before.low, before.high)
            issues = tuple(_recoded(issue, code) if _is_of(issue, before) else issue for issue in plan.issues)
            segments = tuple(now if other == row else segment for other, segment in enumerate(plan.segments))
            plan = dataclasses.replace(plan, segments=segments, issues=issues)
        return _with(project, plan, plan.segments, *{plan.segments[row].plan for row in self.rows})


@dataclass(frozen=True)
class RecodeSegment:
    """Give the segment of a row another code; `before` is the one it has, for the words."""

    row: int
    code: str
    before: str = field(default="", compare=False)

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Call segment {before} {code}").format(before=self.before or self.row + 1, code=self.code.strip())

    def apply(self, project: Project) -> Project:
        """Return the project; raises EditRejected for an unknown segment and for a code that is empty or another segment's."""
        plan, code = rail_of(project), self.code.strip()
        segment = segment_at(plan, self.row)
        if not code:
            raise EditRejected(_("A segment needs a code"))
        if any(other.code == code for other in plan.segments if other is not segment):
            raise EditRejected(_("There is a segment {code} already; choose another code").format(code=code))
        issues = tuple(_recoded(issue, code) if _is_of(issue, segment) else issue for issue in plan.issues)
        named = dataclasses.replace(segment, code=code)
        segments = tuple(named if other is segment else other for other in plan.segments)
        after = dataclasses.replace(plan, segments=segments, issues=issues)
        return dataclasses.replace(project, rail=followed(project, plan, after))


def rail_of(project: Project) -> RailPlan:
    """Return the railway plan; raises EditRejected where there is none."""
    if project.rail is None:
        raise EditRejected(_("There are no guard segments yet; divide the line first"))
    return project.rail


def segment_at(plan: RailPlan, row: int) -> RailSegment:
    """Return the segment of a row; raises EditRejected where there is none."""
    if not 0 <= row < len(plan.segments):
        raise EditRejected(_("There is no such segment"))
    return plan.segments[row]


def _refuse_fixed(*segments: RailSegment) -> None:
    for segment in segments:
        if segment.locked:
            raise EditRejected(_("Segment {code} is locked; unlock it first").format(code=segment.code))
        if segment.post:
            text = _("Segment {code} is the fixed post {name}; change [rail] posts and divide the line again")
            raise EditRejected(text.format(code=segment.code, name=segment.post))


def _refuse_wall(plan: RailPlan, left: RailSegment) -> None:
    """Raise EditRejected where a segment ends at a limit that none may cross."""
    if len(walls_within(plan.profile, left.line, left.high - LEAST, left.high + LEAST)):
        place = mileage_of(plan.lines[left.line]).text(left.high)
        raise EditRejected(_("No segment may cross {place}; change [rail] walls and divide the line again").format(place=place))


def _refuse_beyond(plan: RailPlan, segment: RailSegment, along: float, low: float, high: float) -> None:
    if not low + LEAST <= along <= high - LEAST:  # not a number is refused as well
        mileage = mileage_of(plan.lines[segment.line])
        text = _("This break must lie between {start} and {stop}; beyond them are the ends of its segments")
        raise EditRejected(text.format(start=mileage.text(low), stop=mileage.text(high, coming=True)))


def _refuse_closed(project: Project, plan: RailPlan, segment: RailSegment, along: float) -> None:
    settings = project.settings.rail or RailSettings()
    why = why_no_break(plan, settings.forbid, segment.line, along)
    if why:
        raise EditRejected(why)


def _refuse_nobody(squad: int, guard: int) -> None:
    if squad < 1 or guard < 1:
        raise EditRejected(_("Squads and guards are numbered from 1"))


def _is_of(issue: Issue, segment: RailSegment) -> bool:
    return issue.layer == "railsegs" and issue.ref == segment.code


def _recoded(issue: Issue, code: str) -> Issue:
    values = {**issue.values, "segment": code} if "segment" in issue.values else issue.values
    return dataclasses.replace(issue, ref=code, values=values)


def _with(project: Project, plan: RailPlan, segments: list[RailSegment] | tuple[RailSegment, ...], *names: str) -> Project:
    """Return the project with other segments in the plans of some names, and what follows from them."""
    assert project.rail is not None
    after = dataclasses.replace(plan, segments=tuple(segments))
    return dataclasses.replace(project, rail=followed(project, project.rail, after, by_hand=names))
