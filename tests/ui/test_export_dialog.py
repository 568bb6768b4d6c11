"""The export as the planner asks for it: formats, coordinates, a profile of one's own, what would be lost, and a database."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from gridplanner import i18n
from gridplanner.benchmarks.own_server import DATABASE, PASSWORD, USER
from gridplanner.export_profiles import LayerProfile, profile_named, profiles_folder, read_profile
from gridplanner.io import connections
from gridplanner.io.connections import Connection, save_connection
from gridplanner.io.export_faults import ExportFault
from gridplanner.io.layer_schemas import SCHEMAS
from gridplanner.io.layers import export_faults
from gridplanner.settings import FORMATS, ExportSettings
from tests.io.postgis_server import SERVICE, Database
from tests.ui.fitting import faults
from ui import styles
from ui.dialogs.connection_row import ConnectionRow
from ui.dialogs.database_dialog import DatabaseDialog
from ui.dialogs.database_tables import DatabaseTables
from ui.dialogs.export_dialog import ExportDialog
from ui.dialogs.export_faults_dialog import ExportFaultsDialog, losses
from ui.dialogs.profile_dialog import ProfileDialog
from ui.dialogs.profile_rows import FieldRow, profile_of, rows_of, value_of

LONG = 10_000
FAULTS = (
    ExportFault("replaced", "shp", "grids", "name", (3, 17), "㐀里 第三网格", utf8_helps=True, values={"encoding": "GB18030"}),
    ExportFault("shortened", "shp", "grids", "limits", tuple(range(1, 40)), "东至解放路，南至人民东路，西至长江路" * 9),
    ExportFault("renamed", "shp", "grids", "网格编码", values={"short": "网格编"}),
)


@pytest.fixture(autouse=True)
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A user's settings of their own, and no keyring."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    if "database" not in request.fixturenames:
        monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "no services"))
    monkeypatch.setattr(connections, "_typed", {})
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    yield tmp_path
    keyring.set_keyring(before)


@pytest.fixture
def over(qtbot: QtBot) -> QWidget:
    """The smallest window, which outlives the dialogs over it as the program's does."""
    window = QWidget()
    window.resize(960, 600)
    qtbot.addWidget(window)
    return window


def test_an_export_needs_a_folder_and_a_format(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog(ExportSettings(encoding="utf-8"), tmp_path)
    qtbot.addWidget(dialog)
    assert dialog.folder == tmp_path
    assert dialog.settings == ExportSettings(encoding="utf-8")
    for box in dialog._formats.values():
        box.setChecked(False)
    assert not dialog.accept_button.isEnabled()
    dialog._formats["csv"].setChecked(True)  # always in UTF-8
    assert dialog.accept_button.isEnabled()
    assert not dialog._encoding.isEnabled()
    dialog._folder.setText(" ")
    assert not dialog.accept_button.isEnabled()


@pytest.mark.parametrize("settings", [
    ExportSettings(formats=FORMATS), ExportSettings(formats=("csv", "dxf"), encoding="utf-8", crs="gcj02", qgis=False),
    ExportSettings(crs="EPSG:4548", profile="standard"), ExportSettings(crs="EPSG:4326", encoding="gbk"), ExportSettings(crs="bd09"),
    ExportSettings(postgis="anderswo", schema="规划"),
])  # fmt: skip
def test_what_a_plan_says_of_its_export_stays_where_nobody_touches_it(settings: ExportSettings, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog(settings, tmp_path)
    qtbot.addWidget(dialog)
    assert dialog.settings == settings
    assert set(dialog._formats) == set(FORMATS)


def test_ready_profiles_are_listed_by_what_they_call_themselves(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog(ExportSettings(profile="chinese"), tmp_path)
    qtbot.addWidget(dialog)
    assert dialog._profile.currentText() == "中文名称"
    assert dialog.settings.profile == "chinese"


def test_a_dialog_that_asks_for_a_name_begins_there(over: QWidget) -> None:
    for dialog in (ProfileDialog("standard", (), over), DatabaseDialog(None, over)):
        name = dialog._name if isinstance(dialog, ProfileDialog) else dialog.name
        assert dialog.focusWidget() is name
        dialog.reject()


def test_coordinates_say_what_they_are_for_and_a_code_must_be_known(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog(ExportSettings(), tmp_path)
    qtbot.addWidget(dialog)
    told = set()
    for row in range(dialog._crs.count()):
        dialog._crs.setCurrentIndex(row)
        told.add(dialog._about.text())
    assert len(told) == 6
    assert any("never for measuring" in words for words in told)
    assert not dialog.accept_button.isEnabled()  # another system, and no code yet
    assert dialog.notice.text() == "Write the code of the coordinate system."
    for code, known in (("EPSG:999999", False), ("EPSG:4547", True)):
        dialog._code.setText(code)
        assert dialog.accept_button.isEnabled() == known
    assert dialog.settings.crs == "EPSG:4547"


def test_a_profile_is_made_row_by_row_saved_and_chosen(over: QWidget, tmp_path: Path) -> None:
    export = ExportDialog(ExportSettings(), tmp_path, over, layers=("grids",))
    export._edit_profile()
    (dialog,) = export.findChildren(ProfileDialog)
    assert not dialog.accept_button.isEnabled()  # it has no name yet
    dialog._name.setText("民政 局")
    fields = dialog.fields
    first = fields.topLevelItem(0)
    assert first is not None
    first.setText(1, "网格代码")
    fields.setCurrentItem(first)
    fields.shift(1)
    third = fields.topLevelItem(2)
    assert third is not None
    third.setCheckState(0, Qt.CheckState.Unchecked)
    fields.add_constant()
    last = fields.currentItem()
    assert last is not None
    last.setText(1, "年份")
    last.setText(2, "2026")
    dialog._file.setText("网格")
    dialog._layer.setCurrentIndex(dialog._layer.findData("units"))
    dialog._leaves.setChecked(False)
    dialog.accept()
    profile = read_profile(profiles_folder() / "民政 局.toml")
    grids = profile.of("grids")
    assert grids.rename == {"grid_code": "网格代码"}
    assert grids.drop == (SCHEMAS["grids"].fields[2].name,)
    assert grids.constant == {"年份": 2026}
    assert grids.file == "网格"
    assert grids.order[:2] == ("name", "grid_code")
    assert profile.of("units").leave_out
    assert export.settings.profile == "民政 局"
    assert profile_named("民政 局").of("beats") == LayerProfile()


@pytest.mark.parametrize("layer", [
    LayerProfile(), LayerProfile(file="网格", drop=("name",), rename={"grid_code": "代码"}), LayerProfile(leave_out=True),
    LayerProfile(order=("street", "region", "grid_code"), constant={"region": "平凉", "year": 2026}),
])  # fmt: skip
def test_rows_say_of_a_profile_what_it_said(layer: LayerProfile) -> None:
    schema = SCHEMAS["grids"]
    rows = rows_of(schema, layer)
    again = profile_of(schema, rows, layer.file, leave_out=layer.leave_out)
    assert rows_of(schema, again) == rows
    assert (again.file, again.leave_out, again.drop, again.rename, again.constant) == (
        layer.file, layer.leave_out, layer.drop, layer.rename, layer.constant,
    )  # fmt: skip
    assert again.order[: len(layer.order)] == layer.order
    assert {row.name for row in rows} == {part.name for part in schema.fields} | set(layer.constant)


def test_a_fixed_value_is_a_number_where_it_reads_like_one() -> None:
    assert [value_of(text) for text in ("2026", "-3", "0", "0.50", "0931", "1e5", "１２", "", "110101001001")] == [
        2026, -3, 0, 0.5, "0931", "1e5", "１２", "", 110101001001,
    ]  # fmt: skip
    assert FieldRow("a").value is None


def test_a_profile_needs_a_name_that_a_file_can_bear(qtbot: QtBot) -> None:
    dialog = ProfileDialog("standard")
    qtbot.addWidget(dialog)
    for name, good in (("standard", False), ("a/b", False), ("名 称", True), ("x.", False)):
        dialog._name.setText(name)
        assert dialog.accept_button.isEnabled() == good, name


def test_what_would_be_lost_is_told_with_utf8_as_the_way_out(qtbot: QtBot) -> None:
    found = losses(FAULTS)
    assert [fault.kind for fault in found] == ["replaced", "shortened"]
    dialog = ExportFaultsDialog(found)
    qtbot.addWidget(dialog)
    assert dialog.list.rowCount() == 2
    assert "GB18030" in dialog.list.item(0, 0).text()
    dialog.instead.click()
    assert dialog.utf8
    assert dialog.result() == QDialog.DialogCode.Accepted
    other = ExportFaultsDialog(found[1:])
    qtbot.addWidget(other)
    assert not hasattr(other, "instead")  # UTF-8 would not help


def test_a_schema_that_cannot_be_is_told_before_the_export_begins(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog(ExportSettings(postgis="anderswo", schema="规划"), tmp_path)
    qtbot.addWidget(dialog)
    for schema, good in (("pg_mine", False), ("长" * 22, False), ("规划 2", True)):
        dialog._schema.setText(schema)
        assert dialog.accept_button.isEnabled() == good, schema


def test_the_faults_of_a_project_are_found_before_anything_is_written(project) -> None:
    names = project.communities.names.copy()
    names[0] = "很长的名称" * 40
    communities = dataclasses.replace(project.communities, names=names)
    found = losses(export_faults(dataclasses.replace(project, communities=communities), ExportSettings(formats=("shp",))))
    assert {(fault.layer, fault.field, fault.kind) for fault in found} == {("grids", "comm_name", "shortened")}


def test_a_connection_needs_its_parts_and_says_how_the_trial_went(qtbot: QtBot) -> None:
    dialog = DatabaseDialog()
    qtbot.addWidget(dialog)
    assert not dialog.accept_button.isEnabled()
    dialog.name.setText("nirgends")
    dialog.database.setText("town")
    assert dialog.accept_button.isEnabled()
    dialog.host.setText("user:pw@host")
    assert not dialog.accept_button.isEnabled()
    dialog.host.setText("127.0.0.1")
    dialog.port.setValue(1)
    dialog.try_it()
    qtbot.waitUntil(lambda: "cannot be reached" in dialog.verdict.text(), timeout=LONG)
    dialog.accept()
    assert connections.find_connection("nirgends").port == 1


def test_a_saved_connection_is_removed_with_its_password_and_is_no_longer_chosen(over: QWidget) -> None:
    save_connection(Connection("town", database="gis"), "geheim")
    row = ConnectionRow("town", "None")
    row.setParent(over)
    over.show()
    row.edit.click()
    (dialog,) = over.findChildren(DatabaseDialog)
    assert not dialog.remove.isHidden()
    dialog.remove.click()
    assert row.name == ""
    assert connections.typed_passwords() == {}
    assert "town" not in [one.name for one in connections.known_connections()]


def test_without_a_keyring_the_password_is_asked_for_where_the_database_is_chosen(qtbot: QtBot) -> None:
    save_connection(Connection("town", database="gis"))
    row = ConnectionRow("town", "None")
    qtbot.addWidget(row)
    row.show()
    assert row.password.isVisible()
    row.password.setText("geheim")
    row.password.editingFinished.emit()
    assert connections.typed_passwords() == {"town": "geheim"}
    assert not row.password.isVisible()
    row.choice.setCurrentIndex(0)
    assert row.name == ""


def test_a_saved_connection_is_tried_and_its_tables_are_listed_and_ticked(database: Database, qtbot: QtBot) -> None:
    schema = "对话"
    database.run(
        f'DROP SCHEMA IF EXISTS "{schema}" CASCADE; CREATE SCHEMA "{schema}"; CREATE TABLE "{schema}"."街道" (g geometry(Point, 4545))'
    )
    dialog = DatabaseDialog()
    qtbot.addWidget(dialog)
    dialog.name.setText("mit Kennwort")
    dialog.host.setText("127.0.0.1")
    dialog.port.setValue(database.server.port)
    dialog.database.setText(DATABASE)
    dialog.user.setText(USER)
    dialog.password.setText("falsch")
    dialog.try_it()
    qtbot.waitUntil(lambda: "password" in dialog.verdict.text(), timeout=LONG)
    assert "falsch" not in dialog.verdict.text()
    dialog.password.setText(PASSWORD)
    dialog.try_it()
    qtbot.waitUntil(lambda: "PostGIS 3" in dialog.verdict.text(), timeout=LONG)
    dialog.accept()
    tables = DatabaseTables("mit Kennwort")
    qtbot.addWidget(tables)
    qtbot.waitUntil(lambda: tables.tables.count() > 0, timeout=LONG)
    assert not tables.accept_button.isEnabled()
    tables.sieve.setText("街道")
    (item,) = [tables.tables.item(row) for row in range(tables.tables.count()) if not tables.tables.item(row).isHidden()]
    item.setCheckState(Qt.CheckState.Checked)
    assert tables.accept_button.isEnabled()
    assert tables.paths == [Path(f"postgis:mit Kennwort#{schema}.街道")]
    tables.row.choice.setCurrentIndex(tables.row.choice.findData(SERVICE))
    qtbot.waitUntil(lambda: tables.tables.count() > 0, timeout=LONG)
    assert tables.row.name == SERVICE
    tables.reject()


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_dialogs_of_the_export_fit_the_smallest_window(language: str, over: QWidget, look: styles.Theme, tmp_path: Path) -> None:
    save_connection(Connection("a-rather-long-name-of-a-town", "database.planning.example.org", 5432, "geodata_of_the_town", "planner"))
    i18n.set_language(language)
    settings = ExportSettings(crs="EPSG:4548", postgis="a-rather-long-name-of-a-town", formats=FORMATS)
    for make in (
        lambda: ExportDialog(settings, tmp_path, over), lambda: ProfileDialog("standard", ("grids",), over),
        lambda: DatabaseDialog(None, over), lambda: DatabaseTables("", over), lambda: ExportFaultsDialog(FAULTS, over),
    ):  # fmt: skip
        dialog = make()
        dialog.show()
        QApplication.processEvents()
        assert (dialog.width() <= 960, dialog.height() <= 600) == (True, True), type(dialog)
        assert faults(dialog) == [], type(dialog)
        dialog.close()
