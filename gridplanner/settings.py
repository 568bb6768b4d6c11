"""Settings as the plan file has them (TOML): one frozen dataclass a section, checked when made."""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from gridplanner.errors import InputError
from gridplanner.i18n import _

SOURCES = (
    "district", "communities", "households", "roads", "barriers", "railway", "stations", "rail_posts", "key_sites", "depots",
    "incidents", "staff", "current_grids",
)  # fmt: skip


@dataclass(frozen=True)
class ProjectSettings:
    """Name, CRS (`auto` or an authority code of a projected CRS) and the seed of every random choice."""

    name: str = ""
    crs: str = "auto"
    seed: int = 1


@dataclass(frozen=True)
class SourceSettings:
    """One source: a file (relative paths are of the plan file's folder), its layer, and which of its fields mean what."""

    path: str = ""
    layer: str = ""
    encoding: str = "auto"
    datum: str = "auto"
    where: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.path:
            raise ValueError(_("path is missing"))
        if self.datum not in {"auto", "wgs84", "cgcs2000", "gcj02", "bd09"}:
            raise ValueError(_("datum is {value}; it must be auto, wgs84, cgcs2000, gcj02 or bd09").format(value=self.datum))


@dataclass(frozen=True)
class GridSettings:
    """How large a grid should be, and how hard to search. Loads in households and/or persons."""

    target_households: float | None = None
    target_persons: float | None = None
    tolerance: float = 0.10
    min_households: float | None = None
    max_households: float | None = None
    min_persons: float | None = None
    max_persons: float | None = None
    rural: str = ""
    effort: str = "standard"
    prove: bool = True
    max_moved: float | None = None
    codes: str = "DB11/T 2157"

    def __post_init__(self) -> None:
        if self.effort not in {"quick", "standard", "thorough"}:
            raise ValueError(_("effort is {value}; it must be quick, standard or thorough").format(value=self.effort))
        if not 0 < self.tolerance < 1:
            raise ValueError(_("tolerance is {value}; it must lie between 0 and 1, such as 0.10").format(value=self.tolerance))
        for name in ("target_households", "target_persons"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                raise ValueError(_("{name} is {value}; it must be above 0").format(name=name, value=value))
        for kind in ("households", "persons"):
            low, high = getattr(self, f"min_{kind}"), getattr(self, f"max_{kind}")
            if low is not None and high is not None and not 0 <= low < high:
                raise ValueError(_("min_{kind} {low} must be below max_{kind} {high}").format(kind=kind, low=low, high=high))


@dataclass(frozen=True)
class StaffSettings:
    """Grid workers and what they cost."""

    workers_per_grid: float = 1.0
    monthly_wage: float = 1600.0


@dataclass(frozen=True)
class BeatSettings:
    """How large a beat should be, in persons."""

    target_persons: float = 2500.0
    tolerance: float = 0.20


@dataclass(frozen=True)
class ZoneSettings:
    """How many patrol zones, of what, and what counts as work there."""

    count: int = 12
    units: str = "grids"
    response: float = 0.3
    workload: Mapping[str, float] = field(
        default_factory=lambda: {"households": 1.0, "incidents": 5.0, "street_km": 10.0, "key_sites": 20.0}
    )

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError(_("count is {value}; it must be 1 or more").format(value=self.count))
        if self.units not in {"grids", "beats", "blocks"}:
            raise ValueError(_("units is {value}; it must be grids, beats or blocks").format(value=self.units))
        known = {"households", "persons", "incidents", "street_km", "key_sites", "area_km2"}
        for name in self.workload:
            if name not in known:
                raise ValueError(_("workload.{name} is not known; {hint}").format(name=name, hint=_nearest(name, sorted(known))))


@dataclass(frozen=True)
class CheckpointSettings:
    """How many checkpoints at most."""

    count: int = 18


@dataclass(frozen=True)
class PatrolSettings:
    """Crews, shifts and what they must drive or walk."""

    crews_per_zone: int = 1
    shift_minutes: float = 240.0
    starts: tuple[str, ...] = ("08:00",)
    max_overtime_min: float = 0.0
    mode: str = "car"
    required_classes: tuple[str, ...] = ("primary", "secondary", "tertiary")
    both_sides: bool = False
    variants: int = 1

    def __post_init__(self) -> None:
        if self.mode not in {"car", "motorcycle", "foot"}:
            raise ValueError(_("mode is {value}; it must be car, motorcycle or foot").format(value=self.mode))
        if self.shift_minutes <= 0:
            raise ValueError(_("shift_minutes is {value}; it must be above 0").format(value=self.shift_minutes))
        for start in self.starts:
            clock_minutes(start)


@dataclass(frozen=True)
class RailBreak:
    """A broken chain: the place that reads `at` along the line behind it reads `equals` along the line ahead."""

    at: str
    equals: str


@dataclass(frozen=True)
class RailSettings:
    """Which part of the line is guarded, by how many, and what counts as work (km-equivalents)."""

    start: str = ""
    stop: str = ""
    squads: int = 1
    guards: int = 1
    weights: Mapping[str, float] = field(default_factory=lambda: {"length": 1.0})
    breaks: tuple[RailBreak, ...] = ()

    def __post_init__(self) -> None:
        if self.squads < 1 or self.guards < self.squads:
            raise ValueError(
                _("{guards} guards cannot fill {squads} squads; guards is the total").format(guards=self.guards, squads=self.squads)
            )


@dataclass(frozen=True)
class RosterSettings:
    """Who is on duty when."""

    start: str = ""
    days: int = 7
    shifts: Mapping[str, tuple[float, ...]] = field(default_factory=lambda: {"early": (8, 16), "late": (16, 24), "night": (0, 8)})
    demand: Mapping[str, int] = field(default_factory=lambda: {"early": 2, "late": 2, "night": 1})
    group: str = "rail"


@dataclass(frozen=True)
class ResponseSettings:
    """Rings of reach in minutes."""

    minutes: tuple[float, ...] = (1, 3, 5)


@dataclass(frozen=True)
class RatingSettings:
    """The month of the five-colour map."""

    month: str = ""


@dataclass(frozen=True)
class StreetChiefSettings:
    """Stretches of streets with a chief each."""

    length_km: float = 1.5


FORMATS = ("shp", "gpkg", "geojson", "kml", "gpx", "dxf", "csv", "xlsx", "flatgeobuf")


@dataclass(frozen=True)
class ExportSettings:
    """What leaves the office, and in which encoding and CRS."""

    formats: tuple[str, ...] = ("shp", "gpkg")
    encoding: str = "gb18030"
    profile: str = "standard"
    crs: str = "project"
    map_book: bool = False

    def __post_init__(self) -> None:
        for name in self.formats:
            if name not in FORMATS:
                raise ValueError(_("formats has {name}; {hint}").format(name=name, hint=_nearest(name, FORMATS)))
        if self.encoding.lower() not in {"gb18030", "gbk", "utf-8", "utf8"}:
            raise ValueError(_("encoding is {value}; it must be gb18030 or utf-8").format(value=self.encoding))


@dataclass(frozen=True)
class Settings:
    """Everything a plan file can say; a section that is None was left out and its step is skipped."""

    project: ProjectSettings = field(default_factory=ProjectSettings)
    sources: Mapping[str, SourceSettings] = field(default_factory=dict)
    grids: GridSettings | None = None
    staff: StaffSettings | None = None
    beats: BeatSettings | None = None
    zones: ZoneSettings | None = None
    checkpoints: CheckpointSettings | None = None
    patrol: PatrolSettings | None = None
    rail: RailSettings | None = None
    roster: RosterSettings | None = None
    response: ResponseSettings | None = None
    rating: RatingSettings | None = None
    street_chiefs: StreetChiefSettings | None = None
    export: ExportSettings = field(default_factory=ExportSettings)


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
    except (OSError, UnicodeDecodeError) as why:
        raise InputError(_("{file}: cannot be read: {why}").format(file=path, why=why)) from None
    except tomllib.TOMLDecodeError as why:
        raise InputError(_("{file}: not a valid TOML file: {why}").format(file=path, why=why)) from None
    settings = settings_from_table(table, str(path))
    folder = path.resolve().parent
    sources = {key: dataclasses.replace(s, path=str((folder / s.path).resolve())) for key, s in settings.sources.items()}
    name = settings.project.name or path.stem
    return dataclasses.replace(settings, sources=sources, project=dataclasses.replace(settings.project, name=name))


def settings_from_table(table: Mapping[str, Any], where: str = "") -> Settings:
    """Return settings from nested plain values, as TOML or JSON gives them; raises InputError for what does not fit."""
    try:
        return cast(Settings, _make(Settings, table, ""))
    except (ValueError, TypeError) as why:
        raise InputError(f"{where}: {why}" if where else str(why)) from None


def settings_to_table(settings: Settings) -> dict[str, Any]:
    """Return settings as nested plain values; the inverse of `settings_from_table`."""
    return cast(dict[str, Any], _plain(settings))


def clock_minutes(text: str) -> float:
    """Return minutes after midnight of a clock time such as 08:00; raises ValueError for anything else."""
    hours, colon, minutes = text.partition(":")
    if not (colon and hours.isdigit() and minutes.isdigit() and int(hours) < 25 and int(minutes) < 60):
        raise ValueError(_("{text} is not a clock time such as 08:00").format(text=text))
    return 60.0 * int(hours) + int(minutes)


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
            hint = _nearest(key, sorted({words.get(n, n) for n in known}))
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
        return _fit(next(a for a in args if a is not type(None)), value, place)
    if dataclasses.is_dataclass(kind):
        return _make(cast(type, kind), value, place)
    if place == "sources" and isinstance(value, Mapping):
        for key in value:
            if key not in SOURCES:
                raise ValueError(_("[sources.{key}] is not a source; {hint}").format(key=key, hint=_nearest(key, SOURCES)))
    if origin is not None and issubclass(origin, Mapping) and isinstance(value, Mapping):
        return {str(key): _fit(args[1], part, f"{place}.{key}") for key, part in value.items()}
    if origin is tuple and isinstance(value, list | tuple):
        return tuple(_fit(args[0], part, place) for part in value)
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if kind in (int, str, bool) and type(value) is kind:
        return value
    raise ValueError(
        _("{place} is {value!r}; it must be {kind}").format(place=place, value=value, kind=_WORDS.get(kind, _("a table or list")))
    )


_WORDS = {float: "a number", int: "a whole number", str: "text in quotes", bool: "true or false"}


def _nearest(word: str, known: typing.Sequence[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    if close:
        return _("did you mean {word}?").format(word=close[0])
    return _("known are {words}").format(words=", ".join(known))
