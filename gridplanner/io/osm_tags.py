"""What OpenStreetMap's tags mean: classes of streets, directions, speeds, levels, tracks and waters."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from gridplanner.io.table import Column
from gridplanner.io.where import is_missing
from gridplanner.model.lines import Bools, Floats, Texts
from gridplanner.model.places import RoadClass

Bytes = NDArray[np.int8]

CLASS_OF = {
    **dict.fromkeys(("motorway", "trunk", "primary", "secondary", "tertiary"), RoadClass.ARTERIAL),
    **dict.fromkeys(("motorway_link", "trunk_link", "primary_link", "secondary_link", "tertiary_link"), RoadClass.ARTERIAL),
    **dict.fromkeys(("residential", "unclassified", "living_street", "road"), RoadClass.STREET),
    **dict.fromkeys(("service", "busway", "bus_guideway"), RoadClass.LANE),
    **dict.fromkeys(("pedestrian", "footway", "path", "track", "steps", "cycleway", "bridleway", "corridor"), RoadClass.PATH),
}
NOT_THERE = ("proposed", "construction", "abandoned", "disused", "razed", "planned", "demolished", "no")
ROAD_TAGS = ("highway", "name", "name:zh", "oneway", "junction", "maxspeed", "layer", "bridge", "tunnel", "access", "motor_vehicle")
RAIL_TAGS = ("railway", "name", "name:zh", "service", "tunnel", "bridge", "layer", "railway:track_ref")
BARRIER_TAGS = ("waterway", "railway", "barrier", "name", "name:zh", "service", "tunnel")
ADDRESS_TAGS = ("addr:street", "addr:place", "addr:housenumber", "addr:unit")
STATION_TAGS = ("railway", "name", "name:zh", "railway:position", "railway:position:exact", "ele")
TRACKS = ("rail", "light_rail", "narrow_gauge")
WATERS = ("river", "canal")
_MPH, _KMH, _KNOTS = 0.44704, 1 / 3.6, 0.514444
_CHINESE = re.compile("[\u3400-\u9fff]$")
_SPEED = re.compile(r"(\d+(?:\.\d+)?)\s*(mph|knots|km/?h|kmh|kph)?$")
_ZONES = {"urban": 50.0, "rural": 80.0, "trunk": 100.0, "motorway": 120.0, "living_street": 15.0, "bicycle_road": 30.0}


def road_classes(highway: Column, access: Column, motor_vehicle: Column) -> Bytes:
    """Return the RoadClass of each way; streets that are closed to the public count as lanes."""
    classes = np.array([CLASS_OF.get(word, RoadClass.OTHER) for word in highway], np.int8)
    closed = np.isin(access.astype(str), ("no", "private")) | np.isin(motor_vehicle.astype(str), ("no", "private"))
    return np.where(closed, np.minimum(classes, RoadClass.LANE), classes).astype(np.int8)


def directions(highway: Column, oneway: Column, junction: Column) -> Bytes:
    """Return 1, -1 or 0 for each way; motorways and roundabouts run along the line unless they say otherwise."""
    said = {"yes": 1, "true": 1, "1": 1, "-1": -1, "reverse": -1, "no": 0, "false": 0, "0": 0}
    implied = np.isin(highway.astype(str), ("motorway", "motorway_link")) | np.isin(junction.astype(str), ("roundabout", "circular"))
    return np.array([said.get(str(word).lower(), int(one)) for word, one in zip(oneway, implied, strict=True)], np.int8)


def speeds(maxspeed: Column) -> Floats:
    """Return each way's limit in m/s, 0 where unknown."""
    known: dict[object, float] = {}
    return np.array([known[word] if word in known else known.setdefault(word, speed(word)) for word in maxspeed], np.float64)


def speed(word: object) -> float:
    """Return a limit in m/s, 0 where it cannot be known.

    >>> [round(speed(word) * 3.6) for word in ("50", "30 mph", "walk", "CN:urban", "none", "signals", None)]
    [50, 48, 6, 50, 130, 0, 0]
    """
    text = str(word or "").split(";")[0].strip().lower()
    found = _SPEED.match(text)
    if found:
        unit = {"mph": _MPH, "knots": _KNOTS}.get(found[2] or "", _KMH)
        return float(found[1]) * unit
    if text in {"walk", "walking"} or text.endswith(":walk"):
        return 6.0 * _KMH
    if text == "none":
        return 130.0 * _KMH
    zone = text.rpartition(":")[2]
    if zone in _ZONES:
        return _ZONES[zone] * _KMH
    numeric = re.fullmatch(r"(?:zone)?(\d+)", zone)
    return float(numeric[1]) * _KMH if numeric and ":" in text else 0.0


def levels(layer: Column, bridge: Column, tunnel: Column) -> Bytes:
    """Return the level of each way: bridges above 0, tunnels below, whatever their layer tag forgets."""
    said = np.array([_whole(word) for word in layer], np.int8)
    over = truths(bridge) & (said <= 0)
    under = truths(tunnel) & (tunnel.astype(str) != "building_passage") & (said >= 0)
    return np.where(under, -1, np.where(over, 1, said)).astype(np.int8)


def truths(column: Column) -> Bools:
    """True where a tag says anything but no."""
    return np.asarray(~np.isin(column.astype(str), ("None", "no", "", "false", "0")))


def names(name: Column, chinese: Column) -> Texts:
    """Return the names as they stand on the signs, the Chinese ones where there is no other."""
    out = np.empty(len(name), object)
    out[:] = [own or other or "" for own, other in zip(name, chinese, strict=True)]
    return out


def addresses(street: Column, place: Column, number: Column, unit: Column) -> Texts:
    """Return the addresses (n,), numbers behind the street as in Chinese and German ones; empty where there is no number.

    >>> list(addresses(*(np.array([word], object) for word in ("崆峒东路", None, "12号", "3单元"))))
    ['崆峒东路12号3单元']
    """
    out = np.empty(len(street), object)
    for row, (road, spot, house, flat) in enumerate(zip(street, place, number, unit, strict=True)):
        where = road or spot or ""
        gap = "" if not where or _CHINESE.search(where) else " "
        out[row] = f"{where}{gap}{house}{flat or ''}" if house else ""
    return out


def main_tracks(service: Column) -> Bools:
    """True for main line tracks: those without a service tag, which sidings, spurs, yards and crossovers bear."""
    return is_missing(service)


def _whole(word: object) -> int:
    try:
        return int(np.clip(float(str(word).split(";")[0]), -5, 5))
    except (ValueError, OverflowError):
        return 0
