"""Which basemap lies under the maps: chosen in a dialog, remembered with the preferences, opened when it is first shown.

It is kept with the preferences and not with the project: a key is the planner's own and must not travel in a file that is passed on,
and a pack lies elsewhere on every machine.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Signal

from gridplanner.i18n import _
from gridplanner.io.tiles.basemap_source import IMAGE, BasemapSource, source_of
from gridplanner.io.tiles.faults import OFFLINE
from gridplanner.io.tiles.reader import TileReader
from gridplanner.io.tiles.tile_cache import TileCache
from ui.map.basemap import Basemap
from ui.map.basemap_image import ImageStore
from ui.map.basemap_store import TileStore

if TYPE_CHECKING:
    from ui.preferences import Preferences

GATHER = 120  # milliseconds in which arriving tiles are gathered for one new picture


class BasemapChoice(QObject):
    """`changed`: there is more to paint, or something else; `told`: words for the status line, empty where all is well again."""

    changed = Signal()
    told = Signal(str)

    def __init__(self, preferences: Preferences, parent: QObject | None = None, cache: Path | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.source = source_of(preferences.choice("basemap"))
        self.is_on = self.source is not None and preferences.choice("basemap-on") == "yes"
        self._cache = cache
        self._store: TileStore | ImageStore | None = None
        self._crs = ""
        self._revision = 0
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(GATHER)
        self._soon.timeout.connect(self._renew)

    def shown(self, crs: str) -> Basemap | None:
        """Return what to paint under a project in a CRS; None where no basemap is on."""
        source = self.source
        if not self.is_on or source is None or not crs:
            return None
        if self._store is None or (source.kind == IMAGE and crs != self._crs):
            self._open(source, crs)
        assert self._store is not None
        revision = self._store.revision if isinstance(self._store, TileStore) else self._revision
        return Basemap(self._store, revision, source.gcj02)

    @property
    def credit(self) -> str:
        """Whose work the basemap is, to be said on the map."""
        if not self.is_on or self.source is None:
            return ""
        reader = self._store.reader if isinstance(self._store, TileStore) else None
        return reader.credit if reader is not None else self.source.credit

    def take(self, source: BasemapSource | None) -> None:
        """Use another basemap from now on, or none."""
        self._end()
        self.source = source
        self._preferences.remember_choice("basemap", source.as_text() if source is not None else "")
        self.turn(source is not None)

    def turn(self, on: bool) -> None:
        """Show the basemap, or show it no longer."""
        self.is_on = on and self.source is not None
        self._preferences.remember_choice("basemap-on", "yes" if self.is_on else "no")
        if not self.is_on:
            self._end()
        self.changed.emit()

    def close(self) -> None:
        """End the threads."""
        self._end()

    def _open(self, source: BasemapSource, crs: str) -> None:
        self._end()
        self._crs = crs
        if source.kind == IMAGE:
            self._store = ImageStore(Path(source.addresses[0]), crs, self)
        else:
            cache = TileCache(self._cache if self._cache is not None else cache_folder())
            self._store = TileStore(lambda: TileReader(source, cache), self)
        self._store.arrived.connect(self._gather)
        self._store.told.connect(self._tell)
        self._store.start()

    def _end(self) -> None:
        self._soon.stop()
        if self._store is not None:
            self._store.arrived.disconnect(self._gather)
            self._store.told.disconnect(self._tell)
            self._store.close()
            self._store.deleteLater()
            self._store = None

    def _gather(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _renew(self) -> None:
        self._revision += 1  # of an image, which comes but once
        self.changed.emit()

    def _tell(self, kind: str, words: str) -> None:
        self.told.emit(_("No connection to the basemap; the map works without.") if kind == OFFLINE else words)


def cache_folder() -> Path:
    """Return where tiles are kept: the place that the system has for what can be fetched again."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericCacheLocation)) / "gridplanner" / "tiles"
