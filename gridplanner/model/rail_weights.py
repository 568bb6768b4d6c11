"""The work along the lines weighed: amounts of each kind in each atom times what one of it weighs, in km-equivalents."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from gridplanner.model.rail import RailProfile


def weighted(profile: RailProfile, weights: Mapping[str, float]) -> RailProfile:
    """Return the profile with its amounts weighed by other weights, such as those of the night; kinds without one weigh nothing."""
    factors = np.array([float(weights.get(kind, 0.0)) for kind in profile.kinds])
    return dataclasses.replace(profile, work=profile.amount * factors)
