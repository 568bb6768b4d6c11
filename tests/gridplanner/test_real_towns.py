"""Real towns from file to export, read again by another library than wrote it."""

import json

import numpy as np
import pyogrio
import pytest
import shapely
from returned_packages import brought_back

from gridplanner.benchmarks.merge_oracle import Differences
from gridplanner.cli import main

DREIEICH = """
[project]
name = "Dreieich"
crs = "EPSG:25832"
[sources.households]
path = "{data}/towns/dreieich_households.gpkg"
fields = {{ households = "hh" }}
[sources.roads]
path = "{data}/towns/dreieich.osm.pbf"
[grids]
[patrol]
"""
KREMS = """
[project]
name = "Krems"
[sources.roads]
path = "{data}/towns/krems.osm.gz"
[sources.railway]
path = "{data}/towns/krems.osm.gz"
[rail]
squads = 2
guards = 8
[patrol]
[export]
formats = ["shp"]
"""
LIECHTENSTEIN = """
[project]
name = "Liechtenstein"
crs = "EPSG:2056"
[sources.communities]
path = "{data}/towns/liechtenstein.osm.pbf"
where = "boundary = 'administrative' AND admin_level = '8' AND name IS NOT NULL"
fields = {{ name = "name" }}
[sources.households]
path = "{data}/towns/liechtenstein_households.gpkg"
fields = {{ households = "hh" }}
[sources.roads]
path = "{data}/towns/liechtenstein.osm.pbf"
[sources.railway]
path = "{data}/towns/liechtenstein.osm.pbf"
[grids]
[zones]
count = 6
[patrol]
required_classes = ["primary", "secondary"]
[rail]
squads = 2
guards = 6
[export]
encoding = "utf-8"
"""


class Export:
    """A run's files, read by pyogrio."""

    def __init__(self, text, data, folder):
        plan = folder / "plan.toml"
        plan.write_text(text.format(data=data.as_posix()), encoding="utf-8")
        self.out = folder / "out"
        assert main(["run", str(plan), "--out", str(self.out), "--quiet"]) == 0
        self.summary = json.loads((self.out / "summary.json").read_text(encoding="utf-8"))

    def layer(self, name):
        meta, _fids, shapes, columns = pyogrio.raw.read(self.out / f"{name}.shp")
        return shapely.from_wkb(shapes), dict(zip(meta["fields"], columns, strict=True))


def kept_promises(export, unserved=0):
    """Whether the check that drives every route again found no fault, and so many visits are told to be on no route."""
    _shapes, issues = export.layer("issues")
    _lines, figures = export.layer("routes")
    kinds = issues["kind"].tolist()
    return len(figures["minutes"]) and not {"route", "missing"} & set(kinds) and kinds.count("unserved") == unserved


def within_ten(fields):
    return float(np.mean(np.abs(fields["deviation"]) <= 10))


def test_dreieich_is_fourteen_good_grids_along_its_streets(test_data, tmp_path):
    export = Export(DREIEICH, test_data, tmp_path)
    shapes, fields = export.layer("grids")
    assert len(shapes) == 14
    assert np.abs(fields["deviation"]).max() <= 8
    assert set(fields["status"]) == {"ok"}
    assert fields["street_pct"].mean() >= 75
    assert np.nanmean(fields["inner_pct"]) >= 75
    assert fields["compact"].mean() >= 0.40
    assert shapely.length(shapely.coverage_invalid_edges(shapes, gap_width=5.0)).sum() == 0
    addresses, codes = export.layer("addresses")
    point, grid = shapely.STRtree(shapes).query(addresses, predicate="intersects")
    assert set(point.tolist()) == set(range(len(addresses)))
    agree = np.zeros(len(addresses), bool)
    agree[point[codes["grid_code"][point] == fields["grid_code"][grid]]] = True
    assert agree.all()
    assert kept_promises(export)


def test_krems_has_its_main_line_divided_among_eight_guards(test_data, tmp_path):
    export = Export(KREMS, test_data, tmp_path)
    shapes, fields = export.layer("railsegs")
    order = np.argsort(fields["seq"])
    assert len(shapes) == 8
    assert fields["length_m"] == pytest.approx(shapely.length(shapes), rel=0.01)
    proven = export.summary["rail"]["plans"][0]  # a bridge of 615 m that no segment may end on weighs most
    assert proven["status"] == "optimal"
    assert fields["workload"].max() == pytest.approx(proven["bound"], abs=1e-3)
    ends, starts = shapely.get_point(shapes[order], -1), shapely.get_point(shapes[order], 0)
    assert shapely.distance(ends[:-1], starts[1:]).max() < 0.1
    assert fields["from_km"][order[0]] == "K0+000"
    assert kept_promises(export, unserved=2)  # two pieces of a street that the file cuts off


def test_liechtenstein_is_planned_whole(test_data, tmp_path):
    export = Export(LIECHTENSTEIN, test_data, tmp_path)
    shapes, fields = export.layer("grids")
    assert len(shapes) == 60
    assert within_ten(fields) >= 0.95
    assert fields["street_pct"].mean() >= 80
    assert np.nanmean(fields["inner_pct"]) >= 80
    assert fields["compact"].mean() >= 0.30
    assert set(fields["comm_name"][np.abs(fields["deviation"]) > 10]) == {"Planken", "Schellenberg"}
    _shapes, issues = export.layer("issues")
    said = " ".join(issues["message"][issues["kind"] == "band"])
    assert "147" in said
    assert "482" in said
    zones, _fields = export.layer("zones")
    assert len(zones) == 6
    routes, figures = export.layer("routes")
    assert np.all(figures["minutes"] <= 240)
    assert shapely.length(routes) / 1000 == pytest.approx(figures["length_km"], rel=0.01)
    assert shapely.distance(shapely.get_point(routes, 0), shapely.get_point(routes, -1)).max() < 0.1
    assert kept_promises(export)
    assert export.summary["rail"]["segments"] == 6
    assert brought_back(export.out / "Liechtenstein.gridplan", tmp_path, (0,)) == Differences(0, 0, 0.0)
