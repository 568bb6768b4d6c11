"""A province planned chunk by chunk: its chunks meet exactly, depend on nothing else and outlive an interruption."""

import dataclasses
import json
import os
import signal

import numpy as np
import pyogrio.raw
import pytest
import shapely
from province_town import write_town

from algorithms.progress import Cancelled, Progress
from gridplanner.cli import main
from gridplanner.errors import InputError
from gridplanner.io.kept_values import work_name
from gridplanner.io.sources import read_sources
from gridplanner.planning.workers import open_workers
from gridplanner.province.run import run_province
from gridplanner.run import load_plan


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch):
    monkeypatch.setattr("gridplanner.province.run.MOST", 3_300)


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return write_town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def out(plan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("out")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gridplanner.province.run.MOST", 3_300)
        assert main(["run", str(plan), "--out", str(folder), "--stream", "--workers", "1", "--quiet"]) == 0
    return folder


def streamed(plan, folder, workers=None, progress=None, say=lambda _words: None):
    return run_province(load_plan(plan), folder, progress or Progress(), say, workers)


def rows(folder, layer, form="gpkg"):
    path, name = (folder / "省.gpkg", layer) if form == "gpkg" else (folder / f"{layer}.shp", None)
    meta, _fid, wkb, data = pyogrio.raw.read(path, layer=name)
    return shapely.from_wkb(wkb), dict(zip(meta["fields"].tolist(), data, strict=True))


@pytest.mark.parametrize("layer", ["units", "grids"])
@pytest.mark.parametrize("form", ["gpkg", "shp"])
def test_chunks_meet_without_gap_or_overlap_vertex_by_vertex(plan, out, layer, form):
    shapes, _columns = rows(out, layer, form)
    project = read_sources(load_plan(plan))
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert summary["streamed"]["chunks"] >= 4
    assert summary["crs"] == project.crs
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    assert shapely.length(shapely.coverage_invalid_edges(shapes, gap_width=1.0)).sum() == 0
    whole = shapely.coverage_union_all(shapes)
    wanted = shapely.coverage_union_all(project.communities.polygons)
    assert shapely.hausdorff_distance(whole, wanted, densify=0.5) < 0.02
    assert whole.geom_type == wanted.geom_type == "Polygon"
    assert not whole.interiors


def test_every_address_counts_once_and_codes_are_used_once(out):
    _shapes, grids = rows(out, "grids")
    points, addresses = rows(out, "addresses")
    _shapes, units = rows(out, "units")
    codes, row = np.unique(addresses["grid_code"].astype(str), return_inverse=True)
    assert len(set(grids["grid_code"])) == len(grids["grid_code"]) == len(codes)
    order = np.argsort(grids["grid_code"].astype(str))
    assert np.bincount(row, addresses["households"]).tolist() == grids["households"][order].tolist()
    assert sorted(units["unit_id"]) == list(range(1, len(units["unit_id"]) + 1))
    assert len({(p.x, p.y) for p in points}) == len(points)
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert summary["households"]["planned"] == len(points)
    assert summary["households"]["planned"] + summary["households"]["outside"] == 12_000
    assert summary["grids"]["count"] == len(codes)
    assert len(summary["certificates"]) == 16


def test_addresses_outside_every_community_are_planned_or_said(out):
    _shapes, issues = rows(out, "issues")
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    said = [word for kind, word in zip(issues["kind"], issues["message"], strict=True) if kind == "outside"]
    assert summary["households"]["outside"] == 0
    assert len(said) == sum("the nearest one takes it" in word for word in said) > 0


def test_both_formats_hold_the_same(out):
    for layer in ("grids", "addresses", "units"):
        one, other = rows(out, layer), rows(out, layer, "shp")
        assert list(one[1]) == list(other[1])
        for name, column in one[1].items():
            if column.dtype == object:
                assert [word or "" for word in column] == [word or "" for word in other[1][name]]
            else:
                assert np.array_equal(column, other[1][name], equal_nan=column.dtype.kind == "f")
        assert shapely.equals(one[0], other[0]).all()
    assert "社区0" in rows(out, "grids", "shp")[1]["comm_name"]


def same_export(one, other):
    for layer in ("units", "grids", "addresses", "issues"):
        for end in (".shp", ".shx", ".dbf"):
            assert (one / f"{layer}{end}").read_bytes() == (other / f"{layer}{end}").read_bytes(), layer + end


class AtReport(Progress):
    """Does something once, at the first report whose words have `word` in them."""

    def __init__(self, word, act):
        self.word = word
        self.act = act
        self.done = False

    def report(self, fraction, message=""):
        if not self.done and self.word in message:
            self.done = True
            self.act()


def test_the_export_does_not_depend_on_workers_or_on_one_that_is_killed(plan, out, tmp_path):
    with open_workers(2) as workers:
        victim = workers.submit(os.getpid).result()
        kill = AtReport("Planned 1 of", lambda: os.kill(victim, signal.SIGKILL))
        streamed(plan, tmp_path, workers, kill)
        assert kill.done
        assert workers.submit(os.getpid).result() != victim
    same_export(out, tmp_path)


def test_an_interrupted_run_goes_on_where_it_was_and_mends_what_is_damaged(plan, out, tmp_path):
    class Impatient(AtReport):
        def should_finish(self):
            return self.done

    said: list[str] = []
    with pytest.raises(Cancelled):
        streamed(plan, tmp_path, progress=Impatient("Planned 2 of", lambda: None), say=said.append)
    assert "the same command goes on" in said[-1]
    assert [path.name[:10] for path in tmp_path.iterdir()] == [".streamed-"]
    for number, part in enumerate(("plan", "rim"), 1):
        kept = next(tmp_path.glob(f".streamed-*/chunk-0000{number}.{part}"))
        kept.write_bytes(kept.read_bytes()[:-40])
    streamed(plan, tmp_path, say=said.append)
    assert any(word.startswith("2 of") for word in said)
    same_export(out, tmp_path)
    assert not list(tmp_path.glob(".*"))


def test_work_is_kept_for_the_same_plan_sources_and_program_only(plan, tmp_path):
    settings = load_plan(write_town(tmp_path))
    name = work_name(settings, "1")
    assert work_name(load_plan(tmp_path / "town.toml"), "1") == name
    seeded = dataclasses.replace(settings, project=dataclasses.replace(settings.project, seed=2))
    os.utime(tmp_path / "town.gpkg", (1, 1))
    assert len({name, work_name(seeded, "1"), work_name(settings, "1"), work_name(settings, "2")}) == 4


def test_a_chunk_depends_on_no_other_and_what_is_left_aside_is_said(out, tmp_path):
    more = "[zones]\ncount = 3\n[staff]\nworkers_per_grid = 1.5\n"
    summary = streamed(write_town(tmp_path, doubled=0, more=more), tmp_path / "out")
    one, other = rows(out, "grids")[1], rows(tmp_path / "out", "grids")[1]
    changed = {
        code: (one["households"][one["comm_code"] == code].tolist() != other["households"][other["comm_code"] == code].tolist())
        for code in set(one["comm_code"])
    }
    assert changed["620802000000"]
    assert sum(changed.values()) <= 6  # those of its own chunk, before or after it was divided anew
    assert "[zones] was left aside: a plan in chunks has grids only" in rows(tmp_path / "out", "issues")[1]["message"].tolist()
    assert other["workers"].sum() == round(1.5 * summary["grids"]["count"])


def test_what_only_a_plan_in_one_piece_can_follow_is_refused(plan, tmp_path):
    settings = load_plan(plan)
    for key in ("exclusive", "current_grids"):
        with pytest.raises(InputError, match=rf"does not follow \[sources.{key}\]"):
            run_province(
                dataclasses.replace(settings, sources={**settings.sources, key: settings.sources["roads"]}),
                tmp_path / "no", Progress(), print,
            )  # fmt: skip
    with pytest.raises(InputError, match=r"needs \[sources.communities\]"):
        run_province(dataclasses.replace(settings, sources={}), tmp_path / "no", Progress(), print)
    assert not (tmp_path / "no").exists()
