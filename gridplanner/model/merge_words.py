"""Conflicts of a merge in words, with their place on the map."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import shapely

from gridplanner.i18n import N_, _, ngettext
from gridplanner.model.change_words import REFS
from gridplanner.model.grid_identity import NO_GRID
from gridplanner.model.grids import Grid
from gridplanner.model.lines import Ints
from gridplanner.model.merge import Conflict
from gridplanner.model.merge_codes import CodeClash
from gridplanner.model.merge_fields import SAID, FieldClash
from gridplanner.model.merge_labels import Dispute
from gridplanner.model.merge_plans import WholeClash
from gridplanner.model.merge_rules import PlaceClash
from gridplanner.model.outlines import polygons_of_units
from gridplanner.model.places import Communities
from gridplanner.model.scenarios import scenario_title
from gridplanner.model.units import Units

WHOLES = {
    "beats": N_("police beats"), "zones": N_("patrol zones"), "checkpoints": N_("checkpoints"), "rings": N_("response rings"),
    "chiefs": N_("street chiefs"), "patrol": N_("patrol routes"), "rail": N_("guard segments"), "roster": N_("roster"),
    "units": N_("basic units and grids"), "master": N_("master plan"), "settings": N_("settings"), "roads": N_("streets"),
}  # fmt: skip
_MORE = {"crs": N_("coordinate system"), "read_issues": N_("faults read"), "provenance": N_("sources"), "picks": N_("Picked streets")}
_KINDS = {
    "plan": N_("Both sides changed the {what}"), "settings": N_("Both sides changed the settings [{what}]"),
    "scenario": N_("Both sides changed the scenario “{what}”"), "data": N_("Both sides changed the layer {what}"),
}  # fmt: skip
Known = Sequence[Mapping[int, Grid]]


class Words:
    """Turns what a merge of grids found into conflicts."""

    def __init__(self, units: Units, labels: Ints, places: Communities, keys: Sequence[str], grids: Known) -> None:
        """`keys` are those of `places`; `grids` are the grids of the base, of mine, of theirs and of the merged plan by merged ids."""
        self._units, self._labels, self._places, self._keys, self._grids = units, labels, places, keys, grids

    def dispute(self, one: Dispute) -> Conflict:
        """Return who has some units, or whether a grid goes on, as a conflict."""
        count = len(one.units)
        mine, theirs = self._title(one.mine, 1), self._title(one.theirs, 2)
        if one.kind == "units":
            text = ngettext("{n} unit of grid {grid} went to two grids", "{n} units of grid {grid} went to two grids", count)
            if one.grid == NO_GRID:
                text = ngettext("{n} unit is in two grids", "{n} units are in two grids", count)
            what = text.format(n=f"{count:,}", grid=self._code(one.grid, 0))
            mine, theirs = _("in {grid}").format(grid=mine), _("in {grid}").format(grid=theirs)
        elif one.kind == "ended":
            what = _("Grid {grid} ended on one side and goes on on the other").format(grid=self._code(one.grid, 0))
            goes_on, ended = _("goes on with {grid}").format(grid=self._title(one.grid, 1 if one.grid in self._grids[1] else 2)), _("ended")
            mine, theirs = (goes_on, ended) if one.grid in self._grids[1] else (ended, goes_on)
        else:
            what = _("Grid {grid} would lose its last unit to both sides together").format(grid=self._code(one.grid, 0))
            mine, theirs = _("keeps the units that it has here"), _("keeps the units that it has there")
        grids = tuple(sorted({one.grid, one.mine, one.theirs} - {NO_GRID}))
        return self._conflict(one.name, one.kind, what, (mine, theirs), one.units, grids)

    def field(self, one: FieldClash) -> Conflict:
        """Return a field of a grid that both changed as a conflict."""
        what = _("The {field} of grid {grid} was changed on both sides").format(field=_(SAID[one.field]), grid=self._code(one.grid, 0))
        rows = np.flatnonzero(self._labels == one.grid)
        return self._conflict(one.name, "grid", what, (_said(one.mine), _said(one.theirs)), rows, (one.grid,))

    def code(self, one: CodeClash) -> Conflict:
        """Return a code that both gave as a conflict."""
        what = _("Code {code} was given on both sides").format(code=one.code)
        ended = _("a grid that ended had it")
        mine = _("goes to {grid}").format(grid=self._title(one.mine, 1)) if one.mine >= 0 else ended
        theirs = _("goes to {grid}").format(grid=self._name(one.theirs))
        grids = tuple(grid for grid in (one.mine, one.theirs) if grid >= 0)
        return self._conflict(one.name, "code", what, (mine, theirs), np.flatnonzero(np.isin(self._labels, grids)), grids)

    def cut(self, key: str, rows: Ints) -> Conflict:
        """Return ground that both cut as a conflict."""
        place = self._keys.index(key) if key in self._keys else -1
        name = str(self._places.names[place]) if place >= 0 else key
        what = _("Units of {community} were cut otherwise on both sides").format(community=name)
        return self._conflict(f"cut:{key}", "cut", what, (_("as they are cut here"), _("as they are cut there")), rows, ())

    def place(self, one: PlaceClash) -> Conflict:
        """Return a place that both hold otherwise as a conflict."""
        what = _("A place is held in two grids")
        held = [_("in grid {code}").format(code=code) for code in (one.mine, one.theirs)]
        return Conflict(one.name, "rule", self._community_at(one.x, one.y), what, held[0], held[1], one.x, one.y)

    def _community_at(self, x: float, y: float) -> str:
        inside = np.flatnonzero(shapely.intersects_xy(self._places.polygons, x, y)) if len(self._places) else np.zeros(0, np.int64)
        return self._keys[int(inside[0])] if len(inside) else ""

    def _conflict(self, key: str, kind: str, what: str, sides: tuple[str, str], rows: Ints, grids: tuple[int, ...]) -> Conflict:
        x, y, community = None, None, ""
        if len(rows):
            spot = shapely.point_on_surface(polygons_of_units(self._units, rows[:1].astype(np.int32)))[0]
            x, y = float(spot.x), float(spot.y)
            community = self._keys[int(self._units.community[rows[0]])]
        elif grids and (known := self._known(grids[0])) is not None:
            community = self._keys[known.community]
        return Conflict(key, kind, community, what, sides[0], sides[1], x, y, tuple(rows.tolist()), grids)

    def _known(self, grid: int) -> Grid | None:
        return next((grids[grid] for grids in (self._grids[3], self._grids[1]) if grid in grids), None)

    def _code(self, grid: int, side: int) -> str:
        for grids in (self._grids[side], *self._grids):
            if grid in grids and grids[grid].code:
                return grids[grid].code
        return str(grid)

    def _name(self, grid: int) -> str:
        known = self._known(grid)
        return (known.name or known.code) if known is not None else str(grid)

    def _title(self, grid: int, side: int) -> str:
        """Return how a side calls a grid: its code and name."""
        known = self._grids[side].get(grid)
        if known is None:
            return self._code(grid, side)
        return f"{known.code} {known.name}".strip() or str(grid)


def whole_conflict(one: WholeClash, mine: object, theirs: object) -> Conflict:
    """Return a value that both sides changed as a conflict."""
    what = scenario_title(one.field) if one.kind == "scenario" else part_words(one.field) if one.kind != "settings" else one.field
    said = [_length(value, _("as it is here") if number == 0 else _("as it is there")) for number, value in enumerate((mine, theirs))]
    return Conflict(one.name, one.kind, "", _(_KINDS[one.kind]).format(what=what), said[0], said[1])


def part_words(name: str) -> str:
    """Return what a part of the project is called; a scenario by its name."""
    known = {**REFS, **WHOLES, **_MORE}
    return _(known[name]) if name in known else name


def turned_conflict(one: Conflict) -> Conflict:
    """Return a conflict that was found from the other side: the values change sides, “here” stays on this one."""
    here = {_("as it is there"): _("as it is here"), _("as it is here"): _("as it is there")}
    if one.kind in ("cut", "empty"):
        return one
    return dataclasses.replace(one, mine=here.get(one.theirs, one.theirs), theirs=here.get(one.mine, one.mine))


def _length(value: object, words: str) -> str:
    if value is None:
        return _("none")
    if isinstance(value, str):
        return value or words
    return words


def _said(value: object) -> str:
    if isinstance(value, bool):
        return _("locked") if value else _("not locked")
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value) or "–"
    return str(value) or "–"


def sorted_conflicts(found: Iterable[Conflict]) -> tuple[Conflict, ...]:
    """Return conflicts by community, kind and key."""
    return tuple(sorted(found, key=lambda one: (one.community == "", one.community, one.kind, one.key)))
