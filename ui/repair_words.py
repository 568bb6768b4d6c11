"""What can be done about a repair that a finding tells of, in words."""

from __future__ import annotations

from gridplanner.i18n import _
from gridplanner.model.issues import Issue


def repair_words(issue: Issue) -> str:
    """Return what can be done about the repair that a finding tells of, empty where it tells of none."""
    if issue.is_left:
        return _("Repair all of these again") if issue.ref and ":" not in issue.repair else _("Repair again")
    several = ":" not in issue.repair and issue.values.get("count", 1) != 1
    return (_("Leave all of these as they were") if several else _("Leave as it was")) if issue.is_repair else ""
