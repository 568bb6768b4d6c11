"""An independent check of a rail plan: whether its segments tile the lines, are what they say, and keep what the settings wish."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import lru_cache
from itertools import pairwise

import numpy as np

from gridplanner.i18n import N_
from gridplanner.model.freshness import stale_plans
from gridplanner.model.issues import Issue, Level
from gridplanner.model.project import Project
from gridplanner.model.rail import RailPlan, RailSegment
from gridplanner.model.rail_codes import guards_of
from gridplanner.model.rail_limits import KIND_WORDS, name_after, thing_around
from gridplanner.model.rail_near import length_of, place_at
from gridplanner.model.rail_pieces import chainage_words, mileage_of
from gridplanner.model.rail_rounds import double_things
from gridplanner.model.rail_work import segment_work, walls_within
from gridplanner.settings import RailSettings

METRE = 1.0  # by which ends may miss each other
SHARE = 0.005  # by which drawn lengths and sums of work may differ: lines have few vertices, sums are rounded


def rail_issues(project: Project) -> tuple[Issue, ...]:
    """Return what is wrong with the guard segments; nothing where all is well, or where the plan is out of date.

    Errors: segments of a plan that leave a gap, overlap, run beyond their line, are drawn elsewhere, read or weigh other than the line
    says, or share a code. Warnings: limits of length, ends where none may be, ways that are too long or not there, guards with several
    segments, a double guard that is none, squads in several places.
    """
    plan = project.rail
    if plan is None or not len(plan) or "rail" in stale_plans(project):
        return ()
    return _checked(plan, project.settings.rail or RailSettings())


@lru_cache(maxsize=4)
def _checked(plan: RailPlan, settings: RailSettings) -> tuple[Issue, ...]:
    found = [*_codes(plan)]
    for name in plan.plans:
        rows = [plan.segments[row] for row in plan.of_plan(name)]
        found += [
            *_tiling(plan, name, rows),
            *_guards(plan, rows),
            *_squads(plan, name, rows),
            *_idle(name, rows, settings),
            *_rounds(plan, name, rows, settings),
        ]
    for segment in plan.segments:
        found += [
            *_told(plan, segment),
            *_limits(plan, segment, settings),
            *_ways(plan, segment, settings),
            *_double(plan, segment, settings),
        ]
    return tuple(found)


def _issue(on: RailPlan, segment: RailSegment, level: Level, kind: str, text: str, **values: object) -> Issue:
    """Return a finding of a segment, at its middle."""
    line = on.lines[segment.line]
    x, y = place_at(line, min(max((segment.low + segment.high) / 2, 0.0), length_of(line)))
    return Issue(level, kind, text, {"segment": segment.code, **values}, "railsegs", segment.code, x, y)


def _tiling(plan: RailPlan, name: str, segments: list[RailSegment]) -> list[Issue]:
    """Return where the segments of a plan do not follow one another from end to end of every line."""
    found = []
    for row, line in enumerate(plan.lines):
        mine = [segment for segment in segments if segment.line == row]
        mileage = mileage_of(line)
        if not mine:
            text = N_("{plan}: no segment of {name}; divide the line again")
            x, y = line.coords[0].tolist()
            found.append(Issue(Level.ERROR, "rail_gap", text, {"plan": name, "name": line.name}, "railsegs", line.name, x, y))
            continue
        if any(a.low > b.low for a, b in pairwise(mine)):
            text = N_("Segment {segment} is not in the order of its line; divide the line again")
            wrong = next(b for a, b in pairwise(mine) if a.low > b.low)
            found.append(_issue(plan, wrong, Level.ERROR, "rail_order", text))
        mine.sort(key=lambda segment: segment.low)
        ends = [(0.0, mine[0].low, mine[0]), *((a.high, b.low, b) for a, b in pairwise(mine)), (mine[-1].high, length_of(line), mine[-1])]
        for before, after, segment in ends:
            if abs(after - before) > METRE:
                gap = after > before
                text = N_("{plan}: {m} m of {name} at {place} are in no segment; divide the line again")
                if not gap:
                    text = N_("{plan}: {m} m of {name} at {place} are in two segments, or beyond its end; divide the line again")
                values = {"plan": name, "m": f"{abs(after - before):.0f}", "name": line.name, "place": mileage.text(min(before, after))}
                found.append(_issue(plan, segment, Level.ERROR, "rail_gap" if gap else "rail_overlap", text, **values))
    return found


def _told(plan: RailPlan, segment: RailSegment) -> list[Issue]:
    """Return where a segment is not drawn, read or weighed as its line says."""
    line, found = plan.lines[segment.line], []
    mileage = mileage_of(line)
    drawn = float(np.hypot(*np.diff(segment.coords, axis=0).T).sum())
    ends = [place_at(line, segment.low), place_at(line, segment.high)]
    off = max(float(np.hypot(*(np.array(at) - end))) for at, end in zip(ends, segment.coords[[0, -1]], strict=True))
    if off > METRE or abs(drawn - (segment.high - segment.low)) > METRE + SHARE * drawn:
        text = N_("Segment {segment} is not drawn where it lies; divide the line again")
        found.append(_issue(plan, segment, Level.ERROR, "rail_drawn", text))
    read = max(abs(mileage.at(segment.low) - segment.start), abs(mileage.at(segment.high, coming=True) - segment.stop))
    if read > METRE:
        first, last = chainage_words(plan, segment)
        text = N_("Segment {segment} is told {m} m off what its line reads, {first} to {last}; divide the line again")
        found.append(_issue(plan, segment, Level.ERROR, "rail_chainage", text, m=f"{read:.0f}", first=first, last=last))
    work = segment_work(plan, segment.plan, segment.line, segment.low, segment.high)
    if abs(work - segment.workload) > 1e-3 + SHARE * work:
        text = N_("Segment {segment} is said to weigh {told}, and weighs {work}; divide the line again")
        values = {"told": f"{segment.workload:.2f}", "work": f"{work:.2f}"}
        found.append(_issue(plan, segment, Level.ERROR, "rail_work", text, **values))
    return found


def _limits(plan: RailPlan, segment: RailSegment, settings: RailSettings) -> list[Issue]:
    """Return where a segment is too long or too short, or ends where none may; posts are what they are."""
    if segment.post:
        return []
    km, found = (segment.high - segment.low) / 1000.0, []
    line = plan.lines[segment.line]
    whole = segment.low < METRE and segment.high > length_of(line) - METRE
    if 0 < settings.max_km < km - 1e-6:
        text = N_("Segment {segment} is {km} km long, more than max_km {limit}")
        found.append(_issue(plan, segment, Level.WARNING, "rail_long", text, km=f"{km:.2f}", limit=f"{settings.max_km:g}"))
    if km + 1e-6 < settings.min_km and not whole and not _between_walls(plan, segment):
        text = N_("Segment {segment} is {km} km long, less than min_km {limit}")
        found.append(_issue(plan, segment, Level.WARNING, "rail_short", text, km=f"{km:.2f}", limit=f"{settings.min_km:g}"))
    inner = walls_within(plan.profile, segment.line, segment.low + METRE, segment.high - METRE)
    if len(inner):
        text = N_("Segment {segment} crosses {place}, where [rail] walls wants a break; add one")
        found.append(_issue(plan, segment, Level.WARNING, "rail_wall", text, place=mileage_of(line).text(float(inner[0]))))
    row = thing_around(plan, settings.forbid, segment.line, segment.high)
    if row >= 0 and segment.high < length_of(line) - METRE and not _at_post(plan, segment):
        text = N_("Segment {segment} ends at {place}, within {what}{name}; move the break")
        values = {
            "place": chainage_words(plan, segment)[1], "what": KIND_WORDS.get(str(plan.features.kinds[row]), ""),
            "name": name_after(plan, row),
        }  # fmt: skip
        found.append(_issue(plan, segment, Level.WARNING, "rail_forbidden", text, **values))
    return found


def _at_post(plan: RailPlan, segment: RailSegment) -> bool:
    """Return whether a segment ends where a fixed post begins: the settings want that break."""
    here = [other for other in plan.segments if other.post and (other.plan, other.line) == (segment.plan, segment.line)]
    return any(abs(other.low - segment.high) < METRE for other in here)


def _between_walls(plan: RailPlan, segment: RailSegment) -> bool:
    """Return whether a segment lies between two places where its line must be divided: it cannot be longer."""
    profile, length = plan.profile, length_of(plan.lines[segment.line])
    walls = profile.low[(profile.line == segment.line) & profile.wall] if len(profile) else np.zeros(0)
    others = [end for other in plan.segments if other.plan == segment.plan and (other.post or other.locked) and other.line == segment.line
              for end in (other.low, other.high)]  # fmt: skip
    places = np.array([0.0, length, *walls, *others])
    return all(float(np.abs(places - end).min()) < METRE for end in (segment.low, segment.high))


def _ways(plan: RailPlan, segment: RailSegment, settings: RailSettings) -> list[Issue]:
    """Return where a segment takes too long to reach, or cannot be reached."""
    if np.isnan(segment.access_s):
        return []
    if not np.isfinite(segment.access_s):
        inside = (plan.profile.line == segment.line) & (plan.profile.low < segment.high) & (plan.profile.high > segment.low)
        if not np.isfinite(plan.profile.access_s[inside]).any():
            return []  # from no base; that the plan's own findings tell, a line at a time
        text = N_("No street leads from the squad's base to segment {segment}; look for a gap in the streets, or set gate_m higher")
        return [_issue(plan, segment, Level.WARNING, "rail_no_way", text)]
    minutes = segment.access_s / 60.0
    if 0 < settings.max_access_min < minutes - 1e-6:
        text = N_("Segment {segment} is {minutes} min from {base}, over max_access_min {limit}; give it to a nearer squad, or add a base")
        values = {"minutes": f"{minutes:.0f}", "base": segment.base, "limit": f"{settings.max_access_min:g}"}
        return [_issue(plan, segment, Level.WARNING, "rail_far", text, **values)]
    return []


def _rounds(on: RailPlan, name: str, segments: list[RailSegment], settings: RailSettings) -> list[Issue]:
    """Return in how many segments fewer rounds fit a shift than are wished, at the one that takes longest."""
    few = [(segment.round.minutes, segment) for segment in segments if segment.round is not None and segment.round.times < settings.rounds]
    if not few:
        return []
    minutes, longest = max(few, key=lambda one: one[0])
    text = N_("{plan}: fewer than {wished} rounds fit a shift in {n} segments, one of {segment} takes {minutes} min; take more guards")
    return [
        _issue(on, longest, Level.WARNING, "rail_rounds", text, plan=name, n=len(few), wished=settings.rounds, minutes=f"{minutes:.0f}")
    ]


def _double(plan: RailPlan, segment: RailSegment, settings: RailSettings) -> list[Issue]:
    """Return where one guard looks after what two should."""
    rows = double_things(plan, segment, settings)
    if not len(rows) or segment.round is None or segment.round.guards > 1:
        return []
    text = N_("Segment {segment} has {what}{name} and only one guard; [rail] double wants two")
    kind = str(plan.features.kinds[rows[0]])
    values = {"what": KIND_WORDS.get(kind, kind), "name": name_after(plan, int(rows[0]))}
    return [_issue(plan, segment, Level.WARNING, "rail_double", text, **values)]


def _guards(plan: RailPlan, segments: list[RailSegment]) -> list[Issue]:
    """Return which guards have several segments of a plan."""
    of: dict[tuple[int, int], list[RailSegment]] = defaultdict(list)
    for segment in segments:
        for guard in guards_of(segment):
            of[segment.squad, guard].append(segment)
    text = N_("Guard {guard} of squad {squad} has {n} segments: {codes}")
    return [
        _issue(plan, several[0], Level.WARNING, "rail_guard_twice", text, guard=guard, squad=squad, n=len(several),
               codes=", ".join(segment.code for segment in several))
        for (squad, guard), several in of.items() if len(several) > 1
    ]  # fmt: skip


def _idle(name: str, segments: list[RailSegment], settings: RailSettings) -> list[Issue]:
    """Return how many guards of a plan have no segment, as where two segments were made one by hand."""
    wished = next((other.guards for other in settings.plans if other.name == name and other.guards), settings.guards)
    busy = len({(segment.squad, guard) for segment in segments for guard in guards_of(segment)})
    if busy >= wished:
        return []
    text = N_("{plan}: {n} of {wished} guards have no segment; add breaks, or divide the line again")
    return [Issue(Level.INFO, "rail_idle", text, {"plan": name, "n": wished - busy, "wished": wished}, "rail", name)]


def _squads(plan: RailPlan, name: str, segments: list[RailSegment]) -> list[Issue]:
    """Return which squads stand in several places of the line."""
    runs = [*segments[:1], *(segment for before, segment in pairwise(segments) if before.squad != segment.squad)]
    counts = Counter(segment.squad for segment in runs)
    text = N_("{plan}: squad {squad} stands in {n} separate places; give the segments between them to it, or divide the line again")
    return [
        _issue(plan, next(one for one in runs if one.squad == squad), Level.INFO, "rail_squad_apart", text, plan=name, squad=squad, n=n)
        for squad, n in counts.items() if n > 1
    ]  # fmt: skip


def _codes(plan: RailPlan) -> list[Issue]:
    """Return codes that several segments have."""
    counts = Counter(segment.code for segment in plan.segments)
    text = N_("{n} segments have the code {segment}; recode all but one")
    return [
        _issue(plan, next(one for one in plan.segments if one.code == code), Level.ERROR, "rail_code", text, n=n)
        for code, n in counts.items() if n > 1
    ]  # fmt: skip
