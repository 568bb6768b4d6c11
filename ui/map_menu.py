"""The menu that opens on the map: actions by their names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from ui.desk import Desk


def open_action_menu(desk: Desk, names: Sequence[str], at: QPoint) -> None:
    """Open a menu of actions at a place of the screen; an empty name is a line between them."""
    menu = QMenu(desk.window)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for name in names:
        if name:
            menu.addAction(desk.window.action_set.qt[name])
        else:
            menu.addSeparator()
    desk.card.hide()
    menu.popup(at)
