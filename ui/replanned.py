"""What a re-planning changed: what the worker returns, and how the status line says it."""

from __future__ import annotations

from dataclasses import dataclass

from gridplanner.edits.edit import Replace
from gridplanner.i18n import _, ngettext
from gridplanner.model.project import Project
from gridplanner.model.transfers import transfers_of
from ui.figures import amount


@dataclass(frozen=True, eq=False)
class Replanned:
    """The edit, the households that move and their share, and how many grids change, are new or end."""

    edit: Replace
    moved: float
    share: float
    changed: int
    fresh: int
    ended: int


def replanned(edit: Replace, after: Project) -> Replanned:
    """Return what an edit that re-plans changes; `after` is the project with it."""
    plan, moves = after.grids, transfers_of(after)
    assert plan is not None  # re-planning leaves a plan
    now = {grid.code for grid in plan.grids.values()}
    before = set(plan.replan.codes) if plan.replan is not None else now
    share, moved = (moves.share, moves.moved) if moves is not None else (0.0, 0.0)
    touched = int(str(edit.places.get("k", 0)))  # those that are new or hold other units
    return Replanned(edit, moved, share, max(touched - len(now - before), 0), len(now - before), len(before - now))


def replanned_words(found: Replanned) -> str:
    """Return what a re-planning changed in one sentence."""
    if not found.changed and not found.fresh and not found.ended:
        return _("Re-planned: nobody changes grid")
    text = _("Re-planned: {n} households ({percent} %) change grid; {grids}")
    parts = [ngettext("{n} grid changes", "{n} grids change", found.changed).format(n=found.changed)]
    parts += [ngettext("{n} is new", "{n} are new", found.fresh).format(n=found.fresh)] if found.fresh else []
    parts += [ngettext("{n} ends", "{n} end", found.ended).format(n=found.ended)] if found.ended else []
    return text.format(n=amount(found.moved), percent=f"{100 * found.share:.1f}", grids=_(", ").join(parts))
