"""A town of sixteen grids with four beats and four patrol zones, for tests of the hand on them: model values, no solver."""

from __future__ import annotations

import dataclasses

import numpy as np

from gridplanner.model.beats import Beat, BeatCertificate, BeatPlan
from gridplanner.model.freshness import made_from, stale_plans
from gridplanner.model.project import Project
from gridplanner.model.zones import Zone, ZoneCertificate, ZoneChoice, ZoneGround, ZonePlan
from gridplanner.settings import BeatSettings, ZoneSettings
from tests.ui.builders import planned, town

# sixteen grids of 3 × 2 units in four rows; a beat and a zone is a quarter of the town, ids as on a number pad: below 1 2, above 3 4
QUARTERS = np.array([[1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 4, 4], [3, 3, 4, 4]]).ravel()
COLUMNS = np.arange(16) % 4 + 1  # the other choice of zones


def quartered(units: str = "grids") -> Project:
    """Return the town with four beats and four zones, the zones made of `units`: grids, beats or blocks."""
    project = planned(town(), wide=3, high=2)
    members = dict(enumerate(QUARTERS.tolist()))
    beats = {n: Beat(f"{n:03d}", f"Beat {n}", "east" if n in {2, 4} else "west") for n in range(1, 5)}
    proofs = tuple(BeatCertificate(area, "optimal", 1.0, 1.0, 2, 0.2, 0.1, 0.09) for area in ("west", "east"))
    zones = {n: Zone(f"{n:02d}", f"Patrol zone {n}") for n in range(1, 5)}
    settings = dataclasses.replace(project.settings, beats=BeatSettings(target_persons=1500.0), zones=ZoneSettings(count=4, units=units))
    project = dataclasses.replace(project, settings=settings, beats=BeatPlan(members, beats, proofs))
    assert project.units is not None
    assert project.grids is not None
    ground = ground_of(len(project.units))
    labels = QUARTERS[project.grids.labels].astype(np.int32)
    of_zone = {"labels": labels, "members": {}} if units == "blocks" else {"members": members}
    work = np.bincount(labels, ground.work)[1:]
    of_piece = (labels, COLUMNS[project.grids.labels].astype(np.int32)) if units == "blocks" else (QUARTERS, COLUMNS)
    nowhere = np.full((4, 2), 1e6), np.full(4, -1)
    choices = (ZoneChoice(of_piece[0], *nowhere, 0.3, 1.1, 2.0, 5.0), ZoneChoice(of_piece[1], *nowhere, 0.8, 1.4, 1.5, 4.0))
    proof = ZoneCertificate("optimal", 1.0, 1.0, "minutes")
    plan = ZonePlan(zones=zones, workload=work, choices=choices, chosen=0, certificate=proof, ground=ground, **of_zone)  # type: ignore[arg-type]
    project = dataclasses.replace(project, zones=plan)
    fresh = {name: dataclasses.replace(getattr(project, name), made_from=made_from(project, name)) for name in ("beats", "zones")}
    project = dataclasses.replace(project, **fresh)
    assert stale_plans(project) == set()
    return project


def ground_of(count: int) -> ZoneGround:
    """Return ground on which every unit is a piece of its own, with one site that reaches unit i in i / 10 minutes."""
    minutes = (np.arange(count) / 10).astype(np.float32)[None, :]
    one = np.ones(count)
    return ZoneGround(
        1.0 + np.arange(count) % 3, one, one, one * 0, np.zeros((1, 2)), np.zeros(1, np.int32), np.full(1, -1), minutes, np.arange(count)
    )
