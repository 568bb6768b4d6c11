"""Raw files taken in and layers given out in the real window, by mouse and keys: `python -m tests.desktop.data_day FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from gridplanner.io.crs import WGS84, transform
from gridplanner.io.doctor.datums import metres_between, to_wgs84
from gridplanner.io.vector_files import read_table
from tests.desktop.hand import part_of
from tests.desktop.police_day import PoliceDay
from tests.desktop.raw_town import BORDERS, LIST, SAMPLE, STREETS, write_raw_town
from tests.desktop.working_day import main
from ui.dialogs.export_dialog import ExportDialog
from ui.dialogs.import_dialog import ImportDialog
from ui.dialogs.layer_card import LayerCard

FORMATS = ("gpkg", "geojson", "kml", "csv", "xlsx")  # ticked beside the shapefiles
PROFILE, UNITS = "chinese", "基本单元"  # what the profile calls the units


class Folder(QLabel):
    """A folder in a window of its own, to be dragged from there."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.name)
        self._path = path
        self.setGeometry(1650, 40, 200, 80)
        self.show()

    def mouseMoveEvent(self, _event: QMouseEvent) -> None:  # noqa: N802  (called so by Qt)
        drag, data = QDrag(self), QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self._path))])
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.CopyAction)


class DataDay(PoliceDay):
    """A folder dropped, its shift looked at and undone, an encoding overridden, a repair left and taken back, layers for phone maps."""

    def live(self) -> None:
        self.hand.focus(self.window)
        for step in (self.drop, self.move_the_list, self.read_in_other_letters, self.take_in, self.leave_a_repair, self.units, self.export):
            step()
            print(f"{step.__name__}: {self.hand.ask(lambda: self.desk.session.history.present.words)}", flush=True)
            self.look(step.__name__)

    def drop(self) -> None:
        """Drag the folder of raw files onto the window: each file is looked into, the broken one says what it is."""
        raw = write_raw_town(self.folder)
        there = self.hand.ask(lambda: Folder(raw))
        start = self.hand.ask(lambda: there.mapToGlobal(there.rect().center()))
        onto = self.hand.ask(lambda: self.window.mapToGlobal(self.window.rect().center()))
        self.hand.drag([start, start - QPoint(30, 0), onto + QPoint(200, 0), onto])
        self.dialog = self.hand.focus_dialog(ImportDialog)  # type: ignore[assignment]
        self.hand.wait(lambda: self.dialog.accept_button.isEnabled() and not self.desk.jobs.is_busy, "the files to be looked into")
        self.hand.ask(there.close)
        roles = {Path(card.report.path).name: card.role for card in self.dialog.cards}
        assert roles == {LIST: "households", BORDERS: "communities", STREETS: "roads", "坏文件.geojson": ""}

    def move_the_list(self) -> None:
        """The list is off its place: the banner says so, and the map shows it with and without the shift."""
        card, glance = self.card(LIST), self.dialog.glance
        self.hand.click(self.hand.ask(lambda: card.mapToGlobal(QPoint(24, 20))))
        self.hand.wait(lambda: self.dialog.cards[self.dialog.current] is card and glance.banner.isVisible(), "the banner")
        for button, datum in ((glance.banner.leave_button, "wgs84"), (glance.banner.move_button, "gcj02")):
            self.hand.click(button)
            self.hand.wait(lambda wanted=datum: card.source().datum == wanted, datum)
            number = self.dialog.current
            self.hand.wait(lambda n=number: self.dialog._previews[n].wish == card.wish(), "the map to follow")
            assert (self.hand.ask(lambda n=number: self.dialog._previews[n].shift) > 400.0) == (datum == "gcj02")

    def read_in_other_letters(self) -> None:
        """Read the archive's shapefile in another encoding, and back: names of fields and values follow."""
        card, glance = self.card(BORDERS), self.dialog.glance
        self.hand.ask(lambda: self.dialog._scroll.ensureWidgetVisible(card))
        self.hand.click(self.hand.ask(lambda: card.mapToGlobal(QPoint(24, 20))))
        self.hand.click(self.hand.ask(lambda: part_of(glance.tabs, QPushButton, "Table")))
        for codec, name in (("CP950", False), ("GB18030", True)):
            tile = next(tile for tile in card.texts.tiles.tiles if tile.choice.codec == codec)
            self.hand.wait(tile.isVisible, "the encodings")
            self.hand.click(tile)
            self.hand.wait(lambda wanted=codec: card.source().encoding == wanted, codec)
            self.hand.wait(lambda: not self.desk.jobs.is_busy, "the rows")
            shown = self.hand.ask(lambda: glance.rows.item(0, 1).text())
            assert (shown == "钟楼社区") == name, shown

    def take_in(self) -> None:
        """Import; the households lie where they lay before somebody picked them on a phone map."""
        self.hand.click(self.dialog.accept_button)
        self.wait_for_work()
        self.hand.wait(self.desk.canvas.isVisible, "the map")
        project = self.project
        assert sorted(project.communities.names.tolist())[0] == "东关社区"
        assert len(project.communities) == 6
        table = read_table(SAMPLE / "households.gpkg", "households", ["hh"])
        right = transform(table.points, table.crs, WGS84)
        own = transform(project.households.xy, project.crs, WGS84)
        assert metres_between(own, right).max() < 0.2  # six decimals of a degree
        sources = project.settings.sources
        assert (sources["households"].datum, sources["communities"].encoding) == ("gcj02", "GB18030")

    def leave_a_repair(self) -> None:
        """Leave one joined street as it was, by the button below the findings; Ctrl+Z takes that back."""
        before = self.project
        panel = self.desk.side.issues
        self.hand.ask(lambda: self.desk.side.open_tab("issues"))
        self.hand.wait(lambda: any(issue.repair == "road_gap:22" for issue in panel.model.issues), "the repairs")

        def place() -> QPoint:
            row = next(at for at, issue in enumerate(panel.model.issues) if issue.repair == "road_gap:22")
            panel._list.scrollTo(panel.model.index(row))
            return panel._list.viewport().mapToGlobal(panel._list.visualRect(panel.model.index(row)).center())

        self.hand.click(self.hand.ask(place))
        self.hand.click(self.hand.ask(lambda: part_of(panel, QPushButton, "Leave as it was")))
        self.hand.wait(lambda: self.project is not before, "the streets to be read again")
        assert self.project.settings.sources["roads"].as_is == ("road_gap:22",)
        assert not np.array_equal(self.project.roads.lines.coords, before.roads.lines.coords)
        self.hand.wait(lambda: any(issue.is_left for issue in panel.model.issues), "it to be listed")
        self.hand.key("ctrl+z")
        self.hand.wait(lambda: self.project is before, "it to be undone")

    def units(self) -> None:
        self.run("units")

    def export(self) -> None:
        """Export in several formats with Chinese names, shifted for phone maps; every file is read back."""
        out = self.folder / "for phones"
        self.hand.key("ctrl+e")
        dialog: ExportDialog = self.hand.focus_dialog(ExportDialog)  # type: ignore[assignment]
        for name in FORMATS:
            box = dialog._formats[name]
            if not self.hand.ask(box.isChecked):
                self.hand.click(self.hand.ask(lambda at=box: at.mapToGlobal(QPoint(10, at.height() // 2))))
        for choice, wanted in ((dialog._crs, "gcj02"), (dialog._profile, PROFILE)):
            row = self.hand.ask(lambda box=choice, data=wanted: box.findData(data))
            self.hand.click(choice)
            self.hand.key("Home", *["Down"] * row, "Return")
            self.hand.wait(lambda box=choice, data=wanted: box.currentData() == data, wanted)
        folder = self.hand.ask(lambda: dialog.findChildren(QLineEdit)[0])
        self.hand.click(folder)
        self.hand.key("ctrl+a")
        self.hand.type(str(out))
        self.hand.click(dialog.accept_button)
        self.hand.wait((out / "fields.csv").exists, "the files")
        self.wait_for_work()
        assert {path.suffix for path in out.iterdir()} >= {".shp", ".gpkg", ".geojson", ".kml", ".csv", ".xlsx", ".qgz"}
        units = self.project.units
        assert units is not None
        right = transform(units.xy, self.project.crs, WGS84).mean(axis=0)
        for path in (out / f"{UNITS}.shp", out / f"{UNITS}.geojson"):
            meta, _ids, shapes, _columns = pyogrio.raw.read(path)
            assert len(shapes) == len(units)
            assert "户数" in meta["fields"].tolist()
            xy = to_wgs84(np.unique(shapely.get_coordinates(shapely.from_wkb(shapes)), axis=0), "gcj02")
            assert np.abs(xy.mean(axis=0) - right).max() < 1e-3

    # eyes and fingers

    dialog: ImportDialog

    def card(self, name: str) -> LayerCard:
        """Return the card of a file."""
        return next(card for card in self.dialog.cards if Path(card.report.path).name == name)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), DataDay))
