"""Names, codes, people on duty and locks of many grids at once, as a table or a spreadsheet gives them: one step of the undo list."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

from gridplanner.code_profiles import profile_of
from gridplanner.edits.code_edits import with_codes
from gridplanner.edits.refusals import grid_of, plan_of
from gridplanner.errors import EditRejected
from gridplanner.i18n import N_, _, ngettext
from gridplanner.model.code_faults import verify_code
from gridplanner.model.grids import Grid, GridPlan
from gridplanner.model.project import Project
from gridplanner.settings import GridSettings

FIELDS = {"code": N_("code"), "name": N_("name"), "workers": N_("people on duty"), "locked": N_("lock")}  # of Grid, and what each is called

Fields = tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class ChangeGrids:
    """Give fields of grids other values: `changes` are pairs of a grid and its (field, value) pairs, the fields keys of FIELDS."""

    changes: tuple[tuple[int, Fields], ...]

    @property
    def words(self) -> str:
        """The words in the language in use."""
        fields = dict.fromkeys(name for _grid, pairs in self.changes for name, _value in pairs)
        names = [_(FIELDS.get(name, name)) for name in fields]
        what = reduce(lambda one, two: _("{one}, {two}").format(one=one, two=two), names) if names else ""
        count = len(self.changes)
        return ngettext("Change {what} of {n} grid", "Change {what} of {n} grids", count).format(what=what, n=f"{count:,}")

    def apply(self, project: Project) -> Project:
        """Return the project with the grids changed, and what names them by their codes; a code given up becomes `prev_code`.

        Raises EditRejected for an unknown grid or field, or a code that `refused_codes` refuses.
        """
        plan = plan_of(project)
        changed: dict[int, Grid] = {}
        for key, pairs in self.changes:
            was = grid_of(plan, key)
            if any(name not in FIELDS for name, _value in pairs):
                raise EditRejected(_("A table cannot change {what} of a grid").format(what=", ".join(name for name, _value in pairs)))
            changed[key] = dataclasses.replace(changed.get(key, was), **dict(pairs))  # type: ignore[arg-type]
        codes = {key: grid.code for key, grid in changed.items() if grid.code != plan.grids[key].code}
        for key, why in refused_codes(project, codes).items():
            raise EditRejected(_("Code {code}: {why}").format(code=codes[key] or "–", why=why))
        moved = {plan.grids[key].code: code for key, code in codes.items() if plan.grids[key].code}
        for key, code in codes.items():
            was = plan.grids[key]
            changed[key] = dataclasses.replace(changed[key], prev_code="" if code == was.prev_code else was.code or was.prev_code)
        return with_codes(project, dataclasses.replace(plan, grids={**plan.grids, **changed}), moved)


def refused_codes(project: Project, codes: Mapping[int, str]) -> dict[int, str]:
    """Return why grids cannot have the codes that they are to get, all at once, in words; those that can are left out.

    Refused is a code that another grid has or had, that is empty, or that is not laid out as the settings ask. Where a grid's code was
    already of another layout its next may be too.
    """
    plan = project.grids
    if plan is None or not codes:
        return {}
    profile = profile_of((project.settings.grids or GridSettings()).codes)
    places = project.communities
    known = places.codes.tolist()
    given = Counter(codes.get(key, grid.code) for key, grid in plan.grids.items())
    gone = plan.retired_codes
    found: dict[int, str] = {}
    for key, code in codes.items():
        if given[code] > 1 and code:
            found[key] = _("another grid has it: {name}").format(name=_other(plan, codes, key, code))
            continue
        if code in gone:
            found[key] = _("a grid that ended had it; codes are not given again")
            continue
        own_layout = plan.grids[key].code and profile.read(plan.grids[key].code) is None
        why = [] if code and own_layout else verify_code(profile, code, known)
        read, home = profile.read(code), plan.grids[key].community
        if not why and read is not None and home < len(known) and read[0] not in {profile.frame(known[home], kind) for kind in (0, 1)}:
            why = [_("its digits are not those of community {name}, in which the grid lies").format(name=places.names[home])]
        if why:
            found[key] = _("; ").join(why)
    return found


def _other(plan: GridPlan, codes: Mapping[int, str], key: int, code: str) -> str:
    """Return how the planner knows another grid that has or gets a code."""
    other = next(k for k, grid in plan.grids.items() if k != key and codes.get(k, grid.code) == code)
    return plan.grids[other].name or plan.grids[other].code or str(other)
