"""The action table as Qt's actions, kept in step with the moment."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from gridplanner.i18n import _
from ui.actions.action import Action, Moment
from ui.actions.table import ACTIONS, MENUS, actions
from ui.diary import note_action


class ActionSet:
    """A QAction for every row of the table; `run` is called with the row when one is triggered."""

    def __init__(self, parent: QWidget, run: Callable[[Action], None]) -> None:
        self.moment = Moment()
        self._told = False
        self.qt: dict[str, QAction] = {}
        self._said: dict[str, tuple[str, bool, bool, bool]] = {}
        self._under: dict[tuple[str, str], QMenu] = {}
        for action in actions():
            made = QAction(parent)
            made.setCheckable(action.checked is not None)
            if action.shortcut:
                made.setShortcut(QKeySequence(action.shortcut))
            made.triggered.connect(lambda _checked=False, row=action: self._run(row, run))
            self.qt[action.id] = made
            parent.addAction(made)
        self.update(self.moment)

    def update(self, moment: Moment) -> None:
        """Say, enable and check every action as the moment asks for."""
        if moment == self.moment and self._told:
            return
        self.moment, self._told = moment, True
        for action in actions():
            made = self.qt[action.id]
            words, checked = action.label(moment), action.checked is not None and action.checked(moment)
            told = words, action.enabled(moment), checked, action.here(moment)
            if self._said.get(action.id) == told and made.isChecked() == checked:
                continue
            self._said[action.id] = told
            made.setText(words)
            made.setToolTip(f"{words} ({action.shortcut})" if action.shortcut else words)
            made.setEnabled(told[1])
            made.setVisible(told[3])
            if action.checked is not None:
                made.setChecked(checked)

    def is_possible(self, name: str, moment: Moment) -> bool:
        """Whether the row with an id, if there is one, can be done at a moment."""
        return all(action.enabled(moment) for action in actions() if action.id == name)

    def fill(self, menus: dict[str, QMenu]) -> None:
        """Fill empty menus, one for each key of MENUS, from the table."""
        pending = False
        last = ""
        for action in ACTIONS:
            if action is None:
                pending = True
                continue
            menu = menus[action.menu]
            if pending and last == action.menu:
                menu.addSeparator()
            self._place(menu, action).addAction(self.qt[action.id])
            pending, last = False, action.menu

    def name_menus(self, menus: dict[str, QMenu]) -> None:
        """Name the menus in the language in use."""
        for key, menu in menus.items():
            menu.setTitle(_(MENUS[key]))
        for (_menu, words), under in self._under.items():
            under.setTitle(_(words))

    def _run(self, action: Action, run: Callable[[Action], None]) -> None:
        """Run a row; its check stays that of the moment, which Qt has turned over before, also where nothing has changed."""
        start = time.perf_counter()
        run(action)
        note_action(action.id, start)
        if action.checked is not None:
            self.qt[action.id].setChecked(action.checked(self.moment))

    def _place(self, menu: QMenu, action: Action) -> QMenu:
        """Return the menu that an action stands in: the one of its key, or one under that."""
        if not action.under:
            return menu
        key = (action.menu, action.under)
        if key not in self._under:
            self._under[key] = menu.addMenu(action.under)
        return self._under[key]
