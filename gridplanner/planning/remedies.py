"""What would make communities fit: another tolerance or target, a neighbour, blocks that are divided. Each is tried before it is said."""

from __future__ import annotations

import math

import numpy as np

from algorithms.sums import group_sums
from gridplanner.i18n import N_
from gridplanner.model.band import Band
from gridplanner.model.fit import TargetFit, fits
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Ints
from gridplanner.model.project import Project
from gridplanner.model.units import Units, border_lengths
from gridplanner.planning.sizes import Sizes
from gridplanner.settings import GridSettings

WIDE = 0.3  # a tolerance that is hardly one: what else would help is said too
REACH = 0.2  # how far from the wished target others are tried
SAID = 50  # neighbours named at most


def has_limits(settings: GridSettings | None) -> bool:
    """Return whether the band comes from a minimum or maximum, so that neither target nor tolerance alone moves it."""
    given = settings or GridSettings()
    return any(limit is not None for limit in (given.min_households, given.max_households, given.min_persons, given.max_persons))


def other_spreads(project: Project, band: Band, sizes: Sizes, tightest: float) -> list[Issue]:
    """Say with which tolerance, or which limits, every community fits; `tightest` is the share that `Sizes.tightest` found."""
    communities = len(project.communities)
    held = sizes.load[:communities] > 0
    middle = (band.low + band.high) / 2

    def fitting(t: float) -> int:
        return int(sizes.fit(middle * (1 - t), middle * (1 + t))[:communities][held].sum())

    if has_limits(project.settings.grids):
        target, what = (band.households, N_("households")) if band.households is not None else (band.persons or 1.0, N_("persons"))
        low, high = math.floor(middle * (1 - tightest) * target + 1e-6), math.ceil(middle * (1 + tightest) * target - 1e-6)
        if low < 0 or not sizes.fit(low / target, high / target)[:communities].all():
            return []
        text = N_("With limits of {low} to {high} {what} every community fits")
        return [_remedy(text, {"low": low, "high": high, "what": what})]
    t = _rounded_up(tightest)
    while t < 1 and fitting(t) < held.sum():  # a little more may part what was planned together
        t = round(t + 0.001, 3)
    if t >= 1:
        return []
    if t <= WIDE:
        return [_remedy(N_("With a tolerance of {percent} % every community fits"), {"percent": f"{100 * t:.1f}"})]
    found = [_remedy(N_("Only with a tolerance of {percent} % does every community fit"), {"percent": f"{100 * t:.1f}"})]
    each = sizes.tightest(middle)[:communities]
    less = [_rounded_up(float(s)) for s in np.unique(each[held & (each <= WIDE)])]
    counts = [fitting(s) for s in less]
    most = max(counts, default=0)
    if most > int(sizes.fit(band.low, band.high)[:communities][held].sum()):
        t = less[counts.index(most)]
        text = N_("With a tolerance of {percent} % {n} of {m} communities fit")
        found.append(_remedy(text, {"percent": f"{100 * t:.1f}", "n": most, "m": int(held.sum())}))
    return found


def best_target(settings: GridSettings | None, band: Band, sizes: Sizes, communities: int) -> TargetFit | None:
    """Return the target within REACH of the wished that fits most communities, the nearest of these, or None where none fits more.

    With a target of households and one of persons both are scaled alike, and the first of them is named.
    """
    wished = band.households or band.persons
    if wished is None or has_limits(settings):
        return None
    step = 1.0 if wished >= 50 else 0.1
    targets = np.arange(math.ceil((1 - REACH) * wished / step), math.floor((1 + REACH) * wished / step) + 1) * step
    scale = targets / wished
    held = sizes.load[:communities] > 0
    load = sizes.load[:communities][held]
    most = fits(load[None, :] / scale[:, None], band.low, band.high).sum(axis=1)  # parts can only make it fewer
    now = int(sizes.fit(band.low, band.high)[:communities][held].sum())
    count = np.full(len(targets), -1)
    for i in np.lexsort((np.abs(targets - wished), -most)).tolist():
        if most[i] < max(count.max(), now + 1):
            break
        count[i] = int(sizes.fit(band.low * scale[i], band.high * scale[i])[:communities][held].sum())
    if count.max(initial=-1) <= now:
        return None
    good = count == count.max()
    best = int(np.flatnonzero(good)[np.argmin(np.abs(targets[good] - wished))])
    first, last = best, best
    while first > 0 and good[first - 1]:
        first -= 1
    while last + 1 < len(good) and good[last + 1]:
        last += 1
    return TargetFit(float(targets[best]), float(targets[first]), float(targets[last]), int(count[best]))


def other_target(band: Band, found: TargetFit, inhabited: int) -> Issue:
    """Say which target the scan found."""
    values: dict[str, object] = {"n": found.communities, "m": inhabited, "low": f"{found.low:g}", "high": f"{found.high:g}"}
    if band.households is not None and band.persons is not None:
        persons = f"{found.best * band.persons / band.households:.0f}"
        text = N_("With targets of {target} households and {persons} persons {n} of {m} communities fit")
        return _remedy(text, {**values, "target": f"{found.best:g}", "persons": persons})
    what = N_("households") if band.households is not None else N_("persons")
    values |= {"target": f"{found.best:g}", "what": what}
    if found.low == found.high:
        return _remedy(N_("With a target of {target} {what} {n} of {m} communities fit"), values)
    return _remedy(N_("With a target of {target} {what} (any from {low} to {high}) {n} of {m} communities fit"), values)


def neighbours_to_join(project: Project, units: Units, band: Band, sizes: Sizes, unfit: Bools) -> list[Issue]:
    """Say with which neighbour a community that does not fit would: one that does not fit either, else that of the longest border."""
    low, high, length = _common_borders(units)
    found: list[Issue] = []
    done: set[int] = set()
    for row in np.flatnonzero(unfit).tolist():
        if row in done or len(found) >= SAID:
            continue
        mine = np.concatenate((np.flatnonzero(low == row), np.flatnonzero(high == row)))
        other = low[mine] + high[mine] - row
        together = sizes.totals[:, [row]] + sizes.totals[:, other]
        good = fits(together.max(axis=0), band.low, band.high)
        if not good.any():
            continue
        best = np.lexsort((length[mine], unfit[other], good))[-1]
        partner = int(other[best])
        done |= {row, partner} if unfit[partner] else {row}
        loads = together[:, best].tolist()
        text = N_("Joined with its neighbour {other}, {name} has {n} {what}, which {k} grids fit")
        values = {
            "name": project.communities.names[row], "other": project.communities.names[partner], "k": band.number(max(loads)),
            **band.amount(loads),
        }  # fmt: skip
        found.append(Issue(Level.INFO, "remedy", text, values, "communities", str(row)))
    return found


def divided_blocks(count: int) -> Issue:
    """Say that `count` heavy units are blocks that could be cut."""
    text = N_("With divide_blocks = true, {n} blocks that are too heavy are cut between their buildings, where there is room")
    return _remedy(text, {"n": count})


def grids_of_their_own(count: int) -> Issue:
    """Say that `count` heavy buildings may be exclusive grids."""
    text = N_("{n} buildings are too heavy by themselves; an area in [sources.exclusive] makes each a grid of its own")
    return _remedy(text, {"n": count})


def _common_borders(units: Units) -> tuple[Ints, Ints, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Return (lower row, higher row, metres) of communities that share a border that can be crossed."""
    inner = (units.left >= 0) & (units.right >= 0) & ~units.blocked
    a, b = units.community[units.left[inner]], units.community[units.right[inner]]
    apart = a != b
    low, high = np.minimum(a, b)[apart].astype(np.int64), np.maximum(a, b)[apart]
    size = int(units.community.max(initial=0)) + 1
    pair, index = np.unique(low * size + high, return_inverse=True)
    return pair // size, pair % size, group_sums(index, border_lengths(units)[inner][apart], len(pair))


def _rounded_up(share: float) -> float:
    """Return a share rounded up to a tenth of a per cent, as it is written in a plan file."""
    return math.ceil(1000 * share - 1e-6) / 1000


def _remedy(text: str, values: dict[str, object]) -> Issue:
    return Issue(Level.INFO, "remedy", text, values, "grids")
