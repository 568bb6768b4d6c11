"""Every file of a collection that breaks readers: read right, mended and told, or refused with words."""

import csv
from pathlib import Path

import pytest

from gridplanner.benchmarks.torture import TEXTS, Case
from gridplanner.benchmarks.torture_reading import READ, REFUSED, Outcome, read_whole
from gridplanner.errors import InputError

MENDED = {
    "generated/dbf_truncated.shp": "row 12 of 13",
    "generated/gbk.geojson": "GB18030",
    "generated/no_shx.shp": ".shx is missing",
    "nts_shp/AllNulls.shp": ".shx is missing",
    "nts_shp/crustal_test_bugged.shp": ".shx is missing",
    "gdal_shp/buggypoint.shp": ".shx contradicts",
    "gdal_shp/buggymultipoint.shp": "(rows 1)",
    "generated/no_dbf.shp": ".dbf is missing",
    "generated/dbf_more_rows.shp": "18 rows",
    "generated/utf8_cpg_says_gbk.shp": "UTF-8",
}
REFUSALS = {
    "generated/empty.geojson": "empty",
    "generated/truncated.geojson": "line 1, character 36",
    "gdal_shp/multipatch.shp": "MultiPatch",
    "gdal_kml/empty.kml": "has no layers",
    "gdal_kml/truncated.kml": "line 35",
}


@pytest.fixture(scope="module")
def cases(test_data) -> dict[str, Case]:
    """What came of every file."""
    folder = test_data / "torture"
    with (folder / "INDEX.csv").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    return {
        line["file"]: Case(line["file"], line["gdal_opens"] == "yes", int(line["features"]), _read(folder / line["file"])) for line in lines
    }


def _read(path: Path) -> Outcome:
    try:
        return read_whole(path)
    except InputError as why:
        return Outcome(REFUSED, told=[str(why)])


def test_nothing_is_lost_silently(cases):
    assert len(cases) == 95
    assert [case.words for case in cases.values() if case.silent] == []


def test_only_what_holds_nothing_is_refused(cases):
    refused = {name: case.outcome.told[0] for name, case in cases.items() if case.outcome.kind == REFUSED}
    assert refused.keys() == REFUSALS.keys()
    assert [name for name, words in REFUSALS.items() if words not in refused[name] or name.split("/")[-1] not in refused[name]] == []


def test_chinese_text_is_read_as_it_was_written(cases):
    assert {name: tuple(cases[name].outcome.texts) for name in TEXTS} == TEXTS


def test_what_was_mended_is_told(cases):
    told = {name: " | ".join((*cases[name].outcome.told, *cases[name].outcome.lost)) for name in MENDED}
    assert [name for name, words in MENDED.items() if words not in told[name] or cases[name].outcome.kind != READ] == []


def test_nothing_is_written_beside_the_files(cases, test_data):
    assert cases
    assert not [path.name for path in (test_data / "torture").rglob("*") if path.suffix in (".gfs", ".idm", ".qix", ".gpkg-wal")]
