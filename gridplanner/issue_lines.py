"""Findings as lines for the terminal: those alike after each other, the first of many and how many more there are."""

from __future__ import annotations

from collections.abc import Iterable

from gridplanner.i18n import _
from gridplanner.model.issues import Issue, Level

ALIKE = 10  # findings of one kind that are listed one by one


def issue_lines(issues: Iterable[Issue], alike: int | None = ALIKE) -> list[str]:
    """Return a line a finding, the same words once, in the order of the first of each kind; of a kind at most `alike`, all where None."""
    kinds: dict[tuple[Level, str, str], dict[str, None]] = {}
    for issue in issues:
        kinds.setdefault((issue.level, issue.kind, issue.text), {})[f"{issue.level}: {issue.message}"] = None
    lines: list[str] = []
    for found in kinds.values():
        words = list(found)
        shown = words if alike is None or len(words) <= alike + 1 else words[:alike]
        lines += shown
        if len(shown) < len(words):
            lines.append("  " + _("… and {count} more like this").format(count=len(words) - len(shown)))
    return lines
