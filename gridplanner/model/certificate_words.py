"""What a certificate says, in words for the planner."""

from __future__ import annotations

import math

from gridplanner.i18n import N_, _
from gridplanner.model.grids import Certificate

_WHY = {
    "large": N_("its grids are of too many units for all of them to be looked at"),
    "stopped": N_("the search was stopped early"),
    "off": N_("no proof was asked for"),
    "pins": N_("places that must stay changed the plan after the search"),
    "edited": N_("the plan was changed by hand since"),
    "replanned": N_("the plan keeps to an earlier one, so it need not be the best of all"),
}


def share_above(certificate: Certificate) -> float | None:
    """Return by which share of the best a plan may be worse than it: bound ≤ best, so value ÷ bound − 1 at most; None without a bound.

    >>> share_above(Certificate(0, "", "gap", 80.0, 100.0))
    0.25
    """
    return certificate.gap if certificate.status == "gap" else None


def certificate_words(certificate: Certificate) -> str:
    """Return one or two sentences: what is proven, under which rule, or why nothing is."""
    c = certificate
    if c.status == "optimal" and c.method == "one district":
        return _("One grid: there is no other plan.")
    if c.status == "optimal":
        return _("Proven best. {rule}").format(rule=_rule(c))
    above = share_above(c)
    if above is not None:
        said = _("At most {gap} above the best there is. {rule}").format(gap=f"{-(-1000 * above // 1) / 10:.1f} %", rule=_rule(c))
        return " ".join(part for part in (_groups(c), said, _reason(c) if c.why else "") if part)
    return _reason(c) if c.why else _("Nothing is proven of this plan.")


def _rule(c: Certificate) -> str:
    """Return the rule under which a bound holds."""
    if c.method == "columns":
        text = _(
            "All {n} grids were looked at in which units that are no neighbours lie at most {span} grid widths apart and that hold "
            "{low} to {high} of the target."
        )
        return text.format(n=f"{c.columns:,}", span=f"{c.span:g}", **_window(c))
    if c.low or c.high:
        text = _("The bound holds for grids that hold {low} to {high} of the target.")
        return text.format(**_window(c))
    return _("The bound holds for any plan with as many grids.")


def _window(c: Certificate) -> dict[str, str]:
    """Return the loads that a rule allows in whole percent, rounded so that no more is claimed than was looked at."""
    return {"low": f"{math.ceil(100 * c.low - 1e-6)} %", "high": f"{math.floor(100 * c.high + 1e-6)} %"}


def _groups(c: Certificate) -> str:
    """Return what is proven of plans that keep together what good plans do; empty where nothing is."""
    if not c.groups:
        return ""
    text = _("Good plans share {n} groups of units: no plan of compact grids near the band that keeps those together is better.")
    return text.format(n=c.groups)


def _reason(c: Certificate) -> str:
    return _("Not proven best: {why}.").format(why=_(_WHY.get(c.why, c.why)))
