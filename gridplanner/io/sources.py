"""All sources of a plan read into one project: converted at the border, mended, and reported."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from algorithms.progress import SILENT, Progress
from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io import crs as systems
from gridplanner.io.doctor.repairs import tell_unmet
from gridplanner.io.inspection import SourceReport as SourceReport
from gridplanner.io.inspection import inspect as inspect
from gridplanner.io.open_source import Opened, open_sources
from gridplanner.io.osm import is_osm
from gridplanner.io.point_places import tell_on_borders
from gridplanner.io.read_areas import communities_from_district, communities_from_households, read_communities, read_district
from gridplanner.io.read_duty import READERS
from gridplanner.io.read_grids import read_current_grids
from gridplanner.io.read_lines import read_barriers, read_osm_barriers, read_osm_railway, read_osm_roads, read_railway, read_roads
from gridplanner.io.read_points import read_depots, read_households, read_key_sites, read_stations
from gridplanner.io.read_rail import read_rail_features
from gridplanner.io.read_rules import groups_of_communities, read_fixed_lines, read_must_stays, read_rule_areas
from gridplanner.io.reading import Reading
from gridplanner.io.table import finite_rows
from gridplanner.model.lines import NO_LINES, Floats
from gridplanner.model.places import (
    NO_BARRIERS,
    NO_COMMUNITIES,
    NO_DEPOTS,
    NO_DRAWN_GRIDS,
    NO_HOUSEHOLDS,
    NO_KEY_SITES,
    NO_RAIL_THINGS,
    NO_RAILWAY,
    NO_ROADS,
    NO_STATIONS,
    Communities,
    Households,
    Stations,
)
from gridplanner.model.project import Project
from gridplanner.model.rules import NO_AREAS, NO_MUST_STAYS, NO_RULES, RuleAreas, Rules
from gridplanner.model.rules_by_hand import with_rules_by_hand
from gridplanner.settings import Settings, SourceSettings

_CENTRE_FROM = (
    "households", "roads", "communities", "district", "railway", "stations", "barriers", "depots", "key_sites", "rail_posts",
    "station_areas", "incidents",
)  # fmt: skip
_RULES = ("estates", "exclusive", "groups", "fixed_lines", "must_stay")
_PLAIN = {  # parts of a project that one source gives
    "households": "households", "roads": "roads", "barriers": "barriers", "railway": "railway", "rail_things": "rail_features",
    "key_sites": "key_sites", "depots": "depots", "drawn": "current_grids", **{key: key for key in READERS},
}  # fmt: skip


def read_sources(settings: Settings, progress: Progress = SILENT) -> Project:
    """Return a project with everything that the sources of `settings` give, in metres of the project CRS.

    What had to be mended or assumed is in `read_issues`, where each layer came from in `provenance`. Raises InputError that names
    the file, layer, row and field and says what to do; nothing is written anywhere.
    """
    reading = Reading(as_is=left_as_is(settings))
    opened = open_sources(settings, reading, progress)
    reading.crs = _project_crs(settings, opened)
    project = _Assembly(settings, opened, reading, progress).project()
    tell_unmet(reading)
    return dataclasses.replace(project, read_issues=tuple(reading.issues))


def left_as_is(settings: Settings) -> dict[str, frozenset[str]]:
    """Return by source the repairs that the planner does not want."""
    return {key: frozenset(source.as_is) for key, source in settings.sources.items() if source.as_is}


def with_source(project: Project, sources: Mapping[str, SourceSettings], progress: Progress = SILENT) -> Project:
    """Return a project with some sources replaced or added, and all that no part of is read from them as it is.

    Plans stay, and so does the area that was made of the addresses while units divide it; to put what was read into a project with plans
    take `gridplanner.fresh_data`, which also mends these. Raises InputError as `read_sources` does.
    """
    settings = dataclasses.replace(project.settings, sources={**project.settings.sources, **sources})
    parts, before = _parts_of(settings), _parts_of(project.settings)
    if project.units is not None and parts.get("communities") == ("households",):
        parts.pop("communities"), before.pop("communities", None)
    anew = {part: keys for part, keys in parts.items() if set(keys) & set(sources)}
    anew |= {part: parts.get(part, ()) for part, keys in before.items() if set(keys) & set(sources)}
    needed = {key for keys in anew.values() for key in keys}
    opened, reading = _opened_among_others(settings, needed, project.crs, progress)
    if not reading.crs:
        reading.crs = _project_crs(settings, opened)
    fresh = _Assembly(settings, {key: opened[key] for key in opened if key in needed or opened[key].implied}, reading, progress).project()
    tell_unmet(reading)
    told = {part for part in anew if part not in settings.sources} | {
        key for key in (*needed, *sources) if all(part in anew for part, keys in parts.items() if key in keys)
    }
    values: dict[str, object] = {part: getattr(fresh, part) for part in anew}
    if "rules" in anew:
        values["rules"] = with_rules_by_hand(fresh.rules, project.rules, settings.sources)
    return dataclasses.replace(
        project,
        settings=settings,
        crs=reading.crs,
        read_issues=tuple([i for i in project.read_issues if i.layer not in told] + [i for i in reading.issues if i.layer in told]),
        provenance=tuple([c for c in project.provenance if c.source not in told] + [c for c in reading.provenance if c.source in told]),
        **values,  # type: ignore[arg-type]
    )


def with_new_households(project: Project, source: SourceSettings, progress: Progress = SILENT) -> Project:
    """Return a project with the households of another source, all else as it is; raises InputError as `read_sources` does."""
    return with_source(project, {"households": source}, progress)


def _parts_of(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Return the parts of a project that the sources give, by field, and the sources that each is read from."""
    given = settings.sources
    parts: dict[str, tuple[str, ...]] = {part: (key,) for part, key in _PLAIN.items() if key in given}
    parts["communities"] = tuple(key for key in ("communities", "district") if key in given) or ("households",)
    parts["rules"] = tuple(key for key in _RULES if key in given)
    if "groups" not in given and "communities" in given and "group" in given["communities"].fields:
        parts["rules"] += ("communities",)
    parts["stations"] = tuple(key for key in ("stations", "rail_posts") if key in given)
    for part, origin in (("barriers", "roads"), ("stations", "railway")):
        if part not in given and origin in given and is_osm(given[origin].path):
            parts[part] = (*parts.get(part, ()), origin)
    return {part: there for part, keys in parts.items() if (there := tuple(key for key in keys if key in given))}


def _opened_among_others(settings: Settings, needed: Set[str], crs: str, progress: Progress) -> tuple[dict[str, Opened], Reading]:
    """Return the needed sources opened; among the others where those can be read, as where a source lies is seen by what lies around it."""

    def opened(keys: Set[str]) -> tuple[dict[str, Opened], Reading]:
        some = dataclasses.replace(settings, sources={key: source for key, source in settings.sources.items() if key in keys})
        reading = Reading(crs, as_is=left_as_is(some))
        return open_sources(some, reading, progress), reading

    if all(settings.sources[key].datum != "auto" and settings.sources[key].crs != "auto" for key in needed):
        return opened(needed)
    around = {key for key in _CENTRE_FROM if key in settings.sources} - needed
    there = {key for key in around if not settings.sources[key].in_database and Path(settings.sources[key].path).exists()}
    if there:
        with contextlib.suppress(InputError):
            return opened(needed | there)
    return opened(needed)


@dataclass(frozen=True)
class _Assembly:
    """Builds the parts of a project one after another, from the sources that are there."""

    settings: Settings
    opened: Mapping[str, Opened]
    reading: Reading
    progress: Progress

    def project(self) -> Project:
        self._step(0.5, _("addresses"))
        households = self._households()
        self._step(0.6, _("communities"))
        communities = self._communities(households)
        if not communities.made_up:
            tell_on_borders(households, communities, self.reading)
        self._step(0.8, _("streets"))
        roads = NO_ROADS
        if source := self.opened.get("roads"):
            if source.osm:
                roads = read_osm_roads(source.table, source.fields, self.reading, source.turns)
            else:
                roads = read_roads(source.table, source.fields, self.reading)
            self._noted(source, len(roads))
        barriers = NO_BARRIERS
        if source := self.opened.get("barriers"):
            if source.osm:
                barriers = read_osm_barriers(source.table, self.reading, walls=not source.implied)
            else:
                barriers = read_barriers(source.table, source.fields, self.reading)
            if len(barriers) or not source.implied:
                self._noted(source, len(barriers))
        railway = NO_RAILWAY
        if source := self.opened.get("railway"):
            if source.osm:
                railway = read_osm_railway(source.table, self.reading)
            else:
                railway = read_railway(source.table, source.fields, self.reading)
            self._noted(source, len(railway))
        key_sites, depots = NO_KEY_SITES, NO_DEPOTS
        if source := self.opened.get("key_sites"):
            key_sites = read_key_sites(source.table, source.fields, self.reading)
            self._noted(source, len(key_sites))
        if source := self.opened.get("depots"):
            depots = read_depots(source.table, source.fields, self.reading)
            self._noted(source, len(depots))
        rail_things = NO_RAIL_THINGS
        if source := self.opened.get("rail_features"):
            rail_things = read_rail_features(source.table, source.fields, self.reading)
            self._noted(source, len(rail_things))
        drawn = NO_DRAWN_GRIDS
        if source := self.opened.get("current_grids"):
            drawn = read_current_grids(source.table, source.fields, self.reading)
            self._noted(source, len(drawn))
        stations, rules = self._stations(), self._rules()
        self._step(0.9, _("police data"))
        duty: dict[str, Any] = {}
        for key, read_duty in READERS.items():
            if source := self.opened.get(key):
                duty[key] = read_duty(source.table, source.fields, self.reading)
                self._noted(source, len(duty[key]))
        self._step(1.0, "")
        return Project(
            settings=self.settings, crs=self.reading.crs, communities=communities, households=households, roads=roads, barriers=barriers,
            railway=railway, stations=stations, rail_things=rail_things, key_sites=key_sites, depots=depots, drawn=drawn, rules=rules,
            read_issues=tuple(self.reading.issues), provenance=tuple(self.reading.provenance), **duty,
        )  # fmt: skip

    def _households(self) -> Households:
        source = self.opened.get("households")
        if source is None:
            return NO_HOUSEHOLDS
        households = read_households(source.table, source.fields, self.reading)
        self._noted(source, len(households))
        return households

    def _communities(self, households: Households) -> Communities:
        district = None
        if source := self.opened.get("district"):
            district = read_district(source.table, self.reading)
            self._noted(source, 1)
        if source := self.opened.get("communities"):
            table = source.table
            if "group" in source.fields:
                table = groups_of_communities(table, source.fields, self.reading)[0]
            communities = read_communities(table, source.fields, district, self.reading)
            self._noted(source, len(communities))
            return communities
        name = self.settings.project.name
        if district is not None:
            return communities_from_district(district, name, self.reading)
        return communities_from_households(households, name, self.reading) if len(households) else NO_COMMUNITIES

    def _rules(self) -> Rules:
        found: dict[str, RuleAreas] = {}
        for key in ("estates", "exclusive", "groups"):
            if source := self.opened.get(key):
                found[key] = read_rule_areas(source.table, source.fields, key, self.reading)
                self._noted(source, len(found[key]))
        if "groups" not in found and (source := self.opened.get("communities")) and "group" in source.fields:
            quiet = Reading(self.reading.crs, as_is=self.reading.as_is)  # what is mended was told when the communities were read
            found["groups"] = groups_of_communities(source.table, source.fields, quiet)[1]
        lines, stays = NO_LINES, NO_MUST_STAYS
        if source := self.opened.get("fixed_lines"):
            lines = read_fixed_lines(source.table, self.reading)
            self._noted(source, len(lines))
        if source := self.opened.get("must_stay"):
            stays = read_must_stays(source.table, source.fields, self.reading)
            self._noted(source, len(stays))
        keep, exclusive, groups = (found.get(key, NO_AREAS) for key in ("estates", "exclusive", "groups"))
        rules = Rules(keep, exclusive, groups, lines, stays)
        return rules if len(rules) else NO_RULES

    def _stations(self) -> Stations:
        parts = []
        for key in ("stations", "rail_posts"):
            if source := self.opened.get(key):
                if not len(source.table) and source.implied:
                    continue
                parts.append(read_stations(source.table, source.fields, key, self.reading))
                self._noted(source, len(parts[-1]))
        if not parts:
            return NO_STATIONS
        return Stations(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in dataclasses.fields(Stations)))

    def _noted(self, source: Opened, count: int) -> None:
        self.reading.came_from(source.key, source.table, count, source.note)

    def _step(self, fraction: float, words: str) -> None:
        self.progress.check()
        self.progress.report(fraction, words)


def _project_crs(settings: Settings, opened: Mapping[str, Opened]) -> str:
    """Return the CRS that the settings name, or the one that fits the centre of the first source of those that say where the data is."""
    wanted = settings.project.crs.strip()
    if wanted.lower() not in {"", "auto"}:
        return systems.check_projected(wanted)
    for key in _CENTRE_FROM:
        source = opened.get(key)
        if source is not None and len(source.table):
            lon, lat = _centre(source)
            return systems.auto_crs(lon, lat)
    raise InputError(_("The plan names no source that says where it is; give [sources.households] or [sources.roads]"))


def _centre(source: Opened) -> tuple[float, float]:
    """Return the longitude and latitude of the middle of a source's extent."""
    xy = source.coordinates
    finite = xy[finite_rows(xy)]
    if not len(finite):
        text = _("{file}: none of its coordinates are usable numbers; check its coordinate system")
        raise InputError(text.format(file=source.table.place))
    known = finite[np.any(finite != 0.0, axis=1)]  # what has no place often lies at 0, 0
    finite = known if len(known) else finite
    middle = ((finite.min(axis=0) + finite.max(axis=0)) / 2.0).reshape(1, 2)
    at: Floats = systems.transform(middle, source.table.crs, systems.WGS84)[0]
    if not np.isfinite(at).all():
        text = _("{file}: its coordinates do not fit its coordinate system {crs}; set the right one in QGIS and save it again")
        raise InputError(text.format(file=source.table.place, crs=systems.describe(source.table.crs)))
    return float(at[0]), float(at[1])
