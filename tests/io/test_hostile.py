"""Opening a file runs nothing, fetches nothing, reads no other file, and does not fill the memory, whatever the file says."""

from __future__ import annotations

import http.server
import io
import re
import sqlite3
import subprocess
import sys
import threading
import time
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely

from gridplanner.errors import InputError
from gridplanner.export_profiles import read_profile
from gridplanner.io.known_drivers import KNOWN
from gridplanner.io.osm import Wish, read_osm
from gridplanner.io.tiles.faults import TileFault
from gridplanner.io.tiles.mbtiles import MbtilesPack
from gridplanner.io.tiles.pixels import image_pixels, tile_pixels
from gridplanner.io.vector_files import layer_info, list_layers, read_table, write_gpkg_layer
from gridplanner.model.issues import Issue, Level
from gridplanner.plan_file import read_plan
from gridplanner.settings import Settings

SECRET = "of-another-file"
FEATURE = '{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[106.7,35.5]}}'
LAUGHS = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(8)) + "]>"
BLOW_UP = f'<!DOCTYPE l [<!ENTITY i "{"a" * 50_000}">]>'
_RUNS = re.compile(
    r"\b(?:pickle\.loads?|marshal\.loads?|shelve\.open|joblib\.load|yaml\.load|extractall|unpack_archive|load_workbook|os\.system)\("
    r"|(?<![\w.])(?:eval|exec)\(|\bElementTree\.(?:parse|fromstring|iterparse|XML)\b|allow_pickle=True|shell=True"
)
BOMBS = {"laughs": (LAUGHS, "&i;"), "blow-up": (BLOW_UP, "&i;" * 10_000)}


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, list[str]]]:
    """A web server of this computer: its address, and what was asked of it."""
    asked: list[str] = []

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_HEAD = do_GET  # noqa: N815  (the library's name)

        def log_message(self, *_words: object) -> None:
            pass

    answers = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=answers.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{answers.server_port}", asked
    answers.shutdown()
    thread.join()
    answers.server_close()


def everything_in(path: Path) -> str:
    """Return all texts of all layers of a file, or the words of its refusal."""
    found = []
    try:
        for layer in list_layers(path):
            info = layer_info(path, layer)
            table = read_table(path, layer, list(info.fields), places=False)
            found.append(f"{info.crs} {[column.tolist() for column in table.columns.values()]}")
    except InputError as why:
        found.append(str(why))
    return " ".join(found)


def test_only_known_drivers_look_at_files() -> None:
    words = "from gridplanner.io.vector_files import loaded; print(*sorted(loaded().list_drivers(read=True)), sep='\\n')"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert set(done.stdout.split("\n")) - {""} == KNOWN
    assert done.stderr == ""


def hostile_texts(address: str, secret: Path) -> dict[str, str]:
    """Return files by their names that would fetch an address, or read another file, if what they say were done."""
    crs = f'{{"type":"FeatureCollection","features":[{FEATURE}],"%s"%s:%s{{"type":"%s","properties":{{"href":"{address}/crs"}}}}}}'
    pipeline = '{"type":"gdal_streamed_alg","command_line":"gdal vector pipeline ! read %s"}'
    virtual = '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>%s</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
    places = (
        f"<NetworkLink><Link><href>{address}/n.kml</href></Link></NetworkLink><Placemark><styleUrl>{address}/s.kml#a</styleUrl>"
        "<Point><coordinates>1,2</coordinates></Point></Placemark>"
    )
    member = f'<gml:featureMember><x:a fid="1"><x:n>1</x:n><x:g xlink:href="{address}/g.gml#q"/></x:a></gml:featureMember>'
    space = 'xmlns:gml="http://www.opengis.net/gml" xmlns:x="http://x" xmlns:xlink="http://www.w3.org/1999/xlink"'
    schema = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://x {address}/s.xsd"'
    gpx = "http://www.topografix.com/GPX/1/1"
    return {
        "link.geojson": crs % ("crs", "", "", "link"),
        "comment.geojson": crs % ("crs", "/* */", " /**/ ", "url"),
        "escape.geojson": crs % ("\\u0063rs", "", "", "link"),
        "type.geojson": crs % ("crs", "", "", "l\\u0069nk"),
        "pipeline.json": pipeline % secret,
        "address.json": pipeline % f"{address}/p.geojson",
        "virtual.csv": virtual % secret,
        "virtual.geojson": virtual % f"/vsicurl/{address}/v.geojson",
        "web.json": f'{{"a":"<OGRWFSDataSource><URL>{address}/wfs</URL></OGRWFSDataSource>"}}',
        "places.kml": f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{places}</Document></kml>',
        "schema.gml": f"<gml:FeatureCollection {space} {schema}>{member}</gml:FeatureCollection>",
        "beside.gml": f"<gml:FeatureCollection {space}>{member}</gml:FeatureCollection>",
        "track.gpx": f'<gpx version="1.1" xmlns="{gpx}"><wpt lat="1" lon="2"><link href="{address}/l"/></wpt></gpx>',
        "entity.kml": f'<!DOCTYPE k [<!ENTITY s SYSTEM "file://{secret}">]><kml><name>&s;</name></kml>',
        "entity.gml": f'<!DOCTYPE k [<!ENTITY s SYSTEM "{address}/e">]><a>&s;</a>',
    }


def test_no_text_file_makes_its_reader_fetch_or_read_another(server: tuple[str, list[str]], tmp_path: Path) -> None:
    address, asked = server
    secret = tmp_path / "secret.csv"
    secret.write_text(f"a,b\n{SECRET},1\n", encoding="utf-8")
    include = f'<xs:include schemaLocation="{address}/i.xsd"/><xs:element name="a" type="xs:string"/>'
    schema = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://x">{include}</xs:schema>'
    (tmp_path / "beside.xsd").write_text(schema, encoding="utf-8")
    for name, text in hostile_texts(address, secret).items():
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        told = everything_in(path)
        assert SECRET not in told.replace(str(secret), ""), name
        assert asked == [], name


def test_a_coordinate_system_by_name_is_read_as_ever(tmp_path: Path) -> None:
    path = tmp_path / "named.geojson"
    crs = '"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4545"}}'
    path.write_text(f'{{"type":"FeatureCollection",{crs},"features":[{FEATURE}]}}', encoding="utf-8")
    assert layer_info(path, "named").crs == "EPSG:4545"


def package(path: Path, *statements: str) -> Path:
    """Return a GeoPackage with a layer of roads, after some statements of somebody else's."""
    shapes = np.array([shapely.Point(106.7, 35.5)], object)
    write_gpkg_layer(path, "roads", shapes, {"a": np.array([1])}, geometry="Point", crs="EPSG:4326")
    base = sqlite3.connect(path)
    try:
        for statement in statements:
            base.executescript(statement)
        base.commit()
    finally:
        base.close()
    return path


LISTED = "INSERT INTO gpkg_contents(table_name, data_type, identifier, srs_id) VALUES('v', 'attributes', 'v', 4326);"
VIRTUAL = (
    "PRAGMA writable_schema=ON; INSERT INTO sqlite_master(type, name, tbl_name, rootpage, sql) VALUES('table', 'v', 'v', 0, '{sql}');"
    "PRAGMA writable_schema=RESET;"
)


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE VIRTUAL TABLE v USING VirtualText(''{file}'', ''UTF-8'', 1)",
        "create/**/virtual -- x\n table v -- using rtree(\n using VirtualText(''{file}'', ''UTF-8'', 1)",
        "CREATE VIRTUAL TABLE v USING VirtualOGR(''{file}'')",
    ],
)
def test_no_table_of_a_geopackage_reads_another_file(sql: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(f"a,b\n{SECRET},1\n", encoding="utf-8")
    path = package(tmp_path / "town.gpkg", VIRTUAL.format(sql=sql.format(file=secret)), LISTED)
    with pytest.raises(InputError, match="may read other files"):
        list_layers(path)


@pytest.mark.parametrize(
    "call", ["load_extension('/tmp/x.so')", "ogr_datasource_load_layers('{address}/v')", "ImportSHP('/etc/hosts', 'x', 'UTF-8')"]
)
def test_no_view_of_a_geopackage_calls_what_reaches_out(call: str, server: tuple[str, list[str]], tmp_path: Path) -> None:
    address, asked = server
    path = package(tmp_path / "town.gpkg", f"CREATE VIEW v AS SELECT 1 AS fid, {call.format(address=address)} AS t;", LISTED)
    assert "cannot be read" in everything_in(path)
    assert asked == []


def test_a_geopackage_with_an_index_is_read(tmp_path: Path) -> None:
    path = package(tmp_path / "town.gpkg", "CREATE VIRTUAL TABLE f USING fts5(x);")
    assert "roads" in list_layers(path)


@pytest.mark.parametrize("bomb", sorted(BOMBS))
@pytest.mark.parametrize("suffix", ["kml", "gpx", "gml", "xlsx", "ods", "osm"])
def test_an_xml_bomb_takes_neither_time_nor_memory(suffix: str, bomb: str, tmp_path: Path) -> None:
    path, (head, body) = tmp_path / f"bomb.{suffix}", BOMBS[bomb]
    if suffix in {"xlsx", "ods"}:
        workbook(path, head, body)
    else:
        path.write_text(f'<?xml version="1.0"?>{head}<{suffix}>{body}</{suffix}>', encoding="utf-8")
    start = time.monotonic()
    if suffix == "osm":
        with pytest.raises(InputError, match="entities are not supported"):
            read_osm(path, Wish(frozenset({"highway"})))
    else:
        assert "a" * 1_000 not in everything_in(path)
    assert time.monotonic() - start < 2.0


def workbook(path: Path, head: str, body: str) -> None:
    """Write a workbook whose only cell of text is `body`."""
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kinds = "http://schemas.openxmlformats.org/package/2006"
    sheet = f'{head}<worksheet xmlns="{main}"><sheetData>%s</sheetData></worksheet>'
    cell = '<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{text}</t></is></c></row>'
    part = '<Override PartName="/xl/%s" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.%s+xml"/>'
    overrides = part % ("workbook.xml", "sheet.main") + part % ("worksheets/sheet1.xml", "worksheet")
    office = "urn:oasis:names:tc:opendocument:xmlns"
    row = "<table:table-row><table:table-cell office:value-type='string'><text:p>{text}</text:p></table:table-cell></table:table-row>"
    spaces = " ".join(f'xmlns:{name}="{office}:{name}:1.0"' for name in ("office", "table", "text"))
    table = f'<table:table table:name="s">{row.format(text="a")}{row.format(text=body)}</table:table>'
    inner = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    files = {
        ".xlsx": {
            "[Content_Types].xml": f'<Types xmlns="{kinds}/content-types">{overrides}</Types>',
            "_rels/.rels": f'<Relationships xmlns="{kinds}/relationships"><Relationship Id="r1" Type="{relations}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{kinds}/relationships"><Relationship Id="r1" '
            f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>",
            "xl/worksheets/sheet1.xml": sheet % (cell.format(n=1, text="a") + cell.format(n=2, text=body)),
        },
        ".ods": {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"{head}<office:document-content {spaces}>{inner}</office:document-content>",
        },
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in files[path.suffix].items():
            book.writestr(name, text if name == "mimetype" else f'<?xml version="1.0"?>{text}')


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_the_same_workbook_without_a_bomb_is_read(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"town.{suffix}"
    workbook(path, "", SECRET)
    assert SECRET in everything_in(path)


def png(wide: int, high: int) -> bytes:
    """Return a picture that is as large as it says, all of one colour, in few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = wide.to_bytes(4, "big") + high.to_bytes(4, "big") + bytes((1, 0, 0, 0, 0))
    body = zlib.compress(bytes(min((wide // 8 + 1) * high, 1 << 20)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_pictures_that_would_fill_the_memory_are_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "map.png"
    path.write_bytes(png(60_000, 60_000))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(TileFault):
            image_pixels(path)
        with pytest.raises(TileFault):
            tile_pixels(png(100_000, 100_000))
        assert tile_pixels(png(256, 256)).shape == (256, 256, 4)


def test_a_tile_pack_whose_tiles_are_a_table_elsewhere_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "town.mbtiles"
    base = sqlite3.connect(path)
    base.executescript(
        "CREATE TABLE metadata(name, value); INSERT INTO metadata VALUES('format', 'png'); PRAGMA writable_schema=ON;"
        "INSERT INTO sqlite_master(type, name, tbl_name, rootpage, sql) VALUES('table', 'tiles', 'tiles', 0, "
        "'CREATE VIRTUAL TABLE tiles USING fts5(zoom_level, tile_column, tile_row, tile_data)');"
    )
    base.commit()
    base.close()
    with pytest.raises(TileFault):
        MbtilesPack(path)


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = " + "9" * 10_000, "a = { b = " * 50_000])
def test_a_plan_or_profile_without_end_is_refused_in_words(text: str, tmp_path: Path) -> None:
    path = tmp_path / "town.toml"
    path.write_text(text, encoding="utf-8")
    for read in (read_plan, read_profile):
        with pytest.raises(InputError, match="not a valid TOML file"):
            read(path)


def test_a_plan_file_may_name_files_anywhere(tmp_path: Path) -> None:
    """By design: the planner's data lie where they lie; a plan is read, its sources are read, nothing of it is run."""
    path = tmp_path / "town.toml"
    path.write_text('[sources.roads]\npath = "../elsewhere/roads.gpkg"\n', encoding="utf-8")
    settings = read_plan(path)
    assert isinstance(settings, Settings)
    assert Path(settings.sources["roads"].path) == (tmp_path.parent / "elsewhere" / "roads.gpkg").resolve()


def test_an_archive_within_its_limits_writes_nowhere_else(tmp_path: Path) -> None:
    path, inner = tmp_path / "town.zip", io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        for name in ("../../out.csv", "/out.csv", "C:\\out.csv", "a/../../out.csv", "town.csv"):
            archive.writestr(name, "a,b\n1,2\n")
    path.write_bytes(inner.getvalue())
    assert list(list_layers(path)) == ["town"]
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["town.zip"]


@pytest.mark.parametrize("text", ["{n:>999999999}", "{n.__class__}", "{n[0]}", "{other}", "{n", "{n:q}"])
def test_a_finding_in_a_made_up_project_shows_its_bare_text(text: str) -> None:
    assert Issue(Level.INFO, "x", text, {"n": 3}).message == text


def test_nothing_is_run_that_a_file_holds() -> None:
    """Only the window's own parcels are unpickled; nothing evaluates, nothing unpacks an archive whole, no XML is built as a tree."""
    root = Path(__file__).parents[2]
    found = {
        f"{path.relative_to(root).as_posix()}: {word}"
        for folder in ("gridplanner", "algorithms", "ui")
        for path in (root / folder).rglob("*.py")
        for word in _RUNS.findall(path.read_text(encoding="utf-8"))
    }
    assert {line for line in found if "/benchmarks/" not in line} == {"ui/parcel.py: pickle.loads("}
