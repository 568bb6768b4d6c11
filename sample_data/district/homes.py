"""Addresses of the made district: as many persons in each community as its grids hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sample_data.district.land import COLUMNS, HIGH, ROWS, WIDE, FloatArray, Land
from sample_data.district.roads import LANES, PITCH

GRIDS = 1_523
PERSONS = 356  # a grid: 217 beats of 2,500 persons are 542,500 of 1,523 grids
IN_TOWN = 9.0  # grids of an urban community, about
HOUSEHOLD = 2.6
ACROSS = 3  # houses of a block of the town in each direction
Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Homes:
    """Address points: `xy` (a, 2) metres of the drawing, `households` and `persons` (a,)."""

    xy: FloatArray
    households: Counts
    persons: Counts


def settle(land: Land, dice: np.random.Generator) -> Homes:
    """Houses in the blocks of the town and along the streets of the villages; the persons of a community fill whole grids."""
    share = np.where(np.arange(len(land.centres)) < land.urban, IN_TOWN, 1.0) * dice.lognormal(0, 0.12, len(land.centres))
    rural = np.arange(len(share)) >= land.urban
    share[rural] *= (GRIDS - IN_TOWN * land.urban) / share[rural].sum()
    grids = np.maximum(rounded(share * GRIDS / share.sum(), GRIDS), 1)
    places, persons = [], []
    for community, count in enumerate(grids.tolist()):
        xy = _in_town(land, community, dice) if community < land.urban else _in_village(land.centres[community], dice)
        weight = dice.lognormal(0, 0.35, len(xy))
        people = rounded(weight / weight.sum() * count * PERSONS, count * PERSONS)
        places.append(xy[people > 0])
        persons.append(people[people > 0])
    people = np.concatenate(persons)
    return Homes(np.concatenate(places), np.maximum(np.rint(people / HOUSEHOLD), 1).astype(np.int64), people)


def rounded(share: FloatArray, total: int) -> Counts:
    """Return whole numbers near some shares that add up to a total: the largest remainders are rounded up.

    >>> rounded(np.array([1.4, 1.4, 1.2]), 4).tolist()
    [2, 1, 1]
    """
    whole = np.floor(share).astype(np.int64)
    missing = total - int(whole.sum())
    whole[np.argsort(whole - share, kind="stable")[:missing]] += 1
    return whole


def _in_town(land: Land, community: int, dice: np.random.Generator) -> FloatArray:
    across = COLUMNS // WIDE
    row, column = HIGH * (community // across), WIDE * (community % across)
    low = land.nodes[row : row + HIGH, column : column + WIDE].reshape(-1, 2)
    high = land.nodes[row + 1 : row + HIGH + 1, column + 1 : column + WIDE + 1].reshape(-1, 2)
    step = (np.arange(ACROSS) + 0.5) / ACROSS
    share = np.stack(np.meshgrid(step, step), axis=2).reshape(-1, 2)
    xy = low[:, None] + (0.2 + 0.6 * share) * (high - low)[:, None]
    return np.asarray((xy.reshape(-1, 2) + dice.uniform(-6, 6, (len(low) * len(share), 2))).round(2))


def _in_village(centre: FloatArray, dice: np.random.Generator) -> FloatArray:
    """Houses on both sides of the village's streets that run east and west."""
    along = PITCH * (np.arange(0.25, LANES - 1, 0.5) - (LANES - 1) / 2)
    streets = PITCH * (np.arange(LANES) - (LANES - 1) / 2)
    x, y, side = np.meshgrid(along, streets, (-18.0, 18.0), indexing="ij")
    xy = centre + np.column_stack([x.ravel(), (y + side).ravel()])
    return np.asarray((xy + dice.uniform(-5, 5, xy.shape)).round(2))


assert ROWS % HIGH == 0 and COLUMNS % WIDE == 0  # noqa: PT018 - the communities of the town are whole
