from __future__ import annotations

import gc
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication

from gridplanner import i18n
from gridplanner.model.project import Project
from tests.ui.builders import planned, town
from ui import styles
from ui.collector import collect
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


@pytest.fixture
def look(qapp: QApplication) -> styles.Theme:
    styles.use_theme(qapp, "light")
    return styles.theme()
