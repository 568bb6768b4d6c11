"""Text of data stays text: what looks like HTML in a label, a tool tip or a box is shown as it is, and no picture it names is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.app import make_app
from ui.error_box import ErrorBox
from ui.panels.grid_card import GridCard
from ui.preferences import Preferences

WIDE = 2_000  # pixels of a picture that no text is as wide as


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> str:
    """A name that is a picture of this computer to who reads it as HTML, in the program with its own style."""
    tmp_path = tmp_path_factory.mktemp("plain")
    preferences = Preferences(QSettings(str(tmp_path / "preferences.ini"), QSettings.Format.IniFormat))
    preferences.theme = "light"
    make_app(preferences)
    picture = QPixmap(WIDE, 20)
    picture.fill(Qt.GlobalColor.red)
    path = tmp_path / "p.png"
    assert picture.save(str(path))
    return f'<img src="{path.as_uri()}"><img src="{path}">'


def test_a_label_a_tool_tip_and_a_box_show_it_and_read_nothing(hostile: str, qtbot: QtBot) -> None:
    window, label, rich = QWidget(), QLabel(hostile), QLabel()
    qtbot.addWidget(window)
    rich.setTextFormat(Qt.TextFormat.RichText)
    rich.setText(hostile)  # what a label does that is rich on purpose: the pictures are such that they would be read
    layout = QVBoxLayout(window)
    layout.addWidget(label)
    layout.addWidget(rich)
    assert rich.sizeHint().width() >= WIDE
    assert label.sizeHint().width() < WIDE
    label.setText(hostile + "!")
    assert label.sizeHint().width() < WIDE
    QToolTip.showText(QPoint(10, 10), hostile, window)
    tips = [each for each in QApplication.topLevelWidgets() if each.metaObject().className() == "QTipLabel"]
    assert [(tip.text(), tip.textFormat()) for tip in tips if isinstance(tip, QLabel)] == [(hostile, Qt.TextFormat.PlainText)]
    assert tips[0].width() < WIDE
    QToolTip.hideText()
    message = QMessageBox(window)
    message.setText(hostile)
    message.setInformativeText(hostile)
    for box in (message, ErrorBox(hostile, hostile, window)):
        for each in box.findChildren(QLabel):
            each.ensurePolished()
        assert {each.textFormat() for each in box.findChildren(QLabel)} == {Qt.TextFormat.PlainText}


def test_what_is_rich_on_purpose_says_so_and_only_that(hostile: str, qtbot: QtBot) -> None:
    card = GridCard()
    qtbot.addWidget(card)
    for label in card.findChildren(QLabel):
        label.ensurePolished()
    rich = [each for each in card.findChildren(QLabel) if each.textFormat() == Qt.TextFormat.RichText]
    assert len(rich) == 1
    assert not [each for each in card.findChildren(QLabel) if each.textFormat() == Qt.TextFormat.AutoText]
    root = Path(__file__).parents[2] / "ui"
    sources = {path.name: path.read_text(encoding="utf-8") for path in root.rglob("*.py")}
    assert {name for name, text in sources.items() if "RichText" in text or "setHtml" in text} == {"grid_card.py"}
    assert "escape(code)" in sources["grid_card.py"]
