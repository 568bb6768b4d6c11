"""Tile packs: what is read out of them, and that a broken or hostile one is refused in words and at once."""

import gzip
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from gridplanner.io.tiles.basemap_source import PACK, BasemapSource
from gridplanner.io.tiles.faults import TileFault
from gridplanner.io.tiles.mbtiles import MbtilesPack
from gridplanner.io.tiles.pmtiles import PmtilesPack, hilbert_id
from gridplanner.io.tiles.reader import TileReader, open_pack
from tests.io.tile_makers import png, write_mbtiles, write_pmtiles

RED, BLUE = png((255, 0, 0)), png((0, 0, 255))


def test_tiles_come_out_of_an_mbtiles_pack(tmp_path: Path) -> None:
    path = write_mbtiles(tmp_path / "town.mbtiles", {(3, 4, 2): RED, (4, 8, 5): BLUE}, attribution="© the town")
    reader = TileReader(BasemapSource(PACK, (str(path),)), None)
    assert (reader.least, reader.most, reader.credit) == (3, 4, "© the town")
    assert reader.read(0, 3, 4, 2) == RED
    assert reader.read(0, 4, 8, 5) == BLUE
    assert reader.read(0, 4, 0, 0) is None
    reader.close()


def tiles_of_three_levels() -> dict[int, bytes]:
    return {hilbert_id(z, x, y): RED if (x + y) % 3 else BLUE for z in range(3) for x in range(1 << z) for y in range(1 << z)}


@pytest.mark.parametrize("leaf_of", [0, 4])
@pytest.mark.parametrize("packing", [1, 2])
def test_tiles_come_out_of_a_pmtiles_pack(tmp_path: Path, leaf_of: int, packing: int) -> None:
    path = write_pmtiles(tmp_path / "town.pmtiles", tiles_of_three_levels(), leaf_of=leaf_of, packing=packing)
    reader = TileReader(BasemapSource(PACK, (str(path),)), None)
    assert (reader.least, reader.most) == (0, 2)
    for z in range(3):
        for x in range(1 << z):
            for y in range(1 << z):
                assert reader.read(0, z, x, y) == (RED if (x + y) % 3 else BLUE)
    assert reader.read(0, 3, 0, 0) is None
    reader.close()


def test_hilbert_numbers_are_those_of_the_specification() -> None:
    assert [hilbert_id(z, x, y) for z, x, y in ((0, 0, 0), (1, 0, 0), (1, 0, 1), (1, 1, 1), (1, 1, 0), (2, 0, 0))] == [0, 1, 2, 3, 4, 5]
    assert hilbert_id(12, 3423, 1763) == 19078479
    assert sorted(hilbert_id(4, x, y) for x in range(16) for y in range(16)) == list(range(85, 341))


def test_broken_packs_are_refused_with_file_and_remedy(tmp_path: Path) -> None:
    whole = write_pmtiles(tmp_path / "whole.pmtiles", tiles_of_three_levels(), leaf_of=4).read_bytes()
    cases = {
        "no.pmtiles": b"hello", "short.pmtiles": whole[:90], "cut.pmtiles": whole[:150], "old.pmtiles": b"PMTiles\x02" + whole[8:],
        "root.pmtiles": whole[:127] + bytes(40) + whole[167:], "huge.pmtiles": whole[:16] + b"\xff" * 8 + whole[24:],
    }  # fmt: skip
    for name, data in cases.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(TileFault, match=name):
            open_pack(tmp_path / name)
    with pytest.raises(TileFault, match="vector tiles"):
        PmtilesPack(write_pmtiles(tmp_path / "vector.pmtiles", {0: b"x"}, kind=1))
    with pytest.raises(TileFault, match="vector tiles"):
        MbtilesPack(write_mbtiles(tmp_path / "vector.mbtiles", {(0, 0, 0): b"x"}, format="pbf"))
    with pytest.raises(TileFault, match="holds no tiles"):
        MbtilesPack(write_mbtiles(tmp_path / "empty.mbtiles", {}))
    (tmp_path / "fake.mbtiles").write_bytes(b"SQLite format 3\0" + bytes(200))
    with pytest.raises(TileFault, match=r"fake\.mbtiles is not an MBTiles pack"):
        open_pack(tmp_path / "fake.mbtiles")
    with pytest.raises(TileFault, match=r"gone\.mbtiles"):
        open_pack(tmp_path / "gone.mbtiles")


@pytest.mark.parametrize("content", [1 << 40, -1, "text", bytes(9 << 20)])
def test_what_is_no_tile_in_an_mbtiles_pack_is_refused_in_words(content: object, tmp_path: Path) -> None:
    path = write_mbtiles(tmp_path / "odd.mbtiles", {(0, 0, 0): content})  # type: ignore[dict-item]
    reader = TileReader(BasemapSource(PACK, (str(path),)), None)
    with pytest.raises(TileFault, match=r"odd\.mbtiles"):
        reader.read(0, 0, 0, 0)
    reader.close()


@pytest.mark.parametrize("level", ["low", 1000, -1, 0.5])
def test_an_mbtiles_pack_with_senseless_zoom_levels_is_refused(level: object, tmp_path: Path) -> None:
    path = write_mbtiles(tmp_path / "odd.mbtiles", {(0, 0, 0): RED})
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("update tiles set zoom_level = ?", (level,))
    with pytest.raises(TileFault, match=r"odd\.mbtiles"):
        MbtilesPack(path)


def test_a_directory_that_would_unpack_without_end_is_refused(tmp_path: Path) -> None:
    bomb = write_pmtiles(tmp_path / "bomb.pmtiles", {0: RED})
    packed = gzip.compress(bytes([0]) * (70 << 20), 1)
    data = bytearray(bomb.read_bytes()[:127])
    data[8:24] = (127).to_bytes(8, "little") + len(packed).to_bytes(8, "little")
    bomb.write_bytes(bytes(data) + packed)
    with pytest.raises(TileFault, match="damaged"):
        open_pack(bomb)


def test_a_number_without_end_in_a_directory_is_refused_at_once(tmp_path: Path) -> None:
    path = write_pmtiles(tmp_path / "long.pmtiles", {0: RED}, packing=1)
    endless = b"\xff" * 300_000
    data = bytearray(path.read_bytes()[:127])
    data[8:24] = (127).to_bytes(8, "little") + len(endless).to_bytes(8, "little")
    path.write_bytes(bytes(data) + endless)
    began = time.process_time()
    with pytest.raises(TileFault, match="damaged"):
        open_pack(path)
    assert time.process_time() - began < 0.3


def test_a_web_page_in_a_pack_is_refused(tmp_path: Path) -> None:
    path = write_mbtiles(tmp_path / "odd.mbtiles", {(0, 0, 0): b"<html>404</html>"})
    reader = TileReader(BasemapSource(PACK, (str(path),)), None)
    with pytest.raises(TileFault, match=r"odd\.mbtiles is not a picture but a web page"):
        reader.read(0, 0, 0, 0)
    reader.close()
