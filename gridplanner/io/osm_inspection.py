"""What an OpenStreetMap file can give: a report for each thing that a source may be made of, with the filter that selects it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gridplanner.i18n import _
from gridplanner.io import crs as systems
from gridplanner.io.first_rows import ROWS, value_text
from gridplanner.io.osm import Wish, read_osm, tagged_objects
from gridplanner.io.osm_extract import Tags
from gridplanner.io.osm_tags import NOT_THERE, TRACKS, WATERS
from gridplanner.io.source_report import SourceReport

_KEYS = ("highway", "railway", "waterway", "barrier", "building", "addr:housenumber", "boundary")
_MORE = ("name", "admin_level", "addr:street", "addr:full", "railway:position")
_WALLS = ("city_wall", "wall")
_SOME = 0.3  # share of objects that bear a tag for it to be proposed
_LEVEL = "boundary = 'administrative' AND admin_level = '{level}' AND name IS NOT NULL"


@dataclass(frozen=True)
class _Part:
    """One thing in the file: its name, the source it may be, its geometry, its filter, and the tags shown of its first objects."""

    layer: str
    role: str
    geometry: str
    where: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    shown: tuple[str, ...] = ()


_PARTS = {
    "roads": _Part("roads", "roads", "line", shown=("highway", "name")),
    "railway": _Part("railway", "railway", "line", shown=("railway", "name")),
    "barriers": _Part("barriers", "barriers", "line", shown=("waterway", "barrier", "name")),
    "stations": _Part("stations", "stations", "point", shown=("railway", "name", "railway:position")),
    "milestones": _Part("milestones", "rail_posts", "point", "railway = 'milestone'", {"chainage_km": "railway:position"},
                        ("railway:position", "name")),
    "crossings": _Part("level crossings", "rail_features", "point", "railway = 'level_crossing'", {"kind": "railway", "name": "name"},
                       ("railway", "name")),
    "buildings": _Part("buildings", "households", "polygon", "building IS NOT NULL", shown=("building", "addr:street", "addr:housenumber")),
    "addresses": _Part("addresses", "households", "point", "\"addr:housenumber\" IS NOT NULL", shown=("addr:street", "addr:housenumber")),
}  # fmt: skip


@dataclass
class _Count:
    """How many objects of a part there are, the first of them, and how many bear the tags that an address may be read from."""

    count: int = 0
    first: list[Tags] = field(default_factory=list)
    bear: Counter[str] = field(default_factory=Counter)

    def take(self, tags: Tags) -> None:
        self.count += 1
        if len(self.first) < ROWS:
            self.first.append(tags)
        self.bear.update(key for key in ("addr:full", "addr:street") if key in tags)

    @property
    def address(self) -> dict[str, str]:
        """The tag that an address is best read from, where enough objects bear it."""
        return next(({"address": key} for key in ("addr:full", "addr:street") if self.bear[key] >= _SOME * self.count), {})


def osm_reports(path: Path) -> list[SourceReport]:
    """Return a report for streets, tracks, barriers, stations, buildings, addresses and each level of administrative areas of a file.

    Counted in one pass that keeps nothing but the first objects of each, and one that puts administrative areas together: those that reach
    beyond the file cannot be closed and are none. Raises InputError where the file cannot be read.
    """
    counts = {name: _Count() for name in _PARTS}
    bounded = False
    for kind, tags in tagged_objects(path, _KEYS, _MORE):
        for name in _parts_of(kind, tags):
            counts[name].take(tags)
        bounded = bounded or _is_administrative(tags)
    levels = _levels(path) if bounded else {}
    reports = [_report(path, _PARTS[name], count, _mapping(_PARTS[name], count)) for name, count in counts.items() if count.count]
    for level in sorted(levels, key=lambda word: (len(word), word)):
        role = "communities" if levels[level].count > 1 else "district"
        part = _Part(f"admin_level {level}", role, "polygon", _LEVEL.format(level=level.replace("'", "''")), {"name": "name"}, ("name",))
        reports.append(_report(path, part, levels[level], part.mapping))
    return reports or [SourceReport(str(path), "", "", 0, problems=(_("holds no streets, railways, rivers or areas"),))]


def _levels(path: Path) -> dict[str, _Count]:
    """Return the named administrative areas that can be put together, by their level."""
    found: dict[str, _Count] = {}
    wish = Wish(areas=frozenset(("boundary",)), points=frozenset(), columns=frozenset(("boundary", "admin_level", "name")))
    for tags in read_osm(path, wish).areas.tags:
        if _is_administrative(tags):
            found.setdefault(tags["admin_level"], _Count()).take(tags)
    return found


def _is_administrative(tags: Tags) -> bool:
    return tags.get("boundary") == "administrative" and "name" in tags and "admin_level" in tags


def _parts_of(kind: str, tags: Tags) -> list[str]:
    """Return the parts that an object belongs to."""
    found = []
    railway = tags.get("railway")
    if kind in {"way", "area"}:
        if tags.get("highway", "no") not in NOT_THERE:
            found.append("roads")
        if railway in TRACKS:
            found.append("railway")
        if tags.get("waterway") in WATERS or tags.get("barrier") in _WALLS:
            found.append("barriers")
    elif kind == "node":
        if railway in {"station", "halt"}:
            found.append("stations")
        elif railway == "milestone":
            found.append("milestones")
        elif railway == "level_crossing":
            found.append("crossings")
    if kind == "area" and tags.get("building", "no") not in NOT_THERE:
        found.append("buildings")
    if kind in {"node", "area"} and "addr:housenumber" in tags:
        found.append("addresses")
    return found


def _mapping(part: _Part, count: _Count) -> Mapping[str, str]:
    return count.address if part.role == "households" else part.mapping


def _report(path: Path, part: _Part, count: _Count, mapping: Mapping[str, str]) -> SourceReport:
    rows = tuple(tuple(value_text(tags.get(key)) for key in part.shown) for tags in count.first)
    return SourceReport(
        str(path), part.layer, part.geometry, count.count, {}, systems.describe(systems.WGS84), "UTF-8", part.role, mapping, part.where,
        columns=part.shown, rows=rows, looked_at=len(rows),
    )  # fmt: skip
