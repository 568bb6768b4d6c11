"""Rules that the planner made stay where the sources are read anew."""

from __future__ import annotations

from collections.abc import Container

from gridplanner.model.rules import NO_AREAS, NO_RULES, RuleAreas, Rules


def with_rules_by_hand(fresh: Rules, before: Rules, sources: Container[str]) -> Rules:
    """Return the rules that were read, and those of `before` that the planner made: areas of whole units, and what no source gives."""

    def areas(kind: str) -> RuleAreas:
        read, had = getattr(fresh, kind), getattr(before, kind)
        read = RuleAreas(read.polygons[read.cuts], read.names[read.cuts], read.cuts[read.cuts])
        for row in [row for row in range(len(had)) if not had.cuts[row]]:
            read = read.with_area(had.polygons[row], str(had.names[row]), cuts=False)
        return read if len(read) else NO_AREAS

    rules = Rules(
        keep=areas("keep"),
        exclusive=areas("exclusive"),
        groups=fresh.groups,
        fixed_lines=fresh.fixed_lines if "fixed_lines" in sources else before.fixed_lines,
        must_stay=fresh.must_stay if "must_stay" in sources else before.must_stay,
    )
    return rules if len(rules) else NO_RULES
