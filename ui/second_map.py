"""A second map, for a second screen: the same project in another theme, moved along with the first; or another project beside it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent, QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gridplanner.i18n import _
from gridplanner.model.project import Project
from ui.dialogs.form import Choice
from ui.map.canvas import Canvas
from ui.map.duty_legend import legend_with_duty
from ui.map.legend import Legend
from ui.map.rating_layer import legend_with_rating, with_rating_theme
from ui.map.scene import Showing
from ui.map.themes import THEMES, legend_of, theme_of_map
from ui.map.view import View
from ui.panels.hover_card import HoverCard

if TYPE_CHECKING:
    from ui.desk import Desk


class SecondMap(QWidget):
    """A window of its own. `show_project` puts another project beside the first map's, `follow` keeps it up with everything else."""

    closed = Signal()

    def __init__(self, desk: Desk, showing: Showing) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._desk = desk
        self._first = showing
        self._beside: tuple[Project, str] | None = None
        self._moving = False
        preferences = desk.preferences
        self._theme = preferences.choice("second-map-theme", "deviation")
        self.canvas = Canvas(self._showing())
        self.legend = Legend(self.canvas)
        self.legend.fold(preferences.choice("second-legend") == "folded")
        self.legend.folded.connect(lambda away: preferences.remember_choice("second-legend", "folded" if away else "open"))
        self._card = HoverCard(self.canvas)
        self._title, self.themes, self.together = QLabel(), Choice(), QCheckBox()
        self._title.setObjectName("value")
        self.themes.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)  # another language has longer words
        self.together.setChecked(preferences.choice("second-map-together", "yes") == "yes")
        if self.together.isChecked():
            self.canvas.look(desk.canvas.view)  # before it is shown: a map that was never moved fits itself, and would move the first along
        bar = QWidget()
        bar.setObjectName("topBar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(12)
        row.addWidget(self._title, 1)
        row.addWidget(self.together)
        row.addWidget(self.themes)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(bar)
        layout.addWidget(self.canvas, 1)
        self.addActions(list(desk.window.action_set.qt.values()))  # the keys of the first window work here too
        self.setMinimumSize(480, 360)
        self.resize(960, 720)
        geometry = preferences.bytes_of("second-map")
        if not geometry.isEmpty():
            self.restoreGeometry(geometry)
        self.retranslate()
        self.themes.activated.connect(self._take_theme)
        self.together.toggled.connect(self._take_together)
        self._connect()

    def follow(self, showing: Showing) -> None:
        """Show what the first map shows, in this map's own theme."""
        self._first = showing
        self.canvas.show_project(self._showing())
        self._tell()

    def show_project(self, project: Project | None, title: str = "") -> None:
        """Show another project (such as another scenario) under a title, until None brings back the first map's.

        The project is shown as it is: nothing in it is selected, and clicks on it select nothing. Look, layers, theme and basemap stay,
        and both maps move together.
        """
        self._beside = (project, title) if project is not None else None
        self.follow(self._first)

    def retranslate(self) -> None:
        """Take up the language in use."""
        self.themes.clear()
        for theme in THEMES.values():
            self.themes.addItem(_(theme.name), theme.id)
        self.themes.setAccessibleName(_("Map theme"))
        self.themes.setToolTip(_("What the colours of this map mean"))
        self.together.setText(_("Move with the first map"))
        self._tell()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._desk.preferences.keep_bytes("second-map", self.saveGeometry())
        self.canvas.close_threads()
        super().closeEvent(event)
        self.closed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._move_along(self._desk.canvas.view)
        self.canvas.show_project(self.canvas.showing)

    def _connect(self) -> None:
        desk, canvas = self._desk, self.canvas
        desk.canvas.view_changed.connect(self._move_along)
        canvas.view_changed.connect(self._move_first)
        canvas.grid_clicked.connect(lambda grid: None if self._beside else desk.select(grid))
        canvas.grid_added.connect(lambda grid: None if self._beside else desk.selection.take_beside(grid))
        canvas.menu_asked.connect(lambda grid, at: None if self._beside else desk.hand.open_menu_of(grid, at))
        canvas.hovered.connect(self._tell_hover)
        canvas.pointed.connect(desk.canvas.pointed)
        canvas.failed.connect(desk.canvas.failed)

    def _showing(self) -> Showing:
        first = self._first  # what its theme hides is not hidden here
        hidden = self._desk.hidden | (first.hidden & {"communities"})
        showing = with_rating_theme(dataclasses.replace(first, map_theme=self._theme, hidden=hidden))
        if self._beside is None:
            return showing
        return dataclasses.replace(showing, project=self._beside[0], selected=None, others=frozenset(), colours=None, patrol_route=-1)

    def _tell(self) -> None:
        project = self.canvas.showing.project
        title = self._beside[1] if self._beside is not None else project.name
        words = _("Second map")
        self._title.setText(title or words)
        self.setWindowTitle(f"{title} – {words}" if title else words)
        theme = theme_of_map(self._theme, project)
        self._offer_themes(project, theme.id)
        credit, there = self._desk.maps.basemap.credit, "legend" not in self.canvas.showing.hidden
        meant, entries = legend_with_rating(_(theme.name), legend_of(self.canvas.showing), self.canvas.showing)
        meant, entries = legend_with_duty(meant, entries, self.canvas.showing)
        self.legend.show_legend(meant, entries, credit, there=there)

    def _offer_themes(self, project: Project, shown: str) -> None:
        """Let only those themes be chosen that the project has something for, and name the one that is shown."""
        model = self.themes.model()
        if isinstance(model, QStandardItemModel):
            for row in range(self.themes.count()):
                model.item(row).setEnabled(THEMES[str(self.themes.itemData(row))].possible(project))
        self.themes.setCurrentIndex(self.themes.findData(shown))

    def _take_theme(self, row: int) -> None:
        self._theme = str(self.themes.itemData(row))
        self._desk.preferences.remember_choice("second-map-theme", self._theme)
        self.follow(self._first)

    def _take_together(self, yes: bool) -> None:
        self._desk.preferences.remember_choice("second-map-together", "yes" if yes else "no")
        if yes:
            self._move_along(self._desk.canvas.view)

    def _move_along(self, view: View) -> None:
        self._move(self.canvas, view)

    def _move_first(self, view: View) -> None:
        if self.isVisible():
            self._move(self._desk.canvas, view)

    def _move(self, canvas: Canvas, view: View) -> None:
        """Let a map look where the other looks, at the same scale; the other is not asked to look back."""
        if self.together.isChecked() and not self._moving:
            self._moving = True
            try:
                canvas.look(view.resized(canvas.width(), canvas.height()))
            finally:
                self._moving = False

    def _tell_hover(self, grid: int, at: QPoint) -> None:
        if grid < 0 or self._beside is not None:
            self._card.hide()
        else:
            self._card.show_grid(self._desk.derived, grid, at)
