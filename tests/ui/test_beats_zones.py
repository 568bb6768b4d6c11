"""Beats and patrol zones in the window: the grid tools act on them while their step is open, and pages, chart and map follow."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridplanner.edits.edit import Edit
from gridplanner.edits.group_edits import LockGroups, MergeGroups, MovePieces, SplitOff
from gridplanner.edits.zone_edits import ChooseZones
from gridplanner.model.duty_words import beat_plan_words, zone_certificate_words
from gridplanner.model.group_loads import loads_of
from gridplanner.model.project import Project
from gridplanner.settings import (
    BeatSettings,
    CheckpointSettings,
    RatingSettings,
    ResponseSettings,
    StreetChiefSettings,
    ZoneSettings,
)
from tests.grouped_town import quartered
from tests.ui.builders import planned, town
from tests.ui.hand import Hand, Table, open_table
from tests.ui.test_painter import anew, pixels, request, shown_by
from ui.dialogs.step_settings import StepSettings, StepSettingsDialog
from ui.map.painter import Painter
from ui.map.picture import Picture
from ui.map.tools.group_assign import GroupAssign, GroupSplit
from ui.map.tools.group_merge import GroupMerge
from ui.map.tools.group_push import GroupPush
from ui.panels.beats_page import BeatsPage
from ui.panels.cross_page import cross_of
from ui.panels.pareto_choice import ParetoChoice
from ui.panels.zones_page import ZonesPage
from ui.styles import Theme

LONG = 30_000
ENTER = Qt.Key.Key_Return


@pytest.fixture
def table(qtbot: QtBot, look: Theme) -> Iterator[Table]:
    with open_table(qtbot, quartered(), look) as made:
        yield made


def middle_of(project: Project, grid: int) -> int:
    """Return a unit of a grid."""
    assert project.grids is not None
    return int(np.flatnonzero(project.grids.labels == grid)[0])


def take(table: Table, tool: object, kind: str, *groups: int) -> Hand:
    """Take a tool in hand at the step of a kind of group, with some of them chosen."""
    table.show(groups=kind, chosen_groups=groups)
    table.canvas.use_tool(tool)  # type: ignore[arg-type]
    return table.hand


@pytest.mark.parametrize("kind", ["beats", "zones"])
def test_a_brush_gives_whole_grids_to_the_chosen_group(table: Table, kind: str) -> None:
    project = table.session.project
    hand = take(table, GroupAssign(), kind, 1)
    hand.press(hand.middle(middle_of(project, 2)))
    tallies = table.canvas.gestures.preview.tallies
    loads = loads_of(project, kind)
    assert [tally.before for tally in tallies] == pytest.approx([loads[1], loads[2]])
    hand.move(hand.middle(middle_of(project, 6)))
    hand.release(hand.middle(middle_of(project, 6)))
    assert table.edits == [MovePieces(kind, (2, 6), 1)]
    after = loads_of(table.session.project, kind)
    assert after[1] - loads[1] == pytest.approx(loads[2] - after[2])
    assert table.session.history.present.words == ("Move 2 grids to beat 001" if kind == "beats" else "Move 2 grids to zone 01")


def test_a_brush_on_a_locked_beat_says_so_and_changes_nothing(table: Table) -> None:
    table.start(LockGroups("beats", (2,)).apply(table.session.project))
    project = table.session.project
    hand = take(table, GroupAssign(), "beats", 1)
    hand.press(hand.middle(middle_of(project, 2)))
    assert table.canvas.gestures.preview.warning == "The beat 002 is locked; unlock it first"
    hand.release(hand.middle(middle_of(project, 2)))
    assert table.refused == "The beat 002 is locked; unlock it first"
    assert table.session.project is project


def test_a_push_that_would_leave_a_side_in_pieces_says_so(table: Table) -> None:
    project = MovePieces("beats", (2, 3, 6), 3).apply(table.session.project)  # beat 2 is grid 7 alone
    table.start(project)
    hand = take(table, GroupPush(), "beats")
    hand.press(hand.border(32, 33))  # between grid 6 and grid 7
    hand.move(hand.middle(34))
    assert "in pieces" in table.canvas.gestures.preview.warning
    hand.key(Qt.Key.Key_Escape)


def test_without_a_chosen_beat_the_click_asks_for_one_and_escape_abandons(table: Table, qtbot: QtBot) -> None:
    hand = take(table, GroupAssign(), "beats")
    with qtbot.waitSignal(table.canvas.grid_clicked):
        hand.click(hand.middle(0))
    hand = take(table, GroupAssign(), "beats", 1)
    hand.press(hand.middle(middle_of(table.session.project, 2)))
    hand.key(Qt.Key.Key_Escape)
    hand.release(hand.middle(middle_of(table.session.project, 2)))
    assert table.edits == []


def test_the_hand_is_warned_before_a_beat_falls_into_pieces_or_ends(table: Table) -> None:
    first = table.session.project
    project = MovePieces("beats", (0, 1), 3).apply(MovePieces("beats", (2, 3), 3).apply(first))
    table.start(project)  # beat 1 is grids 4 and 5, beat 2 is 6 and 7, between the rows of beat 3 and beat 4
    hand = take(table, GroupAssign(), "beats", 4)
    hand.press(hand.middle(middle_of(project, 6)))
    hand.move(hand.middle(middle_of(project, 7)))
    assert table.canvas.gestures.preview.warning == "The beat 002 would end"
    hand.key(Qt.Key.Key_Escape)
    table.start(first)
    hand = take(table, GroupAssign(), "beats", 1)
    hand.press(hand.middle(middle_of(project, 15)))
    assert table.canvas.gestures.preview.warning == "The beat 001 would fall into 2 pieces"


def test_a_border_is_pushed_in_whole_grids(table: Table) -> None:
    project = table.session.project
    hand = take(table, GroupPush(), "beats")
    edge = hand.border(5, 6)  # between grid 1 of beat 1 and grid 2 of beat 2
    hand.move(edge, held=Qt.MouseButton.NoButton)
    assert table.canvas.gestures.preview.pieces is not None
    hand.press(edge)
    hand.move(hand.middle(7))
    assert {tally.name for tally in table.canvas.gestures.preview.tallies} == {"Beat 001", "Beat 002"}
    hand.release(hand.middle(7))
    (edit,) = table.edits
    assert isinstance(edit, MovePieces)
    assert edit.to == 1
    assert 2 in edit.pieces
    assert set(edit.pieces) <= {2, 6}
    beats = table.session.project.beats
    assert beats is not None
    assert project.beats is not None
    assert sorted(beats.beats) == sorted(project.beats.beats)


def test_neighbours_are_merged_by_clicks(table: Table) -> None:
    project = table.session.project
    hand = take(table, GroupMerge(), "zones")
    hand.click(hand.middle(middle_of(project, 0)))
    hand.click(hand.middle(middle_of(project, 15)))
    assert "does not touch" in table.canvas.gestures.preview.warning
    hand.click(hand.middle(middle_of(project, 3)))
    hand.key(ENTER)
    assert table.edits == [MergeGroups("zones", 1, (2,))]


def test_brushed_grids_become_a_group_of_their_own_and_locked_ones_stay(table: Table) -> None:
    project = LockGroups("beats", (2,)).apply(table.session.project)
    table.start(project)
    hand = take(table, GroupSplit(), "beats")
    hand.drag(hand.middle(middle_of(project, 0)), hand.middle(middle_of(project, 4)), hand.middle(middle_of(project, 8)))
    assert table.edits == [SplitOff("beats", (0, 4))]  # grid 8 is of another beat than the one where the stroke began
    hand.press(hand.middle(middle_of(project, 3)))
    assert "locked" in table.canvas.gestures.preview.warning
    hand.release(hand.middle(middle_of(project, 3)))
    assert len(table.edits) == 1


GROUP_EDITS: tuple[Edit, ...] = (
    MovePieces("beats", (2, 6), 1), LockGroups("beats", (3,)), SplitOff("beats", (0,)), MovePieces("zones", (9,), 4),
    MergeGroups("zones", 1, (2,)), ChooseZones(1),
)  # fmt: skip


@pytest.mark.parametrize("theme", ["beat", "zone", "grid"])
def test_the_map_after_an_edit_of_groups_equals_a_picture_painted_anew(qapp: QApplication, theme: str) -> None:
    painter, picture, shown = Painter(), Picture(), quartered()
    more = {"map_theme": theme, "groups": "beats", "chosen_groups": (3,)}
    shown_by(painter, picture, request(shown, **more))
    for edit in GROUP_EDITS:
        shown = edit.apply(shown)
        shown_by(painter, picture, request(shown, **more))
        assert picture.frame is not None
        assert np.array_equal(pixels(picture.frame.image), anew(request(shown, **more))), edit.words


def test_beats_and_zones_differ_from_a_map_without_them(qapp: QApplication) -> None:
    bare = anew(request(planned(town(), wide=3, high=2)))
    for hidden in ({"zones"}, {"beats"}):
        assert not np.array_equal(bare, anew(request(quartered(), hidden=frozenset(hidden))))
    blocks = quartered("blocks")
    colours = [anew(request(blocks, map_theme=theme)) for theme in ("grid", "zone")]
    assert not np.array_equal(*colours)


def test_the_page_of_beats_tells_persons_deviation_and_what_is_proven(qtbot: QtBot, look: Theme) -> None:
    page, project = BeatsPage(), quartered()
    qtbot.addWidget(page)
    page.show_project(Project())
    assert page.table.isHidden()
    assert "Group into beats" in page._heading.text()
    page.show_project(project)
    loads = loads_of(project, "beats")
    rows = page.table.rows
    told = [[rows.index(row, column).data() for column in (0, 3, 4)] for row in range(rows.rowCount())]
    assert told == [[f"{beat:03d}", "4", f"{loads[beat]:,.0f}" if loads[beat] % 1 < 0.05 else f"{loads[beat]:,.1f}"] for beat in loads]
    assert page._proof.text() == beat_plan_words(project.beats)  # type: ignore[arg-type]
    assert "west: 2 beats, proven best; ± 10 % is possible, ± 9 % is not" in page._proof.text()
    with qtbot.waitSignal(page.group_chosen) as told_group:
        page.table.clicked.emit(rows.index(1, 0))
    assert told_group.args == [2]
    page.show_chosen((2,), 0)
    assert page.card.isVisibleTo(page)
    assert "002" in page._title.text()
    page.show_project(MovePieces("beats", (2,), 1).apply(project))
    assert "changed by hand" in page._proof.text()


def test_the_page_of_zones_without_ground_still_lists_them(qtbot: QtBot, look: Theme) -> None:
    page, project = ZonesPage(), quartered()
    qtbot.addWidget(page)
    assert project.zones is not None
    page.show_project(dataclasses.replace(project, zones=dataclasses.replace(project.zones, ground=None, choices=(), p90=np.zeros(0))))
    assert page.table.rows.rowCount() == 4
    assert page.table.rows.index(0, 3).data() == "–"
    assert not page.pareto.isVisibleTo(page)


def test_the_slider_looks_first_and_takes_a_plan_when_it_is_let_go(qtbot: QtBot, look: Theme) -> None:
    choice, project = ParetoChoice(), quartered()
    qtbot.addWidget(choice)
    choice.retranslate()
    choice.show_plan(project)
    choice.resize(340, 240)
    choice.show()
    taken: list[int] = []
    choice.taken.connect(taken.append)
    assert (choice.slider.maximum(), choice.slider.value()) == (1, 1)  # few minutes at the left, as in the chart
    choice.slider.setSliderDown(True)
    choice.slider.setValue(0)
    assert taken == []
    assert "140 %" in choice._words.text()
    choice.slider.setSliderDown(False)
    assert taken == [1]
    choice.show_plan(ChooseZones(1).apply(project))
    choice.slider.setFocus()
    QTest.keyClick(choice.slider, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: taken == [1, 0], timeout=3000)
    place = choice.chart.place(1.5, 1.4)
    choice.show_plan(project)
    QTest.mouseClick(choice.chart, Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert taken == [1, 0, 1]
    choice.show_plan(MovePieces("zones", (2,), 1).apply(project))
    assert "by hand" in choice._words.text()
    assert not choice.chart.grab().isNull()


def test_plans_of_other_grids_cannot_be_chosen(qtbot: QtBot, look: Theme) -> None:
    project = quartered()
    assert project.grids is not None
    fewer = dataclasses.replace(project.grids, grids={grid: known for grid, known in project.grids.grids.items() if grid != 3})
    choice = ParetoChoice()
    qtbot.addWidget(choice)
    choice.show_plan(dataclasses.replace(project, grids=fewer))
    assert not choice.slider.isEnabled()
    assert "changed since" in choice._words.text()


def test_every_view_of_the_cross_table_sums_to_the_district() -> None:
    project = quartered()
    for view in ("", "beat zone", "beat community", "zone community", "station beat"):
        cross = cross_of(project, view)
        assert cross.households.sum() == pytest.approx(project.households.households.sum()), view
        assert cross.persons.sum() == pytest.approx(project.households.persons.sum()), view
    assert cross_of(Project(), "").columns == ()


EVERY: tuple[StepSettings, ...] = (
    BeatSettings(tolerance=0.125), ZoneSettings(workload={"households": 1.0, "area_km2": 0.25}, response=0.333),
    CheckpointSettings(classes=("trunk", "raceway")), ResponseSettings(minutes=(1, 2.5)),
    RatingSettings(weights={"theft": 2.0}, thresholds=(0.1, 0.2, 0.3, 0.45)), StreetChiefSettings(length_km=1.234),
)  # fmt: skip


@pytest.mark.parametrize("settings", EVERY, ids=lambda settings: type(settings).__name__)
def test_settings_that_nobody_touched_stay_to_the_last_digit(qtbot: QtBot, look: Theme, settings: StepSettings) -> None:
    dialog = StepSettingsDialog("Settings", settings, None, ("theft", "brawls"))
    qtbot.addWidget(dialog)
    assert dialog.settings == settings


def test_tables_lists_and_shares_of_settings_can_be_changed_and_nonsense_is_refused(qtbot: QtBot, look: Theme) -> None:
    zones = StepSettingsDialog("Zones", ZoneSettings())
    qtbot.addWidget(zones)
    zones._boxes["workload"].boxes["area_km2"].setValue(2.5)  # type: ignore[union-attr]
    zones._boxes["response"].setValue(60)  # type: ignore[union-attr]
    zones._boxes["units"].setCurrentIndex(2)  # type: ignore[union-attr]
    chosen = zones.settings
    assert chosen == ZoneSettings(units="blocks", response=0.6, workload={**ZoneSettings().workload, "area_km2": 2.5})
    rings = StepSettingsDialog("Response", ResponseSettings())
    qtbot.addWidget(rings)
    for text, good in (("2, 4", True), ("4 2", False), ("two", False), ("", False), ("3；5", False)):
        rings._boxes["minutes"].setText(text)  # type: ignore[union-attr]
        assert rings.accept_button.isEnabled() == good, text
    rating = StepSettingsDialog("Rating", RatingSettings(), None, ("theft",))
    qtbot.addWidget(rating)
    rating._boxes["month"].setText("2026-13")  # type: ignore[union-attr]
    assert not rating.accept_button.isEnabled()
    rating._boxes["month"].setText("2026-03")  # type: ignore[union-attr]
    rating._boxes["weights"].boxes["satisfaction"].setValue(3)  # type: ignore[union-attr]
    assert rating.settings == RatingSettings(month="2026-03", weights={"satisfaction": 3.0})
    points = StepSettingsDialog("Checkpoints", CheckpointSettings())
    qtbot.addWidget(points)
    points._boxes["classes"].boxes["tertiary"].setChecked(False)  # type: ignore[union-attr]
    assert isinstance(points.settings, CheckpointSettings)
    assert "tertiary" not in points.settings.classes


def test_certificates_are_told_in_words() -> None:
    project = quartered()
    assert project.zones is not None
    assert zone_certificate_words(project.zones.certificate).startswith("Proven best: no zones served from the same places")
    after = MovePieces("zones", (2,), 1).apply(project).zones
    assert after is not None
    assert zone_certificate_words(after.certificate) == "Not proven best: the plan was changed by hand since."
