"""Routes as KML 2.2 (OGC 07-147r2): a folder for each zone, each route as a line in its colour with its stops and instructions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree as Xml

from gridplanner.i18n import _
from gridplanner.io.route_degrees import RouteDegrees, datum_words, moment
from gridplanner.io.route_gpx import HALTS, halt_name, route_line
from gridplanner.io.xml_text import xml_text
from gridplanner.model.patrol_sheet import RouteSheet
from gridplanner.model.street_words import clock_words
from gridplanner.model.turn_by_turn import Instruction, Kind

KML = "http://www.opengis.net/kml/2.2"
STOP_STYLES = {Kind.DEPART: ("depot", "#0b5fff"), Kind.SITE: ("site", "#d92d20"), Kind.REST: ("rest", "#067647")}  # no picture to fetch
WIDE = "4"  # pixels


def write_kml(path: Path, title: str, routes: Sequence[RouteDegrees], datum: str, zone: tzinfo | None) -> None:
    """Write some routes into one file; stops bear the moment of arrival where the sheets have a date."""
    Xml.register_namespace("", KML)
    root = Xml.Element(_kml("kml"))
    document = Xml.SubElement(root, _kml("Document"))
    _text(document, "name", title)
    _text(document, "description", datum_words(datum))
    for colour in sorted({route.sheet.colour for route in routes}):
        line = Xml.SubElement(Xml.SubElement(document, _kml("Style"), {"id": _style(colour)}), _kml("LineStyle"))
        _text(line, "color", _colour(colour))
        _text(line, "width", WIDE)
    for name, colour in STOP_STYLES.values():
        style = Xml.SubElement(document, _kml("Style"), {"id": name})
        _text(Xml.SubElement(style, _kml("IconStyle")), "color", _colour(colour))
    ordered = sorted(routes, key=lambda route: route.sheet.zone_code)
    for (_code, name), mine in groupby(ordered, key=lambda route: (route.sheet.zone_code, route.sheet.zone)):
        folder = Xml.SubElement(document, _kml("Folder"))
        _text(folder, "name", name or _("Patrol routes"))
        for route in mine:
            _add_route(folder, route, zone)
    Xml.indent(root, " ")
    Xml.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _add_route(parent: Xml.Element, route: RouteDegrees, zone: tzinfo | None) -> None:
    sheet = route.sheet
    folder = Xml.SubElement(parent, _kml("Folder"))
    _text(folder, "name", sheet.title)
    _text(folder, "description", route_line(sheet))
    way = Xml.SubElement(folder, _kml("Placemark"))
    _text(way, "name", sheet.title)
    _text(way, "description", "\n".join(f"{clock_words(row.clock)}  {sheet.words(row)}" for row in sheet.instructions))
    _text(way, "styleUrl", f"#{_style(sheet.colour)}")
    line = Xml.SubElement(way, _kml("LineString"))
    _text(line, "tessellate", "1")
    _text(line, "coordinates", " ".join(f"{lon:.7f},{lat:.7f}" for lon, lat in route.track.tolist()))
    for row, (lon, lat) in zip(sheet.instructions, route.rows.tolist(), strict=True):
        if row.kind is Kind.DEPART or row.kind in HALTS:
            _add_stop(folder, sheet, row, f"{lon:.7f},{lat:.7f}", zone)


def _add_stop(folder: Xml.Element, sheet: RouteSheet, row: Instruction, place: str, zone: tzinfo | None) -> None:
    stop = Xml.SubElement(folder, _kml("Placemark"))
    _text(stop, "name", halt_name(row))
    _text(stop, "description", f"{clock_words(row.clock)}  {sheet.words(row)}")
    if sheet.date is not None:
        when = moment(sheet.date, row.clock + row.wait, zone).isoformat()
        _text(Xml.SubElement(stop, _kml("TimeStamp")), "when", when)
    _text(stop, "styleUrl", f"#{STOP_STYLES[row.kind][0]}")
    _text(Xml.SubElement(stop, _kml("Point")), "coordinates", place)


def _colour(colour: str) -> str:
    """Return a colour such as #0b5fff as the format has it: opacity, blue, green, red."""
    return f"ff{colour[5:7]}{colour[3:5]}{colour[1:3]}"


def _style(colour: str) -> str:
    return f"route-{colour.lstrip('#')}"


def _text(parent: Xml.Element, tag: str, words: str) -> None:
    Xml.SubElement(parent, _kml(tag)).text = xml_text(words)


def _kml(tag: str) -> str:
    return f"{{{KML}}}{tag}"
