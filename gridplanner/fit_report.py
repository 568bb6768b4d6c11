"""What sizes allow, as lines for a terminal and as plain values: `gridplanner feasibility`, and the word before grids are sought."""

from __future__ import annotations

import dataclasses
import math
import unicodedata
from typing import Any

from gridplanner.i18n import N_, _
from gridplanner.model.band import Band
from gridplanner.model.fit import CommunityFit, Feasibility
from gridplanner.model.issues import Issue

_TITLES = (
    N_("community"), N_("households"), N_("persons"), N_("grids that fit"), N_("taken"), N_("tightest ± %"), N_("as its parts lie"),
    N_("with whole units"), N_("parts"), N_("smallest part, % of a grid"), N_("heaviest unit, % of a grid"),
)  # fmt: skip


def fit_values(found: Feasibility) -> dict[str, Any]:
    """Return what sizes allow as plain values. Spreads are shares of the middle of the band, loads shares of the target."""
    return {
        "band": {name: [low, high] for name, low, high in _limits(found.band)},
        "communities": found.inhabited,
        "fitting": found.fitting,
        "grids": found.grids,
        "heavy_units": found.heavy,
        "spread": round(found.spread, 6),
        "tightest": round(found.tightest, 6),
        "tightest_with_units": round(found.with_units, 6),
        "target": dataclasses.asdict(found.target) if found.target is not None else None,
        "table": [dataclasses.asdict(row) for row in found.communities],
        "findings": [_issue_values(issue) for issue in found.findings],
        "remedies": [_issue_values(issue) for issue in found.remedies],
    }


def fit_headline(found: Feasibility) -> str:
    """Return the whole in one sentence."""
    limits = _(" or ").join(f"{low:g}–{high:g} {_(name)}" for name, low, high in _limits(found.band))
    text = _("{n} of {m} communities fit grids of {limits}: {k} grids; all fit from ± {percent} % on, with whole units from ± {units} % on")
    return text.format(
        n=found.fitting, m=found.inhabited, limits=limits, k=found.grids, percent=_percent(found.tightest), units=_percent(found.with_units)
    )


def fit_warning(found: Feasibility) -> str:
    """Return one line about what cannot fit and what would help most, empty where everything fits."""
    words = []
    if found.fitting < found.inhabited:
        words.append(_("No number of grids fits {n} of {m} communities").format(n=found.inhabited - found.fitting, m=found.inhabited))
    if found.heavy:
        words.append(_("{n} units are heavier than a grid may be").format(n=found.heavy))
    if words and found.remedies:
        words.append(found.remedies[0].message)
    return _("; ").join(words)


def fit_lines(found: Feasibility) -> list[str]:
    """Return the headline, a table with a row for every community, and the sentences about what does not fit and what would help."""
    rows = [[_(title) for title in _TITLES], *(_cells(row) for row in found.communities)]
    widths = [max(_width(row[i]) for row in rows) for i in range(len(_TITLES))]
    table = ["  ".join(_padded(cell, width, left=not i) for i, (cell, width) in enumerate(zip(row, widths, strict=True))) for row in rows]
    lines = [fit_headline(found), "", *(line.rstrip() for line in table)]
    if found.findings:
        lines += ["", *(f"! {issue.message}" for issue in found.findings)]
    if found.remedies:
        lines += ["", _("What would help:"), *(f"- {issue.message}" for issue in found.remedies)]
    return lines


def _cells(row: CommunityFit) -> list[str]:
    fitting = "–" if row.fitting is None else "–".join(dict.fromkeys(str(k) for k in row.fitting))
    return [
        row.name, f"{row.households:.0f}", f"{row.persons:.0f}", fitting, str(row.grids), _percent(row.by_total), _percent(row.in_parts),
        _percent(row.with_units), str(row.parts), f"{100 * row.smallest:.0f}", f"{100 * row.heaviest:.0f}",
    ]  # fmt: skip


def _limits(band: Band) -> list[tuple[str, float, float]]:
    kinds = ((N_("households"), band.households), (N_("persons"), band.persons))
    return [(name, round(band.low * target, 6), round(band.high * target, 6)) for name, target in kinds if target is not None]


def _issue_values(issue: Issue) -> dict[str, Any]:
    names = ("level", "kind", "message", "layer", "ref", "x", "y")
    return {name: getattr(issue, name) for name in names}


def _percent(share: float) -> str:
    """Return a share in per cent, rounded up: at the figure shown it fits."""
    return f"{math.ceil(1000 * share - 1e-6) / 10:.1f}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int, *, left: bool) -> str:
    space = " " * (width - _width(text))
    return text + space if left else space + text
