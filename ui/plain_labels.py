"""The program's style: that of Fusion, and labels whose text is text.

Qt takes a label, a tool tip or a message for HTML where it looks like it, and then reads the pictures that it names. Names of places and
files come from elsewhere, so a label is plain unless it says itself that it is rich; what a rich one shows of data is escaped.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProxyStyle


class PlainLabels(QProxyStyle):
    """Fusion, which every label passes before it is measured or shown first: those of tool tips and message boxes, too."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def polish(self, what: Any) -> Any:  # a widget, a palette or the application
        if isinstance(what, QLabel) and what.textFormat() == Qt.TextFormat.AutoText:
            what.setTextFormat(Qt.TextFormat.PlainText)
        return super().polish(what)
