"""The text of shapefiles: read as it was written, whatever the files beside it say or forget."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridplanner.errors import InputError
from gridplanner.io.dbf import detect_encoding
from gridplanner.io.doctor.encodings import encoding_choices
from gridplanner.io.text_width import fit_column, shorten
from gridplanner.io.vector_files import layer_info, list_layers, read_table
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


def one_point(path, text, encoding):
    path.write_bytes(text.encode(encoding))
    return path


GEOJSON = '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"名称": "城东区"}, "geometry": %s}]}'
POINT = '{"type": "Point", "coordinates": [101.7, 36.6]}'
KML = (
    '<?xml version="1.0" encoding="%s"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>点</name><Placemark>'
    "<name>城东区</name><Point><coordinates>101.7,36.6</coordinates></Point></Placemark></Document></kml>"
)
GPX = '<?xml version="1.0" encoding="%s"?>\n<gpx version="1.1"><wpt lat="36.6" lon="101.7"><name>城东区</name></wpt></gpx>'
CSV = "名称,户数\r\n城东区,3\r\n城中区,4\r\n"


@pytest.mark.parametrize(
    ("name", "text", "encoding", "field"),
    [
        ("a.geojson", GEOJSON % POINT, "gbk", "名称"),
        ("a.geojson", GEOJSON % POINT, "utf-8-sig", "名称"),
        ("a.geojson", GEOJSON % POINT, "utf-16", "名称"),
        ("a.kml", KML % "GBK", "gbk", "Name"),
        ("a.kml", KML % "UTF-8", "gbk", "Name"),  # what the first line says is not so
        ("a.kml", KML % "gb2312", "utf-8", "Name"),  # the other way round
        ("a.gpx", GPX % "GB18030", "gb18030", "name"),
        ("a.csv", CSV, "gbk", "名称"),
        ("a.csv", CSV, "utf-8-sig", "名称"),
        ("a.csv", CSV, "utf-8", "名称"),
        ("表 格.tsv", CSV.replace(",", "\t"), "utf-16", "名称"),  # what Excel calls Unicode text
    ],
)
def test_text_files_are_read_in_the_encoding_that_they_are_in(tmp_path, name, text, encoding, field):
    path = one_point(tmp_path / name, text, encoding)
    layer = next(iter(list_layers(path)))
    info = layer_info(path, layer)
    assert field in info.fields
    assert read_table(path, layer, [field], places=bool(info.geometry)).columns[field].tolist()[0] == "城东区"
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_a_format_that_asks_for_utf8_and_is_not_is_told(tmp_path):
    path = one_point(tmp_path / "a.geojson", GEOJSON % POINT, "gbk")
    ((text, values),) = read_table(path, "a", ["名称"]).notes
    assert "GB18030" in text.format(**values)


def test_bytes_that_are_no_characters_are_told_by_their_lines(tmp_path):
    lines = ["名称", *(f"城东区{at}" for at in range(20))]
    data = "\n".join(lines).encode("utf-8")
    path = tmp_path / "a.csv"
    path.write_bytes(data.replace("城东区7".encode(), b"\xff\xfe7"))
    table = read_table(path, "a", ["名称"], places=False)
    got = table.columns["名称"].tolist()
    assert got[:7] + got[8:] == lines[1:8] + lines[9:]
    ((text, values),) = table.losses
    assert "in lines 9" in text.format(**values)


@pytest.mark.parametrize(
    ("text", "rows", "told"),
    [
        ('a,b\n1,x\n2,"y\n3,z\n', ["1"], "line 3 is not closed: the lines from there to 4"),
        ('a,b\n1,x\n2,"y\n', ["1"], "line 3 is not closed: the lines from there to 3"),
        ("a,b\n1,x\n\n2,y,,7,8\n3,z,,\n", ["1", "2", "3"], "rows 2: cells beyond those of the first line, such as “7”"),
        ("a;b\n1;x\n2;y;丰\n", ["1", "2"], "rows 2: cells beyond those of the first line, such as “丰”"),
        ("a,b\n\0001,x\n2,\000y\n", ["1", "2"], "(NUL) were left out: 2"),
        ('a,b\n1,"x\n,y"\n2,b"x\n', ["1", "2"], ""),
    ],
    ids=["quotation mark", "quotation mark in the last line", "cells", "cells in GBK", "NUL", "nothing"],
)
def test_what_the_reader_would_leave_out_of_a_table_without_a_word_is_told(tmp_path, text, rows, told):
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode("gbk"))
    for limit in (None, 300):
        table = read_table(path, "a", ["a"], limit=limit, places=False)
        assert table.columns["a"].tolist() == rows
        assert [told in words.format(**values) for words, values in table.notes] == [True] * bool(told)


def test_one_damaged_text_does_not_decide(write_shapefile, tmp_path):
    path = write_shapefile(tmp_path / "a.shp", HERE * 6, {"名称": [f"城东区{at}" for at in range(6)]}, encoding="UTF-8")
    data = path.with_suffix(".dbf").read_bytes()
    path.with_suffix(".dbf").write_bytes(data.replace("城东区3".encode(), b"\xff" * 10))
    assert detect_encoding(path).name == "UTF-8"


def test_accented_letters_that_stand_alone_are_not_chinese(write_shapefile, tmp_path):
    path = write_shapefile(tmp_path / "a.shp", HERE, {"name": ["Préfecture"]}, encoding="CP1252")
    assert detect_encoding(path).name == "CP1252"
    assert read_table(path, "a", ["name"]).columns["name"].tolist() == ["Préfecture"]


def test_the_encodings_to_choose_from_show_names_and_values_as_they_would_read(write_shapefile, tmp_path):
    path = write_shapefile(tmp_path / "a.shp", HERE * 2, {"名称": ["城东区", "张三13812345678"], "n": ["1", "2"]}, encoding="GB18030")
    first, second, third = encoding_choices(path)
    assert (first.codec, first.fits, first.chosen, first.fields, first.samples) == ("GB18030", True, True, ("名称", "n"), ("城东区",))
    assert (second.codec, second.fits, second.chosen) == ("UTF-8", False, False)
    assert third.codec == "CP950"
    assert encoding_choices(tmp_path / "none.shp") == ()
    for choice in (first, second, third):
        assert layer_info(path, "a", choice.codec).encoding.name == choice.codec


def test_what_is_plain_has_nothing_to_choose(write_shapefile, write_layer, tmp_path):
    (only,) = encoding_choices(write_shapefile(tmp_path / "a.shp", HERE, {"name": ["a"]}))
    assert (only.codec, only.fits) == ("UTF-8", True)
    assert encoding_choices(write_layer(tmp_path / "a.gpkg", HERE, {"name": ["城"]})) == ()
