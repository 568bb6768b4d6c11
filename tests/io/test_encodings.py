"""The text of shapefiles: read as it was written, whatever the files beside it say or forget."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridplanner.errors import InputError
from gridplanner.io.dbf import detect_encoding
from gridplanner.io.text_width import fit_column, shorten
from gridplanner.model.places import texts

NAME = "城东区㙍村"
HERE = [shapely.Point(500_000, 3_900_000)]


@pytest.mark.parametrize(
    ("written", "cpg", "language", "found"),
    [
        ("GB18030", None, 0, "GB18030"),
        ("GB18030", None, 0x4D, "GB18030"),
        ("GB18030", "GBK", 0, "GB18030"),
        ("GB18030", "936", 0x57, "GB18030"),
        ("UTF-8", None, 0, "UTF-8"),
        ("UTF-8", "UTF-8", 0, "UTF-8"),
        ("UTF-8", "65001", 0, "UTF-8"),
        ("UTF-8", "GBK", 0, "UTF-8"),  # the .cpg lies
        ("UTF-8", None, 0x4D, "UTF-8"),  # the language byte lies
        ("GB18030", "UTF-8", 0, "GB18030"),  # the .cpg lies
    ],
)
def test_names_come_back_as_they_were_written(write_shapefile, read, tmp_path, written, cpg, language, found):
    path = write_shapefile(tmp_path / "点.shp", HERE, {"名称": [NAME]}, encoding=written, cpg=cpg, language=language)
    assert detect_encoding(path).name == found
    project = read(depots={"path": path, "fields": {"name": "名称"}})
    assert list(project.depots.names) == [NAME]


def test_a_cpg_that_lies_is_reported(write_shapefile, read, tmp_path):
    path = write_shapefile(tmp_path / "a.shp", HERE, {"名称": [NAME]}, encoding="UTF-8", cpg="GBK")
    messages = [issue.message for issue in read(depots=path).read_issues]
    assert any("a.dbf" in text and "UTF-8" in text for text in messages)


def test_the_planner_can_say_the_encoding(write_shapefile, read, tmp_path):
    path = write_shapefile(tmp_path / "a.shp", HERE, {"name": ["Ärzte"]}, encoding="CP1252", crs="EPSG:25832")
    project = read(depots={"path": path, "fields": {"name": "name"}, "encoding": "cp1252"})
    assert list(project.depots.names) == ["Ärzte"]
    with pytest.raises(InputError, match=r"a\.shp.*klingon.*gb18030"):
        read(depots={"path": path, "encoding": "klingon"})


def test_a_name_cut_by_the_width_of_its_field_does_not_hide_the_encoding(write_shapefile, tmp_path):
    path = write_shapefile(tmp_path / "a.shp", HERE, {"name": ["城" * 100]}, encoding="UTF-8")
    assert detect_encoding(path).name == "UTF-8"


@given(st.text(max_size=90), st.integers(1, 254), st.sampled_from(["gb18030", "utf-8"]))
def test_shortened_text_fits_and_is_a_beginning_of_whole_characters(text, width, encoding):
    clean = text.encode(encoding, "replace").decode(encoding)
    short = shorten(clean, width, encoding)
    assert clean.startswith(short)
    assert len(short.encode(encoding)) <= width
    longer = clean[: len(short) + 1]
    assert longer == short or len(longer.encode(encoding)) > width


def test_what_an_encoding_lacks_becomes_a_question_mark_and_is_reported():
    fitted = fit_column(texts(["城东", "村𠮷", "x" * 20]), 12, "gbk")
    assert list(fitted.values) == ["城东", "村?", "x" * 12]
    assert (fitted.replaced, fitted.shortened) == ([1], [2])
