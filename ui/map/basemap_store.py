"""Tiles that are open: fetched by a few threads, newest wish first, and kept as long as there is room."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QImage, QPainter

from gridplanner.io.tiles.basemap_source import WEB
from gridplanner.io.tiles.faults import BROKEN, TileFault
from gridplanner.io.tiles.mercator import Tile
from gridplanner.io.tiles.pixels import tile_pixels
from gridplanner.io.tiles.reader import TileReader
from ui.map.pixels import image_of

THREADS = 4
ROOM = 128 << 20  # bytes of open tiles
REMEMBERED = 2048  # tiles that arrived lately, by which the picture is mended
WISHES = 512  # tiles that may be waited for; the oldest wishes are forgotten, a picture that still wants them asks again
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0  # seconds without asking after a failure, doubled with every further one
ANEW = 600.0  # seconds after which a tile that was not there is asked for again
UP = 7  # zoom levels that a tile may be stood in for from above


class TileStore(QObject):
    """`find` never waits: it returns the tile, else a piece of one above it, and wishes for what is missing.

    `arrived` follows every tile; `told` says (kind, words) once when tiles stop coming, and ("", "") when they come again.
    """

    arrived = Signal()
    told = Signal(str, str)

    def __init__(self, open_reader: Callable[[], TileReader], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = open_reader
        self.reader: TileReader | None = None
        self._news = threading.Condition()
        self._wishes: OrderedDict[Tile, None] = OrderedDict()
        self._later: OrderedDict[Tile, None] = OrderedDict()
        self._in_hand: set[Tile] = set()
        self._tiles: OrderedDict[Tile, QImage] = OrderedDict()
        self._room = 0
        self._recent: deque[Tile] = deque(maxlen=REMEMBERED)
        self._count = 0
        self._absent: dict[Tile, float] = {}
        self._pause, self._paused_until = 0.0, 0.0
        self._trouble = ""
        self._closed = False
        self._at_work = 0
        self._threads = [threading.Thread(target=self._run, daemon=True, name=f"basemap-{i}") for i in range(THREADS)]

    def start(self) -> None:
        """Open the source, once somebody listens."""
        self._threads[0].start()  # the others once it is open

    def find(self, tile: Tile) -> tuple[QImage, QRectF] | None:
        """Return the picture of a tile and which part of it to take; what is missing is wished for."""
        with self._news:
            z, x, y = tile
            for up in range(min(UP, z) + 1):
                above = (z - up, x >> up, y >> up)
                image = self._tiles.get(above)
                if up == 0 and image is None:
                    self._wish(tile)
                if image is not None:
                    self._tiles.move_to_end(above)
                    side = image.width() / (1 << up)
                    mask = (1 << up) - 1
                    return image, QRectF((x & mask) * side, (y & mask) * side, side, side)
        return None

    @property
    def revision(self) -> int:
        """A number that grows with every tile that arrives, and as soon as the source is open."""
        return self._count

    def came(self, since: int, until: int) -> list[Tile] | None:
        """Return the tiles that arrived between two revisions; None where that is not known any more."""
        with self._news:
            first = self._count - len(self._recent)
            return list(self._recent)[since - first : until - first] if first <= since <= until else None

    @property
    def is_idle(self) -> bool:
        """True where nothing is waited for."""
        with self._news:
            return not self._wishes and not self._in_hand

    def close(self) -> None:
        """End the threads; those amid a fetch end after it."""
        with self._news:
            self._closed = True
            self._wishes.clear()
            self._news.notify_all()

    def _wish(self, tile: Tile) -> None:
        if tile in self._in_hand or self._absent.get(tile, 0.0) > time.monotonic():
            return
        if tile in self._later and time.monotonic() < self._paused_until:
            return
        self._later.pop(tile, None)
        self._wishes[tile] = None
        self._wishes.move_to_end(tile)
        while len(self._wishes) > WISHES:
            self._wishes.popitem(last=False)
        self._news.notify()

    def _run(self) -> None:
        if threading.current_thread() is self._threads[0] and not self._begin():
            return
        while True:
            with self._news:
                while not self._wishes and not self._closed:
                    rest = self._paused_until - time.monotonic() if self._later else None
                    if rest is not None and rest <= 0:
                        self._wishes.update(self._later)
                        self._later.clear()
                        break
                    self._news.wait(rest)
                if self._closed:
                    self._leave()
                    return
                tile = self._wishes.popitem()[0]
                self._in_hand.add(tile)
                paused = time.monotonic() < self._paused_until
            try:
                self._take(tile, self._load(tile, only_kept=paused), final=not paused)
            except TileFault as why:
                self._fail(tile, why)
            except Exception as why:  # a thread that ended here would leave holes for ever
                self._fail(tile, TileFault(BROKEN, f"{type(why).__name__}: {why}"))

    def _leave(self) -> None:
        """Let go of the source with the last thread."""
        self._at_work -= 1
        if not self._at_work and self.reader is not None:
            self.reader.close()

    def _begin(self) -> bool:
        """Open the source, which may lie on a slow disk; False where that is refused."""
        try:
            reader = self._open()
        except TileFault as why:
            self.told.emit(why.kind, str(why))
            return False
        with self._news:
            if self._closed:
                reader.close()
                return False
            self.reader, self._at_work = reader, THREADS
            self._count += 1  # what was painted before there was a source is painted anew
        for thread in self._threads[1:]:
            thread.start()
        self.arrived.emit()
        return True

    def _load(self, tile: Tile, *, only_kept: bool) -> QImage | None:
        """Return a tile with its layers laid over each other; None where there is none."""
        assert self.reader is not None
        picture: QImage | None = None
        for layer in range(self.reader.layers):
            data = self.reader.kept(layer, *tile) if only_kept else self.reader.read(layer, *tile)
            if data is None:
                if layer == 0:
                    return None
                continue
            image = image_of(tile_pixels(data))
            if picture is None:
                picture = image
            else:
                painter = QPainter(picture)
                painter.drawImage(QRectF(picture.rect()), image)
                painter.end()
        return picture

    def _take(self, tile: Tile, image: QImage | None, *, final: bool) -> None:
        well = False
        with self._news:
            self._in_hand.discard(tile)
            if image is None:
                if final:
                    self._absent[tile] = time.monotonic() + ANEW
                else:
                    self._put_off(tile)
            else:
                self._tiles[tile] = image
                self._recent.append(tile)
                self._count += 1
                self._room += image.sizeInBytes()
                while self._room > ROOM and len(self._tiles) > 1:
                    self._room -= self._tiles.popitem(last=False)[1].sizeInBytes()
            if final:
                well, self._trouble = bool(self._trouble), ""
                self._pause = self._paused_until = 0.0
        if self._closed:
            return
        if well:
            self.told.emit("", "")
        if image is not None:
            self.arrived.emit()

    def _fail(self, tile: Tile, why: TileFault) -> None:
        with self._news:
            self._in_hand.discard(tile)
            assert self.reader is not None
            if self.reader.source.kind != WEB:
                self._absent[tile] = time.monotonic() + ANEW
            else:
                now = time.monotonic()
                if now >= self._paused_until:  # not for each of those that were under way together
                    self._pause = min(max(2 * self._pause, FIRST_PAUSE), LONGEST_PAUSE)
                    self._paused_until = now + self._pause
                self._put_off(tile)
            news, self._trouble = why.kind != self._trouble, why.kind
        if news and not self._closed:
            self.told.emit(why.kind, str(why))

    def _put_off(self, tile: Tile) -> None:
        self._later[tile] = None
        while len(self._later) > WISHES:
            self._later.popitem(last=False)
