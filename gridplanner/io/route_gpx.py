"""Routes as GPX 1.1 (topografix.com/GPX/1/1): the way as a track, the instructions as a route, and the stops as way points."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo
from pathlib import Path
from xml.etree import ElementTree as Xml

from gridplanner import __version__
from gridplanner.i18n import _
from gridplanner.io.doctor.datums import NAMES
from gridplanner.io.route_degrees import RouteDegrees, datum_words, moment
from gridplanner.io.xml_text import xml_text
from gridplanner.model.patrol_sheet import RouteSheet
from gridplanner.model.street_words import clock_words
from gridplanner.model.turn_by_turn import Instruction, Kind

GPX = "http://www.topografix.com/GPX/1/1"
STYLE = "http://www.topografix.com/GPX/gpx_style/0/2"
HALTS = {Kind.SITE, Kind.REST}
SYMBOLS = {Kind.DEPART: "Flag, Blue", Kind.SITE: "Pin, Red", Kind.REST: "Pin, Green"}


def write_gpx(path: Path, title: str, routes: Sequence[RouteDegrees], datum: str, zone: tzinfo | None) -> None:
    """Write some routes into one file; points bear times of day where the sheets have a date, in UTC as the format asks."""
    Xml.register_namespace("", GPX)
    Xml.register_namespace("gpx_style", STYLE)
    root = Xml.Element(_gpx("gpx"), {"version": "1.1", "creator": f"Gridplanner {__version__}"})
    about = Xml.SubElement(root, _gpx("metadata"))
    _text(about, "name", title)
    _text(about, "desc", datum_words(datum))
    _text(about, "keywords", NAMES[datum])
    for add in (_way_points, _route, _track):  # way points come before all routes, and those before all tracks
        for route in routes:
            add(root, route, zone)
    Xml.indent(root, " ")
    Xml.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def route_line(sheet: RouteSheet) -> str:
    """Return a route in one line: zone, crew, and from when to when."""
    first, last = sheet.route.stops[0].arrive, sheet.route.stops[-1].arrive
    times = _("{begins}–{ends}").format(begins=clock_words(first), ends=clock_words(last))
    return " · ".join(filter(None, (sheet.zone, _("Crew {n}").format(n=sheet.route.crew + 1), times)))


def halt_name(row: Instruction) -> str:
    """Return what a stop is called on a phone's map: its number on the sheet before its name."""
    name = row.name or (_("Break") if row.kind is Kind.REST else _("Depot"))
    return name if row.kind in {Kind.DEPART, Kind.BACK} else f"{row.seq} {name}"


def _way_points(root: Xml.Element, route: RouteDegrees, zone: tzinfo | None) -> None:
    sheet = route.sheet
    for row, (lon, lat) in zip(sheet.instructions, route.rows.tolist(), strict=True):
        if row.kind is Kind.DEPART or row.kind in HALTS:
            point = _point(root, "wpt", lon, lat, sheet, row.clock + row.wait, zone)
            _text(point, "name", halt_name(row))
            _text(point, "cmt", sheet.title)
            _text(point, "desc", sheet.words(row))
            _text(point, "sym", SYMBOLS[row.kind])
            _text(point, "type", str(row.kind))


def _route(root: Xml.Element, route: RouteDegrees, zone: tzinfo | None) -> None:
    sheet = route.sheet
    made = Xml.SubElement(root, _gpx("rte"))
    _text(made, "name", sheet.title)
    _text(made, "desc", route_line(sheet))
    for row, (lon, lat) in zip(sheet.instructions, route.rows.tolist(), strict=True):
        point = _point(made, "rtept", lon, lat, sheet, row.clock, zone)
        _text(point, "name", f"{row.seq}. {clock_words(row.clock)}")
        _text(point, "desc", sheet.words(row))
        _text(point, "type", str(row.kind))


def _track(root: Xml.Element, route: RouteDegrees, zone: tzinfo | None) -> None:
    sheet = route.sheet
    made = Xml.SubElement(root, _gpx("trk"))
    _text(made, "name", sheet.title)
    _text(made, "desc", route_line(sheet))
    line = Xml.SubElement(Xml.SubElement(made, _gpx("extensions")), f"{{{STYLE}}}line")
    Xml.SubElement(line, f"{{{STYLE}}}color").text = sheet.colour.lstrip("#")
    part = Xml.SubElement(made, _gpx("trkseg"))
    for (lon, lat), clock in zip(route.track.tolist(), route.clock.tolist(), strict=True):
        _point(part, "trkpt", lon, lat, sheet, clock, zone)


def _point(parent: Xml.Element, tag: str, lon: float, lat: float, sheet: RouteSheet, clock: float, zone: tzinfo | None) -> Xml.Element:
    point = Xml.SubElement(parent, _gpx(tag), {"lat": f"{lat:.7f}", "lon": f"{lon:.7f}"})
    if sheet.date is not None:
        _text(point, "time", moment(sheet.date, clock, zone).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    return point


def _text(parent: Xml.Element, tag: str, words: str) -> None:
    Xml.SubElement(parent, _gpx(tag)).text = xml_text(words)


def _gpx(tag: str) -> str:
    return f"{{{GPX}}}{tag}"
