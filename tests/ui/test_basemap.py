import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from gridplanner.io.tiles.basemap_source import IMAGE, PACK, WEB, BasemapSource
from gridplanner.io.tiles.mercator import Ground
from gridplanner.io.tiles.reader import TileReader
from gridplanner.io.tiles.tile_cache import TileCache
from gridplanner.model.project import Project
from tests.io.tile_makers import TileServer, png, tile_server, write_mbtiles
from tests.ui.painting import Painting
from ui.basemap_choice import BasemapChoice
from ui.dialogs.basemap_dialog import BasemapDialog
from ui.map import basemap_store
from ui.map.basemap import Basemap
from ui.map.basemap_store import TileStore
from ui.map.scene import Showing
from ui.map.view import View
from ui.preferences import Preferences
from ui.styles import Theme

CRS = "EPSG:32632"
EMPTY = Project(crs=CRS)
VIEW = View(478500.0, 5538500.0, 0.45, 600, 400)
RED = QColor(255, 0, 0)


@pytest.fixture
def server() -> Iterator[TileServer]:
    with tile_server() as running:
        yield running


def started(open_reader: Callable[[], TileReader]) -> TileStore:
    store = TileStore(open_reader)
    store.start()
    return store


def png_of(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def dotted_pack(path: Path, places: np.ndarray, zoom: int, *, gcj02: bool = False) -> Path:
    """White tiles of one zoom level with a red square of 3 × 3 pixels at each place of the plane."""
    pixels = Ground(CRS, gcj02).to_mercator(places) * 256 * 2**zoom
    low, high = (pixels.min(axis=0) // 256 - 2).astype(int), (pixels.max(axis=0) // 256 + 2).astype(int)
    tiles = {}
    for x in range(low[0], high[0] + 1):
        for y in range(low[1], high[1] + 1):
            image = QImage(256, 256, QImage.Format.Format_RGB32)
            image.fill(QColor("white"))
            for u, v in (pixels - (256 * x, 256 * y)).tolist():
                for i in range(3):
                    for j in range(3):
                        if 0 <= int(u) - 1 + i < 256 and 0 <= int(v) - 1 + j < 256:
                            image.setPixelColor(int(u) - 1 + i, int(v) - 1 + j, RED)
            tiles[zoom, x, y] = png_of(image)
    return write_mbtiles(path, tiles)


def when_idle(qtbot: QtBot, painting: Painting, showing: Showing, store: TileStore) -> QImage:
    painting.show(showing)
    qtbot.waitUntil(lambda: store.reader is not None)
    assert showing.basemap is not None
    painting.show(dataclasses.replace(showing, basemap=dataclasses.replace(showing.basemap, revision=store.revision)))
    qtbot.waitUntil(lambda: store.is_idle)
    return painting.show(dataclasses.replace(showing, basemap=dataclasses.replace(showing.basemap, revision=store.revision)))


def red_near(image: QImage, x: float, y: float, reach: int = 8) -> tuple[float, float]:
    """The middle of what is red around a pixel."""
    column, row = int(x), int(y)
    found = []
    for i in range(column - reach, column + reach + 1):
        for j in range(row - reach, row + reach + 1):
            colour = image.pixelColor(i, j)
            weight = max(0, colour.red() - colour.green())
            if weight:
                found.append((i + 0.5, j + 0.5, weight))
    places = np.array(found)
    middle = np.average(places[:, :2], axis=0, weights=places[:, 2])
    return float(middle[0]), float(middle[1])


PLACES = np.array([[478100.0, 5538200.0], [478900.0, 5538800.0], [478500.0, 5538500.0], [478050.0, 5538830.0]])


@pytest.mark.parametrize(("zoom", "off"), [(16, 1.0), (14, 3.0)])
@pytest.mark.parametrize("gcj02", [False, True])
def test_what_a_tile_shows_is_painted_where_it_lies(
    qtbot: QtBot, look: Theme, tmp_path: Path, zoom: int, off: float, *, gcj02: bool
) -> None:
    pack = dotted_pack(tmp_path / "dots.mbtiles", PLACES, zoom, gcj02=gcj02)
    store = started(lambda: TileReader(BasemapSource(PACK, (str(pack),)), None))
    showing = Showing(EMPTY, look, "en", basemap=Basemap(store, 0, gcj02))
    image = when_idle(qtbot, Painting(VIEW), showing, store)
    for x, y in VIEW.to_screen(PLACES).tolist():
        at = red_near(image, x, y)
        assert np.hypot(at[0] - x, at[1] - y) < off  # a square stands for a place to half a pixel of its tile
    store.close()


def test_a_tile_that_arrives_mends_the_picture_as_if_it_had_always_been_there(qtbot: QtBot, look: Theme, tmp_path: Path) -> None:
    pack = dotted_pack(tmp_path / "dots.mbtiles", PLACES, 16)
    store = started(lambda: TileReader(BasemapSource(PACK, (str(pack),)), None))
    showing = Showing(EMPTY, look, "en", basemap=Basemap(store, 0))
    mended = when_idle(qtbot, Painting(VIEW), showing, store).copy()
    final = dataclasses.replace(showing, basemap=Basemap(store, store.revision))
    assert mended == Painting(VIEW).show(final)
    store.close()


def test_a_missing_tile_is_stood_in_for_by_the_one_above(qtbot: QtBot) -> None:
    with tile_server() as server:
        server.answers["/3/"] = (404, b"")
        server.answers["/2/"] = (200, png((255, 0, 0)))
        store = started(lambda: TileReader(BasemapSource(WEB, (server.url + "/{z}/{x}/{y}",)), None))
        assert store.find((2, 1, 1)) is None
        qtbot.waitUntil(lambda: store.revision == 2)
        found = store.find((3, 3, 2))
        assert found is not None
        assert (found[1].x(), found[1].y(), found[1].width()) == (128.0, 0.0, 128.0)
        qtbot.waitUntil(lambda: store.is_idle)
        assert server.asked == ["/2/1/1", "/3/3/2"]
        assert store.find((3, 3, 2)) is not None
        assert store.is_idle  # what is not there is not asked for again
        store.close()


def test_layers_of_tiles_are_laid_over_each_other(qtbot: QtBot, server: TileServer) -> None:
    label = QImage(256, 256, QImage.Format.Format_ARGB32)
    label.fill(0)
    label.setPixelColor(10, 10, RED)
    server.answers = {"/a": (200, png((0, 0, 255))), "/b": (200, png_of(label))}
    source = BasemapSource(WEB, (server.url + "/a/{z}/{x}/{y}", server.url + "/b/{z}/{x}/{y}"))
    store = started(lambda: TileReader(source, None))
    store.find((1, 0, 0))
    qtbot.waitUntil(lambda: store.revision == 2)
    found = store.find((1, 0, 0))
    assert found is not None
    assert found[0].pixelColor(10, 10) == RED
    assert found[0].pixelColor(11, 10) == QColor(0, 0, 255)
    store.close()


def test_without_a_network_there_is_one_word_and_tiles_come_when_it_is_back(
    qtbot: QtBot, server: TileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(basemap_store, "FIRST_PAUSE", 0.2)
    server.answers["/"] = (503, b"")
    cache = TileCache(tmp_path)
    source = BasemapSource(WEB, (server.url + "/{z}/{x}/{y}",))
    cache.write(source, 0, 4, 9, 9, png())
    store = started(lambda: TileReader(source, cache))
    told: list[str] = []
    store.told.connect(lambda kind, _words: told.append(kind))
    for x in range(8):
        store.find((4, x, 0))
    qtbot.waitUntil(lambda: told == ["offline"])
    asked = len(server.asked)
    assert asked <= basemap_store.THREADS  # not every tile tries in vain
    store.find((4, 9, 9))
    qtbot.waitUntil(lambda: store.revision == 2)  # what is kept on disk comes all the same
    server.answers["/"] = (200, png())
    qtbot.waitUntil(lambda: store.revision == 10, timeout=5000)
    assert told == ["offline", ""]
    store.close()


def test_the_basemap_is_remembered_with_its_key_and_can_be_turned_off(
    qtbot: QtBot, preferences: Preferences, server: TileServer, tmp_path: Path
) -> None:
    choice = BasemapChoice(preferences, cache=tmp_path)
    assert choice.shown(CRS) is None
    source = BasemapSource(WEB, (server.url + "/{z}/{x}/{y}?k={key}",), key="k", credit="© somebody")
    with qtbot.waitSignal(choice.changed):
        choice.take(source)
    first = choice.shown(CRS)
    assert first is not None
    assert choice.shown("") is None
    assert choice.credit == "© somebody"
    assert isinstance(first.store, TileStore)
    with qtbot.waitSignal(choice.changed):  # once the source is open
        pass
    with qtbot.waitSignal(choice.changed):
        first.store.find((1, 0, 0))
    after = choice.shown(CRS)
    assert after is not None
    assert (after.store, after.revision) == (first.store, 2)
    again = BasemapChoice(preferences, cache=tmp_path)
    assert (again.source, again.is_on) == (source, True)
    choice.turn(False)
    assert choice.shown(CRS) is None
    assert choice.credit == ""
    off = BasemapChoice(preferences, cache=tmp_path)
    assert (off.source, off.is_on) == (source, False)


def test_a_pack_that_cannot_be_used_is_told_and_the_map_goes_on(qtbot: QtBot, preferences: Preferences, tmp_path: Path) -> None:
    (tmp_path / "odd.pmtiles").write_bytes(b"PMTiles\x03 and nothing more")
    choice = BasemapChoice(preferences, cache=tmp_path)
    choice.take(BasemapSource(PACK, (str(tmp_path / "odd.pmtiles"),)))
    with qtbot.waitSignal(choice.told) as told:
        assert choice.shown(CRS) is not None
    assert "odd.pmtiles" in told.args[0]
    choice.close()


def test_an_image_lies_where_its_world_file_says(qtbot: QtBot, look: Theme, preferences: Preferences, tmp_path: Path) -> None:
    image = QImage(800, 600, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    for i in range(-3, 4):
        for j in range(-3, 4):
            image.setPixelColor(300 + i, 200 + j, RED)
    image.save(str(tmp_path / "plan.png"))
    (tmp_path / "plan.pgw").write_text("2 0 0 -2 478001 5538999")
    choice = BasemapChoice(preferences, cache=tmp_path)
    choice.take(BasemapSource(IMAGE, (str(tmp_path / "plan.png"),)))
    with qtbot.waitSignal(choice.changed):
        choice.shown(CRS)
    picture = Painting(VIEW).show(Showing(EMPTY, look, "en", basemap=choice.shown(CRS)))
    x, y = VIEW.point_to_screen(478000 + 2 * 300.5, 5539000 - 2 * 200.5)
    at = red_near(picture, x, y)
    assert np.hypot(at[0] - x, at[1] - y) < 0.6
    choice.close()


# the dialog


def dialog_of(qtbot: QtBot, before: BasemapSource | None = None) -> BasemapDialog:
    dialog = BasemapDialog(before, CRS, (478000.0, 5538000.0, 479000.0, 5539000.0), "", None)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def choose(dialog: BasemapDialog, kind: str) -> None:
    dialog.kind.setCurrentIndex(dialog.kind.findData(kind))


def test_the_dialog_asks_for_what_a_basemap_needs_and_no_more(qtbot: QtBot) -> None:
    dialog = dialog_of(qtbot)
    assert dialog.chosen is None
    assert not dialog.key.isVisible()
    choose(dialog, "tianditu-map")
    assert dialog.key.isVisible()
    assert not dialog.address.isVisible()
    assert "key" in dialog.notice.text()
    assert not dialog.accept_button.isEnabled()
    qtbot.keyClicks(dialog.key, "abc")
    assert dialog.accept_button.isEnabled()
    assert dialog.chosen is not None
    assert (dialog.chosen.key, dialog.chosen.credit, len(dialog.chosen.addresses)) == ("abc", "© 天地图", 2)
    choose(dialog, WEB)
    assert not dialog.key.isVisible()
    dialog.address.setText("https://tiles.example/{z}/{x}/{y}?k={key}")
    assert dialog.key.isVisible()
    choose(dialog, IMAGE)
    assert dialog.file.isVisible()
    assert not dialog.gcj02.isVisible()
    dialog.reject()


def test_the_dialog_shows_the_basemap_in_use(qtbot: QtBot) -> None:
    source = BasemapSource(WEB, ("https://tiles.example/{z}/{x}/{y}",), credit="© us", gcj02=True, most=17)
    dialog = dialog_of(qtbot, source)
    assert dialog.chosen == source
    dialog.reject()


def test_the_trial_says_in_words_what_is_wrong_and_when_it_works(qtbot: QtBot, server: TileServer) -> None:
    dialog = dialog_of(qtbot)
    choose(dialog, WEB)
    dialog.address.setText(server.url + "/{z}/{x}/{y}?k={key}")
    dialog.key.setText("wrong")
    server.answers["/"] = (403, '{"msg":"非法Key"}'.encode())
    dialog.test.click()
    qtbot.waitUntil(lambda: "refused the key (403: 非法Key)" in dialog.verdict.text())
    assert dialog.accept_button.isEnabled()  # the planner may be offline today
    server.answers["/"] = (200, png())
    dialog.test.click()
    qtbot.waitUntil(lambda: dialog.verdict.text() == "It works: a tile came.")
    x, y = server.asked[-1].split("?")[0].split("/")[2:]
    assert server.asked[-1].startswith("/16/")
    share = Ground(CRS).to_mercator(np.array([[478500.0, 5538500.0]]))[0] * 2**16
    assert np.abs(share - (int(x) + 0.5, int(y) + 0.5)).max() < 1.5  # a tile of the place that is planned
    dialog.key.setText("right")
    assert dialog.verdict.text() == ""
    dialog.reject()
