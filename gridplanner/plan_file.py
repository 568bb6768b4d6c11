"""Plan files (TOML) and plain tables to settings and back; what does not fit is named with its place and a hint."""

from __future__ import annotations

import dataclasses
import tomllib
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.nearest import nearest_word
from gridplanner.settings import SOURCES, RailSettings, RosterSettings, Settings, SourceSettings
from gridplanner.source_settings import DATABASE

Values = typing.TypeVar("Values")
# words of the plan file that Python keeps for itself or that read better in code
_RENAMED = {(RailSettings, "from"): "start", (RailSettings, "to"): "stop", (RosterSettings, "for"): "group"}


def read_plan(path: Path) -> Settings:
    """Return the settings in a plan file, with the paths of its sources made absolute.

    Raises InputError that names the file, section and key, and suggests the nearest known word.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InputError(_("{file}: there is no such plan file").format(file=path)) from None
    except UnicodeDecodeError as why:
        raise InputError(_("{file}: cannot be read: {why}").format(file=path, why=why)) from None
    except OSError as why:
        raise InputError(_("{file}: cannot be read: {why}").format(file=path, why=why.strerror or why)) from None
    except (ValueError, RecursionError) as why:  # tables in tables without end, numbers of thousands of digits
        raise InputError(_("{file}: not a valid TOML file: {why}").format(file=path, why=why)) from None
    settings = settings_from_table(table, str(path))
    folder = path.resolve().parent
    sources = {key: _placed(source, folder) for key, source in settings.sources.items()}
    export = settings.export
    if export.profile.lower().endswith(".toml"):
        export = dataclasses.replace(export, profile=str((folder / export.profile).resolve()))
    name = settings.project.name or path.stem
    return dataclasses.replace(settings, sources=sources, export=export, project=dataclasses.replace(settings.project, name=name))


def _placed(source: SourceSettings, folder: Path) -> SourceSettings:
    """Return a source with the paths of its files made absolute; a database has none."""
    path = source.path if source.in_database else str((folder / source.path).resolve())
    join = source.join
    if join is not None and not join.path.startswith(DATABASE):
        join = dataclasses.replace(join, path=str((folder / join.path).resolve()))
    return dataclasses.replace(source, path=path, join=join)


def settings_from_table(table: Mapping[str, Any], where: str = "") -> Settings:
    """Return settings from nested plain values, as TOML or JSON gives them; raises InputError for what does not fit."""
    try:
        return cast(Settings, _make(Settings, table, ""))
    except (ValueError, TypeError) as why:
        raise InputError(f"{where}: {why}" if where else str(why)) from None


def values_from_table(cls: type[Values], table: Mapping[str, Any], where: str, what: str) -> Values:
    """Return another dataclass of plain values in the same way; `what` is what its file holds, for messages."""
    try:
        return cast(Values, _make(cls, table, what))
    except (ValueError, TypeError) as why:
        raise InputError(f"{where}: {str(why).replace(f'{what}.', '')}") from None


def settings_to_table(settings: Settings) -> dict[str, Any]:
    """Return settings as nested plain values; the inverse of `settings_from_table`."""
    return cast(dict[str, Any], _plain(settings))


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        back = {new: old for (cls, old), new in _RENAMED.items() if cls is type(value)}
        parts = {back.get(f.name, f.name): _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {key: part for key, part in parts.items() if part is not None}
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value


def _make(cls: type, table: object, place: str) -> object:
    """Return a settings dataclass from a plain table, with every value checked against its annotation."""
    if not isinstance(table, Mapping):
        raise ValueError(_("[{place}] must be a section, not {value}").format(place=place, value=table))
    hints = typing.get_type_hints(cls)
    known = {f.name for f in dataclasses.fields(cls)}
    words = {new: old for (owner, old), new in _RENAMED.items() if owner is cls}
    values: dict[str, object] = {}
    for key, value in table.items():
        name = _RENAMED.get((cls, key), key)
        if name not in known or (key in words):
            hint = nearest_word(key, sorted({words.get(n, n) for n in known}))
            raise ValueError(_("[{place}] has no key {key}; {hint}").format(place=place or "plan", key=key, hint=hint))
        values[name] = _fit(hints[name], value, f"{place}.{key}" if place else key)
    try:
        return cls(**values)
    except ValueError as why:
        raise ValueError(f"[{place}] {why}") from None
    except TypeError:
        missing = [
            f.name for f in dataclasses.fields(cls) if f.name not in values and f.default is f.default_factory is dataclasses.MISSING
        ]
        raise ValueError(_("[{place}] needs {names}").format(place=place, names=", ".join(missing))) from None


def _fit(kind: Any, value: object, place: str) -> object:
    """Return `value` as the annotation `kind` has it, or raise ValueError that names `place`."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType or origin is typing.Union:
        return _fit(type(value) if type(value) in args else next(a for a in args if a is not type(None)), value, place)
    if dataclasses.is_dataclass(kind):
        return _make(cast(type, kind), value, place)
    if place == "sources" and isinstance(value, Mapping):
        for key in value:
            if key not in SOURCES:
                raise ValueError(_("[sources.{key}] is not a source; {hint}").format(key=key, hint=nearest_word(key, SOURCES)))
    if origin is not None and issubclass(origin, Mapping) and isinstance(value, Mapping):
        return {str(key): _fit(args[1], part, f"{place}.{key}") for key, part in value.items()}
    if origin is tuple and isinstance(value, list | tuple):
        return tuple(_fit(args[0], part, place) for part in value)
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if kind in (int, str, bool) and type(value) is kind:
        return value
    if origin is tuple and args[0] is str:
        text = _("{place} is {value!r}; it must be a list in square brackets, such as {example}")
        raise ValueError(text.format(place=place, value=value, example=f'["{value}"]'))
    raise ValueError(_("{place} is {value!r}; it must be {kind}").format(place=place, value=value, kind=_(_WORDS.get(kind, _TABLE))))


_WORDS = {float: N_("a number"), int: N_("a whole number"), str: N_("text in quotes"), bool: N_("true or false")}
_TABLE = N_("a table or list")
