"""Codes of the whole plan by another profile; whatever names a grid by its code follows."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gridplanner.code_profiles import CodeProfile, profile_names, profile_of
from gridplanner.edits.refusals import plan_of
from gridplanner.errors import EditRejected, InputError
from gridplanner.i18n import _
from gridplanner.model.codes import moved_codes
from gridplanner.model.freshness import made_from
from gridplanner.model.grids import GridPlan
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.model.rules import MustStays
from gridplanner.settings import GridSettings


@dataclass(frozen=True)
class RecodeGrids:
    """Give all grids codes of a profile, locked ones too, and write it into the settings; what they had becomes their `prev_code`.

    Each keeps its number where that is free. `profile` and `before` are as the plan file's key `codes` has them; where `before`, the
    profile of the codes as they are, is left out, it is the one that reads most of them. With the profile that they have already, only
    codes of another community are changed, and those that are missing are given.
    """

    profile: str
    before: str = ""

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Give grids codes of {profile}").format(profile=self.profile)

    def apply(self, project: Project) -> Project:
        """Return the project with the codes.

        Raises EditRejected where there is no plan or no such profile, where two grids have one code, or a community has more grids than
        its codes have room for.
        """
        plan, places = plan_of(project), project.communities
        keys = sorted(plan.grids)
        kept = texts([plan.grids[key].code for key in keys])
        community = np.array([plan.grids[key].community for key in keys], np.int32)
        kind = np.array([int(plan.grids[key].kind == "exclusive") for key in keys], np.int32)
        try:
            profile = profile_of(self.profile)
            before = profile_of(self.before) if self.before else _layout(project, plan, profile)
            found = moved_codes(profile, community, places.codes, places.names, kept, plan.retired_codes, kind, before)
        except (InputError, ValueError) as why:
            raise EditRejected(str(why)) from None
        grids = {
            key: dataclasses.replace(plan.grids[key], code=code, prev_code=previous or plan.grids[key].prev_code)
            for key, code, previous in zip(keys, found.code.tolist(), found.previous.tolist(), strict=True)
        }
        moved = {old: new for old, new in zip(kept.tolist(), found.code.tolist(), strict=True) if old and old != new}
        wish = dataclasses.replace(project.settings.grids or GridSettings(), codes=self.profile)
        project = dataclasses.replace(project, settings=dataclasses.replace(project.settings, grids=wish))
        return with_codes(project, dataclasses.replace(plan, grids=grids), moved)


def with_codes(project: Project, plan: GridPlan, moved: Mapping[str, str]) -> Project:
    """Return the project with a plan in which grids changed code; `moved` maps the codes that they had to those that they have.

    Places that must stay, the successors of grids that ended, and what the last re-planning started from name grids by their codes: they
    follow, and the plan is no more stale by it than it was.
    """
    if not moved:
        return dataclasses.replace(project, grids=plan)
    ends = [dataclasses.replace(end, successors=tuple(moved.get(code, code) for code in end.successors)) for end in plan.retired]
    was = plan.replan
    if was is not None:
        was = dataclasses.replace(was, codes=tuple(moved.get(code, code) for code in was.codes))
    plan = dataclasses.replace(plan, retired=tuple(ends), replan=was)
    stays = project.rules.must_stay
    if not any(code in moved for code in stays.codes.tolist()):
        return dataclasses.replace(project, grids=plan)
    fresh = plan.made_from == made_from(project, "grids")
    stays = MustStays(stays.xy, texts([moved.get(code, code) for code in stays.codes.tolist()]))
    after = dataclasses.replace(project, grids=plan, rules=dataclasses.replace(project.rules, must_stay=stays))
    if not fresh:
        return after
    return dataclasses.replace(after, grids=dataclasses.replace(plan, made_from=made_from(after, "grids")))


def _layout(project: Project, plan: GridPlan, wanted: CodeProfile) -> CodeProfile:
    """Return the profile that reads most of the plan's codes with a community of it; of equal ones the settings', then `wanted`."""
    codes = project.communities.codes.tolist()
    own = profile_of((project.settings.grids or GridSettings()).codes)
    best, most = own, -1
    for profile in (own, wanted, *(profile_of(name) for name in profile_names())):
        frames = {profile.frame(code, kind) for code in codes for kind in (0, 1)}
        read = [profile.read(grid.code) for grid in plan.grids.values()]
        count = sum(found is not None and found[0] in frames for found in read)
        if count > most:
            best, most = profile, count
    return best
