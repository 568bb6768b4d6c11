"""Every row of a source arrives or is told: the account of each reader over damaged tables."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import event, given, settings
from hypothesis import strategies as st

from gridplanner.errors import InputError
from gridplanner.io.read_areas import read_communities
from gridplanner.io.read_duty import (
    read_checkpoint_sites,
    read_cordons,
    read_incidents,
    read_indicators,
    read_staff,
    read_station_areas,
)
from gridplanner.io.read_grids import read_current_grids
from gridplanner.io.read_points import read_depots, read_households, read_key_sites, read_stations
from gridplanner.io.read_rail import read_rail_features
from gridplanner.io.read_roster import read_roster_cells
from gridplanner.io.read_rules import read_must_stays, read_rule_areas
from gridplanner.io.reading import Reading
from gridplanner.io.table import Table

X, Y = 500_000.0, 3_900_000.0
CRS = "EPSG:4545"
WORDS = st.sampled_from(["", None, "甲", "-3", "5", "1.5", "nan", "2026-01", "2026-01-05", "已有", "请假", "K12+300"])
ROWS = 8  # as many as a finding names


def box(row, width=80.0):
    return shapely.box(X + 100 * row, Y, X + 100 * row + width, Y + 80)


SHAPES = {  # by word, the geometry of a row
    "point": lambda row: shapely.Point(X + 100 * row, Y + 5 * row),
    "area": box,
    "line": lambda row: shapely.LineString([(X + 100 * row, Y), (X + 100 * row + 50, Y + 9)]),
    "nothing": lambda _row: None,
    "empty": lambda _row: shapely.Point(),
    "endless": lambda row: shapely.Point(X + 100 * row, np.inf),
    "zero": lambda _row: shapely.Point(0, 0),
    "endless area": lambda row: shapely.Polygon([(X + 100 * row, Y), (X + 100 * row + 9, np.inf), (X + 100 * row + 9, Y + 9)]),
    "crossing": lambda row: bow(row),
    "flat": lambda row: shapely.Polygon([(X + 100 * row, Y), (X + 100 * row + 9, Y), (X + 100 * row + 5, Y)]),
    "first again": lambda _row: box(0),
    "collection": lambda row: shapely.GeometryCollection([shapely.Point(X + 100 * row, Y), box(row)]),
}


def bow(row):
    left = X + 100 * row
    return shapely.Polygon([(left, Y), (left + 80, Y + 80), (left + 80, Y), (left, Y + 80)])


# reader, the geometry of a sound row, the words of its fields
READERS = {
    "households": (read_households, "point", ("households", "persons", "address", "group")),
    "stations": (lambda t, f, r: read_stations(t, f, "stations", r), "point", ("name", "chainage_km", "line")),
    "key_sites": (read_key_sites, "point", ("name", "visits", "dwell_min", "weight")),
    "depots": (read_depots, "point", ("name", "crews")),
    "incidents": (read_incidents, "point", ("weight", "month", "kind")),
    "checkpoint_sites": (read_checkpoint_sites, "point", ("name", "kind")),
    "must_stay": (read_must_stays, "point", ("code",)),
    "rail_features": (read_rail_features, "point", ("name", "kind")),
    "estates": (lambda t, f, r: read_rule_areas(t, f, "estates", r), "area", ("name",)),
    "communities": (lambda t, f, r: read_communities(t, f, None, r), "area", ("name", "code")),
    "current_grids": (read_current_grids, "area", ("name",)),
    "station_areas": (read_station_areas, "area", ()),
    "cordons": (read_cordons, "area", ("name", "count")),
    "indicators": (read_indicators, "", ("area", "month", "thefts")),
    "staff": (read_staff, "", ("unit", "name", "role")),
    "roster_cells": (read_roster_cells, "", ("person", "day", "until", "kind", "shift")),
}


@st.composite
def tables(draw, sound, fields):
    """Return a damaged table whose first row is sound."""
    shapes = [SHAPES[sound](0) if sound else None]
    for row in range(1, ROWS):
        shapes.append(SHAPES[draw(st.sampled_from([sound, *SHAPES]))](row) if sound else None)
    columns = {word: np.array([draw(WORDS) for _row in range(ROWS)], object) for word in fields}
    wkb = np.array([None if shape is None else shapely.to_wkb(shape) for shape in shapes], object)
    return Table(Path("made.gpkg"), "made", CRS, wkb, columns, np.arange(1, ROWS + 1))


def told_as_gone(reading):
    """Return the rows that findings name as left out."""
    gone = set()
    for issue in reading.issues:
        if "left out" in issue.text:
            gone |= {int(row) for row in str(issue.values["rows"]).split(", ")}
    return gone


@pytest.mark.parametrize("key", READERS)
def test_each_row_arrives_or_is_told(key):
    read, sound, fields = READERS[key]

    @settings(max_examples=25, deadline=None)
    @given(tables(sound, fields))
    def account(table):
        reading = Reading(crs=CRS)
        try:
            found = read(table, {word: word for word in fields}, reading)
        except InputError:  # with a first row that is sound, only values can be refused: times of day, kinds, codes
            event("refused")
            return
        event("read")
        gone = told_as_gone(reading)
        assert len(found) + len(gone) == ROWS, (len(found), sorted(gone), [issue.message for issue in reading.issues])

    account()
