from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridplanner.io.inspection import SourceReport
from gridplanner.settings import ExportSettings, GridSettings, PatrolSettings, RailSettings, Settings, SourceSettings, ZoneSettings
from ui.dialogs.export_dialog import ExportDialog
from ui.dialogs.import_dialog import ImportDialog
from ui.dialogs.settings_dialog import SettingsDialog
from ui.dialogs.step_settings import StepSettingsDialog, step_facts

HOMES = SourceReport(
    "/data/xijiao/homes.gpkg", "homes", "point", 100, {"hh": "int", "pop": "int", "addr": "text"}, "EPSG:4545", "UTF-8", "households",
    {"households": "hh", "address": "addr"},
)  # fmt: skip
STREETS = SourceReport("/data/xijiao/town.osm.pbf", "roads", "line", 40, {}, "EPSG:4326", "UTF-8", "roads")
RIVERS = SourceReport("/data/xijiao/town.osm.pbf", "barriers", "line", 4, {}, "EPSG:4326", "UTF-8", "barriers")
BROKEN = SourceReport("/data/xijiao/bad.shp", "", "", 0, problems=("bad.shp: cannot be read",), readable=False)


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
    dialog = SettingsDialog(GridSettings())
    qtbot.addWidget(dialog)
    assert dialog.settings == GridSettings()
    dialog._persons.setValue(1000)
    assert (dialog.settings.target_households, dialog.settings.target_persons) == (300.0, 1000.0)
    dialog._households.setValue(0)
    assert dialog.settings.target_households is None
    dialog._persons.setValue(0)
    assert not dialog.accept_button.isEnabled()


def test_limits_given_one_by_one_stay_until_the_size_is_changed(qtbot: QtBot) -> None:
    before = GridSettings(min_households=250, max_households=400)
    dialog = SettingsDialog(before)
    qtbot.addWidget(dialog)
    assert dialog.settings == before
    dialog._tolerance.setValue(20)
    assert dialog.settings == GridSettings(target_households=300.0, tolerance=0.2)


def test_an_export_needs_a_folder_and_a_format(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog(ExportSettings(encoding="utf-8"), tmp_path)
    qtbot.addWidget(dialog)
    assert dialog.folder == tmp_path
    assert dialog.settings == ExportSettings(encoding="utf-8")
    for box in dialog._formats.values():
        box.setChecked(False)
    assert not dialog.accept_button.isEnabled()


def test_the_wheel_changes_no_field_in_the_import_dialog(qtbot: QtBot) -> None:
    dialog = ImportDialog([HOMES, STREETS], Settings())
    qtbot.addWidget(dialog)
    before = dialog.settings
    box, still = dialog.cards[0]._boxes["households"], Qt.KeyboardModifier.NoModifier
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
    dialog = SettingsDialog(GridSettings(target_households=250.0, tolerance=0.15))
    qtbot.addWidget(dialog)
    assert "213–287" in dialog._band.text()


def test_the_settings_of_later_steps_keep_what_was_not_touched(qtbot: QtBot) -> None:
    dialog = StepSettingsDialog("Patrol routes", PatrolSettings(shift_minutes=237.5))
    qtbot.addWidget(dialog)
    assert dialog.settings == PatrolSettings(shift_minutes=237.5)
    dialog._boxes["mode"].setCurrentIndex(2)  # type: ignore[union-attr]
    assert dialog.settings == PatrolSettings(shift_minutes=237.5, mode="foot")
    assert step_facts(ZoneSettings(count=8)) == [("Patrol zones", "8")]


def test_fewer_guards_than_squads_are_refused(qtbot: QtBot) -> None:
    dialog = StepSettingsDialog("Railway", RailSettings(squads=2, guards=4))
    qtbot.addWidget(dialog)
    dialog._boxes["guards"].setValue(1)  # type: ignore[union-attr]
    assert not dialog.accept_button.isEnabled()
    dialog._boxes["guards"].setValue(6)  # type: ignore[union-attr]
    assert dialog.settings == RailSettings(squads=2, guards=6)
