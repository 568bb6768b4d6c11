"""Layers as an export profile wants them: other names and order, fields dropped, and fields that are the same in every row."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping

import numpy as np

from gridplanner.errors import InputError
from gridplanner.export_profiles import Constant, ExportProfile, LayerProfile
from gridplanner.i18n import N_, _
from gridplanner.io.field_table import NAME as FIELD_TABLE
from gridplanner.io.file_names import can_be_layer
from gridplanner.io.layer_columns import LayerRows
from gridplanner.io.layer_schemas import REAL, SCHEMAS, TEXT, WHOLE, Field, Schema
from gridplanner.io.route_files import STEM
from gridplanner.io.table import Column
from gridplanner.nearest import nearest_word

_DIGITS = 18  # of a constant that is a number, which a whole number of 64 bits holds
_TAKEN = {FIELD_TABLE.removesuffix(".csv"), STEM}  # by files that an export has beside those of its layers


def check_profile(profile: ExportProfile) -> None:
    """Raise InputError for a layer or field that the export does not have, two layers of one name, or a name that no file can have."""
    for name, layer in profile.layers.items():
        section = f"layers.{name}"
        if name not in SCHEMAS:
            text = _("{file}: [{section}] is no layer; {hint}")
            raise InputError(text.format(file=_place(profile), section=section, hint=nearest_word(name, tuple(SCHEMAS))))
        _check_fields(profile, section, layer, tuple(part.name for part in SCHEMAS[name].fields))
        if layer.file and (not can_be_layer(layer.file) or layer.file.lower() in _TAKEN - {name}):
            text = _("{file}: [{section}] file is {value}; a file cannot be called that")
            raise InputError(text.format(file=_place(profile), section=section, value=layer.file))
    _check_fields(profile, "all", profile.all, tuple({part.name: None for schema in SCHEMAS.values() for part in schema.fields}))
    taken: dict[str, str] = {}
    for name in SCHEMAS:
        file = (profile.of(name).file or name).lower()
        if file in taken and not (profile.of(name).leave_out or profile.of(taken[file]).leave_out):
            text = _("{file}: [{section}] file is {value}, which {other} is called too")
            raise InputError(text.format(file=_place(profile), section=f"layers.{name}", value=file, other=taken[file]))
        taken[file] = name


def apply(profile: ExportProfile, rows: LayerRows) -> LayerRows | None:
    """Return a layer as a profile wants it, None where it is left out; the shapes stay as they are.

    Two fields of one name are told apart by a number behind the second.
    """
    wish = profile.of(rows.schema.origin)
    if wish.leave_out:
        return None
    constants = {name: _constant(name, value) for name, value in wish.constant.items()}
    own = {part.name: part for part in rows.schema.fields if part.name not in wish.drop and part.name not in constants}
    parts = {**own, **constants}
    order = [*(name for name in wish.order if name in parts), *(name for name in parts if name not in wish.order)]
    taken: set[str] = set()
    fields: list[Field] = []
    columns: dict[str, Column] = {}
    for name in order:
        part = parts[name]
        called = _distinct(name if name in constants else wish.rename.get(name) or _called(part, profile.names), taken)
        fields.append(part if called == name else dataclasses.replace(part, name=called, was=part.origin))
        columns[called] = _column(wish.constant[name], len(rows)) if name in constants else rows.columns[name]
    schema = Schema(wish.file or rows.schema.name, rows.schema.geometry, tuple(fields), rows.schema.origin if wish.file else "")
    return LayerRows(schema, rows.shapes, columns)


def _check_fields(profile: ExportProfile, section: str, layer: LayerProfile, known: tuple[str, ...]) -> None:
    asked: Mapping[str, tuple[str, ...]] = {
        "order": tuple(name for name in layer.order if name not in {**layer.constant, **profile.all.constant}),
        "drop": layer.drop, "rename": tuple(layer.rename),
    }  # fmt: skip
    for key, names in asked.items():
        for name in names:
            if name not in known:
                text = _("{file}: [{section}] {key} names {value}, which is no field there; {hint}")
                raise InputError(text.format(file=_place(profile), section=section, key=key, value=name, hint=nearest_word(name, known)))
    for name, value in layer.constant.items():
        if isinstance(value, int | float) and not (math.isfinite(value) and abs(value) < 10**_DIGITS):
            text = _("{file}: [{section}] constant {name} is {value}; a number has at most {most} digits")
            raise InputError(text.format(file=_place(profile), section=section, name=name, value=value, most=_DIGITS))
    for name in (*layer.rename.values(), *layer.constant):
        if not name.strip() or not name.isprintable():
            text = _("{file}: [{section}] has a field without a name that can be read")
            raise InputError(text.format(file=_place(profile), section=section))


def _place(profile: ExportProfile) -> str:
    return profile.place or _("profile {name}").format(name=profile.name)


def _called(part: Field, names: str) -> str:
    return part.chinese.partition("（")[0] if names == "chinese" else part.name


def _distinct(name: str, taken: set[str]) -> str:
    """Return a name unlike those taken, also where letters' case does not count; adds it to `taken`."""
    found, number = name, 1
    while found.lower() in taken:
        number += 1
        found = f"{name}{number}"
    taken.add(found.lower())
    return found


def _constant(name: str, value: Constant) -> Field:
    meaning = N_("the same in every row")
    if isinstance(value, str):
        return Field(name, TEXT, min(max(len(value) * 4, 1), 254), name, name, "", meaning)
    if isinstance(value, int):
        return Field(name, WHOLE, _DIGITS, name, name, "", meaning)
    return Field(name, REAL, _DIGITS, name, name, "", meaning, len(f"{value:.6f}".rstrip("0").partition(".")[2]))


def _column(value: Constant, count: int) -> Column:
    if isinstance(value, str):
        column = np.empty(count, object)
        column[:] = value
        return column
    return np.full(count, value, np.int64 if isinstance(value, int) else np.float64)
