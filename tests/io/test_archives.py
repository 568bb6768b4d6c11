"""Archives: every layer inside by its Chinese name, and nothing outside the folder that is made for them."""

import struct
import zipfile

import numpy as np
import pytest
import shapely

from gridplanner.errors import InputError
from gridplanner.io.doctor.archives import open_archive
from gridplanner.io.vector_files import choose_layer, file_of, layer_bounds, layer_info, list_layers, read_table

HERE = [shapely.Point(500_000, 3_900_000)]
PARTS = (".shp", ".shx", ".dbf", ".prj")


@pytest.fixture
def points(write_shapefile, tmp_path):
    """A shapefile with a Chinese name and text in GBK."""
    return write_shapefile(tmp_path / "社区 点.shp", HERE, {"名称": ["城东区"]})


def packed(path, files):
    """Write an archive of files by the names they get in it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in files.items():
            archive.write(file, name)
    return path


def gbk_names(path, names):
    """Give the members of an archive the names that a Chinese Windows writes: GBK, without the flag of UTF-8."""
    data = path.read_bytes()
    for placeholder, name in names.items():
        raw = name.encode("gbk")
        assert len(raw) == len(placeholder)
        data = data.replace(placeholder.encode("ascii"), raw)
    path.write_bytes(data)
    return path


def claiming(path, data, size):
    """Write an archive of one table that says another size of it than it has."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", data)
    raw, real = path.read_bytes(), struct.pack("<I", len(data))
    assert raw.count(real) == 2
    path.write_bytes(raw.replace(real, struct.pack("<I", size)))
    return path


def parts_of(path, stem):
    return {f"{stem}{end}": path.with_suffix(end) for end in PARTS}


def test_a_shapefile_in_an_archive_is_read_where_it_lies(points, read, tmp_path):
    path = packed(tmp_path / "资料.zip", parts_of(points, "数据/社区 点"))
    assert list_layers(path) == {"社区 点": "Point"}
    table = read_table(path, "社区 点", ["名称"])
    assert (table.path, table.columns["名称"].tolist()) == (path, ["城东区"])
    assert layer_info(path, "社区 点").crs == layer_info(points, "社区 点").crs
    assert layer_bounds(path, "社区 点")[0] == 500_000
    assert file_of(path, "社区 点").name == "社区 点.shp"
    assert list(read(depots={"path": path, "fields": {"name": "名称"}}).depots.names) == ["城东区"]


def test_names_in_gbk_are_read_as_they_were_meant(points, tmp_path):
    path = packed(tmp_path / "a.zip", parts_of(points, "AABBCCDD"))
    assert list(list_layers(gbk_names(path, {"AABBCCDD": "道路名里"}))) == ["道路名里"]


def test_every_layer_of_every_file_can_be_chosen(points, write_layer, tmp_path):
    write_layer(tmp_path / "town.gpkg", HERE, {"n": [1]}, layer="roads")
    write_layer(tmp_path / "town.gpkg", HERE, {"n": [2]}, layer="blocks")
    files = {**parts_of(points, "east/roads"), **parts_of(points, "west/roads"), "town.gpkg": tmp_path / "town.gpkg"}
    path = packed(tmp_path / "a.zip", files)
    assert set(list_layers(path)) == {"east/roads", "west/roads", "town/roads", "blocks"}
    assert read_table(path, "town/roads", ["n"]).columns["n"].tolist() == [1]
    assert read_table(path, "west/roads", ["名称"]).columns["名称"].tolist() == ["城东区"]
    with pytest.raises(InputError, match=r"east/roads"):
        choose_layer(path, "", ())
    with pytest.raises(InputError, match=r"no layer “rails”"):
        read_table(path, "rails", [])


def test_a_file_that_cannot_be_read_does_not_hide_the_others(points, tmp_path):
    (tmp_path / "bad.geojson").write_text("{")
    path = packed(tmp_path / "a.zip", {**parts_of(points, "good"), "bad.geojson": tmp_path / "bad.geojson"})
    assert set(list_layers(path)) == {"good", "bad"}
    with pytest.raises(InputError, match=r"a\.zip \(bad\.geojson\).*cannot be read"):
        layer_info(path, "bad")
    assert any("bad.geojson" in str(values) for _text, values in read_table(path, "good", []).losses)


def test_what_is_not_opened_is_told(points, tmp_path):
    (tmp_path / "inner.zip").write_bytes(b"PK")
    inside = dict.fromkeys(("more/inner.zip", "区.gdb/a01.gdbtable", "区.gdb/a01.gdbtablx", "old.xls"), tmp_path / "inner.zip")
    path = packed(tmp_path / "a.zip", {**parts_of(points, "p"), **inside})
    told = [values["names"] for _text, values in read_table(path, "p", []).notes if "names" in values]
    assert told == ["more/inner.zip, 区.gdb, old.xls"]


@pytest.mark.parametrize("name", ["../out.csv", "/etc/out.csv", "a/../../out.csv", "C:/out.csv", "..\\out.csv"])
def test_names_that_lead_out_are_left_out(points, tmp_path, name):
    path = packed(tmp_path / "a.zip", parts_of(points, "p"))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, "a\n1\n")
    assert list(list_layers(path)) == ["p"]
    assert any(name.replace("\\", "/") in str(values) for _text, values in open_archive(path).notes)


def test_a_link_is_left_out(points, tmp_path):
    path = packed(tmp_path / "a.zip", parts_of(points, "p"))
    link = zipfile.ZipInfo("secret.csv")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert list(list_layers(path)) == ["p"]


def test_bombs_are_refused_before_they_are_unpacked(tmp_path):
    path = claiming(tmp_path / "bomb.zip", b"a\n" + b"1\n" * 50_000, 300 << 20)
    with pytest.raises(InputError, match=r"300 MB when unpacked"):
        list_layers(path)
    many = tmp_path / "many.zip"
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(5_001):
            archive.writestr(f"{number}.csv", b"")
    with pytest.raises(InputError, match=r"5,001 files"):
        list_layers(many)


def test_a_member_that_holds_more_than_it_says_is_refused(tmp_path):
    path = claiming(tmp_path / "liar.zip", b"a\n" + b"1\n" * 50_000, 100)
    with pytest.raises(InputError, match=r"liar\.zip.*(damaged|incomplete)"):
        list_layers(path)


def test_archives_that_cannot_be_opened_say_why(points, tmp_path):
    whole = packed(tmp_path / "a.zip", parts_of(points, "p")).read_bytes()
    cut, locked, none = tmp_path / "cut.zip", tmp_path / "locked.zip", tmp_path / "none.zip"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"cut\.zip.*damaged or incomplete"):
        list_layers(cut)
    raw = bytearray(whole)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = raw.find(mark)
        while start >= 0:
            raw[start + at] |= 1
            start = raw.find(mark, start + 4)
    locked.write_bytes(raw)
    with pytest.raises(InputError, match=r"locked\.zip.*password"):
        list_layers(locked)
    (tmp_path / "readme.txt").write_text("x")
    with pytest.raises(InputError, match=r"none\.zip.*no layer"):
        list_layers(packed(none, {"readme.txt": tmp_path / "readme.txt"}))
    other = tmp_path / "a.rar"
    other.write_bytes(b"Rar!")
    with pytest.raises(InputError, match=r"a\.rar.*unpack it"):
        list_layers(other)


def test_a_kmz_is_an_archive_too(tmp_path):
    kml = tmp_path / "doc.kml"
    kml.write_text(
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>点位</name><Placemark><name>城东区</name>'
        "<Point><coordinates>101.7,36.6</coordinates></Point></Placemark></Document></kml>",
        encoding="utf-8",
    )
    path = packed(tmp_path / "点.kmz", {"doc.kml": kml})
    (layer,) = list_layers(path)
    assert read_table(path, layer, ["Name"]).columns["Name"].tolist() == ["城东区"]


def test_a_changed_archive_is_unpacked_again(points, write_shapefile, tmp_path):
    path = packed(tmp_path / "a.zip", parts_of(points, "p"))
    assert read_table(path, "p", ["名称"]).columns["名称"].tolist() == ["城东区"]
    other = write_shapefile(tmp_path / "b.shp", HERE * 3, {"名称": ["甲", "乙", "丙"]})
    packed(path, parts_of(other, "p"))
    assert read_table(path, "p", ["名称"]).columns["名称"].tolist() == ["甲", "乙", "丙"]


def test_flipped_bytes_in_an_archive_are_noticed_or_harmless(points, tmp_path):
    whole = packed(tmp_path / "a.zip", parts_of(points, "p")).read_bytes()
    rng = np.random.default_rng(3)
    for number in range(60):
        data = bytearray(whole)
        data[rng.integers(len(data))] ^= int(rng.integers(1, 256))
        path = tmp_path / f"flipped{number}.zip"
        path.write_bytes(data)
        try:
            for layer in list_layers(path):
                assert len(read_table(path, layer, [], places=False)) == 1
        except InputError:
            pass
