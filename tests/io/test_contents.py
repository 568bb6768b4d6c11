"""What is opened and what is not: files by what they are, nothing that lies elsewhere, nothing that swells in memory."""

import http.server
import sqlite3
import threading
import zipfile
from contextlib import closing

import pytest
import shapely

from gridplanner.errors import InputError
from gridplanner.io.vector_files import layer_info, list_layers, read_table

POINT = "<Placemark><name>a</name><Point><coordinates>101.7,36.6</coordinates></Point></Placemark>"


@pytest.fixture(scope="module")
def server():
    """The address of a server on this machine, and what was asked of it."""
    asked = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_words):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}", asked
        serving.shutdown()


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def read_whole(path):
    return sum(len(read_table(path, layer, list(layer_info(path, layer).fields))) for layer in list_layers(path))


VRT = '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/{url}/x.geojson</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'


@pytest.mark.parametrize("name", ["a.vrt", "a.geojson", "a.kml", "a.gml", "a.csv", "a.dxf", "a.tab"])
def test_descriptions_of_data_elsewhere_are_not_followed(server, tmp_path, name):
    url, asked = server
    with pytest.raises(InputError, match=r"lies elsewhere"):
        list_layers(written(tmp_path / name, VRT.format(url=url)))
    assert asked == []


def test_what_a_file_links_to_is_not_fetched(server, tmp_path):
    url, asked = server
    link = f"<NetworkLink><Link><href>{url}/n.kml</href></Link></NetworkLink><styleUrl>{url}/s.kml#a</styleUrl>"
    assert (
        read_whole(written(tmp_path / "a.kml", f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{link}{POINT}</Document></kml>'))
        == 1
    )
    gml = (
        '<g:FeatureCollection xmlns:g="http://www.opengis.net/gml" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xmlns:o="{url}/o" xsi:schemaLocation="{url}/o {url}/o.xsd"><g:featureMember><o:a g:id="1"><o:p><g:Point>'
        "<g:coordinates>1,2</g:coordinates></g:Point></o:p></o:a></g:featureMember></g:FeatureCollection>"
    )
    assert read_whole(written(tmp_path / "a.gml", gml)) == 1
    for path in (f"{url}/x.geojson", f"/vsicurl/{url}/x.geojson", f"WFS:{url}"):
        with pytest.raises(InputError, match="no such file"):
            list_layers(tmp_path / path)
    assert asked == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.gml", "a.kml"]  # no .gfs beside it


@pytest.mark.parametrize(("suffix", "root"), [(".kml", "kml"), (".gpx", "gpx"), (".gml", "FeatureCollection")])
@pytest.mark.parametrize("entity", ['<!ENTITY a SYSTEM "file:///etc/passwd">', '<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">', ""])
def test_documents_that_declare_a_type_are_refused(tmp_path, suffix, root, entity):
    text = f'<?xml version="1.0"?>\n<!-- {"x" * 70_000} --><!DOCTYPE {root} [{entity}]><{root}>&b;</{root}>'
    with pytest.raises(InputError, match="DOCTYPE"):
        list_layers(written(tmp_path / f"a{suffix}", text))


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.geojson", b"", "empty"),
        ("a.geojson", b"<html><body>404</body></html>", r"not a \.geojson file"),
        ("a.gpkg", b"PK\x03\x04", r"not a \.gpkg file"),
        ("a.shp", b"SQLite format 3\x00", r"not a \.shp file"),
        ("a.kml", b"<html/>", r"not a \.kml file"),
        ("a.xlsx", b"PK\x03\x04damaged", "workbook is damaged"),
        ("a.xls", b"\xd0\xcf\x11\xe0", r"\.xlsx"),
        ("a.7z", b"7z", "unpack it"),
        ("a.docx", b"PK\x03\x04", "format that is not known"),
    ],
)
def test_files_that_are_not_what_they_seem_say_so(tmp_path, name, data, words):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError, match=words):
        list_layers(path)


def test_deep_nesting_is_refused(tmp_path):
    nested = '{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":' + "[" * 200_000
    with pytest.raises(InputError, match="nested too deeply"):
        list_layers(written(tmp_path / "a.geojson", nested))


def test_a_line_without_end_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" + b"x" * 11_000_000 + b",1\n")
    with pytest.raises(InputError, match="longer than 10 MB"):
        list_layers(path)


def test_a_workbook_that_swells_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", "<sheet/>")
    raw, real = path.read_bytes(), (8).to_bytes(4, "little")
    at = raw.find(b"PK\x01\x02")
    path.write_bytes(raw[: at + 24] + (600 << 20).to_bytes(4, "little") + raw[at + 28 :])
    assert raw[at + 24 : at + 28] == real
    with pytest.raises(InputError, match="600 MB when unpacked"):
        list_layers(path)


@pytest.mark.parametrize("claimed", [0, 2, 9, 2_000_000_000])
def test_a_geopackage_that_miscounts_its_rows_is_read_whole(write_layer, tmp_path, claimed):
    path = write_layer(tmp_path / "a.gpkg", [shapely.Point(0, at) for at in range(5)], {"n": list(range(5))}, layer="点")
    with closing(sqlite3.connect(path)) as base:
        base.execute("UPDATE gpkg_ogr_contents SET feature_count = ?", (claimed,))
        base.commit()
    assert layer_info(path, "点").count == 5
    assert read_table(path, "点", ["n"]).columns["n"].tolist() == [0, 1, 2, 3, 4]
    assert [each.name for each in tmp_path.iterdir()] == ["a.gpkg"]


def test_a_coordinate_system_that_makes_no_sense_is_refused_with_what_to_do(write_shapefile, tmp_path):
    path = write_shapefile(tmp_path / "a.shp", [shapely.Point(0, 0)], {"n": ["1"]})
    prj = path.with_suffix(".prj")
    prj.write_text(prj.read_text().replace("6378137.0", "-1"))
    with pytest.raises(InputError, match=r"a\.shp.*coordinate system makes no sense.*\.prj"):
        layer_info(path, "a")
