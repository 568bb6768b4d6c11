"""What police planning is given beside streets and households: incidents, station areas, monthly figures, people on duty.

Places and counts only: incidents are points or counts with a month and a kind, never who; people on duty are planning data with a
work phone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplanner.model.lines import Floats, Texts
from gridplanner.model.places import texts


@dataclass(frozen=True, eq=False)
class Incidents:
    """Calls and cases as places: `xy` (n, 2) metres, `weight` (n,) how many, `months` (n,) such as 2026-01 or empty, `kinds` (n,) text."""

    xy: Floats
    weight: Floats
    months: Texts
    kinds: Texts

    def __len__(self) -> int:
        return len(self.xy)


@dataclass(frozen=True, eq=False)
class StationAreas:
    """Areas of police stations: `polygons` (n,) Polygon or MultiPolygon, `codes` and `names` (n,) text."""

    polygons: Texts
    codes: Texts
    names: Texts

    def __len__(self) -> int:
        return len(self.polygons)


@dataclass(frozen=True, eq=False)
class Indicators:
    """Counts per area and month: row i says of the area `areas[i]` (its code or name) in `months[i]` the `counts[i]`.

    `names` (k,) are the indicators, four of them usually, `counts` (n, k) their values, NaN where none was given; `satisfaction` (n,)
    is 0 to 100, NaN where nobody was asked.
    """

    areas: Texts
    months: Texts
    names: Texts
    counts: Floats
    satisfaction: Floats

    def __len__(self) -> int:
        return len(self.areas)


@dataclass(frozen=True, eq=False)
class Staff:
    """People on duty: `names`, `roles`, `phones` (work phones) and `units` (n,): the code or name of the grid, beat, zone or street."""

    names: Texts
    roles: Texts
    phones: Texts
    units: Texts

    def __len__(self) -> int:
        return len(self.names)


NO_INCIDENTS = Incidents(np.empty((0, 2)), np.zeros(0), texts(), texts())
NO_STATION_AREAS = StationAreas(texts(), texts(), texts())
NO_INDICATORS = Indicators(texts(), texts(), texts(), np.empty((0, 0)), np.zeros(0))
NO_STAFF = Staff(texts(), texts(), texts(), texts())
