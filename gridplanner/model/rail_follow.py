"""What follows from the segments of a rail plan, made anew when they change: rounds, the corridor, and what is proven of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from gridplanner.model.project import Project
from gridplanner.model.rail import RailPlan, RailProof
from gridplanner.model.rail_corridors import corridor_after
from gridplanner.model.rail_rounds import with_rounds
from gridplanner.model.rail_work import plan_figures
from gridplanner.settings import RailSettings

BY_HAND = "by hand"


def followed(project: Project, before: RailPlan, after: RailPlan, by_hand: Collection[str] = ()) -> RailPlan:
    """Return the plan after a change with rounds, corridor and proofs that fit; those plans (day, night …) named were changed by hand."""
    settings = project.settings.rail or RailSettings()
    after = dataclasses.replace(with_proofs_by_hand(after, by_hand), corridor=corridor_after(project, before, after, settings))
    return with_rounds(after, settings)


def with_proofs_by_hand(plan: RailPlan, names: Collection[str]) -> RailPlan:
    """Return a plan of which those named are no longer as they were divided."""
    return dataclasses.replace(plan, proofs=tuple(_by_hand(plan, proof) if proof.plan in names else proof for proof in plan.proofs))


def _by_hand(plan: RailPlan, proof: RailProof) -> RailProof:
    """Return what holds of a division changed by hand: its own figures; the least possible stays what it was."""
    figures = plan_figures(plan, proof.plan)
    return dataclasses.replace(proof, value=figures.largest, mean=figures.mean, status=BY_HAND)
