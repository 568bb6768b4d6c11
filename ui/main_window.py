"""The window: steps at the left, map in the middle, tables at the right; shown before anything heavy is loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QMainWindow, QSplitter, QStackedWidget, QWidget

from gridplanner.i18n import _, set_language
from ui import styles
from ui.actions.action import Action
from ui.actions.action_set import ActionSet
from ui.panels.steps_panel import StepsPanel
from ui.panels.welcome import Welcome
from ui.preferences import Preferences
from ui.qt_words import QtWords
from ui.status_line import StatusLine
from ui.top_bar import UNSAVED, TopBar
from ui.tour import Tour

if TYPE_CHECKING:
    from ui.desk import Desk

SIZE = (1400, 840)
LEAST = (960, 600)
LEAST_MAP = 320  # pixels
TOUR_AFTER = 600  # milliseconds from the sample town to the tour: the first picture of the map comes first


class MainWindow(QMainWindow):
    """Lays the parts out; a Desk, which comes a moment later, makes them work."""

    painted_first = Signal()

    def __init__(self, preferences: Preferences, *, keeps: bool = True) -> None:
        super().__init__()
        self.preferences = preferences
        self.keeps = keeps  # locks and journals what is worked on; a window that only takes a picture does not
        self.desk: Desk | None = None
        self._waiting: list[Callable[[Desk], object]] = []
        self._qt_words = QtWords(self)
        self._painted = False
        self._recent: list[QAction] = []
        self._named: tuple[str, bool] | None = None
        self.tour: Tour | None = None
        self.use_language(preferences.language)
        self.action_set = ActionSet(self, self._run)
        self.bar: TopBar = TopBar(self.action_set)
        self.steps: StepsPanel = StepsPanel()
        self.welcome = Welcome(preferences.recent)
        self.status: StatusLine = StatusLine()
        self._middle = QStackedWidget()
        self._middle.setMinimumWidth(LEAST_MAP)
        self._middle.addWidget(self.welcome)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setHandleWidth(1)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self._middle)
        self._lay_out()
        self.welcome.import_asked.connect(lambda: self.when_ready(lambda desk: desk.files.import_data()))
        self.welcome.open_asked.connect(lambda: self.when_ready(lambda desk: desk.files.open()))
        self.welcome.sample_asked.connect(lambda: self.when_ready(lambda desk: desk.files.open_sample()))
        self.welcome.recent_asked.connect(lambda path: self.when_ready(lambda desk: desk.files.open(path)))
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    def furnish(self, desk: Desk) -> None:
        """Take in the parts that show a project, and do what was asked for meanwhile."""
        self.desk = desk
        desk.side.hide()
        desk.canvas.setAccessibleName(_("Map"))
        self._middle.addWidget(desk.canvas)
        self._split.addWidget(desk.side)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 0)
        desk.files.sampled.connect(self._tour_once)
        waiting, self._waiting = self._waiting, []
        for call in waiting:
            call(desk)

    def when_ready(self, call: Callable[[Desk], object]) -> None:
        """Call with the desk, now or as soon as it is there."""
        if self.desk is not None:
            call(self.desk)
        else:
            self._waiting.append(call)

    def show_map(self, yes: bool) -> None:
        """Show the map and the tables, or the welcome page where there is nothing to show."""
        if self.desk is not None:
            self._middle.setCurrentIndex(1 if yes else 0)
            self.desk.side.setVisible(yes)
            if yes and not self.desk.canvas.hasFocus():
                self.desk.canvas.setFocus()

    def name_project(self, name: str, *, unsaved: bool) -> None:
        """Show what is being worked on; an edit to unsaved work changes nothing here, and recent files need not be looked for."""
        if self._named == (name, unsaved):
            return
        self._named = (name, unsaved)
        self.bar.name_project((name or "Gridplanner") + (UNSAVED if unsaved else ""))
        self.setWindowTitle(f"{name} – Gridplanner" if name else "Gridplanner")
        self.setWindowModified(False)
        self.welcome.show_recent(self.preferences.recent)
        self._fill_recent()

    def start_tour(self) -> None:
        """Walk through the window; where there is nothing in it yet, the sample town comes first."""
        if self.desk is not None and not self.desk.has_data:
            self.preferences.remember_choice("tour", "")
            self.desk.files.open_sample()
        elif self.tour is None:
            self.preferences.remember_choice("tour", "seen")
            self.tour = Tour(self)
            self.tour.ended.connect(self._end_tour)

    def use_language(self, code: str) -> None:
        """Speak another language from now on; dialogs that are open speak the old one and are closed."""
        for dialog in self.findChildren(QDialog):
            if dialog.isVisible() and dialog.isModal():
                dialog.reject()
        QLocale.setDefault(QLocale(code))
        set_language(code)
        self.preferences.language = code
        app = QApplication.instance()
        if app is not None:
            self._qt_words.use(app, code)
        if hasattr(self, "bar"):
            self.retranslate()

    def use_theme(self, name: str) -> None:
        """Look different from now on; an empty name is as the system has it."""
        self.preferences.theme = name
        app = QApplication.instance()
        if isinstance(app, QApplication):
            styles.use_theme(app, name or styles.system_theme())
        self.welcome.update()

    def retranslate(self) -> None:
        """Take up the language in use."""
        self.action_set.update(self.action_set.moment)
        for part in (self.bar, self.welcome, self.status):
            part.retranslate()
        self.steps.refresh()
        if self.desk is not None:
            self.desk.canvas.setAccessibleName(_("Map"))
        if self.tour is not None:
            self.tour.retranslate()

    def _tour_once(self) -> None:
        if not self.preferences.choice("tour"):
            QTimer.singleShot(TOUR_AFTER, self, self.start_tour)

    def _end_tour(self) -> None:
        self.tour = None
        if self.desk is not None and self.desk.has_data:
            self.desk.canvas.setFocus()

    def _follow_system(self) -> None:
        if not self.preferences.theme and self.desk is not None:
            self.desk.use_theme("")

    def _lay_out(self) -> None:
        room = self.screen().availableSize()  # of a small screen at 200 % less is left than the window wants
        self.setMinimumSize(QSize(*LEAST).boundedTo(room))
        self.resize(QSize(*SIZE) if QGuiApplication.platformName() == "offscreen" else QSize(*SIZE).boundedTo(room))
        self.setAcceptDrops(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setMenuWidget(self.bar)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.steps)
        row.addWidget(self._split, 1)
        self.setCentralWidget(body)
        self.setStatusBar(self.status)
        self.setWindowTitle("Gridplanner")
        geometry = self.preferences.bytes_of("geometry")
        if not geometry.isEmpty():
            self.restoreGeometry(geometry)
        self._fill_recent()

    def _run(self, action: Action) -> None:
        if action.id == "quit":
            self.close()
        else:
            self.when_ready(action.run)

    def _fill_recent(self) -> None:
        menu = self.bar.recent_menu()
        for made in self._recent:
            menu.removeAction(made)
            made.deleteLater()
        self._recent = []
        last = self.action_set.qt["quit"]
        for path in self.preferences.recent[:5]:
            made = QAction(path.name, self)
            made.setToolTip(str(path))
            made.triggered.connect(lambda _checked=False, chosen=path: self.when_ready(lambda desk: desk.files.open(chosen)))
            menu.insertAction(last, made)
            self._recent.append(made)
        if self._recent:
            self._recent.append(menu.insertSeparator(last))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.painted_first.emit)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.when_ready(lambda desk: None if desk.team.drop(paths) else desk.files.drop(paths))

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.desk is not None and not self.desk.files.after_saving(self.close):
            event.ignore()
            return
        self.preferences.keep_bytes("geometry", self.saveGeometry())
        self.hide()  # ending the worker may take a moment
        if self.desk is not None:
            self.desk.close()
        super().closeEvent(event)
