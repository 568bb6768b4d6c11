"""Leases: communities of a project that somebody else works on for a while."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Handout:
    """Communities handed out as one package: which, of which save of which project, to whom (`to`), until which day.

    `communities` are keys as `handout.community_keys` has them: the communities' codes. `until` is YYYY-MM-DD or empty, `at` in seconds
    since 1970, `who` handed them out. `states` (one a community) say how each was then, so that an edit of a community that is handed
    out can be told. `scenario` is the plan that it is of.
    """

    package_id: str
    project_id: str
    save_id: str
    communities: tuple[str, ...]
    to: str
    until: str
    at: float = 0.0
    who: str = ""
    states: tuple[str, ...] = ()
    scenario: str = ""

    def is_over(self, day: str) -> bool:
        """Return whether the lease is over on a day (YYYY-MM-DD); one without an end never is."""
        return bool(self.until) and day > self.until
