import dataclasses

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from gridplanner.io.source_report import SourceReport
from gridplanner.model.project import Project
from gridplanner.settings import (
    SOURCES,
    GridSettings,
    PatrolSettings,
    RailSettings,
    Settings,
    SourceSettings,
    ZoneSettings,
)
from tests.ui.builders import town
from ui.dialogs.field_rows import FieldBox
from ui.dialogs.import_dialog import ImportDialog
from ui.dialogs.replan_dialog import ReplanDialog
from ui.dialogs.settings_dialog import SettingsDialog
from ui.dialogs.source_words import ROLES
from ui.dialogs.step_settings import StepSettingsDialog, step_facts
from ui.fit import fit_of
from ui.latest import Latest

HOMES = SourceReport(
    "/data/xijiao/homes.gpkg", "homes", "point", 100, {"hh": "int", "pop": "int", "addr": "text"}, "EPSG:4545", "UTF-8", "households",
    {"households": "hh", "address": "addr"},
)  # fmt: skip
STREETS = SourceReport("/data/xijiao/town.osm.pbf", "roads", "line", 40, {}, "EPSG:4326", "UTF-8", "roads")
RIVERS = SourceReport("/data/xijiao/town.osm.pbf", "barriers", "line", 4, {}, "EPSG:4326", "UTF-8", "barriers")
BROKEN = SourceReport("/data/xijiao/bad.shp", "", "", 0, problems=("bad.shp: cannot be read",), readable=False)


def box_for(dialog: ImportDialog, word: str, number: int = 0) -> FieldBox:
    """Return the box of a word on a card."""
    rows = dialog.cards[number].rows
    assert rows is not None
    return rows.boxes[word]


def project_with(settings: GridSettings) -> Project:
    return Project(settings=Settings(grids=settings))


def test_guessed_roles_and_fields_become_sources(qtbot: QtBot) -> None:
    dialog = ImportDialog([HOMES, STREETS, RIVERS, BROKEN], Settings())
    qtbot.addWidget(dialog)
    sources = dialog.settings.sources
    assert set(sources) == {"households", "roads"}  # rivers come along with the streets of the same file
    assert sources["households"].fields == {"households": "hh", "address": "addr"}
    assert sources["households"].layer == "homes"
    assert sources["roads"] == SourceSettings(path=STREETS.path)
    assert dialog.settings.project.name == "xijiao"
    assert dialog.accept_button.isEnabled()


def test_two_layers_of_one_role_are_refused_until_one_is_left_out(qtbot: QtBot) -> None:
    dialog = ImportDialog([HOMES, HOMES], Settings())
    qtbot.addWidget(dialog)
    assert dialog.accept_button.isEnabled()
    assert dialog.cards[1].role == ""
    dialog.cards[1].take_for("households")
    assert not dialog.accept_button.isEnabled()
    dialog.cards[0].take_for("")
    assert dialog.accept_button.isEnabled()
    dialog.cards[1].take_for("")
    assert not dialog.accept_button.isEnabled()


def test_sources_there_before_stay(qtbot: QtBot) -> None:
    before = Settings(sources={"roads": SourceSettings(path="/old/roads.shp"), "households": SourceSettings(path="/old/homes.shp")})
    dialog = ImportDialog([HOMES], before)
    qtbot.addWidget(dialog)
    assert dialog.settings.sources["roads"].path == "/old/roads.shp"
    assert dialog.settings.sources["households"].path == HOMES.path


def test_settings_are_refused_without_any_target(qtbot: QtBot) -> None:
    dialog = SettingsDialog(project_with(GridSettings()))
    qtbot.addWidget(dialog)
    assert dialog.settings == GridSettings()
    dialog._band.persons.setValue(1000)
    assert (dialog.settings.target_households, dialog.settings.target_persons) == (300.0, 1000.0)
    dialog._band.households.setValue(0)
    assert dialog.settings.target_households is None
    dialog._band.persons.setValue(0)
    assert not dialog.accept_button.isEnabled()


def test_limits_given_one_by_one_stay_until_the_size_is_changed(qtbot: QtBot) -> None:
    before = GridSettings(min_households=250, max_households=400)
    dialog = SettingsDialog(project_with(before))
    qtbot.addWidget(dialog)
    assert dialog.settings == before
    dialog._band.kind.setCurrentIndex(0)
    dialog._band.tolerance.setValue(20)
    assert dialog.settings == GridSettings(target_households=300.0, tolerance=0.2)


def test_the_wheel_changes_no_field_in_the_import_dialog(qtbot: QtBot) -> None:
    dialog = ImportDialog([HOMES, STREETS], Settings())
    qtbot.addWidget(dialog)
    before = dialog.settings
    box, still = box_for(dialog, "households"), Qt.KeyboardModifier.NoModifier
    turn = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton, still, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(box, turn)
    assert dialog.settings == before


def test_files_of_which_none_can_be_read_are_told_as_such(qtbot: QtBot) -> None:
    dialog = ImportDialog([BROKEN], Settings())
    qtbot.addWidget(dialog)
    assert dialog.notice.text() == "None of this can be read."
    assert not dialog.accept_button.isEnabled()
    assert not dialog.cards[0]._role.isEnabled()


def test_the_limits_told_are_whole_households_within_the_band(qtbot: QtBot) -> None:
    dialog = SettingsDialog(project_with(GridSettings(target_households=250.0, tolerance=0.15)))
    qtbot.addWidget(dialog)
    assert "213–287" in dialog._words.text()


def test_the_settings_of_later_steps_keep_what_was_not_touched(qtbot: QtBot) -> None:
    dialog = StepSettingsDialog("Patrol routes", PatrolSettings(shift_minutes=237.5))
    qtbot.addWidget(dialog)
    assert dialog.settings == PatrolSettings(shift_minutes=237.5)
    dialog._boxes["mode"].setCurrentIndex(2)  # type: ignore[union-attr]
    assert dialog.settings == PatrolSettings(shift_minutes=237.5, mode="foot")
    assert step_facts(ZoneSettings(count=8)) == [("Patrol zones", "8"), ("Made of", "whole grids"), ("Fast response", "30 %")]


def test_fewer_guards_than_squads_are_refused(qtbot: QtBot) -> None:
    dialog = StepSettingsDialog("Railway", RailSettings(squads=2, guards=4))
    qtbot.addWidget(dialog)
    dialog._boxes["guards"].setValue(1)  # type: ignore[union-attr]
    assert not dialog.accept_button.isEnabled()
    dialog._boxes["guards"].setValue(6)  # type: ignore[union-attr]
    assert dialog.settings == RailSettings(squads=2, guards=6)


def test_limits_begin_with_what_the_tolerance_meant_and_are_held_against_each_other(qtbot: QtBot) -> None:
    dialog = SettingsDialog(project_with(GridSettings(target_persons=1000.0)))
    qtbot.addWidget(dialog)
    band = dialog._band
    band.kind.setCurrentIndex(1)
    assert (band.low.value(), band.high.value()) == (900, 1100)
    assert dialog.settings == GridSettings(target_persons=1000.0, min_persons=900.0, max_persons=1100.0)
    band.low.setValue(1200)
    assert not dialog.accept_button.isEnabled()
    assert "1200" in dialog.notice.text()
    band.kind.setCurrentIndex(0)
    assert dialog.accept_button.isEnabled()
    assert dialog.settings == GridSettings(target_persons=1000.0)


def test_a_tolerance_that_is_finer_than_the_field_stays_until_it_is_touched(qtbot: QtBot) -> None:
    dialog = SettingsDialog(project_with(GridSettings(target_households=300.0, tolerance=0.08333)))
    qtbot.addWidget(dialog)
    dialog._band.households.setValue(280)
    assert dialog.settings.tolerance == 0.08333
    dialog._band.tolerance.setValue(6.2)
    assert dialog.settings.tolerance == 0.062
    assert dialog._band.tolerance.text() == "± 6.2 %"


def test_a_template_of_ones_own_is_tried_while_it_is_typed(qtbot: QtBot) -> None:
    dialog = SettingsDialog(town())
    qtbot.addWidget(dialog)
    codes = dialog._codes
    assert codes.example.text() == "For example 620802100001001"
    codes.choice.setCurrentIndex(codes.choice.count() - 1)
    codes.template.setText("{community:12}{sq:03}")
    assert "sq" in dialog.notice.text()
    assert not dialog.accept_button.isEnabled()
    codes.template.setText("WG-{county}-{seq:04}")
    assert codes.example.text() == "For example WG-620802-0001"
    assert dialog.settings.codes == "template:WG-{county}-{seq:04}"


def test_a_profile_with_an_object_stays_what_it_was(qtbot: QtBot) -> None:
    settings = GridSettings(codes="CJ/T 349:020100", effort="thorough", prove=False, divide_blocks=False, max_moved=0.123)
    dialog = SettingsDialog(project_with(settings))
    qtbot.addWidget(dialog)
    assert dialog.settings == settings
    dialog._prove.setChecked(True)
    dialog._moved._on.setChecked(False)
    assert dialog.settings == dataclasses.replace(settings, prove=True, max_moved=None)


def test_what_fits_follows_the_typing_and_a_press_takes_the_offer(qtbot: QtBot) -> None:
    answers = Latest(fit_of, "fit")
    dialog = SettingsDialog(town(), answers)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.fit._headline.text() == "2 of 2 communities fit", timeout=20_000)
    dialog._band.tolerance.setValue(1)
    qtbot.waitUntil(lambda: dialog.fit._headline.text() != "2 of 2 communities fit", timeout=5_000)
    offer = next(button for button in dialog.fit.findChildren(QPushButton) if "%" in button.text())
    offer.click()
    qtbot.waitUntil(lambda: dialog.fit._headline.text() == "2 of 2 communities fit", timeout=5_000)
    assert 0.01 < dialog.settings.tolerance < 0.1
    answers.close()


def test_a_dialog_grows_with_what_it_has_to_say(qtbot: QtBot) -> None:
    dialog = ReplanDialog(GridSettings(max_moved=0.05), "2026-03-01")
    qtbot.addWidget(dialog)
    dialog.show()
    before = dialog._limit.height()
    dialog._from.setText("tomorrow")
    assert "tomorrow" in dialog.notice.text()
    assert dialog._limit.height() >= before
    assert dialog.notice.geometry().bottom() < dialog.accept_button.geometry().top()


def test_a_replanning_takes_a_share_or_none_and_a_day_or_none(qtbot: QtBot) -> None:
    dialog = ReplanDialog(GridSettings(), "2026-03-01")
    qtbot.addWidget(dialog)
    assert dialog.settings == GridSettings()
    dialog._limit._on.setChecked(True)
    assert dialog.settings.max_moved == 0.05
    next(button for button in dialog.findChildren(QPushButton) if button.text() == "Today").click()
    assert dialog.settings.valid_from == "2026-03-01"
    dialog._from.setText("2026-02-30")
    assert not dialog.accept_button.isEnabled()


def test_the_new_sources_are_offered_where_their_geometry_fits(qtbot: QtBot) -> None:
    grids = SourceReport(
        "/data/grids.shp", "grids", "polygon", 96, {"WGBM": "text"}, "EPSG:4545", "GB18030", "current_grids", {"code": "WGBM"}
    )
    dialog = ImportDialog([grids, HOMES], Settings())
    qtbot.addWidget(dialog)
    assert dialog.settings.sources["current_grids"].fields == {"code": "WGBM"}
    card = dialog.cards[0]
    offered = {card._role.itemData(row) for row in range(card._role.count())}
    assert {"current_grids", "estates", "exclusive", "groups"} <= offered
    assert not {"fixed_lines", "must_stay"} & offered
    assert {"must_stay"} <= {dialog.cards[1]._role.itemData(row) for row in range(dialog.cards[1]._role.count())}
    assert {key for key, _words, _kinds in ROLES} == set(SOURCES)
