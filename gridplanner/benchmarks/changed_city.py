"""New data for a planned city: some blocks grow or shrink and new estates stand. For the benchmark of re-planning."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from gridplanner.model.freshness import made_from
from gridplanner.model.outlines import unit_polygons
from gridplanner.model.places import Households, texts
from gridplanner.model.project import Project
from gridplanner.model.statistics import unit_households

SHARE = 0.10  # of the inhabited blocks
FACTORS = (0.6, 1.5)
ESTATE = 100.0  # households
PERSONS = 2.6  # a household


def changed_city(project: Project, seed: int = 1, estates: int = 12) -> Project:
    """Return a project with units after 10 % of its inhabited blocks changed ×0.6–1.5 and `estates` of 100 households were built.

    The units and the grid plan are the same; only addresses are others: those of a changed block hold more households or fewer, in
    whole numbers, and an estate is one new address in the middle of a block. Raises ValueError where there are no units.
    """
    units, homes = project.units, project.households
    if units is None:
        raise ValueError("the project has no units")
    rng = np.random.default_rng(seed)
    load = unit_households(units, homes)
    inhabited = np.flatnonzero(load > 0)
    changed = np.sort(rng.choice(inhabited, round(SHARE * len(inhabited)), replace=False))
    goal = load.copy()
    goal[changed] = np.rint(load[changed] * rng.uniform(*FACTORS, len(changed)))
    built = rng.choice(len(units), estates, replace=False)
    xy = shapely.get_coordinates(shapely.point_on_surface(unit_polygons(units)[built]))
    households = np.append(_scaled(homes.households, units.address_unit, load, goal), np.full(estates, ESTATE))
    after = Households(
        np.concatenate((homes.xy, xy)),
        households,
        households * PERSONS,
        np.concatenate((homes.address, texts([""] * estates))),
        None if homes.radius is None else np.append(homes.radius, np.zeros(estates)),
    )
    held = replace(units, address_unit=np.append(units.address_unit, built).astype(np.int32))
    after_project = replace(project, households=after, units=held)
    return replace(after_project, units=replace(held, made_from=made_from(after_project, "units")))


def _scaled(
    households: np.ndarray[tuple[int], np.dtype[np.float64]],
    unit: np.ndarray[tuple[int], np.dtype[np.int32]],
    load: np.ndarray[tuple[int], np.dtype[np.float64]],
    goal: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return households per address so that unit u holds `goal[u]`: running totals of each unit are scaled and rounded."""
    inside = np.flatnonzero(unit >= 0)
    order = inside[np.argsort(unit[inside], kind="stable")]
    total = np.cumsum(households[order])
    before = (np.cumsum(load) - load)[unit[order]]
    factor = np.where(load > 0, goal / np.maximum(load, 1e-9), 0.0)[unit[order]]
    scaled = np.rint((total - before) * factor)
    first = np.append(True, unit[order][1:] != unit[order][:-1])
    result = households.copy()
    result[order] = np.where(first, scaled, np.diff(scaled, prepend=0.0))
    return result
