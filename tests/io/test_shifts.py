"""Layers in GCJ-02 or BD-09 that say WGS 84: found by the layer beside them, never found where nothing is shifted."""

import dataclasses
import os
import re
import shutil
import time
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely

from gridplanner.io import crs as systems
from gridplanner.io.doctor.datums import SHIFTED, from_wgs84, to_wgs84
from gridplanner.io.doctor.layer_fit import fit_to_lines
from gridplanner.io.doctor.shifts import LayerSample, layer_sample, shift_findings
from gridplanner.io.inspection import MOST_COMPARED, inspect
from gridplanner.io.preview import PreviewWish, read_preview
from gridplanner.io.vector_files import read_table
from gridplanner.model.issues import LEFT, Level

XIJIAO = Path(__file__).parents[2] / "sample_data" / "xijiao"
DATA = Path(os.environ.get("GRIDPLANNER_TEST_DATA", "nowhere"))
COUNTIES = DATA / "china" / "qinghai_gansu_counties_datav.gpkg"
PINGLIANG = (106.68, 35.54)


class Town:
    """Crooked streets, nine communities whose outlines follow them for the most part, and addresses along them; metres about a place."""

    def __init__(self, seed, at, size=2_700.0, block=180.0, follow=0.6, noise=12.0, addresses=900):
        rng = np.random.default_rng(seed)
        self.at = np.array(at)
        k = int(size / block)
        grid = (np.stack(np.meshgrid(np.arange(k), np.arange(k)), -1) - k / 2) * block
        grid = grid + rng.normal(0, block * 0.2, grid.shape)
        turn = rng.uniform(0, np.pi)
        grid = grid @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        sides = (np.stack((grid[:, :-1], grid[:, 1:]), -2).reshape(-1, 4), np.stack((grid[:-1], grid[1:]), -2).reshape(-1, 4))
        streets = np.concatenate(sides)
        self.streets = self._degrees(streets[rng.random(len(streets)) > 0.2].reshape(-1, 2)).reshape(-1, 4)
        cuts = [0, k // 3, 2 * k // 3, k - 1]
        rings = [
            np.concatenate((grid[a, c:d], grid[a:b, d], grid[b, d:c:-1], grid[b:a:-1, c]))
            for a, b in pairwise(cuts) for c, d in pairwise(cuts)
        ]  # fmt: skip
        self.rings = []
        for ring in rings:  # in stretches of some corners either along the street or beside it
            stretch = np.arange(len(ring)) // 5
            beside = (rng.random(stretch[-1] + 1) > follow)[stretch][:, None] * rng.normal(0, 90, (stretch[-1] + 1, 2))[stretch]
            self.rings.append(self._degrees(ring + beside + rng.normal(0, noise, ring.shape)))
        chosen = streets[rng.integers(0, len(streets), addresses)]
        along = chosen[:, 2:] - chosen[:, :2]
        across = np.column_stack((-along[:, 1], along[:, 0])) / np.hypot(*along.T)[:, None]
        back = rng.choice([-1, 1], (addresses, 1)) * (10 + rng.exponential(12, (addresses, 1)))
        self.addresses = self._degrees(chosen[:, :2] + along * rng.random((addresses, 1)) + across * back)

    def _degrees(self, metres):
        return self.at + metres / (111_320 * np.cos(np.radians(self.at[1])), 110_940)

    def sample(self, what, datum="wgs84", known=False):
        if what == "roads":
            lines = from_wgs84(self.streets.reshape(-1, 2), datum).reshape(-1, 4)
            return LayerSample("roads", "roads", "line", lines.reshape(-1, 2), lines, known=known)
        if what == "addresses":
            return LayerSample("addresses", "households", "point", from_wgs84(self.addresses, datum), np.zeros((0, 4)), known=known)
        areas = np.array([shapely.Polygon(from_wgs84(ring, datum)) for ring in self.rings], object)
        rings = [shapely.get_coordinates(area) for area in areas]
        lines = np.concatenate([np.column_stack((ring[:-1], ring[1:])) for ring in rings])
        return LayerSample("areas", "communities", "polygon", np.concatenate(rings), lines, areas, known=known)


def places(count, seed):
    """Places anywhere in China."""
    some = np.random.default_rng(seed).uniform((76.0, 20.0), (133.0, 51.0), (8 * count, 2))
    return some[systems.in_china(some)][:count]


@pytest.mark.parametrize("datum", SHIFTED)
@pytest.mark.parametrize(("shifted", "right"), [("areas", "roads"), ("addresses", "roads"), ("roads", "areas"), ("roads", "addresses")])
def test_a_shifted_layer_is_known_by_the_right_one_beside_it(shifted, right, datum):
    town = Town(1, PINGLIANG)
    (found,) = shift_findings([town.sample(shifted, datum), town.sample(right, known=True)])
    assert (found.layer, found.against, found.datum, found.confident) == (shifted, right, datum, True)
    assert found.after_m < min(30, found.before_m / 2)
    assert found.metres == pytest.approx({"gcj02": 390, "bd09": 1167}[datum], abs=5)
    assert {"gcj02": "GCJ-02", "bd09": "BD-09"}[datum] in found.why


def test_of_two_layers_that_say_nothing_the_shifted_one_is_named():
    town = Town(2, PINGLIANG)
    (found,) = shift_findings([town.sample("roads"), town.sample("areas", "gcj02")])
    assert (found.layer, found.datum, found.confident) == ("areas", "gcj02", True)
    assert shift_findings([town.sample("roads", "gcj02"), town.sample("areas", "gcj02")]) == ()  # alike: nothing can be said
    assert shift_findings([town.sample("roads", known=True), town.sample("areas", "gcj02", known=True)]) == ()


def test_nothing_is_found_where_nothing_is_shifted_in_many_towns():
    for seed, at in enumerate(places(18, seed=5)):
        town = Town(
            100 + seed, at, size=(1_500.0, 2_700.0)[seed % 2], follow=(0.0, 0.3, 0.7)[seed % 3], noise=10.0 + seed % 20, addresses=300
        )
        samples = [town.sample("roads", known=seed % 2 == 0), town.sample("areas"), town.sample("addresses")]
        assert shift_findings(samples) == (), (seed, at)


def test_layers_that_are_off_for_another_reason_are_not_called_shifted():
    ways = {datum: partial(to_wgs84, datum=datum) for datum in SHIFTED}
    for seed, at in enumerate(places(12, seed=9)):
        town, other = Town(seed, at, addresses=400), Town(500 + seed, at)
        turn = seed * 2.4
        off = np.array([np.cos(turn), np.sin(turn)]) * (60.0, 110.0)[seed % 2] / 105_000.0
        for points in (town.addresses + off, np.concatenate(town.rings) + off, np.concatenate(other.rings)):
            fit = fit_to_lines(points, ways, town.streets)
            assert fit is None or not fit.confident, (seed, fit)


def test_addresses_of_a_small_town_carried_off_its_streets_are_asked_about():
    homes = read_table(XIJIAO / "households.gpkg", "households", [])
    roads = layer_sample("roads", "roads", read_table(XIJIAO / "roads.gpkg", "roads", []), known=True)
    moved = shapely.points(from_wgs84(shapely.get_coordinates(homes.shapes), "bd09"))
    homes = dataclasses.replace(homes, wkb=shapely.to_wkb(moved))
    (found,) = shift_findings([layer_sample("homes", "households", homes), roads])
    assert (found.layer, found.datum) == ("homes", "bd09")


def test_figures_that_would_not_convince_are_not_named():
    areas = read_table(XIJIAO / "communities.shp", "communities", [])
    moved = shapely.transform(areas.shapes, lambda xy: from_wgs84(xy, "gcj02"))
    areas = dataclasses.replace(areas, wkb=shapely.to_wkb(moved))
    roads = layer_sample("roads", "roads", read_table(XIJIAO / "roads.gpkg", "roads", []), known=True)
    (found,) = shift_findings([layer_sample("areas", "communities", areas), roads])
    assert found.after_m > 0.8 * found.before_m
    assert "as a whole fits" in found.why
    assert not re.search(r"lies \d+ m from", found.why)


def test_outside_china_nothing_is_looked_at():
    table_like = Town(3, (8.68, 50.0))
    assert shift_findings([table_like.sample("areas"), table_like.sample("roads", known=True)]) == ()


def test_a_usual_town_takes_no_time():
    town = Town(4, PINGLIANG, size=7_000.0, block=120.0, addresses=20_000)
    samples = [town.sample("roads", known=True), town.sample("areas", "gcj02"), town.sample("addresses", "bd09")]
    start = time.perf_counter()
    found = shift_findings(samples)
    assert {each.layer: (each.datum, each.confident) for each in found} == {"areas": ("gcj02", True), "addresses": ("bd09", True)}
    assert time.perf_counter() - start < 2.0  # measured: 0.2 s


@pytest.fixture(scope="module")
def files(write_layer, tmp_path_factory):
    """Streets in CGCS2000 metres, communities in GCJ-02 and addresses in BD-09 that say EPSG:4326."""
    folder, town = tmp_path_factory.mktemp("town"), Town(6, PINGLIANG)
    metres = systems.transform(town.streets.reshape(-1, 2), "EPSG:4490", "EPSG:4545").reshape(-1, 2, 2)
    write_layer(folder / "roads.gpkg", [shapely.LineString(line) for line in metres], crs="EPSG:4545", geometry="LineString")
    areas = [shapely.Polygon(from_wgs84(ring, "gcj02")) for ring in town.rings]
    write_layer(folder / "areas.gpkg", areas, {"name": [f"社区{i}" for i in range(9)]}, crs="EPSG:4326", geometry="Polygon")
    homes = [shapely.Point(place) for place in from_wgs84(town.addresses, "bd09")]
    write_layer(folder / "homes.gpkg", homes, crs="EPSG:4326", geometry="Point")
    return folder, town


def test_a_plan_undoes_the_shift_says_so_and_can_be_told_not_to(files, read):
    folder, town = files
    sources = {"communities": folder / "areas.gpkg", "roads": folder / "roads.gpkg", "households": folder / "homes.gpkg"}
    project = read(**sources)
    homes = systems.transform(town.addresses, "EPSG:4490", project.crs)
    assert np.abs(project.households.xy - homes).max() < 0.01
    told = {issue.layer: issue for issue in project.read_issues if issue.kind == "datum"}
    assert set(told) == {"communities", "households"}
    assert all((issue.level, issue.repair) == (Level.WARNING, "datum") for issue in told.values())
    assert "GCJ-02" in told["communities"].message
    assert "roads" in told["communities"].message
    assert "datum = “wgs84”" in told["households"].message
    notes = {came.source: came.note for came in project.provenance}
    assert "BD-09" in notes["households"]
    assert " m" in notes["communities"]

    stays = read(**{**sources, "households": {"path": folder / "homes.gpkg", "datum": "wgs84"}})
    assert np.hypot(*(stays.households.xy - homes).T).min() > 900
    assert "households" not in {issue.layer for issue in stays.read_issues if issue.kind == "datum"}
    left = read(**{**sources, "households": {"path": folder / "homes.gpkg", "as_is": ("datum",)}})
    assert np.array_equal(left.households.xy, stays.households.xy)
    assert [issue.repair for issue in left.read_issues if issue.kind == LEFT] == ["datum"]


def test_many_layers_of_one_kind_do_not_hide_the_shift_of_another(files, tmp_path):
    folder, _town = files
    for number in range(MOST_COMPARED):
        shutil.copy(folder / "homes.gpkg", tmp_path / f"homes {number}.gpkg")
    for name in ("areas.gpkg", "roads.gpkg"):
        shutil.copy(folder / name, tmp_path / name)
    found = {Path(report.path).stem: report.shifts for report in inspect([tmp_path])}
    assert [shift.datum for shift in found["areas"]] == ["gcj02"]
    assert [shift.datum for shift in found["homes 0"]] == ["bd09"]


def test_a_glance_shows_where_a_layer_stands_and_where_it_belongs(files):
    folder, town = files
    seen = read_preview(PreviewWish(str(folder / "homes.gpkg"), "homes", datum="bd09"))
    assert seen.before.shape == seen.xy.shape
    assert np.abs(seen.xy - town.addresses).max() < 1e-7
    assert np.abs(seen.before - from_wgs84(town.addresses, "bd09")).max() < 1e-7
    assert seen.shift == pytest.approx(1167, abs=5)
    plain = read_preview(PreviewWish(str(folder / "homes.gpkg"), "homes"))
    assert (len(plain.before), plain.shift) == (0, 0.0)
    near = read_preview(PreviewWish(str(folder / "homes.gpkg"), "homes", datum="bd09", near=(*PINGLIANG, 300.0)))
    assert 0 < near.shown < seen.shown


def undone_another_way(lonlat):
    """Return GCJ-02 degrees as WGS 84 by Newton's method on the forward series: not the way that is under test."""
    step, found = 1e-5, lonlat.copy()
    for _round in range(4):
        short = from_wgs84(found, "gcj02") - lonlat
        slopes = [(from_wgs84(found + np.eye(2)[side] * step, "gcj02") - from_wgs84(found, "gcj02")) / step for side in (0, 1)]
        found = found - np.linalg.solve(np.stack(slopes, -1), short[..., None])[..., 0]
    return found


def county_streets(area, seed, noise):
    """Return roads in WGS 84: along parts of a county's true outline, as roads do, and others of its own; (m, 4)."""
    rng, lines = np.random.default_rng(seed), []
    for ring in shapely.get_rings(shapely.get_parts(area)):
        xy = shapely.get_coordinates(ring)
        part = np.arange(len(xy)) // 9
        roads = rng.random(part[-1] + 1) < 0.5
        crooked = xy + rng.normal(0, noise, xy.shape) / (90_000, 111_000)
        lines.append(np.column_stack((crooked[:-1], crooked[1:]))[(roads[part][:-1]) & (part[:-1] == part[1:])])
    west, south, east, north = area.bounds
    for _line in range(40):
        way = rng.uniform((west, south), (east, north)) + np.cumsum(rng.normal(0, 0.002, (40, 2)) + rng.normal(0, 0.003, 2), axis=0)
        lines.append(np.column_stack((way[:-1], way[1:])))
    return np.concatenate(lines)


@pytest.mark.skipif(not DATA.is_dir(), reason="GRIDPLANNER_TEST_DATA is not set")
def test_real_county_boundaries_are_known_as_gcj02_beside_right_streets_and_only_then():
    """The boundaries are real; the streets are made along the boundaries brought back by another method, 20 m off, as none are at hand."""
    table = read_table(COUNTIES, _layer_of(COUNTIES), ["name"])
    every = layer_sample("counties", "communities", table)
    assert every is not None
    assert not every.known
    verdicts = []
    for row in range(3, len(table), 33):
        area = table.shapes[row]
        right = shapely.transform(area, undone_another_way)
        lines = county_streets(right, row, noise=20.0)
        roads = LayerSample("roads", "roads", "line", lines.reshape(-1, 2), lines, known=True)
        found = shift_findings([every, roads])
        verdicts.append(bool(found) and (found[0].datum, found[0].confident) == ("gcj02", True))
        true = np.array([right], object)
        unshifted = layer_sample("right", "communities", _as_table(table, true, row))
        assert unshifted is not None
        assert shift_findings([unshifted, roads]) == ()
    assert sum(verdicts) >= len(verdicts) - 1


@pytest.mark.skipif(not DATA.is_dir(), reason="GRIDPLANNER_TEST_DATA is not set")
def test_two_deliveries_of_the_same_maker_fit_as_they_stand():
    one = read_table(COUNTIES, _layer_of(COUNTIES), ["name"])
    other = DATA / "china" / "620800_datav.geojson"
    samples = [layer_sample("one", "communities", one), layer_sample("other", "district", read_table(other, _layer_of(other), ["name"]))]
    assert shift_findings([sample for sample in samples if sample is not None]) == ()


def _layer_of(path):
    from gridplanner.io.vector_files import list_layers

    return next(iter(list_layers(path)))


def _as_table(table, shapes, row):
    import dataclasses

    return dataclasses.replace(table.select(np.arange(len(table)) == row), wkb=np.asarray(shapely.to_wkb(shapes), object))
