"""The Golmud scenario is the one that its generator makes: 230 km read K814+000 to K1044+000 over two broken chains."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path

import numpy as np
import pytest
import shapely

from gridplanner.io.sources import read_sources
from gridplanner.model.project import Project
from gridplanner.plan_file import read_plan
from gridplanner.planning.rail_lines import lines_of
from sample_data import SAMPLE_PLAN
from sample_data.golmud import BASES, SPANS, STATIONS, write_golmud
from sample_data.golmud_line import BREAKS, draw_axis

PLAN = SAMPLE_PLAN.parent / "golmud.toml"
FOLDER = PLAN.parent / "golmud"


@pytest.fixture(scope="module")
def golmud() -> Project:
    return read_sources(read_plan(PLAN))


def test_the_generator_writes_the_very_files_that_are_kept(tmp_path: Path) -> None:
    write_golmud(tmp_path)
    kept = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == kept
    paths = {Path(source["path"]).name for source in tomllib.loads(PLAN.read_text(encoding="utf-8"))["sources"].values()}
    assert paths == set(kept)
    assert sum(map(len, kept.values())) < 250_000


def test_the_line_is_assembled_and_reads_what_it_was_drawn_to_read(golmud: Project) -> None:
    (line,), issues = lines_of(golmud)
    assert issues == []
    axis = draw_axis()
    assert shapely.hausdorff_distance(shapely.linestrings(line.coords), shapely.simplify(axis.line, 0.01)) < 1.0
    plain, design = line.mileages
    assert (plain.prefix, plain.text(0.0), plain.text(230_330.0, coming=True)) == ("K", "K814+000", "K1044+000")
    assert (design.prefix, design.text(0.0)) == ("DK", "DK13+200")
    assert [(plain.behind[row], plain.ahead[row]) for row in plain.breaks] == [pytest.approx(one) for one in BREAKS]
    for along in np.arange(0.0, 230_330.0, 977.0).tolist():
        assert plain.find(plain.text(along)) == (pytest.approx(along, abs=1.0),)
        assert design.find(design.text(along)) == (pytest.approx(along, abs=1.0),)
    for chainage in (814_400.0, 899_999.0, 900_021.0, 961_200.0, 1_030_000.0):
        assert plain.places(chainage)[0] == pytest.approx(axis.along(chainage), abs=1.0)
    assert plain.places(961_200.0)[1] == pytest.approx(axis.along(961_200.0, again=True), abs=1.0)
    assert plain.find("K900+010") == ()


def test_the_railway_has_its_structures_stations_and_bases(golmud: Project) -> None:
    lengths = {kind: sum(metres for one, _km, metres in SPANS if one == kind) for kind in ("bridge", "tunnel")}
    pieces = shapely.length([shapely.LineString(golmud.railway.lines.line(row)) for row in range(len(golmud.railway))])
    for kind, metres in lengths.items():
        assert pieces[golmud.railway.kinds == kind].sum() == pytest.approx(metres, rel=1e-3)
    assert not golmud.railway.main.all()
    stations = ~golmud.stations.posts
    assert golmud.stations.names[stations].tolist() == [name for name, *_rest in STATIONS]
    assert golmud.stations.height[stations].max() == 4611
    assert golmud.depots.names.tolist() == [name for name, _km in BASES]
    assert (golmud.settings.rail.guards, golmud.settings.rail.squads) == (44, 4)
    assert len(golmud.communities) == 2
    assert golmud.households.households.sum() > 3_000


def test_undeclared_its_long_chain_is_told_where_it_lies(golmud: Project) -> None:
    rail = dataclasses.replace(golmud.settings.rail, breaks=())
    bare = dataclasses.replace(golmud, settings=dataclasses.replace(golmud.settings, rail=rail))
    (line,), issues = lines_of(bare)
    (chain,) = [issue for issue in issues if issue.kind == "chain" and "350 m less" in issue.message]
    assert "from K961+000 to K962+000" in chain.message
    x, y = line.coords[np.hypot(*(line.coords - [chain.x, chain.y]).T).argmin()]
    assert np.hypot(x - chain.x, y - chain.y) < 500
