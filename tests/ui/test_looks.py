"""Looks: colours that stand out, icons from one set, empty pages that say what to do, sizes that come back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from gridplanner import i18n
from tests.ui.fitting import clipped, nameless
from ui import styles
from ui.actions.table import actions
from ui.icons import has_icon, icon
from ui.panels.steps_panel import StepsPanel
from ui.panels.welcome import Welcome
from ui.preferences import Preferences


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


INKS = [(ink, ground) for ink in ("text", "muted", "accent") for ground in ("window", "panel", "sunken", "tint")]
INKS += [(ink, ground) for ink in ("good", "warn", "bad") for ground in ("window", "panel", f"{ink}_tint")]
INKS += [("text", "map"), ("muted", "map"), ("accent_text", "accent"), ("accent_text", "accent_hover")]


@pytest.mark.parametrize("name", styles.THEMES)
def test_words_stand_out_from_their_ground(name: str) -> None:
    look = styles.THEMES[name]
    pairs = {pair: sorted((luminance(getattr(look, part)) for part in pair), reverse=True) for pair in INKS}
    assert {pair: (light + 0.05) / (dark + 0.05) for pair, (light, dark) in pairs.items() if (light + 0.05) / (dark + 0.05) < 4.5} == {}


def test_an_empty_program_says_how_to_begin_in_both_languages(qtbot: QtBot, look: styles.Theme) -> None:
    page = Welcome()
    qtbot.addWidget(page)
    page.resize(724, 526)
    for code in i18n.LANGUAGES:
        i18n.set_language(code)
        page.retranslate()
        page.show()
        QApplication.processEvents()
        assert clipped(page) == []
        assert nameless(page) == []


def test_a_dialog_comes_back_in_the_size_it_was_left_in_but_no_larger_than_its_window(qtbot: QtBot, preferences: Preferences) -> None:
    over, dialog = QWidget(), QWidget()
    over.resize(1000, 700)
    qtbot.addWidget(over)
    dialog.resize(900, 500)
    preferences.keep_size("x", dialog)
    again = QDialog(over)
    preferences.restore_size("x", again)
    assert again.size() == QSize(900, 500)
    over.resize(960, 480)
    preferences.restore_size("x", again)
    assert again.size() == QSize(900, 480)


def test_a_step_that_cannot_be_run_says_what_it_is_for_and_leads_to_what_comes_first(qtbot: QtBot, look: styles.Theme) -> None:
    panel = StepsPanel()
    qtbot.addWidget(panel)
    asked: list[str] = []
    panel.run_asked.connect(asked.append)
    for step in ("units", "patrol", "export"):
        panel.choose(step)
        assert panel._purpose.text()
        assert panel.run_button.text() == "First: Data"
        panel.run_button.click()
        assert panel.step.id == "data"
    assert asked == []
    panel.run_button.click()
    assert asked == ["data"]


def test_every_tool_of_the_bar_has_an_icon_of_its_own_in_the_colour_asked_for(qtbot: QtBot) -> None:
    pictures = {}
    for action in actions():
        if action.in_bar and action.menu in {"tool", "edit"}:
            assert has_icon(action.id), action.id
            picture = icon(action.id, "#ff0000").pixmap(20, 20).toImage()
            colours = {picture.pixelColor(x, y).name() for x in range(20) for y in range(20) if picture.pixelColor(x, y).alpha() > 250}
            assert colours == {"#ff0000"}
            pictures[action.id] = bytes(picture.constBits())
    assert len(set(pictures.values())) == len(pictures)
