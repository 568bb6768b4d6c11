"""What is proven of beats and patrol zones, in words for the planner."""

from __future__ import annotations

from gridplanner.i18n import N_, _
from gridplanner.model.beats import BeatCertificate, BeatPlan
from gridplanner.model.zones import ZoneCertificate

LISTED = 3  # areas that are spoken of one by one
_WHY = {
    "large": N_("there are too many groups of grids for all of them to be looked at"),
    "stopped": N_("the search was stopped early"),
    "edited": N_("the plan was changed by hand since"),
    "locked": N_("what is locked was kept as it was"),
    "uneven": N_("zones of work as even as wished were not found"),
    "off": N_("no proof was asked for"),
}


def beat_certificate_words(certificate: BeatCertificate) -> str:
    """Return what is proven of the beats of one area, or why nothing is, and how even they could be."""
    c = certificate
    return " ".join(part for part in (_beats_proven(c), _beats_tightest(c)) if part)


def beat_plan_words(plan: BeatPlan) -> str:
    """Return what is proven of all beats: area by area where there are few, else in numbers."""
    proofs = plan.certificates
    if len(proofs) == 1:
        return beat_certificate_words(proofs[0])
    if len(proofs) <= LISTED:
        return "\n".join(map(_area_words, proofs))
    proven = sum(one.status == "optimal" for one in proofs)
    return _("Proven best in {n} of {all} areas.").format(n=proven, all=len(proofs))


def zone_certificate_words(certificate: ZoneCertificate | None) -> str:
    """Return what is proven of the zones, or why nothing is; empty where nothing is known of it."""
    c = certificate
    if c is None:
        return ""
    if c.status == "optimal":
        return _("Proven best: no zones served from the same places with work as even are better.")
    if c.status == "gap" and (gap := _gap(c.value, c.bound)):
        return _("At most {gap} above the best that zones served from the same places could reach.").format(gap=gap)
    return _reason(c.why) if c.why else _("Nothing is proven of this plan.")


def _area_words(c: BeatCertificate) -> str:
    """Return in one line what is proven of the beats of one area among several."""
    if c.status == "optimal":
        said = [_("proven best")]
    elif c.status == "gap" and (gap := _gap(c.value, c.bound)):
        said = [_("at most {gap} above the best").format(gap=gap)]
    else:
        said = [_("not proven best: {why}").format(why=_(_WHY.get(c.why, c.why))) if c.why else _("nothing is proven")]
    if c.tightest is not None and c.excluded is not None:
        text = _("± {tightest} is possible, ± {excluded} is not")
        said.append(text.format(tightest=_percent(c.tightest), excluded=_percent(c.excluded)))
    elif c.tightest is not None:
        said.append(_("± {tightest} is possible").format(tightest=_percent(c.tightest)))
    return _("{area}: {n} beats, {words}").format(area=c.area, n=c.count, words=_("; ").join(said))


def _beats_proven(c: BeatCertificate) -> str:
    if c.status == "optimal":
        if c.columns:
            text = _("Proven best of all plans of {count} beats within ± {tolerance}: {n} groups of grids were looked at.")
            return text.format(count=c.count, tolerance=_percent(c.tolerance), n=f"{c.columns:,}")
        return _("Proven best of all plans of {count} beats within ± {tolerance}.").format(count=c.count, tolerance=_percent(c.tolerance))
    if c.status == "gap" and (gap := _gap(c.value, c.bound)):
        text = _("At most {gap} above the best plan of {count} beats within ± {tolerance}.")
        said = text.format(gap=gap, count=c.count, tolerance=_percent(c.tolerance))
        return f"{said} {_reason(c.why)}" if c.why else said
    return _reason(c.why) if c.why else _("Nothing is proven of this plan.")


def _beats_tightest(c: BeatCertificate) -> str:
    if c.tightest is None:
        return ""
    if c.excluded is None:
        return _("Beats within ± {tightest} are possible.").format(tightest=_percent(c.tightest))
    text = _("Beats within ± {tightest} are possible, within ± {excluded} none are: proven.")
    return text.format(tightest=_percent(c.tightest), excluded=_percent(c.excluded))


def _reason(why: str) -> str:
    return _("Not proven best: {why}.").format(why=_(_WHY.get(why, why)))


def _gap(value: float | None, bound: float | None) -> str:
    """Return by how much a value may be above the best, rounded up to a tenth of a per cent; empty where that says nothing."""
    if value is None or bound is None or bound <= 0:
        return ""
    return f"{-(-1000 * max(value / bound - 1, 0.0) // 1) / 10:.1f} %"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
