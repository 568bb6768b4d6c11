"""What is proven of a grid plan: a few words for the whole, and a line for each community."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from gridplanner.i18n import _, language, ngettext
from gridplanner.model.certificate_words import certificate_words, share_above
from gridplanner.model.grids import Certificate, GridPlan
from gridplanner.model.project import Project
from gridplanner.model.recent import Recent
from gridplanner.planning.hand_cost import HandCost

CHEAP = 0.01  # share of the cost up to which a change by hand is called cheap
NOTHING: Mapping[int, HandCost] = MappingProxyType({})


@dataclass(frozen=True)
class Proof:
    """The certificates of a plan counted: `proven` best of `all`, `near` with a bound alone, `edited` by hand since.

    `shared` are best of all plans that keep what good plans share. `above` is the largest share of the best by which a plan with a
    bound alone may be worse than it, None where no plan has one; `reason` says in words why most of the others are not proven, empty
    where every community is.
    """

    all: int
    proven: int
    shared: int
    near: int
    edited: int
    above: float | None
    reason: str


def proof_of(plan: GridPlan | None) -> Proof | None:
    """Return what is proven of a plan; None where there is no plan, or nothing was ever said of it."""
    if plan is None or not plan.certificates:
        return None
    known = _recent.find(plan.certificates, language())
    return known if known is not None else _recent.keep(_counted(plan), plan.certificates, language())


def _counted(plan: GridPlan) -> Proof:
    shares = [share_above(part) for part in plan.certificates]
    bounded = [share for part, share in zip(plan.certificates, shares, strict=True) if share is not None and not part.groups]
    bare = [part for part, share in zip(plan.certificates, shares, strict=True) if share is None and part.status != "optimal"]
    reasons = Counter(part.why for part in bare if part.why != "edited")
    often = reasons.most_common(1)[0][0] if reasons else ""
    return Proof(
        all=len(plan.certificates),
        proven=sum(part.status == "optimal" for part in plan.certificates),
        shared=sum(part.status == "gap" and part.groups > 0 for part in plan.certificates),
        near=len(bounded),
        edited=sum(part.why == "edited" for part in bare),
        above=max(bounded, default=None),
        reason=certificate_words(next(part for part in bare if part.why == often)) if reasons else "",
    )


_recent = Recent[Proof](2)


def proof_facts(proof: Proof, hand: Mapping[int, HandCost] = NOTHING) -> list[tuple[str, str, str]]:
    """Return names, values and moods (good, value or warn) of what is proven, and what the planner's `hand` changed by community."""
    if not proof.proven and not proof.shared and proof.above is None and not proof.edited:
        return [(_("Proven best"), _("none"), "value")]
    count = _("{n} of {all} communities").format(n=proof.proven, all=proof.all)
    facts = [(_("Proven best"), count, "good" if proof.proven == proof.all else "value")]
    if proof.shared:
        words = ngettext("{n} community", "{n} communities", proof.shared).format(n=proof.shared)
        facts.append((_("Best over shared groups"), words, "value"))
    if proof.above is not None:
        name = ngettext("{n} other", "{n} others", proof.near).format(n=proof.near)
        facts.append((name, _("at most {percent} % above the best").format(percent=_percent(proof.above)), "value"))
    if proof.edited:
        facts.append((_("Changed by hand"), *_hand_facts(proof.edited, tuple(hand.values()))))
    return facts


def _hand_facts(count: int, hand: Sequence[HandCost]) -> tuple[str, str]:
    """Return in a few words what was changed by hand in so many communities, and the mood of the dearest change."""
    words = ngettext("{n} community", "{n} communities", count).format(n=count)
    costs = [one.cost for one in hand if one.cost is not None]
    if not costs or len(hand) != count:
        return words, "value"
    mood = "good" if max(costs) <= CHEAP else "warn"
    if count == 1:
        return short_hand_words(hand[0]), mood
    return _("{words}, cost ≤ {cost}").format(words=words, cost=_signed(max(costs))), mood


def proof_rows(project: Project, most: int | None = None, hand: Mapping[int, HandCost] = NOTHING) -> list[tuple[str, str, str]]:
    """Return for each of the first `most` communities its name, what is proven in two or three words, and the sentences about it."""
    plan = project.grids
    if plan is None:
        return []
    names = project.communities.names
    rows = []
    for part in plan.certificates[:most]:
        mine = hand.get(part.community) if part.why == "edited" else None
        words = hand_words(mine) if mine is not None else ""
        rows.append((str(names[part.community]), short_words(part, mine), words or certificate_words(part)))
    return rows


def short_words(certificate: Certificate, hand: HandCost | None = None) -> str:
    """Return a certificate in two or three words, for a table and the card at the cursor; `hand` is what changes by hand cost."""
    if certificate.why == "edited" and hand is not None and (words := short_hand_words(hand)):
        return words
    share = share_above(certificate)
    if certificate.status == "optimal":
        return _("proven best")
    if share is not None and certificate.groups:
        return _("best over shared groups")
    if share is not None:
        return _("≤ {percent} % above the best").format(percent=_percent(share))
    return _("changed by hand") if certificate.why == "edited" else _("not proven")


def short_hand_words(hand: HandCost) -> str:
    """Return by how much border and cost differ from the plan as computed; empty where neither is known.

    >>> short_hand_words(HandCost(0.018, 0.009, True, 0.009))
    'border +1.8 %, cost +0.9 %'
    """
    parts = []
    if hand.border is not None:
        parts.append(_("border {share}").format(share=_signed(hand.border)))
    if hand.cost is not None:
        parts.append(_("cost {share}").format(share=_signed(hand.cost)))
    return _(", ").join(parts)


def hand_words(hand: HandCost) -> str:
    """Return a sentence about what was changed by hand: against the proven best, or against the plan as computed and the bound."""
    short = short_hand_words(hand)
    if not short:
        return ""
    if hand.proven:
        return _("Changed by hand: {short} against the proven best.").format(short=short)
    said = _("Changed by hand: {short} against the plan as computed.").format(short=short)
    if hand.above is None:
        return said
    return said + " " + _("At most {percent} % above the best there is.").format(percent=_percent(hand.above))


def certificate_of(project: Project, grid: int) -> Certificate | None:
    """Return the certificate of the community that a grid lies in."""
    plan = project.grids
    if plan is None or grid not in plan.grids:
        return None
    return next((part for part in plan.certificates if part.community == plan.grids[grid].community), None)


def _signed(share: float) -> str:
    """Return a share in per cent with its sign; what is more than twice as much as a factor."""
    if share > 1:
        return f"×{1 + share:.1f}"
    return f"{100 * share:+.1f} %".replace("-0.0 %", "+0.0 %").replace("-", "−")


def _percent(share: float) -> str:
    """Return a share in per cent, rounded up: it is said to be the most."""
    return f"{-(-1000 * share // 1) / 10:.1f}"
