"""Codes of guard segments: squad and guard, such as 2-07; in a plan that is not the first its letter before them, such as N2-07."""

from __future__ import annotations

from collections.abc import Collection

from gridplanner.model.rail import RailPlan, RailSegment


def plan_letters(names: tuple[str, ...]) -> dict[str, str]:
    """Return what stands before the codes of each plan: nothing for the first, as many letters as tell the others apart.

    >>> plan_letters(("day", "night", "noon"))
    {'day': '', 'night': 'NI', 'noon': 'NO'}
    """
    found = dict.fromkeys(names[:1], "")
    for name in names[1:]:
        others = {other.upper() for other in names[1:] if other != name}
        size = next((n for n in range(1, len(name) + 1) if not any(other.startswith(name.upper()[:n]) for other in others)), len(name))
        found[name] = name.upper()[:size]
    return found


def usual_code(letters: str, squad: int, guard: int) -> str:
    """Return the code of a guard's segment."""
    return f"{letters}{squad}-{guard:02d}"


def code_for(plan: RailPlan, name: str, squad: int, guard: int) -> str:
    """Return the usual code of a guard in a plan, with a letter behind it where another segment has that."""
    taken = {segment.code for segment in plan.segments}
    return free_code(usual_code(plan_letters(plan.plans).get(name, ""), squad, guard), taken)


def free_code(usual: str, taken: Collection[str]) -> str:
    """Return a code, with a letter (and then a number) behind it where it is taken."""
    if usual not in taken:
        return usual
    letters = (f"{usual}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")
    numbers = (f"{usual}-{n}" for n in range(2, len(taken) + 3))
    return next(code for more in (letters, numbers) for code in more if code not in taken)


def is_usual(plan: RailPlan, segment: RailSegment) -> bool:
    """Return whether a segment's code tells its squad and guard, so that it follows when another gets the segment."""
    usual = usual_code(plan_letters(plan.plans).get(segment.plan, ""), segment.squad, segment.guard)
    return segment.code == usual or (segment.code[:-1] == usual and segment.code[-1:].islower())


def next_guard(plan: RailPlan, name: str, squad: int) -> int:
    """Return the lowest number of a guard of a squad who has no segment in a plan."""
    taken = {number for segment in plan.segments if segment.plan == name and segment.squad == squad for number in guards_of(segment)}
    return next(number for number in range(1, len(taken) + 2) if number not in taken)


def guards_of(segment: RailSegment) -> range:
    """Return the numbers of the guards who have a segment: one, or as many as a fixed post has."""
    count = segment.round.guards if segment.post and segment.round is not None else 1
    return range(segment.guard, segment.guard + count)
