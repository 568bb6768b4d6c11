"""The planner's rules by hand: keep units together, make a grid exclusive, hold units in their grid, take a rule away."""

from __future__ import annotations

import dataclasses
from collections.abc import Sized
from dataclasses import dataclass

import numpy as np
import shapely

from gridplanner.edits.cut_edits import as_line
from gridplanner.edits.refusals import grid_of, plan_of, refuse_unknown, units_of
from gridplanner.errors import EditRejected
from gridplanner.i18n import _, ngettext
from gridplanner.model.lines import Lines
from gridplanner.model.outlines import polygons_of_units
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.model.rules import MustStays, RuleAreas, Rules, area_of_units
from gridplanner.model.units import Units

KINDS = ("keep", "exclusive", "groups", "fixed_lines", "must_stay")  # fields of Rules


@dataclass(frozen=True)
class KeepTogether:
    """Let units stay in one grid in every plan made from now on, as an area called `name`; the plan as it is stays as it is."""

    units: tuple[int, ...]
    name: str = ""

    @property
    def words(self) -> str:
        """The words in the language in use."""
        count = len(self.units)
        return ngettext("Keep {n} unit together", "Keep {n} units together", count).format(n=count)

    def apply(self, project: Project) -> Project:
        """Return the project with the rule; raises EditRejected for an unknown unit, none, or units of several communities."""
        units = units_of(project)
        rows = _known(units, self.units)
        if len(np.unique(units.community[rows])) > 1:
            raise EditRejected(_("These units lie in several communities; a grid never crosses its community"))
        areas = project.rules.keep
        name = _free_name(areas, self.name or _("kept together {n}"))
        return _with(project, keep=areas.with_area(shapely.union_all(polygons_of_units(units, rows)), name, cuts=False))


@dataclass(frozen=True)
class MakeExclusive:
    """Make a grid exclusive: a grid of its own in every plan made from now on, whatever it weighs."""

    grid: int
    name: str = ""

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Make a grid exclusive")

    def apply(self, project: Project) -> Project:
        """Return the project with the grid's area as an exclusive one; raises EditRejected for an unknown or exclusive grid."""
        units, plan = units_of(project), plan_of(project)
        grid = grid_of(plan, self.grid)
        if grid.kind == "exclusive":
            raise EditRejected(_("Grid {grid} is exclusive already").format(grid=grid.code))
        areas = project.rules.exclusive
        name = _free_name(areas, self.name or grid.name or grid.code)
        area = shapely.union_all(polygons_of_units(units, np.flatnonzero(plan.labels == self.grid)))
        grids = {**plan.grids, self.grid: dataclasses.replace(grid, kind="exclusive", name=name)}
        marked = dataclasses.replace(project, grids=dataclasses.replace(plan, grids=grids))
        return _with(marked, exclusive=areas.with_area(area, name, cuts=False))


@dataclass(frozen=True)
class HoldUnits:
    """Let units stay in the grid in which they are, in every plan made from now on."""

    units: tuple[int, ...]

    @property
    def words(self) -> str:
        """The words in the language in use."""
        count = len(self.units)
        return ngettext("Hold {n} unit in its grid", "Hold {n} units in their grids", count).format(n=count)

    def apply(self, project: Project) -> Project:
        """Return the project with the rule; raises EditRejected for an unknown unit or none, or where a grid has no code."""
        units, plan = units_of(project), plan_of(project)
        rows = _known(units, self.units)
        codes = [plan.grids[int(label)].code for label in plan.labels[rows]]
        if not all(codes):
            raise EditRejected(_("A grid without a code cannot hold units; give it one"))
        stays = project.rules.must_stay
        xy = shapely.get_coordinates(shapely.point_on_surface(polygons_of_units(units, rows)))
        return _with(project, must_stay=MustStays(np.vstack((stays.xy, xy)), np.append(stays.codes, texts(codes))))


@dataclass(frozen=True)
class DrawFixedLine:
    """Let a line stay a boundary: no grid lies on both sides of it in units and plans made from now on."""

    line: tuple[tuple[float, float], ...]

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Draw a line that stays a boundary")

    def apply(self, project: Project) -> Project:
        """Return the project with the line; raises EditRejected for a line of fewer than two places."""
        coords = as_line(self.line)
        lines = project.rules.fixed_lines
        offsets = np.append(lines.offsets, lines.offsets[-1] + len(coords)).astype(np.int32)
        return _with(project, fixed_lines=Lines(np.vstack((lines.coords, coords)), offsets))


@dataclass(frozen=True)
class Release:
    """Take one rule away: `kind` is a field of Rules (see KINDS), `row` its place there."""

    kind: str
    row: int

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Take a rule away")

    def apply(self, project: Project) -> Project:
        """Return the project without the rule; raises EditRejected where there is no such rule."""
        rules = project.rules
        found: Sized = getattr(rules, self.kind) if self.kind in KINDS else ()
        if not 0 <= self.row < len(found):
            raise EditRejected(_("There is no such rule"))
        keep = np.arange(len(found)) != self.row
        if isinstance(found, RuleAreas):
            left: object = found.without(self.row)
        elif isinstance(found, MustStays):
            left = MustStays(found.xy[keep], found.codes[keep])
        else:
            left = rules.fixed_lines.select(keep)
        freed = _with(project, **{self.kind: left})
        if self.kind != "exclusive" or project.grids is None or project.units is None:
            return freed
        plan = project.grids
        inside = set(plan.labels[area_of_units(project.units, rules.exclusive) == self.row].tolist())
        grids = {
            key: dataclasses.replace(grid, kind="") if grid.kind == "exclusive" and key in inside else grid
            for key, grid in plan.grids.items()
        }
        return dataclasses.replace(freed, grids=dataclasses.replace(plan, grids=grids))


def _with(project: Project, **changes: object) -> Project:
    rules: Rules = dataclasses.replace(project.rules, **changes)  # type: ignore[arg-type]
    return dataclasses.replace(project, rules=rules)


def _free_name(areas: RuleAreas, wish: str) -> str:
    """Return a name that no area has: the one wished, with the next number where it has a place for one or is taken."""
    taken = set(areas.names.tolist())
    pattern = wish if "{n}" in wish else f"{wish} {{n}}"
    if "{n}" not in wish and wish not in taken:
        return wish
    return next(name for n in range(1, len(areas) + 3) if (name := pattern.replace("{n}", str(n))) not in taken)


def _known(units: Units, rows: tuple[int, ...]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    index = np.unique(np.array(rows, np.intp))
    if not len(index):
        raise EditRejected(_("There is no such unit"))
    refuse_unknown(units, index)
    return index
