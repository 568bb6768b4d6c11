"""The layers of the map: which are shown, in which order, how opaque, how broad their lines, in which colour."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QIcon, QKeySequence, QPainter, QPixmap, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QColorDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from gridplanner.i18n import N_, _
from ui.dialogs.form import Choice, form_rows
from ui.map.layer_looks import BROADER, COLOURS, PLAIN, USUAL, LayerLook, Looks
from ui.styles import theme

# from the ground up, as the map paints them when nobody arranged them otherwise
LAYERS = {
    "basemap": N_("Basemap"), "grids": N_("Grids"), "rating": N_("Rating"), "rings": N_("Response rings"), "roads": N_("Streets"),
    "limits": N_("Limits of communities"), "corridor": N_("Railway corridor"), "addresses": N_("Addresses"),
    "guards": N_("Guard segments"), "rail": N_("Railway lines"),
    "borders": N_("Borders of grids"),
    "rules": N_("Rules"), "beats": N_("Beats"), "zones": N_("Patrol zones"), "chiefs": N_("Street chiefs"), "patrol": N_("Patrol routes"),
    "sites": N_("Sites and stations"), "checkpoints": N_("Checkpoints"), "duty": N_("People on duty"),
    "chainage": N_("Chainage and bases"), "labels": N_("Labels"),
}  # fmt: skip
WIDTHS = ((0.5, N_("half")), (0.75, N_("finer")), (1.0, N_("usual")), (1.5, N_("broader")), (2.0, N_("double")), (3.0, N_("threefold")))
_KEY = Qt.ItemDataRole.UserRole


class LayersPanel(QWidget):
    """`toggled` names a layer to show or hide, `changed` brings other looks; the map answers by way of `show_layers`."""

    toggled = Signal(str)
    changed = Signal(object)
    basemap_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._looks = PLAIN
        self._hidden: frozenset[str] = frozenset()
        self._filling = False
        self.list = QListWidget()
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.list.setSpacing(0)
        self.list.itemChanged.connect(self._take_check)
        self.list.currentItemChanged.connect(lambda *_items: self._show_style())
        self.list.model().rowsMoved.connect(lambda *_where: QTimer.singleShot(0, self._take_order))
        for keys, steps in (("Ctrl+Up", -1), ("Ctrl+Down", 1)):
            shortcut = QShortcut(QKeySequence(keys), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda by=steps: self.move_current(by))
        self._hint, self._style_of = QLabel(), QLabel()
        self._hint.setObjectName("small")
        self._hint.setWordWrap(True)
        self._style_of.setObjectName("heading")
        self.opacity, self._percent = QSlider(Qt.Orientation.Horizontal), QLabel()
        self.opacity.setRange(10, 100)
        self.opacity.setMinimumHeight(24)
        self.opacity.setPageStep(10)
        self.opacity.setSingleStep(5)
        self._percent.setFixedWidth(44)
        self._percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.opacity.valueChanged.connect(self._take_opacity)
        self.width_choice, self.colour, self.usual = Choice(), QPushButton(), QPushButton()
        self.width_choice.activated.connect(self._take_width)
        self.colour.setIconSize(QSize(20, 14))
        self.colour.clicked.connect(self._ask_colour)
        self.usual.setObjectName("link")
        self.usual.clicked.connect(lambda: self._take_look(USUAL))
        self.up, self.down, self.basemap = QPushButton(), QPushButton(), QPushButton()
        for button in (self.up, self.down, self.basemap):
            button.setObjectName("small")
        self.up.clicked.connect(lambda: self.move_current(-1))
        self.down.clicked.connect(lambda: self.move_current(1))
        self.basemap.clicked.connect(self.basemap_asked)
        self._lay_out()
        self.retranslate()

    def show_layers(self, looks: Looks, hidden: Collection[str]) -> None:
        """Show what the map shows."""
        if looks == self._looks and frozenset(hidden) == self._hidden and self.list.count():
            return
        self._looks, self._hidden = looks, frozenset(hidden)
        current = self.current
        self._filling = True
        names = [layer.name for layer in looks.arranged([_Row(name) for name in LAYERS])][::-1]
        if [self._name(row) for row in range(self.list.count())] != names:
            self.list.clear()
            for name in names:
                item = QListWidgetItem(_(LAYERS[name]))
                item.setData(_KEY, name)
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsDropEnabled | Qt.ItemFlag.ItemIsUserCheckable)
                self.list.addItem(item)
            self.list.setCurrentRow(names.index(current) if current in names else 0)
        for row, name in enumerate(names):
            self.list.item(row).setCheckState(Qt.CheckState.Unchecked if name in self._hidden else Qt.CheckState.Checked)
        self._filling = False
        self._show_style()

    def refresh(self) -> None:
        """Tick again what is shown: a tick that asked for something is taken back where that was declined."""
        looks, hidden = self._looks, self._hidden
        self._hidden = frozenset(LAYERS)
        self.show_layers(looks, hidden)

    def retranslate(self) -> None:
        """Take up the language and the look in use."""
        self._filling = True
        for row in range(self.list.count()):
            self.list.item(row).setText(_(LAYERS[self._name(row)]))
        self.list.setAccessibleName(_("Layers of the map"))
        self._hint.setText(_("The uppermost layer stands first. Drag a row, or press Ctrl with an arrow key, to move it."))
        self.up.setText(_("Move up"))
        self.down.setText(_("Move down"))
        self.basemap.setText(_("Choose basemap"))
        self.usual.setText(_("As usual"))
        self.opacity.setAccessibleName(_("Opacity"))
        self.width_choice.setAccessibleName(_("Line width"))
        self.width_choice.clear()
        for width, words in WIDTHS:
            self.width_choice.addItem(_(words), width)
        for label, words in zip(self._labels, (_("Opacity"), _("Line width"), _("Colour")), strict=True):
            label.setText(words)
        self._filling = False
        self._show_style()

    @property
    def current(self) -> str:
        """The layer whose style is shown, empty for none."""
        row = self.list.currentRow()
        return self._name(row) if row >= 0 else ""

    def move_current(self, steps: int) -> None:
        """Move the current layer up (negative) or down in the list."""
        row, to = self.list.currentRow(), self.list.currentRow() + steps
        if 0 <= row < self.list.count() and 0 <= to < self.list.count():
            self._filling = True
            item = self.list.takeItem(row)
            self.list.insertItem(to, item)
            self.list.setCurrentRow(to)
            self._filling = False
            self._take_order()

    def _lay_out(self) -> None:
        slider = QHBoxLayout()
        slider.setSpacing(8)
        slider.addWidget(self.opacity, 1)
        slider.addWidget(self._percent)
        self._labels = [QLabel(), QLabel(), QLabel()]
        for label in self._labels:
            label.setObjectName("muted")
        self._form: QFormLayout = form_rows()
        self._form.setVerticalSpacing(8)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._form.addRow(self._labels[0], slider)
        self._form.addRow(self._labels[1], self.width_choice)
        self._form.addRow(self._labels[2], self.colour)
        heading = QHBoxLayout()
        heading.addWidget(self._style_of, 1)
        heading.addWidget(self.usual)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.up, self.down):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.basemap)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._hint)
        layout.addWidget(self.list, 1)
        layout.addLayout(buttons)
        layout.addSpacing(8)
        layout.addLayout(heading)
        layout.addLayout(self._form)

    def _name(self, row: int) -> str:
        return str(self.list.item(row).data(_KEY))

    def _show_style(self) -> None:
        """Show the style of the current layer, as far as it has one."""
        name, self._filling = self.current, True
        look = self._looks.look(name)
        self._style_of.setText(_("Style of “{layer}”").format(layer=_(LAYERS[name])) if name else "")
        self.opacity.setValue(round(100 * look.opacity))
        self._percent.setText(f"{round(100 * look.opacity)} %")
        nearest = min(range(len(WIDTHS)), key=lambda row: abs(WIDTHS[row][0] - look.width))
        self.width_choice.setCurrentIndex(nearest)
        self._form.setRowVisible(1, name in BROADER)
        self._form.setRowVisible(2, name in COLOURS)
        if name in COLOURS:
            colour = look.colour or str(getattr(theme(), COLOURS[name]))
            self.colour.setIcon(_swatch(colour))
            self.colour.setText(colour)
            self.colour.setAccessibleName(_("Colour {colour}").format(colour=colour))
        self.usual.setVisible(look != USUAL)
        self._filling = False

    def _take_check(self, item: QListWidgetItem) -> None:
        name = str(item.data(_KEY))
        if not self._filling and (item.checkState() == Qt.CheckState.Unchecked) != (name in self._hidden):
            self.toggled.emit(name)

    def _take_order(self) -> None:
        order = tuple(self._name(row) for row in reversed(range(self.list.count())))
        if not self._filling and order != self._looks.order and set(order) == set(LAYERS):
            self._take(dataclasses.replace(self._looks, order=() if order == tuple(LAYERS) else order))

    def _take_opacity(self, percent: int) -> None:
        if not self._filling:
            self._take_look(dataclasses.replace(self._looks.look(self.current), opacity=percent / 100))

    def _take_width(self, row: int) -> None:
        self._take_look(dataclasses.replace(self._looks.look(self.current), width=WIDTHS[row][0]))

    def _ask_colour(self) -> None:
        name = self.current
        before = self._looks.look(name).colour or str(getattr(theme(), COLOURS[name]))
        dialog = QColorDialog(QColor(before), self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(_("Style of “{layer}”").format(layer=_(LAYERS[name])))
        dialog.colorSelected.connect(lambda colour: self.set_colour(name, colour.name()))
        dialog.open()

    def set_colour(self, name: str, colour: str) -> None:
        """Draw a layer in a colour (#rrggbb)."""
        self._take(self._looks.with_look(name, dataclasses.replace(self._looks.look(name), colour=colour)))

    def _take_look(self, look: LayerLook) -> None:
        if self.current:
            self._take(self._looks.with_look(self.current, look))

    def _take(self, looks: Looks) -> None:
        self._looks = looks
        self._show_style()
        self.changed.emit(looks)


@dataclasses.dataclass(frozen=True)
class _Row:
    name: str


def _swatch(colour: str) -> QIcon:
    picture = QPixmap(40, 28)
    picture.setDevicePixelRatio(2.0)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(theme().line))
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(QRectF(0.5, 0.5, 19.0, 13.0), 3.0, 3.0)
    painter.end()
    return QIcon(picture)
