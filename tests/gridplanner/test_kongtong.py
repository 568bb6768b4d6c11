"""The made district reproduces the figures of a real plan, from its files to its summary."""

import json

import pyogrio
import pytest

from algorithms.progress import SILENT
from gridplanner.run import load_plan, run_plan
from sample_data.district.generate import write_district


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kongtong")
    plan = write_district(folder / "data")
    return run_plan(load_plan(plan), folder / "out", SILENT, lambda _words: None)


def test_the_counts_of_the_plan_are_met(outcome):
    found = outcome.summary
    assert found["grids"]["count"] == found["grids"]["in_band"] == 1523
    assert found["beats"]["count"] == 217
    assert found["zones"]["count"] == 12
    assert found["issues"]["error"] == 0
    held = [place.cordon for place in outcome.project.checkpoints.checkpoints]
    assert (held.count(""), held.count("省界"), len(held)) == (18, 1, 19)


def test_the_layers_say_the_same(outcome):
    stem = outcome.folder / f"{outcome.project.name}.gpkg"
    layers = {name: pyogrio.read_info(stem, layer=name)["features"] for name in ("grids", "beats", "zones", "checkpts")}
    assert layers == {"grids": 1523, "beats": 217, "zones": 12, "checkpts": 19}
    table = pyogrio.raw.read(stem, layer="grids", columns=["workers", "beat_code", "zone_code", "street"], read_geometry=False)
    column = dict(zip(table[0]["fields"], table[3], strict=True))
    assert column["workers"].sum() == 1525
    assert all(column["beat_code"])
    centre = [street in {"东城街道", "中城街道", "西城街道"} for street in column["street"]]
    assert [bool(code) for code in column["zone_code"]] == centre
    assert json.loads((outcome.folder / "summary.json").read_text(encoding="utf-8"))["beats"]["count"] == 217
