"""What is proven of a grid plan: a few words for the whole, and a line for each community."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from gridplanner.i18n import _, ngettext
from gridplanner.model.certificate_words import certificate_words, share_above
from gridplanner.model.grids import Certificate, GridPlan
from gridplanner.model.project import Project


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
    bounded = [share for part in plan.certificates if not part.groups and (share := share_above(part)) is not None]
    bare = [part for part in plan.certificates if _is_bare(part)]
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


def proof_facts(proof: Proof) -> list[tuple[str, str, str]]:
    """Return names, values and moods (good or plain) of what is proven."""
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
        words = ngettext("{n} community", "{n} communities", proof.edited).format(n=proof.edited)
        facts.append((_("Changed by hand"), words, "value"))
    return facts


def proof_rows(project: Project, most: int | None = None) -> list[tuple[str, str, str]]:
    """Return for each of the first `most` communities its name, what is proven in two or three words, and the sentences about it."""
    plan = project.grids
    if plan is None:
        return []
    names = project.communities.names
    return [(str(names[part.community]), short_words(part), certificate_words(part)) for part in plan.certificates[:most]]


def short_words(certificate: Certificate) -> str:
    """Return a certificate in two or three words, for a table and the card at the cursor."""
    share = share_above(certificate)
    if certificate.status == "optimal":
        return _("proven best")
    if share is not None and certificate.groups:
        return _("best over shared groups")
    if share is not None:
        return _("≤ {percent} % above the best").format(percent=_percent(share))
    return _("changed by hand") if certificate.why == "edited" else _("not proven")


def certificate_of(project: Project, grid: int) -> Certificate | None:
    """Return the certificate of the community that a grid lies in."""
    plan = project.grids
    if plan is None or grid not in plan.grids:
        return None
    return next((part for part in plan.certificates if part.community == plan.grids[grid].community), None)


def _is_bare(certificate: Certificate) -> bool:
    return certificate.status != "optimal" and share_above(certificate) is None


def _percent(share: float) -> str:
    """Return a share in per cent, rounded up: it is said to be the most."""
    return f"{-(-1000 * share // 1) / 10:.1f}"
