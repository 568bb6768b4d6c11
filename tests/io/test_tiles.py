import dataclasses
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gridplanner.io.crs import transform
from gridplanner.io.degrees import degrees_words, to_degrees
from gridplanner.io.gcj02 import from_gcj02, to_gcj02
from gridplanner.io.tiles.basemap_source import OPENSTREETMAP, TIANDITU_MAP, WEB, BasemapSource, check_source, source_of, tile_url
from gridplanner.io.tiles.faults import BROKEN, MISSING, OFFLINE, QUOTA, REFUSED, TileFault
from gridplanner.io.tiles.mercator import SIDE, TOLERANCE, Ground, covering, mercator_shares, tile_mesh, tile_meshes
from gridplanner.io.tiles.picture import check_tile, picture_size
from gridplanner.io.tiles.reader import TileReader
from gridplanner.io.tiles.tile_cache import TileCache
from gridplanner.io.tiles.web_tiles import fetch_tile, trial_of
from gridplanner.io.tiles.world_image import read_world_image
from tests.io.tile_makers import TileServer, png, tile_server

RED, BLUE = png((255, 0, 0)), png((0, 0, 255))


@pytest.fixture
def server() -> Iterator[TileServer]:
    with tile_server() as running:
        yield running


def web(server: TileServer, **more: object) -> BasemapSource:
    return dataclasses.replace(BasemapSource(WEB, (server.url + "/{z}/{x}/{y}.png",)), **more)


# where tiles lie


@pytest.mark.parametrize("crs", ["EPSG:4545", "EPSG:32632", "EPSG:4526"])
@pytest.mark.parametrize("zoom", [5, 8, 11, 14, 18])
@pytest.mark.parametrize("gcj02", [False, True])
def test_every_place_of_a_tile_is_painted_within_half_a_pixel_of_where_it_lies(crs: str, zoom: int, gcj02: bool) -> None:
    ground, middle = Ground(crs, gcj02), {"EPSG:4545": (108.6, 35.5), "EPSG:32632": (8.7, 50.0), "EPSG:4526": (114.9, 23.1)}[crs]
    share = mercator_shares(np.array([middle]))[0]
    tile = (zoom, int(share[0] * 2**zoom), int(share[1] * 2**zoom))
    mesh = tile_mesh(ground, tile)
    assert mesh is not None
    uv = np.random.default_rng(zoom).uniform(0, SIDE, (400, 2))
    true = ground.to_plane((np.array(tile[1:]) + uv / SIDE) / 2**zoom)
    cell = (uv[:, 1] // (SIDE / mesh.cells)).astype(int) * mesh.cells + (uv[:, 0] // (SIDE / mesh.cells)).astype(int)
    a, b, c, d, e, f = mesh.affine[cell].T
    painted = np.column_stack((a * uv[:, 0] + c * uv[:, 1] + e, b * uv[:, 0] + d * uv[:, 1] + f))
    metres_per_pixel = np.sqrt(np.abs(a * d - b * c))
    assert (np.linalg.norm(painted - true, axis=1) / metres_per_pixel).max() < 0.5
    assert mesh.error <= TOLERANCE
    assert mesh.cells == 1 or zoom < 12


def test_many_tiles_are_laid_down_as_each_alone() -> None:
    ground = Ground("EPSG:4545")
    tiles = [(16, 52260, 25876), (16, 52261, 25876), (9, 408, 202), (14, 13065, 6469), (1, 0, 1)]
    for tile, mesh in zip(tiles, tile_meshes(ground, tiles), strict=True):
        alone = tile_mesh(ground, tile)
        assert (mesh is None) == (alone is None)
        if mesh is not None and alone is not None:
            assert mesh.cells == alone.cells
            assert mesh.affine == pytest.approx(alone.affine)
            assert mesh.box == alone.box
    assert tile_meshes(ground, []) == []


def test_a_view_is_covered_by_tiles_of_about_its_own_resolution() -> None:
    ground, bounds = Ground("EPSG:32632"), (478000.0, 5536000.0, 482000.0, 5539000.0)
    tiles = covering(ground, bounds, 1200.0, 0, 19)
    assert {z for z, _x, _y in tiles} == {15}  # 3.07 m a pixel at this latitude, 3.33 are asked for
    corners = np.array([bounds[:2], bounds[2:], (bounds[0], bounds[3]), (bounds[2], bounds[1])])
    for x, y in ground.to_mercator(corners) * 2**15:
        assert (15, int(x), int(y)) in tiles
    assert len(covering(ground, bounds, 1200.0, 0, 11)) <= 4
    assert covering(ground, bounds, 1200.0, 16, 19)[0][0] == 16
    assert len(covering(Ground("EPSG:32632"), (-4e6, 1e6, 5e6, 9e6), 1e6, 0, 19)) <= 400


def test_gcj02_moves_a_place_in_beijing_by_half_a_kilometre_and_none_in_europe_and_comes_back() -> None:
    places = np.array([[116.404, 39.915], [8.7, 50.0], [104.07, 30.67]])
    moved = to_gcj02(places)
    assert moved[0] == pytest.approx((116.4102445, 39.9164043), abs=1e-7)
    assert moved[1].tolist() == places[1].tolist()
    assert np.abs(from_gcj02(moved) - places).max() * 111_000 < 1e-3


def test_a_shifted_basemap_is_brought_back_to_the_true_place() -> None:
    true = np.array([[116.404, 39.915]])
    plane = transform(true, "EPSG:4326", "EPSG:4547")
    share = Ground("EPSG:4547", gcj02=True).to_mercator(plane)
    assert share == pytest.approx(mercator_shares(to_gcj02(true)), abs=1e-12)
    assert Ground("EPSG:4547", gcj02=True).to_plane(share) == pytest.approx(plane, abs=0.01)


# what is refused


def test_pictures_tell_their_kind_and_size() -> None:
    assert picture_size(png(wide=300, high=20)) == ("png", 300, 20)
    jpeg = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc0001108002001000301220002110103110100")
    assert picture_size(jpeg) == ("jpeg", 256, 32)
    assert picture_size(b"II*\0\x08\0\0\0\x02\0" + bytes.fromhex("000103000100000040010000010103000100000020000000")) == ("tiff", 320, 32)
    assert picture_size(b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\xff\xc0\x3f\0\0\0\0\0\0\0") == ("webp", 256, 256)
    assert picture_size(b"\x89PNG\r\n") is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<!DOCTYPE html><html><body>Log in</body></html>", "a web page"),
        (b'{"code": 301}', "a message of the server"),
        (b"", "nothing at all"),
        (png(wide=60_000, high=60_000), "60000 × 60000 pixels"),
        (b"\x1a\x12tile", "a vector tile"),
    ],
)
def test_what_is_no_tile_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(TileFault, match=words) as why:
        check_tile(data, "The tile")
    assert why.value.kind == BROKEN


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("file:///etc/{z}/{x}/{y}", "begin with https"),
        ("https://tiles.example/{z}/{x}", "needs {z}, {x} and {y}"),
        ("https://tiles.example/{z}/{x}/{y}?a={secret}", "{secret}"),
        ("https://tiles.example/{z}/{x}/{y}?k={key}", "key"),
        ("", "address"),
    ],
)
def test_an_address_that_cannot_work_is_refused_before_anything_is_asked(address: str, words: str) -> None:
    with pytest.raises(TileFault) as why:
        check_source(BasemapSource(WEB, (address,) if address else ()))
    assert words in str(why.value)


@pytest.mark.parametrize("change", [{"key": 7}, {"addresses": 3}, {"least": "a"}, {"servers": 1}, {"kind": "other"}, {"more": 1}])
def test_a_source_of_another_making_is_none(change: dict[str, object]) -> None:
    told = json.loads(TIANDITU_MAP.as_text()) | {"key": "k"}
    assert source_of(json.dumps(told)) == dataclasses.replace(TIANDITU_MAP, key="k")
    assert source_of(json.dumps(told | change)) is None


def test_addresses_are_filled_in() -> None:
    source = BasemapSource(WEB, ("https://{s}.example/{z}/{x}/{-y}?k={key}",), key=" abc ", servers="ab")
    assert tile_url(source, 0, 3, 4, 2) == "https://a.example/3/4/5?k=abc"
    assert "t6.tianditu.gov.cn/vec_w" in tile_url(dataclasses.replace(TIANDITU_MAP, key="k"), 0, 3, 4, 2)
    assert "LAYER=cva" in tile_url(dataclasses.replace(TIANDITU_MAP, key="k"), 1, 3, 4, 2)
    assert source_of(source.as_text()) == source
    assert source_of("{}") is source_of("") is source_of('{"kind": "web", "addresses": ["x"]}') is None


# the web


def test_tiles_come_from_a_server_and_the_second_time_from_disk(server: TileServer, tmp_path: Path) -> None:
    server.answers["/5/"] = (200, RED)
    cache = TileCache(tmp_path)
    reader = TileReader(web(server), cache)
    assert reader.read(0, 5, 1, 2) == RED
    assert reader.read(0, 5, 1, 2) == RED
    assert server.asked == ["/5/1/2.png"]
    assert all(agent.startswith("gridplanner/") for agent in server.agents)
    assert not list(tmp_path.rglob("*.part"))


def test_an_old_tile_is_asked_for_again_and_kept_where_the_server_is_silent(server: TileServer, tmp_path: Path) -> None:
    reader = TileReader(web(server), TileCache(tmp_path))
    server.answers["/"] = (200, RED)
    reader.read(0, 5, 1, 2)
    kept = next(tmp_path.rglob("*.tile"))
    os.utime(kept, (1e9, 1e9))
    server.answers["/"] = (200, BLUE)
    assert reader.read(0, 5, 1, 2) == BLUE
    os.utime(next(tmp_path.rglob("*.tile")), (1e9, 1e9))
    server.answers["/"] = (503, b"")
    assert reader.read(0, 5, 1, 2) == BLUE
    assert reader.kept(0, 5, 1, 2) == BLUE


def test_the_disk_cache_gives_up_the_longest_unused_tiles(tmp_path: Path) -> None:
    cache, source = TileCache(tmp_path, most=10 * len(RED)), BasemapSource(WEB, ("https://tiles.example/{z}/{x}/{y}",))
    for x in range(20):
        cache.write(source, 0, 8, x, 0, RED)
        os.utime(next((tmp_path).rglob(f"{x}/0.tile")), (1e9 + x, 1e9 + x))
    cache.clear_old()
    assert [x for x in range(20) if cache.read(source, 0, 8, x, 0)] == list(range(12, 20))


def test_the_key_is_in_no_name_of_the_cache(server: TileServer, tmp_path: Path) -> None:
    source = BasemapSource(WEB, (server.url + "/{z}/{x}/{y}.png?k={key}",), key="s3cret")
    TileReader(source, TileCache(tmp_path)).read(0, 5, 1, 2)
    assert "k=s3cret" in server.asked[0]
    assert not [path for path in tmp_path.rglob("*") if "s3cret" in str(path)]


@pytest.mark.parametrize(
    ("status", "body", "key", "kind", "words"),
    [
        (403, '{"code":300001,"msg":"非法Key"}'.encode(), "k", REFUSED, "refused the key (403: 非法Key)"),
        (418, b"<html><body>teapot</body></html>", "k", QUOTA, "quota"),
        (429, b"", "", QUOTA, "Try again later"),
        (403, '{"msg":"配额超限"}'.encode(), "k", QUOTA, "配额超限"),
        (403, b"blocked", "", REFUSED, "Read its terms"),
        (404, b"", "", MISSING, "no tile there"),
        (502, b"", "", OFFLINE, "out of order"),
        (200, b"<html>log in</html>", "", BROKEN, "a web page"),
        (200, b'{"msg":"key invalid"}', "k", REFUSED, "key invalid"),
        (200, b"", "", MISSING, "no tile there"),
    ],
)
def test_what_a_server_refuses_is_said_in_words(server: TileServer, status: int, body: bytes, key: str, kind: str, words: str) -> None:
    server.answers["/"] = (status, body)
    address = server.url + "/{z}/{x}/{y}" + ("?k={key}" if key else "")
    source = BasemapSource(WEB, (address,), key=key)
    with pytest.raises(TileFault) as why:
        fetch_tile(source, 0, 3, 1, 1)
    assert why.value.kind == kind
    assert words in str(why.value)
    assert trial_of(source, 3, 1, 1) == str(why.value)


def test_a_refusal_that_breaks_off_is_said_in_words(server: TileServer) -> None:
    server.answers["/"] = (403, b"blo")
    server.promised = 200
    with pytest.raises(TileFault) as why:
        fetch_tile(web(server), 0, 3, 1, 1, timeout=0.2)
    assert why.value.kind == REFUSED


def test_no_network_is_said_in_words() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    words = trial_of(BasemapSource(WEB, (f"http://127.0.0.1:{port}/{{z}}/{{x}}/{{y}}",)), 3, 1, 1)
    assert words.startswith(f"No answer from 127.0.0.1:{port}")


def test_a_server_that_works_passes_the_trial_with_every_layer(server: TileServer) -> None:
    source = BasemapSource(WEB, (server.url + "/a/{z}/{x}/{y}?k={key}", server.url + "/b/{z}/{x}/{y}?k={key}"), key="k", most=18)
    assert trial_of(source, 25, 1, 1) == ""
    assert server.asked == ["/a/18/1/1?k=k", "/b/18/1/1?k=k"]
    server.answers["/b"] = (403, b"")
    assert "refused the key" in trial_of(source, 3, 1, 1)
    assert trial_of(dataclasses.replace(OPENSTREETMAP, addresses=("ftp://x",)), 1, 0, 0).startswith("The address must begin")


# images


def test_an_image_with_a_world_file_lies_where_it_says(tmp_path: Path) -> None:
    (tmp_path / "plan.PNG").write_bytes(png(wide=400, high=300))
    (tmp_path / "plan.pgw").write_text("0.5\n0\n0\n-0.5\n1000.25\n2999.75\n")
    placed = read_world_image(tmp_path / "plan.PNG", "EPSG:4545")
    assert placed.size == (400, 300)
    assert placed.cells == 1
    assert placed.box == pytest.approx((1000.0, 2850.0, 1200.0, 3000.0))
    assert placed.affine[0] == pytest.approx((0.5, 0, 0, -0.5, 1000.0, 3000.0))


def test_an_image_in_another_plane_is_bent_into_the_projects(tmp_path: Path) -> None:
    (tmp_path / "plan.jpg").write_bytes(bytes.fromhex("ffd8ffc0001108040004000301220002110103110100") + bytes(20))
    (tmp_path / "plan.jgw").write_text("50 0 0 -50 11900000 4300000")
    (tmp_path / "plan.prj").write_text("EPSG:3857")
    placed = read_world_image(tmp_path / "plan.jpg", "EPSG:4545")
    assert placed.error < 0.35
    uv = np.random.default_rng(1).uniform(0, 1024, (200, 2))
    true = transform(np.column_stack((11900000 + 50 * (uv[:, 0] - 0.5), 4300000 - 50 * (uv[:, 1] - 0.5))), "EPSG:3857", "EPSG:4545")
    cell = (uv[:, 1] // (1024 / placed.cells)).astype(int) * placed.cells + (uv[:, 0] // (1024 / placed.cells)).astype(int)
    a, b, c, d, e, f = placed.affine[cell].T
    painted = np.column_stack((a * uv[:, 0] + c * uv[:, 1] + e, b * uv[:, 0] + d * uv[:, 1] + f))
    assert (np.linalg.norm(painted - true, axis=1) / np.sqrt(np.abs(a * d - b * c))).max() < 0.5


def test_images_that_cannot_be_laid_down_are_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "plan.png").write_bytes(png())
    with pytest.raises(TileFault, match=r"Put plan\.pgw"):
        read_world_image(tmp_path / "plan.png", "EPSG:4545")
    (tmp_path / "plan.pgw").write_text("1\n0\n0\nminus one\n0\n0")
    with pytest.raises(TileFault, match="six numbers"):
        read_world_image(tmp_path / "plan.png", "EPSG:4545")
    (tmp_path / "plan.pgw").write_text("0 0 0 0 5 5")
    with pytest.raises(TileFault, match="six numbers"):
        read_world_image(tmp_path / "plan.png", "EPSG:4545")
    (tmp_path / "large.png").write_bytes(png(wide=40_000, high=40_000))
    with pytest.raises(TileFault, match="too many to open"):
        read_world_image(tmp_path / "large.png", "EPSG:4545")
    (tmp_path / "page.png").write_bytes(b"<html>")
    with pytest.raises(TileFault, match="not an image"):
        read_world_image(tmp_path / "page.png", "EPSG:4545")


def test_places_are_told_in_degrees() -> None:
    assert to_degrees("EPSG:32632", 500000.0, 0.0) == pytest.approx((9.0, 0.0))
    assert degrees_words(8.7052, -50.0006) == "50.00060°S 8.70520°E"
    assert to_degrees("", 1.0, 2.0) is to_degrees("nonsense", 1.0, 2.0) is None
