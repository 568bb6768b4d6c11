"""The findings of the check, errors first; choosing one goes to its place."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QLabel, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from gridplanner.i18n import N_, _
from gridplanner.model.issues import Issue, Level
from ui.styles import TEXT, font, theme

MOST = 2000  # issues listed
LEFT, RIGHT = 26, 10  # pixels beside the words
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
LEVEL_WORDS = {Level.ERROR: N_("error"), Level.WARNING: N_("warning"), Level.INFO: N_("note")}


class IssueModel(QAbstractListModel):
    """Issues as rows, worded when they are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.issues: tuple[Issue, ...] = ()

    def show(self, issues: tuple[Issue, ...]) -> None:
        """Show other issues."""
        self.beginResetModel()
        self.issues = issues[:MOST]
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.issues)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        issue = self.issues[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return issue.message
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{_(LEVEL_WORDS[issue.level])}: {issue.message}"
        if role == Qt.ItemDataRole.UserRole:
            return issue.level
        return None


class _IssueRow(QStyledItemDelegate):
    """A dot in the colour of the level, and the words on as many lines as they need, at most three."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        view = self.parent()
        wide = view.viewport().width() if isinstance(view, QListView) else 300
        metrics = QFontMetrics(font(TEXT - 1))
        words = metrics.boundingRect(QRect(0, 0, wide - LEFT - RIGHT, 1000), Qt.TextFlag.TextWordWrap, index.data())
        return QSize(wide, min(words.height(), 3 * metrics.lineSpacing()) + 14)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = theme()
        box = QRect(option.rect)
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
        painter.drawEllipse(box.x() + 8, box.y() + 7 + QFontMetrics(face).lineSpacing() // 2 - 4, 8, 8)
        painter.setFont(face)
        painter.setPen(QColor(look.text))
        painter.drawText(box.adjusted(LEFT, 7, -RIGHT, -7), Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop, index.data())
        painter.restore()


class IssuesPanel(QWidget):
    """How many findings there are, and the list of them."""

    issue_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = IssueModel()
        self._heading = QLabel()
        self._heading.setObjectName("heading")
        self._heading.setWordWrap(True)
        self._list = QListView()
        self._list.setModel(self.model)
        self._list.setItemDelegate(_IssueRow(self._list))
        self._list.setResizeMode(QListView.ResizeMode.Adjust)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.clicked.connect(self._choose)
        self._list.activated.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._heading)
        layout.addWidget(self._list, 1)
        self._issues: tuple[Issue, ...] | None = None

    def show_issues(self, issues: tuple[Issue, ...] | None) -> None:
        """Show findings; None: they are not known yet."""
        self._issues = issues
        if issues is not None:
            self.model.show(issues)
        self.retranslate()

    def retranslate(self) -> None:
        """Take up the language in use."""
        self._heading.setText(issue_words(self._issues))
        self._list.setAccessibleName(_("Findings"))
        self._list.doItemsLayout()
        self._list.viewport().update()

    def _choose(self, index: QModelIndex) -> None:
        self.issue_chosen.emit(self.model.issues[index.row()])


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
