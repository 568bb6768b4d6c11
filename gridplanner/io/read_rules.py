"""Rules of the grid plan from layers: estates and exclusive areas, villagers' groups, lines that stay boundaries, places that stay."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
import shapely

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io.cleaning import Polygons, clean_polygons, fitting_rows, made_valid, only_polygons
from gridplanner.io.fields import text_column
from gridplanner.io.read_lines import lines_of
from gridplanner.io.read_points import points_of
from gridplanner.io.reading import Reading
from gridplanner.io.table import POLYGON, Table
from gridplanner.model.issues import Level
from gridplanner.model.lines import Lines
from gridplanner.model.places import texts
from gridplanner.model.rules import MustStays, RuleAreas


def read_rule_areas(table: Table, fields: Mapping[str, str], key: str, reading: Reading) -> RuleAreas:
    """Return named areas whose outlines cut units; those without a name are called by their row, such as #3."""
    table = fitting_rows(table, (POLYGON,), key, reading)
    return _named_areas(table, clean_polygons(table, key, reading), fields.get("name"))


def _named_areas(table: Table, polygons: Polygons, field: str | None) -> RuleAreas:
    names = text_column(table, field)
    called = [str(names[row]) or f"#{table.rows[row]}" for row in polygons.rows.tolist()]
    return RuleAreas(polygons.shapes, texts(called), np.ones(len(called), bool))


def read_fixed_lines(table: Table, reading: Reading) -> Lines:
    """Return lines that stay grid boundaries; of areas, their outlines."""
    return lines_of(table, "fixed_lines", reading, areas_too=True).lines


def read_must_stays(table: Table, fields: Mapping[str, str], reading: Reading) -> MustStays:
    """Return places and the codes of the grids that they belong to; raises InputError where no field gives the codes."""
    if "code" not in fields:
        raise InputError(_("{file}: [sources.must_stay] needs fields.code, the grid that each place stays in").format(file=table.place))
    table, xy = points_of(table, "must_stay", reading)
    codes = text_column(table, fields["code"])
    bare = np.array([not code for code in codes], bool)
    reading.tell_rows(
        table, bare, "must_stay", level=Level.WARNING, kind="value", at=xy,
        text=N_("{file}, rows {rows}: names no grid to stay in, left out ({count} in all)"),
    )  # fmt: skip
    return MustStays(xy[~bare], codes[~bare])


def groups_of_communities(table: Table, fields: Mapping[str, str], reading: Reading) -> tuple[Table, RuleAreas]:
    """Return a layer whose rows are villagers' groups as its communities (rows of one code, else of one name, joined), and the groups.

    What is wrong with the rows is told. Raises InputError where neither a code nor a name says which community a group is of.
    """
    by = fields.get("code") or fields.get("name")
    if by is None:
        text = _("{file}: with fields.group, [sources.communities] needs fields.code or fields.name, the community that a group is of")
        raise InputError(text.format(file=table.place))
    table = fitting_rows(table, (POLYGON,), "communities", reading)
    polygons = clean_polygons(table, "communities", reading)
    groups = _named_areas(table, polygons, fields["group"])
    areas = table.select(np.isin(np.arange(len(table)), polygons.rows))
    words, first, index = np.unique(text_column(areas, by).astype(str), return_index=True, return_inverse=True)
    shapes = made_valid(areas.shapes)
    joined = np.empty(len(words), object)
    for word in range(len(words)):
        joined[word] = shapely.union_all(shapes[index == word])
    order = np.argsort(first, kind="stable")
    rows = first[order]
    columns = {name: column[rows] for name, column in areas.columns.items()}
    wkb = np.array(shapely.to_wkb(only_polygons(joined)[order]), object)
    return dataclasses.replace(areas, wkb=wkb, columns=columns, rows=areas.rows[rows]), groups
