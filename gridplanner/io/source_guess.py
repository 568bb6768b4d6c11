"""Which source each layer of a pile of files is: one file for each, tables joined where their codes tell, and what was left out."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gridplanner.i18n import _
from gridplanner.io.crs import WGS84
from gridplanner.io.osm import is_osm
from gridplanner.io.roles import guess_fields
from gridplanner.io.source_report import SourceReport
from gridplanner.settings import JoinSettings, SourceSettings

_IMPLIED = {"barriers": "roads", "stations": "railway"}  # what an OpenStreetMap file gives along with another source
_JOINED = ("households", "persons", "address", "name", "street", "weight")  # words that a joined table may give


@dataclass(frozen=True)
class SourceGuess:
    """Sources by key, and in words what was left out and why."""

    sources: Mapping[str, SourceSettings]
    left_out: tuple[str, ...] = ()


def source_of(report: SourceReport, key: str) -> SourceSettings:
    """Return a layer as the source `key`: its fields as guessed, its filter, and its CRS where it is guessed from the coordinates."""
    fields = dict(report.mapping)
    if key != report.role:
        private = {name for name, fact in report.facts.items() if fact.private}
        places = {word: name for word, name in report.mapping.items() if word in {"x", "y", "lonlat", "wkt"}}
        fields = guess_fields(key, [name for name in report.fields if name not in private and name not in places.values()]) | places
    crs = report.crs_guess if report.crs_guess not in {"", WGS84} else "auto"
    layer = "" if is_osm(report.path) or report.layer == Path(report.path).stem else report.layer
    return SourceSettings(report.path, layer, where=report.where, fields=fields, crs=crs)


def guessed_sources(reports: Sequence[SourceReport], without: Collection[str] = ()) -> SourceGuess:
    """Return each layer as what it looks like; of several for one source that with most rows, a file of its own before OpenStreetMap's.

    `without` are sources that are given already. A table without a role is joined to the layer whose codes it holds, where it brings
    households, persons or names.
    """
    chosen: dict[str, SourceReport] = {}
    left: list[str] = []
    joined: set[tuple[str, str]] = set()
    for report in sorted(reports, key=lambda each: (is_osm(each.path), -each.count)):
        name = _name_of(report)
        if not report.role or not report.count:
            continue
        if report.role in without or report.role in chosen:
            text = _("{file}: left out, {key} is taken from elsewhere; write {key}={path} to take it")
            left.append(text.format(file=name, key=report.role, path=f"{report.path}:{report.layer}"))
            continue
        chosen[report.role] = report
    sources = {key: source_of(report, key) for key, report in chosen.items() if not _comes_along(report, key, chosen)}
    for key, source in sources.items():
        found = _with_join(source, chosen[key], key, reports)
        if found.join is not None:
            joined.add((found.join.path, found.join.layer))
        sources[key] = found
    for report in reports:
        if not report.role and report.readable and report.count and (report.path, report.layer) not in joined:
            left.append(_("{file}: left out, it does not say what it is").format(file=_name_of(report)))
    return SourceGuess(sources, tuple(dict.fromkeys(left)))


def _name_of(report: SourceReport) -> str:
    """Return the name of a file, with its layer where that has another."""
    return Path(report.path).name + (f" ({report.layer})" if report.layer not in {"", Path(report.path).stem} else "")


def _comes_along(report: SourceReport, key: str, chosen: Mapping[str, SourceReport]) -> bool:
    origin = chosen.get(_IMPLIED.get(key, ""))
    return is_osm(report.path) and origin is not None and origin.path == report.path


def _with_join(source: SourceSettings, layer: SourceReport, key: str, reports: Sequence[SourceReport]) -> SourceSettings:
    """Return a source with the first of the tables whose codes are its own and which brings words that it lacks."""
    for choice in layer.joins:
        table = next((each for each in reports if (each.path, each.layer) == (choice.path, choice.layer)), None)
        if table is None or table.role:
            continue
        names = [name for name in table.fields if name != choice.key and not (name in table.facts and table.facts[name].private)]
        more = {word: name for word, name in guess_fields(key, names).items() if word not in source.fields and word in _JOINED}
        if more:
            fields = {**source.fields, **{word: f"join.{name}" for word, name in more.items()}}
            join = JoinSettings(choice.path, choice.key, choice.to, choice.layer)
            return dataclasses.replace(source, fields=fields, join=join)
    return source
