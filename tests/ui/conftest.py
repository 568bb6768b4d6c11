from __future__ import annotations

import gc
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QSettings, Qt
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gridplanner import i18n
from gridplanner.model.project import Project
from tests.ui.builders import planned, town
from ui import styles
from ui.app import make_app, make_window
from ui.collector import collect
from ui.desk import Desk
from ui.preferences import Preferences


@pytest.fixture
def project() -> Project:
    return planned(town())


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    kept = Preferences(QSettings(str(tmp_path / "preferences.ini"), QSettings.Format.IniFormat))
    kept.language = "en"
    kept.theme = "light"
    kept.remember_choice("tour", "seen")
    return kept


@pytest.fixture(autouse=True)
def _speaks_english() -> Iterator[None]:
    i18n.set_language("en")
    yield
    i18n.set_language("en")


@pytest.fixture(autouse=True)
def _collects_in_this_thread() -> Iterator[None]:
    """Keep the painting threads from collecting widgets, as the program does."""
    gc.disable()
    yield
    collect()


@pytest.fixture(autouse=True)
def _leaves_no_window() -> Iterator[None]:
    """Delete the windows that a test made: every change of the look goes through all widgets that are left."""
    before = set(QApplication.topLevelWidgets()) if QApplication.instance() else set()
    yield
    for widget in set(QApplication.topLevelWidgets()) - before:
        if widget.parent() is None:
            widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if QApplication.keyboardModifiers() != Qt.KeyboardModifier.NoModifier:  # a key held at the end is held in the next test too
        QTest.keyClick(QWindow(), Qt.Key.Key_Shift)


@pytest.fixture
def look(qapp: QApplication) -> styles.Theme:
    styles.use_theme(qapp, "light")
    return styles.theme()


@pytest.fixture(scope="module")
def one_desk(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Iterator[Desk]:
    """One window for all tests of a file: each costs a second."""
    path = tmp_path_factory.mktemp("preferences") / "preferences.ini"
    preferences = Preferences(QSettings(str(path), QSettings.Format.IniFormat))
    preferences.language, preferences.theme = "en", "light"
    preferences.remember_choice("tour", "seen")
    make_app(preferences)
    window = make_window(preferences)
    window.resize(1200, 760)
    until = time.monotonic() + 30
    while window.desk is None and time.monotonic() < until:
        qapp.processEvents()
    assert window.desk is not None
    yield window.desk
    window.desk.session.mark_saved(window.desk.session.project)
    window.close()
