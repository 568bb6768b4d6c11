"""Real railways: Qinghai–Tibet by its official totals, lines of towns put together from OpenStreetMap."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from gridplanner.io.sources import read_sources
from gridplanner.model.project import Project
from gridplanner.planning.rail_lines import lines_of
from gridplanner.rail_settings import RailMark, RailSettings
from gridplanner.settings import ProjectSettings, Settings, SourceSettings
from tests.measured_line import assert_found_again


def real(path: Path, crs: str, rail: RailSettings, stations: Path | None = None) -> Project:
    sources = {"railway": SourceSettings(path=str(path), fields={"name": "name"} if stations else {}, datum="wgs84")}
    if stations:
        sources["stations"] = SourceSettings(path=str(stations), fields={"name": "name"}, datum="wgs84")
    return read_sources(Settings(project=ProjectSettings(crs=crs), sources=sources, rail=rail))


@pytest.fixture(scope="module")
def qinghai_tibet(test_data: Path) -> Project:
    folder = test_data / "china"
    railway, stations = folder / "qinghai_tibet_railway_approx.geojson", folder / "qinghai_tibet_railway_stations_ordered.geojson"
    return real(railway, "EPSG:4540", RailSettings(), stations)


def with_rail(given: Project, **rail: object) -> Project:
    return dataclasses.replace(given, settings=dataclasses.replace(given.settings, rail=RailSettings(**rail)))


def test_qinghai_tibet_is_calibrated_to_its_official_totals_by_marks_at_the_ends(qinghai_tibet: Project) -> None:
    marks = (
        RailMark("K0+000", "西宁", line="西格段"), RailMark("K814+000", "格尔木", line="西格段"),
        RailMark("K0+000", "格尔木", line="格拉段"), RailMark("K1142+000", "拉萨", line="格拉段"),
    )  # fmt: skip
    lines, issues = lines_of(with_rail(qinghai_tibet, marks=marks))
    assert issues == []
    assert [(line.mileage.text(0.0), line.mileage.text(float(line.mileage.along[-1]))) for line in lines] == [
        ("K0+000", "K1142+000"), ("K0+000", "K814+000"),
    ]  # fmt: skip
    for line in lines:
        assert np.all(np.diff(line.mileage.behind) > 0)
        assert_found_again(line, line.mileage, 1_537.0)


def test_qinghai_tibet_is_calibrated_by_the_chainages_of_a_few_stations(qinghai_tibet: Project) -> None:
    # one count from Xining to Lhasa, as posts have it; Golmud East stands 4 km before Golmud
    marks = (
        RailMark("K0+000", "西宁", line="西格段"), RailMark("K809+500", "格尔木东"), RailMark("K814+000", "格尔木"),
        RailMark("K814+000", "格尔木", line="格拉段"), RailMark("K1425+000", "唐古拉"), RailMark("K1642+000", "那曲"),
        RailMark("K1808+000", "当雄"), RailMark("K1956+000", "拉萨"),
    )  # fmt: skip
    lines, issues = lines_of(with_rail(qinghai_tibet, marks=marks))
    assert issues == []
    assert [round(line.mileage.behind[-1] - line.mileage.ahead[0]) for line in lines] == [814_000, 1_142_000]
    assert [(line.mileage.text(0.0), len(line.mileage.along)) for line in lines] == [("K0+000", 3), ("K814+000", 5)]
    for line in lines:
        assert np.all(np.diff(line.mileage.behind) > 0)
        assert_found_again(line, line.mileage, 1_537.0)
    (guarded,), _issues = lines_of(with_rail(qinghai_tibet, marks=marks, line="格拉段", start="K814+000", stop="K1044+000"))
    assert guarded.mileage.text(float(guarded.mileage.along[-1]), coming=True) == "K1044+000"


@pytest.mark.parametrize(
    ("town", "crs", "km", "stumps"), [("krems.osm.gz", "EPSG:32633", 4.58, "818 m"), ("liechtenstein.osm.pbf", "EPSG:2056", 9.88, "")]
)
def test_a_real_railway_becomes_its_true_line(test_data: Path, town: str, crs: str, km: float, stumps: str) -> None:
    given = real(test_data / "towns" / town, crs, RailSettings())
    lines, issues = lines_of(given)
    assert [float(line.mileage.along[-1]) / 1000 for line in lines] == pytest.approx([km], abs=0.01)
    assert [issue.message for issue in issues if issue.kind == "short_track" and stumps and stumps in issue.message] or not stumps
    assert {"", "bridge"} == set(given.railway.kinds)
    steps = np.hypot(*np.diff(lines[0].coords, axis=0).T)
    assert steps.max() < 1000  # no gap is bridged
