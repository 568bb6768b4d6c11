"""The findings of the check, errors first: by level, by what they are about; choosing one goes to its place, repairs can be taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QShowEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gridplanner.i18n import N_, _, ngettext
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Ints
from ui.panels.row_changes import row_changes
from ui.repair_words import repair_words
from ui.short_codes import with_short_codes
from ui.styles import TEXT, font, theme

MOST = 2000  # issues listed
LEFT, RIGHT, LINES = 26, 10, 2  # pixels beside the words, lines of a row
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
LEVEL_WORDS = {Level.ERROR: N_("error"), Level.WARNING: N_("warning"), Level.INFO: N_("note")}
# what findings are about, by their kind, those of the railway by their layer; all else is about the data
SUBJECTS = {
    "size": (N_("Sizes of grids"), {"under", "over", "band", "target", "heavy", "remedy"}),
    "shape": (N_("Shapes of grids"), {"split", "parts", "empty", "gap", "overlap", "seam"}),
    "code": (N_("Codes"), {"code", "duplicate_code", "drawn_code", "code_made_up"}),
    "rule": (N_("Rules"), {"rule", "rural", "kept_units", "max_moved"}),
    "stale": (N_("Out of date"), {"stale"}),
    "patrol": (N_("Patrol routes"), {
        "unserved", "unreachable", "short_of_time", "short_window", "no_break", "balance", "leg_outside", "covered", "no_route",
        "outside_zones", "nothing_required", "depot_off_road", "off_road", "unknown_street", "unknown_class", "no_street", "no_classes",
    }),
    "rail": (N_("Railway"), set()),  # by its layers
    "roster": (N_("Roster"), {"short", "roster"}),
    "plan": (N_("Other plans"), {"zones", "no_depot", "posts", "no_posts", "cut_short"}),
    "data": (N_("Data"), set()),
}  # fmt: skip


_RAIL = {"rail", "railway", "railsegs", "rail_posts", "rail_features", "corridor", "stations"}  # layers
_SUBJECT_OF = {kind: name for name, (_title, kinds) in SUBJECTS.items() for kind in kinds}


def subject_of(issue: Issue) -> str:
    """Return what a finding is about, a key of SUBJECTS."""
    return "rail" if issue.layer in _RAIL else _SUBJECT_OF.get(issue.kind, "data")


class IssueModel(QAbstractListModel):
    """Issues as rows, worded when they are shown; those that stay keep their place when there are others."""

    def __init__(self) -> None:
        super().__init__()
        self.issues: tuple[Issue, ...] = ()

    def show(self, issues: Sequence[Issue]) -> None:
        """Show other issues."""
        issues = tuple(issues[:MOST])
        changes = row_changes(*_same_objects(self.issues, issues))
        twice = len(set(map(id, issues))) < len(issues) or len(set(map(id, self.issues))) < len(self.issues)
        if twice or changes.moved or not changes.few:
            changes = row_changes(*_same_words(self.issues, issues))
        if changes.moved or not changes.few:
            self.beginResetModel()
            self.issues = issues
            self.endResetModel()
            return
        for first, last in changes.gone:
            self.beginRemoveRows(_NOWHERE, first, last)
            self.issues = self.issues[:first] + self.issues[last + 1 :]
            self.endRemoveRows()
        for first, last in changes.come:
            self.beginInsertRows(_NOWHERE, first, last)
            self.issues = self.issues[:first] + issues[first : last + 1] + self.issues[first:]
            self.endInsertRows()
        self.issues = issues

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.issues)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        issue = self.issues[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return with_short_codes(issue.message)
        if role == Qt.ItemDataRole.ToolTipRole:
            return issue.message
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{_(LEVEL_WORDS[issue.level])}: {issue.message}"
        if role == Qt.ItemDataRole.UserRole:
            return issue.level
        return None


def _same_objects(before: Sequence[Issue], after: Sequence[Issue]) -> tuple[Ints, Ints]:
    """Return a number for each issue, the same one for the very same: what an edit leaves alone is not made anew."""
    old, new = (np.fromiter(map(id, issues), np.int64, len(issues)) for issues in (before, after))
    return old, new


def _same_words(before: Sequence[Issue], after: Sequence[Issue]) -> tuple[Ints, Ints]:
    """Return a number for each issue, the same one for those that say the same; of two that say the same in one list each has its own."""
    known: dict[tuple[object, ...], int] = {}

    def numbered(issues: Sequence[Issue]) -> Ints:
        times: Counter[tuple[object, ...]] = Counter()
        numbers = []
        for issue in issues:
            key = (issue.level, issue.kind, issue.text, str(issue.values), issue.ref)
            times[key] += 1
            numbers.append(known.setdefault((*key, times[key]), len(known)))
        return np.array(numbers, np.int64)

    return numbered(before), numbered(after)


class _IssueRow(QStyledItemDelegate):
    """A dot in the colour of the level, and the words on two lines; what is longer ends in dots and is told in full below the list."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(100, LINES * QFontMetrics(font(TEXT - 1)).lineSpacing() + 14)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, box = theme(), QRect(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(look.tint))
        painter.setPen(QPen(QColor(look.line), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        colour = {Level.ERROR: look.bad, Level.WARNING: look.warn}.get(index.data(Qt.ItemDataRole.UserRole), look.faint)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        face = font(TEXT - 1)
        metrics = QFontMetrics(face)
        lines = wrapped(str(index.data()), box.width() - LEFT - RIGHT, metrics)
        top = box.y() + (box.height() - len(lines) * metrics.lineSpacing()) // 2
        painter.drawEllipse(box.x() + 8, top + metrics.lineSpacing() // 2 - 4, 8, 8)
        painter.setFont(face)
        painter.setPen(QColor(look.text))
        for number, line in enumerate(lines):
            painter.drawText(box.x() + LEFT, top + metrics.ascent() + number * metrics.lineSpacing(), line)
        painter.restore()


def wrapped(words: str, wide: int, metrics: QFontMetrics) -> list[str]:
    """Return words on as many lines as there are in a row, the last with dots where they go on."""
    layout = QTextLayout(words, font(TEXT - 1))
    layout.setTextOption(QTextOption())
    layout.beginLayout()
    starts: list[int] = []
    while len(starts) < LINES and (line := layout.createLine()).isValid():
        line.setLineWidth(wide)
        starts.append(line.textStart())
    layout.endLayout()
    parts = [words[a:b].rstrip() for a, b in zip(starts, [*starts[1:], len(words)], strict=True)]
    return [*parts[:-1], metrics.elidedText(parts[-1], Qt.TextElideMode.ElideRight, wide)] if parts else [""]


class IssuesPanel(QWidget):
    """How many findings of each level there are, what to see of them, the list, and the whole words of the one chosen."""

    issue_chosen = Signal(object)
    repair_switched = Signal(object)  # a repair is to be left out, or one that was left out is to be made

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = IssueModel()
        self._issues: tuple[Issue, ...] | None = None
        self._pending = False
        self._heading, self._whole = QLabel(), QLabel()
        self._heading.setObjectName("heading")
        self._heading.setWordWrap(True)
        self._whole.setWordWrap(True)
        self._whole.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._whole.hide()
        self._levels = {level: QPushButton() for level in Level}
        self._subject = QComboBox()
        self._subject.currentIndexChanged.connect(lambda _row: self._sift())
        row = QHBoxLayout()
        row.setSpacing(6)
        for button in self._levels.values():
            button.setObjectName("chip")
            button.setCheckable(True)
            button.setChecked(True)
            button.toggled.connect(lambda _on: self._sift())
            row.addWidget(button)
        row.addStretch(1)
        self._filters = QWidget()
        filters = QVBoxLayout(self._filters)
        filters.setContentsMargins(0, 0, 0, 0)
        filters.setSpacing(8)
        filters.addLayout(row)
        filters.addWidget(self._subject)
        self._list = QListView()
        self._list.setModel(self.model)
        self._list.setItemDelegate(_IssueRow(self._list))
        self._list.setUniformItemSizes(True)
        self._list.setResizeMode(QListView.ResizeMode.Adjust)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.clicked.connect(self._choose)
        self._list.activated.connect(self._choose)
        self._list.selectionModel().currentChanged.connect(lambda *_rows: self._tell_whole())
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._list.customContextMenuRequested.connect(self._open_menu)
        self._switch = QPushButton()
        self._switch.clicked.connect(lambda: self._switch_repair(self._list.currentIndex()))
        self._switch.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._heading)
        layout.addWidget(self._filters)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._whole)
        layout.addWidget(self._switch, 0, Qt.AlignmentFlag.AlignLeft)
        self.retranslate()

    def show_issues(self, issues: tuple[Issue, ...] | None) -> None:
        """Show findings; None: they are not known yet, and those known last stay. A page that nobody sees takes them up when it is seen."""
        if issues is self._issues and issues is not None:
            return
        self._issues = issues
        if self.parentWidget() is not None and not self.isVisible():
            self._pending = True
        else:
            self._take_up()

    def show_subject(self, name: str) -> None:
        """List what is about one thing alone, a key of SUBJECTS."""
        self._subject.setCurrentIndex(max(self._subject.findData(name), 0))

    def retranslate(self) -> None:
        """Take up the language in use."""
        chosen = self._subject.currentData()
        self._subject.blockSignals(True)
        self._subject.clear()
        self._subject.addItem(_("About everything"), "")
        for name, (title, _kinds) in SUBJECTS.items():
            self._subject.addItem(_(title), name)
        self._subject.setCurrentIndex(max(self._subject.findData(chosen or ""), 0))
        self._subject.blockSignals(False)
        self._subject.setAccessibleName(_("What findings are about"))
        self._list.setAccessibleName(_("Findings"))
        self._tell_counts()
        self._tell_whole()
        self._list.viewport().update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._pending:
            self._take_up()

    def _take_up(self) -> None:
        self._pending = False
        self._tell_counts()
        if self._issues is not None:
            self._sift()

    def _tell_counts(self) -> None:
        issues = self._issues or ()
        levels = Counter(issue.level for issue in issues)
        for level, button in self._levels.items():
            button.setText(_count_words(level, levels[level]))
            button.setVisible(levels[level] > 0)
        subjects = Counter(map(subject_of, issues))
        for row in range(self._subject.count()):
            name = self._subject.itemData(row)
            title = _(SUBJECTS[name][0]) if name else _("About everything")
            self._subject.setItemText(row, f"{title} · {subjects[name] if name else len(issues):,}")
        self._filters.setVisible(len(issues) > 1)
        words = issue_words(self._issues)
        if len(issues) > MOST:
            words = _("{words}; the first {n} are listed").format(words=words, n=f"{MOST:,}")
        self._heading.setText(words)
        self._heading.setVisible(not 1 < len(issues) <= MOST)  # the buttons say as much

    def _sift(self) -> None:
        """List what is asked for; a level that is switched off and other subjects are left out."""
        on = {level for level, button in self._levels.items() if button.isChecked()}
        subject = self._subject.currentData() or ""
        self.model.show([issue for issue in self._issues or () if issue.level in on and subject in ("", subject_of(issue))])
        self._tell_whole()

    def _tell_whole(self) -> None:
        row = self._list.currentIndex().row()
        words = self.model.issues[row].message if 0 <= row < len(self.model.issues) else ""
        wide = self._list.viewport().width() - LEFT - RIGHT
        metrics = QFontMetrics(font(TEXT - 1))
        self._whole.setText(words)
        self._whole.setVisible(bool(words) and wrapped(with_short_codes(words), wide, metrics)[-1].endswith("…"))
        action = repair_words(self.model.issues[row]) if words else ""
        self._switch.setText(action)
        self._switch.setVisible(bool(action))

    def _open_menu(self, at: QPoint) -> None:
        """Offer what can be done about the finding at a place of the list."""
        index = self._list.indexAt(at)
        action = repair_words(self.model.issues[index.row()]) if index.isValid() else ""
        if action:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction(action).triggered.connect(lambda: self._switch_repair(index))
            menu.popup(self._list.viewport().mapToGlobal(at))

    def _switch_repair(self, index: QModelIndex) -> None:
        if 0 <= index.row() < len(self.model.issues):
            self.repair_switched.emit(self.model.issues[index.row()])

    def _choose(self, index: QModelIndex) -> None:
        self.issue_chosen.emit(self.model.issues[index.row()])


def _count_words(level: Level, count: int) -> str:
    match level:
        case Level.ERROR:
            words = ngettext("{n} error", "{n} errors", count)
        case Level.WARNING:
            words = ngettext("{n} warning", "{n} warnings", count)
        case _:
            words = ngettext("{n} note", "{n} notes", count)
    return words.format(n=f"{count:,}")


def issue_words(issues: tuple[Issue, ...] | None) -> str:
    """Return how many findings of each level there are, in words."""
    if issues is None:
        return _("Checking")
    if not issues:
        return _("Nothing found")
    levels = [issue.level for issue in issues]
    return _("{errors} errors · {warnings} warnings · {notes} notes").format(
        errors=levels.count(Level.ERROR), warnings=levels.count(Level.WARNING), notes=levels.count(Level.INFO)
    )
