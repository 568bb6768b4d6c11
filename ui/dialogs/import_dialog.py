"""What was found in the files that were dropped, for the planner to confirm."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QProgressBar, QPushButton, QScrollArea, QSplitter, QVBoxLayout, QWidget

from gridplanner.i18n import _
from gridplanner.io.preview import Preview, PreviewWish
from gridplanner.io.source_report import SourceReport
from gridplanner.settings import Settings
from gridplanner.source_settings import DATABASE
from ui.dialogs.form import Form
from ui.dialogs.join_row import Table
from ui.dialogs.layer_card import LayerCard
from ui.dialogs.layer_glance import LayerGlance
from ui.dialogs.preview_map import Near
from ui.dialogs.source_words import ROLES

LEAST_WINDOW, MOST = (960, 600), (1040, 760)  # pixels: the smallest window there is, and the largest that the dialog opens with
EDGE = 16  # pixels of the window that are left around it
LIST, GLANCE = 440, 380  # pixels: how wide its two sides are at least


class ImportDialog(Form):
    """Lists the layers with what they are taken for, beside a map of them; `settings` is the plan's with these sources added.

    Without reports it says that it waits for them; `take_reports` brings them. `look_asked` carries the number of a layer and the
    PreviewWish for it, `take_preview` brings the answer.
    """

    look_asked = Signal(int, object)
    more_asked = Signal(object)  # paths of further files

    def __init__(self, reports: Sequence[SourceReport] | None, settings: Settings, parent: QWidget | None = None) -> None:
        words = _("Each layer is taken for what its name and geometry suggest. Correct it where that is wrong.")
        super().__init__(_("Import data"), words, _("Import"), parent)
        self._before = settings
        self.cards: list[LayerCard] = []
        self.current = -1
        self._previews: dict[int, Preview] = {}
        self._wishes: dict[int, PreviewWish] = {}
        self._fine: dict[int, Preview] = {}  # closer looks, by layer
        self._near: Near | None = None
        self._waiting = self._wait_words()
        self.body.addWidget(self._waiting, 1)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setObjectName("plain")
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(16)
        self._column = QVBoxLayout()
        self._scroll = self._list()
        self.glance = LayerGlance()
        self.glance.setMinimumWidth(GLANCE)
        self.glance.map.near_asked.connect(self._look_closer)
        self.split.addWidget(self._scroll)
        self.split.addWidget(self.glance)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 1)
        self.body.addWidget(self.split, 1)
        self.split.hide()
        self.accept_button.setEnabled(False)
        self.more_button = QPushButton(_("Add files"))
        self.more_button.setAutoDefault(False)
        self.more_button.setEnabled(False)
        self.more_button.clicked.connect(self._ask_more)
        self.buttons.insertWidget(0, self.more_button)
        self.setAcceptDrops(True)
        self.setMinimumWidth(LIST + GLANCE + 64)
        self._take_room()
        if reports is not None:
            self.take_reports(reports)

    @property
    def settings(self) -> Settings:
        """The settings with the sources chosen here; a source of the same role is replaced."""
        chosen = {card.role: card.source() for card in self.cards if card.role}
        project = self._before.project
        if not project.name and self.cards:
            project = dataclasses.replace(project, name=_name_of([Path(card.report.path) for card in self.cards]))
        return dataclasses.replace(self._before, project=project, sources={**self._before.sources, **chosen})

    def wait(self) -> None:
        """Say that files are looked into."""
        self._waiting.show()
        self.split.hide()
        for button in (self.accept_button, self.more_button):
            button.setEnabled(False)

    def take_reports(self, reports: Sequence[SourceReport]) -> None:
        """Show what was found; what was chosen for layers that were there before stays."""
        before = {card.key: card for card in self.cards}
        for card in before.values():
            self._column.removeWidget(card)
            self.glance.forget(card)
            card.hide()
            card.deleteLater()
        self.current = -1
        self._previews, self._wishes, self._fine, self._near = {}, {}, {}, None
        self.more_button.setEnabled(True)
        self.cards = [LayerCard(report) for report in reports]
        tables = {card.key: card for card in self.cards if card.is_table}
        for number, card in enumerate(self.cards):
            card.know_tables(tables)
            self._column.insertWidget(number, card)
            card.changed.connect(self._judge)
            card.changed.connect(lambda number=number: self.choose(number))
            card.chosen.connect(lambda number=number: self.choose(number))
            card.read_anew.connect(lambda number=number: self._look(number))
            card.findings_asked.connect(lambda number=number: self._show_findings(number))
        self._waiting.hide()
        self.split.show()
        self._guess(before)
        first = next((number for number, card in enumerate(self.cards) if card.role), 0)
        self.choose(first)
        self._judge()
        if self.cards:
            self.cards[first].take_focus()
        for number, card in enumerate(self.cards):
            if card.role or number == first:
                self._look(number)

    def choose(self, number: int) -> None:
        """Look at a layer."""
        if not 0 <= number < len(self.cards) or not self.split.isVisibleTo(self):
            return
        if number != self.current:
            for at, card in enumerate(self.cards):
                card.mark(current=at == number)
            self.current = number
        self._look(number)
        self._show()

    def take_preview(self, number: int, preview: Preview) -> None:
        """Show a glance at a layer, unless it is to be read in another way by now."""
        if preview.wish.near is not None:
            if preview.wish.near == self._near:
                self._fine[number] = preview
                self._show()
        elif self._wishes.get(number) == preview.wish:
            self._fine.pop(number, None)
            self._previews[number] = preview
            self.cards[number].take_preview(preview)
            self._show()

    def _show_findings(self, number: int) -> None:
        self.choose(number)
        self.glance.tabs.choose("findings")

    def _look(self, number: int) -> None:
        card = self.cards[number]
        wish = card.wish()
        if card.report.readable and self._wishes.get(number) != wish:
            self._wishes[number] = wish
            self.look_asked.emit(number, wish)

    def _look_closer(self, near: Near) -> None:
        """Have the layers that are drawn drawn finer around a place."""
        self._near = near
        for number, card in enumerate(self.cards):
            wish = dataclasses.replace(card.wish(), near=near)
            shown = number in self._previews and (card.role or number == self.current)
            if shown and (number not in self._fine or self._fine[number].wish != wish):
                self.look_asked.emit(number, wish)

    def _show(self) -> None:
        if self.current >= 0:
            chosen = frozenset(number for number, card in enumerate(self.cards) if card.role)
            self.glance.show_layer(self.cards[self.current], self.current, self._previews, chosen, self._fine)

    def _wait_words(self) -> QWidget:
        waiting = QWidget()
        words, bar = QLabel(_("Looking into the files")), QProgressBar()
        words.setObjectName("muted")
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(words.text())
        column = QVBoxLayout(waiting)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(words, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(bar)
        column.addStretch(1)
        waiting.setMinimumHeight(120)
        return waiting

    def _list(self) -> QScrollArea:
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(8)
        self._column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.setMinimumWidth(LIST)
        return scroll

    def make_room(self) -> None:
        """Stay as it is: the list scrolls where the notice below takes its room."""

    def _take_room(self) -> None:
        """Be as large as the window it belongs to allows, from the first moment on: filling it moves nothing."""
        over = self.parentWidget()
        wide, high = (over.width(), over.height()) if over is not None else LEAST_WINDOW
        self.resize(min(wide - 2 * EDGE, MOST[0]), min(high - 2 * EDGE, MOST[1]))

    def _guess(self, before: Mapping[Table, LayerCard]) -> None:
        """Take every layer for what it probably is, each role once: a file's own layer before one out of OpenStreetMap."""
        for card in self.cards:
            if card.key in before:
                card.choose_like(before[card.key])
        taken = {card.role for card in self.cards if card.role}
        for card in sorted(self.cards, key=lambda card: (card.is_osm, -card.report.count)):
            if card.key in before:
                continue
            role = card.report.role
            along = card.is_osm and role == "barriers"  # rivers come along with the streets of the same file
            card.take_for(role if role not in taken and not along else "")
            taken.add(card.role)

    def _ask_more(self) -> None:
        preferences = self._preferences()
        folder = preferences.folder("import") if preferences is not None else ""
        names, _kind = QFileDialog.getOpenFileNames(self, _("Add files"), folder)
        if names:
            self.more_asked.emit([Path(name) for name in names])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and self.more_button.isEnabled():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths and self.more_button.isEnabled():
            self.more_asked.emit(paths)

    def _judge(self) -> None:
        roles = Counter(card.role for card in self.cards if card.role)
        words = {key: text for key, text, _kinds in ROLES}
        twice = [_(words[role]) for role, count in roles.items() if count > 1]
        if twice:
            self.complain(_("Taken for twice: {roles}. Leave one of them out.").format(roles=", ".join(twice)))
        elif not roles:
            some = any(card.report.readable for card in self.cards)
            self.complain(_("Choose what at least one layer is.") if some else _("None of this can be read."))
        else:
            self.complain(next((card.fault for card in self.cards if card.fault), ""))
        self._tell_joins()
        self._show()

    def _tell_joins(self) -> None:
        """Say on the card of each table which layer takes its rows."""
        takers = {card.join_row.table: card.title for card in self.cards if card.join_row is not None}
        for card in self.cards:
            card.say_joined(takers.get(card.key, ""))


def _name_of(paths: Sequence[Path]) -> str:
    """Return a name for a project made from files: their folder's, or the only file's; of a database its own."""
    if len(set(paths)) == 1 or not paths[0].parent.name:
        return paths[0].name.removeprefix(DATABASE).split(".")[0]
    return paths[0].parent.name
