"""What lies under the map: a Chinese or other public map, tiles from a server of one's own, a tile pack, or an image."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QSpinBox, QWidget

from gridplanner.i18n import N_, _
from gridplanner.io.tiles.basemap_source import DEEPEST, IMAGE, PACK, PRESETS, WEB, BasemapSource, check_source
from gridplanner.io.tiles.faults import TileFault
from gridplanner.io.tiles.mercator import Ground, Tile, covering
from gridplanner.io.tiles.reader import open_pack
from gridplanner.io.tiles.web_tiles import trial_of
from gridplanner.io.tiles.world_image import SUFFIXES
from ui.dialogs.form import Choice, Form, pad
from ui.latest import Latest
from ui.map.basemap_image import open_image

NONE = ""
KINDS = (
    (NONE, N_("No basemap")), *((name, words) for name, (words, _source) in PRESETS.items()), (WEB, N_("Tiles from another address")),
    (PACK, N_("Tile pack (MBTiles, PMTiles)")), (IMAGE, N_("Image with world file")),
)  # fmt: skip
Bounds = tuple[float, float, float, float]


@dataclasses.dataclass(frozen=True)
class Trial:
    """What is tried: a source, for a project in `crs` that reaches over `bounds` (None where there is none yet)."""

    source: BasemapSource
    crs: str
    bounds: Bounds | None


class BasemapDialog(Form):
    """Asks for a basemap; `chosen` is it, None for none. `before` is the one in use, `bounds` where the project lies in its `crs`."""

    def __init__(self, before: BasemapSource | None, crs: str, bounds: Bounds | None, folder: str, parent: QWidget | None = None) -> None:
        words = _("Lies under everything and is never part of the plan. Tiles are kept on this computer and shown without a network too.")
        super().__init__(_("Basemap"), words, _("Use"), parent)
        self._crs, self._bounds, self._folder = crs, bounds, folder
        self._trials = Latest(try_out, "basemap-trial", self)
        self._trials.answered.connect(self._tell_trial)
        self._trials.failed.connect(lambda _details: self._tell_trial(_("The trial failed.")))
        self.kind, self.address, self.key, self.file, self.credit = Choice(), QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.most, self.gcj02, self.test, self.verdict = QSpinBox(), QCheckBox(), QPushButton(_("Test")), QLabel()
        for name, text in KINDS:
            self.kind.addItem(_(text), name)
        self.most.setRange(1, DEEPEST)
        pad(self.most)
        self.gcj02.setText(_("The tiles are in GCJ-02 (shifted, as commercial Chinese maps are)"))
        self.address.setPlaceholderText("https://…/{z}/{x}/{y}.png")
        self.kind.setMinimumWidth(420)
        self.verdict.setWordWrap(True)
        self.test.setAutoDefault(False)
        self.test.clicked.connect(self.try_it)
        browse = QPushButton(_("Browse"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        file_row = QWidget()
        row = QHBoxLayout(file_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.file, 1)
        row.addWidget(browse)
        self._rows = self.field_rows()
        self._named: dict[str, QWidget] = {
            "address": self.address, "key": self.key, "file": file_row, "most": self.most, "credit": self.credit, "gcj02": self.gcj02,
        }  # fmt: skip
        self._rows.addRow(_("Map"), self.kind)
        labels = {
            "address": _("Address"), "key": _("Key"), "file": _("File"), "most": _("Deepest zoom"), "credit": _("Credit"), "gcj02": "",
        }  # fmt: skip
        for name, widget in self._named.items():
            self._rows.addRow(labels[name], widget)
            widget.setAccessibleName(labels[name] or self.gcj02.text())
        self.kind.setAccessibleName(_("Map"))
        self.file.setAccessibleName(_("File"))
        self.credit.setPlaceholderText(_("whose map it is; stands on the map"))
        self.body.addWidget(self.test, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.verdict)
        self._fill(before)
        self.kind.currentIndexChanged.connect(self._show_rows)
        for field in (self.address, self.key, self.file):
            field.textChanged.connect(self._judge)
        self._show_rows()

    @property
    def chosen(self) -> BasemapSource | None:
        """The basemap as it stands in the dialog, None for none."""
        kind = str(self.kind.currentData())
        if kind == NONE:
            return None
        if kind in PRESETS:
            return dataclasses.replace(PRESETS[kind][1], key=self.key.text().strip())
        if kind == WEB:
            addresses = tuple(part.strip() for part in self.address.text().split(" ") if part.strip())
            return BasemapSource(
                WEB, addresses, key=self.key.text().strip(), credit=self.credit.text().strip(), gcj02=self.gcj02.isChecked(),
                most=self.most.value(),
            )  # fmt: skip
        path = (self.file.text().strip(),) if self.file.text().strip() else ()
        return BasemapSource(kind, path, credit=self.credit.text().strip(), gcj02=kind == PACK and self.gcj02.isChecked())

    def try_it(self) -> None:
        """Fetch a tile, or open the file, and say what came of it."""
        source = self.chosen
        if source is not None:
            self._say(_("Trying …"), "muted")
            self.test.setEnabled(False)
            self._trials.ask(Trial(source, self._crs, self._bounds))

    def done(self, result: int) -> None:
        self._trials.close(patience=0.0)
        super().done(result)

    def _fill(self, before: BasemapSource | None) -> None:
        """Show the basemap in use."""
        kind = NONE if before is None else before.preset or before.kind
        self.kind.setCurrentIndex(max(self.kind.findData(kind), 0))
        self.most.setValue(before.most if before is not None else 19)
        if before is not None:
            self.key.setText(before.key)
            self.credit.setText("" if before.preset else before.credit)
            self.gcj02.setChecked(before.gcj02)
            if before.kind == WEB and not before.preset:
                self.address.setText(" ".join(before.addresses))
            elif before.kind != WEB:
                self.file.setText(before.addresses[0])

    def _show_rows(self) -> None:
        kind = str(self.kind.currentData())
        needs_key = PRESETS[kind][1].needs_key if kind in PRESETS else kind == WEB and "{key}" in self.address.text()
        shown = {
            "address": kind == WEB, "key": needs_key, "file": kind in {PACK, IMAGE}, "most": kind == WEB,
            "credit": kind in {WEB, PACK, IMAGE}, "gcj02": kind in {WEB, PACK},
        }  # fmt: skip
        for name, yes in shown.items():
            self._rows.setRowVisible(self._named[name], yes)
        self.test.setVisible(kind != NONE)
        self._judge()

    def _judge(self) -> None:
        """Say at once what cannot work."""
        source = self.chosen
        self._rows.setRowVisible(self.key, source is not None and source.needs_key)
        self._say("", "muted")
        words = ""
        if source is not None:
            try:
                check_source(source)
            except TileFault as why:
                words = str(why)
        self.complain(words)
        self.test.setEnabled(not words)

    def _tell_trial(self, words: object) -> None:
        self.test.setEnabled(True)
        self._say(str(words) or _("It works: a tile came."), "bad" if words else "good")

    def _say(self, words: str, mood: str) -> None:
        self.verdict.setText(words)
        self.verdict.setVisible(bool(words))
        self.verdict.setObjectName(mood)
        self.verdict.style().unpolish(self.verdict)
        self.verdict.style().polish(self.verdict)
        self.make_room()

    def _browse(self) -> None:
        pack = self.kind.currentData() == PACK
        kinds = (
            _("Tile packs (*.mbtiles *.pmtiles)") if pack else _("Images ({endings})").format(endings=" ".join("*" + s for s in SUFFIXES))
        )
        name, _kind = QFileDialog.getOpenFileName(self, _("Choose basemap"), self.file.text() or self._folder, kinds)
        if name:
            self.file.setText(name)


def try_out(request: object, _is_obsolete: Callable[[], bool]) -> Iterator[str]:
    """Yield an empty text where a basemap works, else what is wrong: one tile is fetched, or the file is opened."""
    assert isinstance(request, Trial)
    source = request.source
    try:
        if source.kind == IMAGE:
            open_image(Path(source.addresses[0]), request.crs)
        elif source.kind == PACK:
            pack = open_pack(Path(source.addresses[0]))
            pack.close()
    except TileFault as why:
        yield str(why)
        return
    yield trial_of(source, *tile_in(request)) if source.kind == WEB else ""


def tile_in(trial: Trial) -> Tile:
    """Return a tile in the middle of the project, or of the world where there is no project yet."""
    if trial.bounds is None or not trial.crs:
        return min(trial.source.least + 1, trial.source.most), 0, 0
    tiles = covering(Ground(trial.crs, trial.source.gcj02), trial.bounds, 512.0, trial.source.least, trial.source.most)
    return tiles[0] if tiles else (trial.source.least, 0, 0)
