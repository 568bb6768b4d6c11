"""A grid plan drawn elsewhere, laid over the units: what its outlines say, and where they overlap, leave gaps or cross limits."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely

from algorithms.graph.components import components
from algorithms.sums import group_sums
from algorithms.units.locate import spatial_order
from gridplanner.code_profiles import profile_of
from gridplanner.i18n import N_
from gridplanner.model.band import band_of
from gridplanner.model.code_faults import verify_codes
from gridplanner.model.grids import Grid
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.outlines import unit_polygons
from gridplanner.model.places import DrawnGrids
from gridplanner.model.project import Project
from gridplanner.model.rules import RuleAreas, area_shares
from gridplanner.model.statistics import unit_households, unit_persons
from gridplanner.model.units import unit_areas
from gridplanner.planning.earlier_plan import EarlierPlan
from gridplanner.planning.grid_problem import borders_with_rules
from gridplanner.planning.pieces import joined_parts
from gridplanner.settings import GridSettings

PLACED = 200  # issues of one kind that get a place each
SLIVER = 300.0  # square metres below which ground without households is not worth a word
NARROW = 8.0  # metres of twice the area by the perimeter below which an overlap is a slip of the pen
LAYER = "current_grids"


def drawn_plan(project: Project) -> EarlierPlan:
    """Return the drawn grids laid over the project's units.

    A unit is of the grid that holds most of its households, else most of its ground where that is more than half; what is of none is left
    to its neighbours. A grid is of the community that holds most of it; what a limit cuts off becomes a grid of its own where it weighs
    enough for one, and else goes to its neighbours. Everything that does not fit is an issue with its place. Raises ValueError where the
    project has no units or no drawn grids.
    """
    if project.units is None or not len(project.drawn):
        raise ValueError("the project has no units or no drawn grids")
    return _Overlay(project).plan()


class _Overlay:
    """Units and drawn grids, and what was found out about them."""

    def __init__(self, project: Project) -> None:
        assert project.units is not None
        self.project, self.units, self.drawn = project, project.units, project.drawn
        self.households = unit_households(self.units, project.households)
        self.band = band_of(project.settings.grids)
        self.load = self.band.load(self.households, unit_persons(self.units, project.households))
        self.issues: list[Issue] = []
        self.address, self.holder = _holders(project.households.xy, self.drawn)

    def plan(self) -> EarlierPlan:
        """Return the earlier plan."""
        unit = self._of_units()
        self._tell_overlaps()
        self._tell_gaps(unit)
        home = self._communities(unit)
        unit, cut = self._cut_at_limits(unit, home)
        self._tell_pieces(unit)
        self._tell_lost(unit)
        self._tell_codes()
        grids = tuple(
            Grid(max(int(home[row]), 0), str(self.drawn.codes[row]), str(self.drawn.names[row])) for row in range(len(self.drawn))
        )
        return EarlierPlan(grids, (0,) * len(grids), unit.astype(np.int32), self._of_addresses(unit), tuple(self.issues), cut)

    def _of_units(self) -> Ints:
        """Return the grid of each unit, -1 for none."""
        count = len(self.drawn)
        at = self.units.address_unit[self.address]
        inside = at >= 0
        key, index = np.unique(at[inside].astype(np.int64) * count + self.holder[inside], return_inverse=True)
        homes = group_sums(index.ravel(), self.project.households.households[self.address[inside]], len(key))
        unit, grid, share = area_shares(self.units, RuleAreas(self.drawn.polygons, self.drawn.codes, np.zeros(count, bool)))
        ground = dict(zip((unit.astype(np.int64) * count + grid).tolist(), share.tolist(), strict=True))
        both = np.unique(np.concatenate((key, unit.astype(np.int64) * count + grid)))
        held = np.zeros(len(both))
        held[np.searchsorted(both, key)] = homes
        part = np.array([ground.get(k, 0.0) for k in both.tolist()])
        worth = (held > 0) | (part > 0.5) | ((part > 0.05) & self._mostly_covered(unit, share)[both // count])
        both, held, part = both[worth], held[worth], part[worth]
        order = np.lexsort((-(both % count), part, held, both // count))
        found = np.full(len(self.units), -1, np.int64)
        found[(both // count)[order]] = (both % count)[order]  # most households, then most ground, is written last
        return found

    def _mostly_covered(self, unit: Ints, share: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return which units have more than half of their ground in drawn grids together."""
        return np.asarray(group_sums(unit, share, len(self.units)) > 0.5)

    def _of_addresses(self, unit: Ints) -> Ints:
        """Return the grid that each address was in: its unit's where that is one of those that hold it, else the first."""
        found = np.full(len(self.project.households), -1, np.int32)
        found[self.address[::-1]] = self.holder[::-1]
        at = self.units.address_unit[self.address]
        same = (at >= 0) & (np.where(at >= 0, unit[at], -1) == self.holder)
        found[self.address[same]] = self.holder[same]
        return found

    def _communities(self, unit: Ints) -> Ints:
        """Return the community of each drawn grid, -1 where it has no unit: the one with most of its households, then of its ground."""
        return _largest(unit, self.units.community, self.households + 1e-9 * unit_areas(self.units), len(self.drawn))

    def _cut_at_limits(self, unit: Ints, home: Ints) -> tuple[Ints, tuple[int, ...]]:
        """Return the grids of the units after each was cut at the limits of its community, and what each new number was cut from."""
        abroad = np.flatnonzero((unit >= 0) & (home[unit] != self.units.community))
        out = unit.copy()
        parts = sorted({(int(unit[u]), int(self.units.community[u])) for u in abroad.tolist()})
        names = self.project.communities.names
        cut: list[int] = []
        for grid, community in parts:
            mine = abroad[(unit[abroad] == grid) & (self.units.community[abroad] == community)]
            own = bool(self.load[mine].sum() >= self.band.low > 0)
            out[mine] = len(self.drawn) + len(cut) if own else -1
            cut += [grid] * own
            if self.households[mine].sum() > 0 or unit_areas(self.units)[mine].sum() > SLIVER:
                text = (
                    N_("Drawn grid {code} reaches from {home} into {other}, with {n} households; that part becomes a grid of its own")
                    if own
                    else N_("Drawn grid {code} reaches from {home} into {other}, with {n} households; that part goes to the grids there")
                )
                values = {"home": names[home[grid]], "other": names[community]}
                self._tell("crosses_limit", text, grid, mine, values)
        return out, tuple(cut)

    def _tell(self, kind: str, text: str, grid: int, units: Ints, values: Mapping[str, object]) -> None:
        x, y = shapely.get_coordinates(shapely.point_on_surface(unit_polygons(self.units)[units[0]]))[0].round(2).tolist()
        words = {"code": self._name(grid), "n": f"{self.households[units].sum():g}", **values}
        self.issues.append(Issue(Level.WARNING, kind, text, words, LAYER, self._name(grid), x, y))

    def _name(self, grid: int) -> str:
        return str(self.drawn.codes[grid] or self.drawn.names[grid]) or f"#{grid + 1}"

    def _tell_overlaps(self) -> None:
        polygons = self.drawn.polygons
        one, other = shapely.STRtree(polygons).query(polygons, predicate="intersects")
        one, other = one[one < other], other[one < other]
        shared = shapely.intersection(polygons[one], polygons[other])
        area = shapely.area(shared)
        homes = self.project.households.households
        twice = np.flatnonzero(np.bincount(self.address, minlength=len(homes)) > 1)
        row, pair = shapely.STRtree(shared).query(shapely.points(self.project.households.xy[twice]), predicate="intersects")
        held = group_sums(pair, homes[twice[row]], len(one))
        wide = 2 * area > NARROW * shapely.length(shared)
        real = np.flatnonzero((held > 0) | (wide & (area > SLIVER)))
        text = N_(
            "Drawn grids {code} and {other} overlap by {area:.0f} m² with {n} households; each unit went to the one that holds more of it"
        )
        for p in real[np.lexsort((-area[real], -held[real]))][:PLACED].tolist():
            x, y = shapely.get_coordinates(shapely.point_on_surface(shared[p]))[0].round(2).tolist()
            values = {"code": self._name(one[p]), "other": self._name(other[p]), "area": float(area[p]), "n": f"{held[p]:g}"}
            level = Level.WARNING if held[p] > 0 else Level.INFO
            self.issues.append(Issue(level, "drawn_overlap", text, values, LAYER, self._name(one[p]), x, y))
        self._tell_rest(len(real), "drawn_overlap", N_("{more} more overlaps of drawn grids"))
        slits = (area > 1.0) & ~wide
        slits[real] = False
        if slits.any():
            text = N_("Outlines of drawn grids overlap in {count} narrow strips without households, {area:.0f} m² in all; streets decided")
            values = {"count": int(slits.sum()), "area": float(area[slits].sum())}
            self.issues.append(Issue(Level.INFO, "drawn_overlap", text, values, LAYER))

    def _tell_gaps(self, unit: Ints) -> None:
        """Say where no grid was drawn, gap by gap."""
        bare = unit < 0
        inner = (self.units.left >= 0) & (self.units.right >= 0)
        a, b = self.units.left[inner], self.units.right[inner]
        both = bare[a] & bare[b] & (self.units.community[a] == self.units.community[b])
        part = components(len(self.units), a[both], b[both])
        gaps = np.unique(part[bare])
        held = group_sums(part, self.households)[gaps] if len(gaps) else np.zeros(0)
        area = group_sums(part, unit_areas(self.units))[gaps] if len(gaps) else np.zeros(0)
        real = np.flatnonzero((held > 0) | (area > SLIVER))
        text = N_("No grid is drawn here: {area:.0f} m² with {n} households went to the nearest grids of {name}")
        for g in real[np.lexsort((-area[real], -held[real]))][:PLACED].tolist():
            mine = np.flatnonzero(part == gaps[g])
            x, y = shapely.get_coordinates(shapely.point_on_surface(unit_polygons(self.units)[mine[0]]))[0].round(2).tolist()
            name = str(self.project.communities.names[self.units.community[mine[0]]])
            values = {"area": float(area[g]), "n": f"{held[g]:g}", "name": name}
            self.issues.append(Issue(Level.WARNING, "drawn_gap", text, values, LAYER, name, x, y))
        self._tell_rest(len(real), "drawn_gap", N_("{more} more gaps between drawn grids"))

    def _tell_rest(self, count: int, kind: str, text: str) -> None:
        if count > PLACED:
            self.issues.append(Issue(Level.WARNING, kind, text, {"more": count - PLACED}, LAYER))

    def _tell_pieces(self, unit: Ints) -> None:
        blocked = borders_with_rules(self.project).blocked
        text = N_(
            "Drawn grid {code} lies in {pieces} pieces that nothing joins; the heaviest keeps it, {n} households go to the grids around"
        )
        group = np.where(unit < len(self.drawn), unit, -1)
        for grid, parts in enumerate(joined_parts(self.units, group, len(self.drawn), self.load, blocked)):
            if len(parts) > 1:
                self._tell("drawn_pieces", text, grid, np.concatenate(parts[1:]), {"pieces": len(parts)})

    def _tell_lost(self, unit: Ints) -> None:
        for grid in np.setdiff1d(np.arange(len(self.drawn)), unit).tolist():
            x, y = shapely.get_coordinates(shapely.point_on_surface(self.drawn.polygons[grid]))[0].round(2).tolist()
            text = N_("Drawn grid {code} holds no unit: it lies outside of every community, below others, or is too small")
            self.issues.append(Issue(Level.WARNING, "drawn_lost", text, {"code": self._name(grid)}, LAYER, self._name(grid), x, y))

    def _tell_codes(self) -> None:
        """Say which codes are not as the profile has them; they are kept."""
        rows = np.flatnonzero(self.drawn.codes != "")
        profile = profile_of((self.project.settings.grids or GridSettings()).codes)
        found = verify_codes(profile, self.drawn.codes[rows].tolist(), self.project.communities.codes.tolist())
        text = N_("The code {code} of a drawn grid was kept, but: {why}")
        wrong = [(row, why) for row, why in zip(rows.tolist(), found, strict=True) if why]
        for row, why in wrong[:PLACED]:
            x, y = shapely.get_coordinates(shapely.point_on_surface(self.drawn.polygons[row]))[0].round(2).tolist()
            code = str(self.drawn.codes[row])
            self.issues.append(Issue(Level.INFO, "drawn_code", text, {"code": code, "why": "; ".join(why)}, LAYER, code, x, y))
        self._tell_rest(len(wrong), "drawn_code", N_("{more} more codes of drawn grids are not as the profile has them"))


def _holders(xy: Floats, drawn: DrawnGrids) -> tuple[Ints, Ints]:
    """Return (address, grid) of every address that lies in or on a drawn grid, by address and then grid."""
    order = spatial_order(xy)
    shapely.prepare(drawn.polygons)
    point, grid = shapely.STRtree(drawn.polygons).query(shapely.points(xy[order]), predicate="intersects")
    address = order[point]
    by = np.lexsort((grid, address))
    return address[by], grid[by]


def _largest(group: Ints, member: Ints, weight: Floats, count: int) -> Ints:
    """Return for each group the member that weighs most in it, -1 for an empty one; elements with a group below 0 are left out."""
    known = group >= 0
    size = int(member.max(initial=0)) + 1
    key, index = np.unique(group[known].astype(np.int64) * size + member[known], return_inverse=True)
    order = np.lexsort((-(key % size), group_sums(index.ravel(), weight[known], len(key)), key // size))
    found = np.full(count, -1, np.int64)
    found[(key // size)[order]] = (key % size)[order]  # the heaviest is written last, of two the first
    return found
