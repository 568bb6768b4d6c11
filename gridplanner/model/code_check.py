"""Whether the codes of a grid plan are as their profile has them, those that were kept or written by hand included."""

from __future__ import annotations

from gridplanner.code_profiles import profile_of
from gridplanner.i18n import N_, _, language
from gridplanner.model.code_faults import duplicate_codes, verify_codes
from gridplanner.model.grids import GridPlan
from gridplanner.model.issues import Issue, Level
from gridplanner.model.project import Project
from gridplanner.model.recent import Recent
from gridplanner.settings import GridSettings

TOLD = 50  # faulty codes that get an issue each
_recent = Recent[tuple[Issue, ...]](2)


def code_issues(project: Project) -> tuple[Issue, ...]:
    """Return codes that several grids have (errors), then what else is wrong with codes, each once (warnings).

    What an earlier plan brought along and its import told already is not told again. While units move between grids, what is known of
    grids is the very same value, and so are the issues.
    """
    plan = project.grids
    if plan is None:
        return ()
    given = (plan.grids, plan.retired, plan.issues, project.communities, project.settings.grids, language())
    known = _recent.find(*given)
    return known if known is not None else _recent.keep(tuple(_code_issues(project, plan)), *given)


def _code_issues(project: Project, plan: GridPlan) -> list[Issue]:
    grids = [plan.grids[key] for key in sorted(plan.grids)]
    text = N_("Code {code} is used by {n} grids")
    issues = [
        Issue(Level.ERROR, "duplicate_code", text, {"code": code, "n": len(rows)}, "grids", code)
        for code, rows in sorted(duplicate_codes([grid.code for grid in grids]).items())
    ]
    text = N_("Grid {name} has no code")
    issues += [Issue(Level.WARNING, "code", text, {"name": grid.name}, "grids", grid.name) for grid in grids if not grid.code]
    text = N_("Code {code}: {why}")
    wrong = _faults(project, plan)
    issues += [Issue(Level.WARNING, "code", text, {"code": code, "why": "; ".join(why)}, "grids", code) for code, why in wrong[:TOLD]]
    if len(wrong) > TOLD:
        text = N_("{more} more codes are not as {profile} has them; change the profile, or give all grids new codes")
        values = {"more": len(wrong) - TOLD, "profile": (project.settings.grids or GridSettings()).codes}
        issues.append(Issue(Level.WARNING, "code", text, values, "grids"))
    return issues


def _faults(project: Project, plan: GridPlan) -> list[tuple[str, list[str]]]:
    """Return each faulty code and what is wrong with it, in the order of the codes."""
    places = project.communities
    profile = profile_of((project.settings.grids or GridSettings()).codes)
    home = {grid.code: grid.community for grid in plan.grids.values()}
    told = {issue.ref for issue in plan.issues if issue.kind == "drawn_code"}
    codes = sorted(home.keys() - told - {""})
    own = [{profile.frame(code, kind) for kind in (0, 1)} for code in places.codes.tolist()]
    owner = {frame: row for row, mine in enumerate(own) for frame in mine}
    gone = plan.retired_codes
    found = []
    for code, why in zip(codes, verify_codes(profile, codes, places.codes.tolist()), strict=True):
        read = profile.read(code)
        if read is not None and read[0] in owner and read[0] not in own[home[code]]:
            text = _("its digits are those of community {other}, but the grid lies in {name}")
            why = [*why, text.format(other=places.names[owner[read[0]]], name=places.names[home[code]])]
        if code in gone:
            why = [*why, _("a grid that ended had it; codes are not given again")]
        if why:
            found.append((code, why))
    return found
