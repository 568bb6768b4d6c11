"""What the sizes of a project allow under settings that are being typed: answered in a thread, the newest question first."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from gridplanner.errors import GridplannerError
from gridplanner.i18n import _
from gridplanner.model.fit import Feasibility
from gridplanner.model.issues import Issue
from gridplanner.model.project import Project
from gridplanner.settings import GridSettings


@dataclass(frozen=True, eq=False)
class Fit:
    """The answer for `settings`: what the sizes allow, or in `words` why that cannot be said."""

    settings: GridSettings | None
    found: Feasibility | None
    words: str = ""


@dataclass(frozen=True)
class Offer:
    """A setting that would help: the words of its button and the fields of GridSettings that it changes."""

    words: str
    changes: Mapping[str, object]


def fit_of(project: object, _is_obsolete: Callable[[], bool]) -> Iterator[Fit]:
    """Yield what the sizes of a project allow under its settings."""
    from gridplanner.planning.feasibility import feasibility_of  # brings scipy with it, which the window needs for nothing else

    assert isinstance(project, Project)
    try:
        yield Fit(project.settings.grids, feasibility_of(project))
    except GridplannerError as why:
        yield Fit(project.settings.grids, None, str(why))


def fit_headline(found: Feasibility) -> str:
    """Return how many communities fit."""
    return _("{n} of {m} communities fit").format(n=found.fitting, m=found.inhabited)


def fit_details(found: Feasibility) -> str:
    """Return the number of grids and the tightest tolerance."""
    words = _("{k} grids to be made · tightest tolerance ± {percent} %").format(k=f"{found.grids:,}", percent=_rounded_up(found.tightest))
    if _rounded_up(found.with_units) == _rounded_up(found.tightest):
        return words
    return words + _(", with whole units ± {percent} %").format(percent=_rounded_up(found.with_units))


def offer_of(remedy: Issue, settings: GridSettings) -> Offer | None:
    """Return the change of settings that a remedy speaks of, None where it speaks of none (another neighbour, an area of its own)."""
    values = remedy.values
    target, low = _number(values.get("target")), _number(values.get("low"))
    if target is not None:
        persons = _number(values.get("persons"))
        changes: dict[str, object] = {"target_households": target, "target_persons": persons}
        if persons is None and settings.target_households is None and settings.target_persons is not None:
            changes = {"target_persons": target}
        elif persons is None:
            changes = {"target_households": target}
        return Offer(_("Use {n}").format(n=f"{target:g}"), changes)
    if low is not None and "what" in values:
        kind = "persons" if values["what"] == "persons" else "households"
        high = _number(values.get("high"))
        return Offer(_("Use {low}–{high}").format(low=f"{low:g}", high=f"{high:g}"), {f"min_{kind}": low, f"max_{kind}": high})
    percent = _number(values.get("percent"))
    if percent is not None:
        return Offer(_("Use {percent} %").format(percent=f"{percent:g}"), {"tolerance": percent / 100})
    if "divide_blocks" in remedy.text and not settings.divide_blocks:
        return Offer(_("Divide blocks"), {"divide_blocks": True})
    return None


def with_settings(project: Project, settings: GridSettings) -> Project:
    """Return a project under other settings of its grids."""
    return dataclasses.replace(project, settings=dataclasses.replace(project.settings, grids=settings))


def _number(value: object) -> float | None:
    try:
        return float(str(value)) if value is not None else None
    except ValueError:
        return None


def _rounded_up(share: float) -> str:
    """Return a share in per cent, rounded up: at the figure shown it fits."""
    return f"{math.ceil(1000 * share - 1e-6) / 10:.1f}"
