"""The boxes that speak of kept, locked, changed and damaged work: they fit, and each button leads where it says."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gridplanner import i18n
from gridplanner.io.keeping.backups import Backup
from gridplanner.io.keeping.glance import Glance
from gridplanner.io.keeping.lock import LockInfo
from gridplanner.io.keeping.workplace import Left
from gridplanner.io.saved import Mark
from tests.ui.fitting import faults
from ui import styles
from ui.dialogs.backups_dialog import COPY, RESTORE, BackupsDialog
from ui.dialogs.changed_box import ELSEWHERE, TAKE_IN, ChangedBox
from ui.dialogs.choice_box import CANCEL, ChoiceBox
from ui.dialogs.damage_box import BACKUP, REST, DamageBox
from ui.dialogs.lock_box import READ, TAKE, LockBox
from ui.dialogs.notes_box import NotesBox
from ui.dialogs.recover_dialog import DISCARD, DiscardBox, RecoverDialog
from ui.dialogs.save_box import AGAIN, SaveBox
from ui.versions import content_words

AT = 1_772_000_000.0
WHO = "desk-12@planning-office-west"
FILE = "西郊街道 网格 2026.gridplan"
FULL = f"/mnt/数据/{FILE}: cannot be saved: the disk is full (or your share of it); make room there, or choose another disk"
LEFT = [
    Left(Path("/state/work/1"), Path(f"/数据/{FILE}"), "西郊街道", WHO, AT, 112),
    Left(Path("/state/work/2"), None, "西郊街道", WHO, AT - 90_000, 1),
]
BACKUPS = [
    Backup(Path(f"/state/backups/{n}.gridplan"), "id", n, n, AT + 3600.0 * n, WHO, 81_000_000, f"/数据/{FILE}") for n in (9, 8, 4, 1)
]
HELD = LockInfo(WHO, "planning-office-west", AT, AT + 500.0)
GONE = LockInfo(WHO, "planning-office-west", AT, AT + 500.0, alive=False)
DIALOGS: dict[str, Callable[[QWidget], QDialog]] = {
    "recover": lambda over: RecoverDialog(LEFT, over),
    "discard": lambda over: DiscardBox(LEFT[0], over),
    "lock": lambda over: LockBox(FILE, HELD, over),
    "lock, stale": lambda over: LockBox(FILE, GONE, over),
    "changed": lambda over: ChangedBox(FILE, Mark("p", "s", 7, AT, WHO), can_take_in=True, parent=over),
    "changed, alone": lambda over: ChangedBox(FILE, Mark(), can_take_in=False, why=FULL, parent=over),
    "damage": lambda over: DamageBox(FULL, "98 of 112 tables can be read", [one.at for one in BACKUPS], over),
    "damage, nothing": lambda over: DamageBox(FULL, "", [], over),
    "save": lambda over: SaveBox(FULL, is_kept=True, parent=over),
    "notes": lambda over: NotesBox(["The roads cannot be read", "The last edit was not written whole; all before it are here"], over),
    "versions": lambda over: BackupsDialog(FILE, BACKUPS, over),
    "versions, none": lambda over: BackupsDialog(FILE, [], over),
}


@pytest.fixture
def over(qtbot: QtBot, look: styles.Theme) -> QWidget:
    widget = QWidget()
    widget.resize(960, 600)
    qtbot.addWidget(widget)
    return widget


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_each_shows_all_its_words_in_both_languages(theme: str, over: QWidget, qtbot: QtBot, qapp: QApplication) -> None:
    styles.use_theme(qapp, theme)
    for language in i18n.LANGUAGES:
        i18n.set_language(language)
        for name, make in DIALOGS.items():
            dialog = make(over)
            qtbot.addWidget(dialog)
            dialog.show()
            QApplication.processEvents()
            assert dialog.width() <= 960, name
            assert dialog.height() <= 600, name
            assert faults(dialog) == [], (name, language)
            dialog.hide()


def words_of(dialog: QDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))


def test_what_is_locked_is_taken_over_only_by_an_explicit_word_unless_its_owner_is_gone(over: QWidget) -> None:
    box = LockBox(FILE, HELD, over)
    assert WHO in words_of(box)
    assert not box.buttons[TAKE].isEnabled()
    assert box.buttons[READ].isDefault()
    box.sure.setChecked(True)
    box.buttons[TAKE].click()
    assert box.answer == TAKE
    gone = LockBox(FILE, GONE, over)
    assert gone.buttons[TAKE].isEnabled()
    gone.reject()
    assert gone.answer == CANCEL


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("changed", [CANCEL, ELSEWHERE, TAKE_IN]), ("changed, alone", [CANCEL, ELSEWHERE]), ("damage", [CANCEL, REST, BACKUP]),
        ("damage, nothing", [CANCEL]), ("save", [CANCEL, AGAIN, ELSEWHERE]), ("discard", [DISCARD, CANCEL]),
    ],
)  # fmt: skip
def test_each_button_is_an_answer_and_the_last_is_what_enter_presses(name: str, answers: list[str], over: QWidget) -> None:
    for answer in answers:
        box = DIALOGS[name](over)
        assert isinstance(box, ChoiceBox)
        assert list(box.buttons) == answers
        assert box.answer == CANCEL
        box.buttons[answer].click()
        assert box.answer == answer
        assert box.result() == (QDialog.DialogCode.Rejected if answer == CANCEL else QDialog.DialogCode.Accepted)
    if len(answers) > 1:
        box = DIALOGS[name](over)
        assert isinstance(box, ChoiceBox)
        assert box.buttons[answers[-1]].isDefault()


def test_left_work_is_chosen_from_a_list_and_thrown_away_only_after_a_second_question(over: QWidget, qtbot: QtBot) -> None:
    dialog = RecoverDialog(LEFT, over)
    assert dialog.chosen == LEFT[0]
    dialog.table.selectRow(1)
    assert dialog.chosen == LEFT[1]
    gone: list[object] = []
    dialog.discarded.connect(gone.append)
    dialog.show()
    for keeps in (True, False):
        dialog.discard.click()
        box = dialog.findChildren(DiscardBox)[-1]
        box.buttons[CANCEL if keeps else DISCARD].click()
        assert gone == ([] if keeps else [LEFT[1]])
    assert dialog.works == LEFT[:1]
    assert dialog.isVisible()
    dialog.discard.click()
    dialog.findChildren(DiscardBox)[-1].buttons[DISCARD].click()
    assert not dialog.isVisible()
    assert dialog.result() == QDialog.DialogCode.Rejected


def test_an_earlier_version_is_looked_into_before_it_is_opened_or_restored(over: QWidget, qtbot: QtBot) -> None:
    dialog = BackupsDialog(FILE, BACKUPS, over)
    asked: list[Backup] = []
    dialog.looked_into.connect(asked.append)
    dialog.table.selectRow(2)
    assert asked == [BACKUPS[2]]
    dialog.show_facts(BACKUPS[0].path, "of another one")
    assert "another" not in dialog.facts.text()
    words = content_words(Glance(88, 6, 4109, 25_310.0))
    dialog.show_facts(BACKUPS[2].path, words)
    assert dialog.facts.text() == words
    assert "88 grids" in words
    assert dialog.answer == RESTORE
    dialog.copy.click()
    assert (dialog.answer, dialog.chosen) == (COPY, BACKUPS[2])
    empty = BackupsDialog(FILE, [], over)
    assert not empty.accept_button.isEnabled()
    assert not empty.copy.isEnabled()
    nowhere = BackupsDialog("", BACKUPS, over)  # what belongs to no file can only be looked at as a copy
    assert nowhere.answer == COPY
    assert not nowhere.copy.isVisibleTo(nowhere)
    assert not [label for label in nowhere.findChildren(QLabel) if "“”" in label.text()]


def test_enter_on_a_line_takes_it_once(over: QWidget, qtbot: QtBot) -> None:
    for make in (lambda: RecoverDialog(LEFT, over), lambda: BackupsDialog(FILE, BACKUPS, over)):
        dialog = make()
        taken: list[int] = []
        dialog.accepted.connect(lambda: taken.append(dialog.table.chosen_row()))  # noqa: B023
        dialog.show()
        assert dialog.focusWidget() is dialog.table
        qtbot.keyClick(dialog.table, Qt.Key.Key_Down)
        qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
        assert taken == [1]


def test_a_damage_box_names_backups_of_one_minute_once(over: QWidget) -> None:
    box = DamageBox("broken", "", [AT, AT, AT - 7200.0], over)
    words = next(label.text() for label in box.findChildren(QLabel) if label.text().startswith("Backups"))
    assert words.count("2026-") == 2
