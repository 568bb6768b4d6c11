"""Cells of the table of grids under the planner's hand: a padlock that is clicked, and an editor that says what is wrong."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QHideEvent, QMouseEvent, QMoveEvent, QValidator
from PySide6.QtWidgets import QLabel, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gridplanner.model.grids import Grid
from ui.panels.grid_columns import LOCKED
from ui.panels.grid_rows import GridTableModel
from ui.styles import theme

Index = QModelIndex | QPersistentModelIndex


class GridCells(QStyledItemDelegate):
    """Lets the planner write into cells; how they look is in grid_painting.py."""

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        model = index.model()
        assert isinstance(model, GridTableModel)
        return CellEditor(parent, model, QPersistentModelIndex(index))

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, CellEditor)
        if not editor.isModified():  # figures that come while the planner types leave the words alone
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, CellEditor)
        model.setData(index, editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        box, parent = QRect(option.rect), editor.parentWidget()
        wide = max(box.width(), editor.sizeHint().width())
        left = min(box.x(), max(parent.width() - wide, 0)) if parent is not None else box.x()
        editor.setGeometry(QRect(left, box.y(), wide, box.height() - 1))

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        if index.column() == LOCKED and event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            grid = index.data(Qt.ItemDataRole.UserRole)
            if event.button() == Qt.MouseButton.LeftButton and not event.modifiers() and isinstance(grid, Grid):
                return bool(model.setData(index, not grid.locked))
        return super().editorEvent(event, model, option, index)


class CellEditor(QLineEdit):
    """A line in a cell: red while it holds what cannot be, the reason below it; Enter does not leave it then, Escape does."""

    def __init__(self, parent: QWidget, model: GridTableModel, index: QPersistentModelIndex) -> None:
        super().__init__(parent)
        self._model, self._index = model, index
        self.setObjectName("cell")
        self.setValidator(_Checked(self))
        self.setMinimumWidth(96)
        self._why = QLabel(parent)
        self._why.setObjectName("cellFault")
        self._why.setWordWrap(True)
        self._why.hide()
        self.destroyed.connect(self._why.deleteLater)
        self.textChanged.connect(self._tell)
        self._tell()

    @property
    def fault(self) -> str:
        """Why the words cannot be, empty where they can."""
        return self._model.fault(self._index.row(), self._index.column(), self.text()) if self._index.isValid() else ""

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._tell()

    def hideEvent(self, event: QHideEvent) -> None:
        self._why.hide()
        super().hideEvent(event)

    def _tell(self) -> None:
        why, look = self.fault, theme()
        self.setStyleSheet(
            f"QLineEdit#cell {{ border: 1px solid {look.bad if why else look.accent}; border-radius: 3px; padding: 0 4px;"
            f" min-height: 0; color: {look.bad if why else look.text}; }}"
        )
        self.setAccessibleDescription(why)
        self._why.setText(why)
        over = self.parentWidget()
        self._why.setVisible(bool(why) and self.isVisible())
        if why and over is not None:
            self._why.setStyleSheet(
                f"QLabel#cellFault {{ background: {look.bad_tint}; color: {look.bad}; border-radius: 4px; padding: 4px 8px; }}"
            )
            wide = min(over.width() - 8, 320)
            high = self._why.heightForWidth(wide)
            below = self.y() + self.height() + 2
            top = below if below + high < over.height() else self.y() - high - 2
            self._why.setGeometry(min(self.x(), over.width() - wide - 4), top, wide, high)
            self._why.raise_()


class _Checked(QValidator):
    """Lets Enter through only where the words can be."""

    def __init__(self, editor: CellEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        good = not self._editor._model.fault(self._editor._index.row(), self._editor._index.column(), text)
        return (QValidator.State.Acceptable if good else QValidator.State.Intermediate), text, place
