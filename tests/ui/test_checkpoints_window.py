"""Checkpoints in the window: signs on the map, the page's tables and curve, cordons drawn by hand, marks by menu."""

import dataclasses
import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from gridplanner import i18n
from gridplanner.edits.checkpoint_edits import DrawCordon, MarkSite
from gridplanner.edits.cordon_edits import ChangeCordon
from gridplanner.edits.edit import Edit
from gridplanner.errors import EditRejected
from gridplanner.model.project import Project
from tests.ui.builders import planned, town
from tests.ui.duty_towns import guarded, in_charge, ringed
from tests.ui.fitting import clipped, nameless, outside, overlapping
from tests.ui.hand import Hand, open_table
from tests.ui.pages import rows_of, shown_page
from tests.ui.painting import Painting
from ui.app import make_app, make_window
from ui.checkpoint_places import Status, class_words, spot_facts, spots_of
from ui.desk import Desk
from ui.map.duty_legend import legend_with_duty
from ui.map.scene import Showing
from ui.map.tools.cordon import Cordon
from ui.map.view import View
from ui.panels.checkpoint_tables import crossing_rows, held_rows
from ui.panels.checkpoints_page import CheckpointsPage
from ui.panels.coverage_curve import CoverageCurve
from ui.preferences import Preferences
from ui.steps import State, hidden_at
from ui.styles import Theme

LONG = 30_000
VIEW = View(360.0, 240.0, 0.9, 800, 600)
RING = ((100.0, 100.0), (300.0, 100.0), (300.0, 300.0), (100.0, 300.0))


@pytest.fixture(scope="module")
def district() -> Project:
    return guarded(planned(town()))


@pytest.fixture
def page(qtbot: QtBot, look: Theme, district: Project) -> CheckpointsPage:
    return shown_page(qtbot, CheckpointsPage(), district)


def words_of(page: CheckpointsPage) -> tuple[str, str, str]:
    return page._heading.text(), page._seen.text(), page._closing.text()


def showing_of(project: Project, look: Theme) -> Showing:
    return Showing(project, look, "en", hidden=hidden_at("checkpoints"))


# places


def test_each_place_is_what_the_plan_and_the_marks_since_say(district: Project) -> None:
    assert [spot.status for spot in spots_of(district).spots] == [Status.NEW, Status.EXISTING, Status.OPEN, Status.LEAK]
    marked = MarkSite(300.0, 0.0, "existing").apply(MarkSite(0.0, 200.0, "forbidden").apply(district))
    marked = MarkSite(500.0, 300.0, "existing", "南桥卡点").apply(marked)
    spots = spots_of(marked)
    assert [spot.status for spot in spots.spots] == [Status.FORBIDDEN, Status.EXISTING, Status.WISHED, Status.LEAK, Status.WISHED]
    assert spots.spots[4].crossing == -1
    assert spot_facts(marked, spots.spots[4])[0] == "南桥卡点"
    near = spots.near(4.0, 203.0, 6.0)
    assert near is spots.spots[0]
    assert spots.near(4.0, 203.0, 4.0) is None
    assert len(spots_of(dataclasses.replace(district, checkpoints=None))) == 0


def test_a_place_tells_its_figures(district: Project) -> None:
    title, below, facts = spot_facts(district, spots_of(district).spots[0])
    assert (title, below) == ("Checkpoint K002", "中山路")
    assert {name: value for name, value, _mood in facts} == {
        "Class": "secondary", "Direction": "both ways", "Rank": "2", "Sees beside those before it": "38 %", "Through traffic": "50 %",
        "Outbound traffic": "25 %", "Status": "new",
    }  # fmt: skip
    title, below, facts = spot_facts(district, spots_of(district).spots[3])
    assert (title, below) == ("西郊巷", "")
    assert facts[-1] == ("Status", "stays open", "bad")
    assert class_words("primary_link") == "primary, slip road"
    assert class_words("raceway") == "raceway"


# the map


def test_what_is_held_has_another_sign_than_what_is_open_and_the_legend_names_each(look: Theme, district: Project) -> None:
    picture = Painting(VIEW).show(showing_of(district, look))
    bare = Painting(VIEW).show(showing_of(dataclasses.replace(district, checkpoints=None), look))
    signs = []
    for spot in spots_of(district).spots:
        x, y = (round(part) for part in VIEW.point_to_screen(spot.x, spot.y))
        box = (x - 6, y - 6, 13, 13)
        assert picture.copy(*box) != bare.copy(*box)
        signs.append(picture.copy(*box))
    assert all(a != b for row, a in enumerate(signs) for b in signs[:row])
    entries = legend_with_duty("By grid", (), showing_of(district, look))
    assert entries[0] == "Checkpoints"
    words = ["Checkpoint with its rank", "Existing checkpoint", "Crossing that is open", "Street that stays open"]
    assert [entry.words for entry in entries[1]] == words
    hidden = dataclasses.replace(showing_of(district, look), hidden=hidden_at("grids"))
    assert legend_with_duty("By grid", (), hidden) == ("By grid", ())


def test_a_cordon_is_a_dashed_line_and_a_mark_is_seen_at_once(look: Theme, district: Project) -> None:
    painting = Painting(VIEW)
    before = painting.show(showing_of(district, look))
    with_line = DrawCordon(RING).apply(district)
    drawn = painting.show(showing_of(with_line, look))
    y = round(VIEW.point_to_screen(200.0, 100.0)[1])
    left, right = (round(VIEW.point_to_screen(x, 100.0)[0]) for x in (140.0, 260.0))
    accent = [_near(drawn, x, y, QColor(look.accent)) for x in range(left, right)]
    assert 0.3 < np.mean(accent) < 0.9  # dashes and gaps
    assert not any(_near(before, x, y, QColor(look.accent)) for x in range(left, right))
    marked = painting.show(showing_of(MarkSite(300.0, 0.0, "forbidden").apply(with_line), look))
    assert marked != drawn
    assert marked == Painting(VIEW).show(showing_of(MarkSite(300.0, 0.0, "forbidden").apply(with_line), look))


def _near(picture: QImage, x: int, y: int, colour: QColor) -> bool:
    return any(
        sum(abs(a - b) for a, b in zip(picture.pixelColor(x, y + dy).getRgb()[:3], colour.getRgb()[:3], strict=True)) < 60  # type: ignore[index]
        for dy in (-1, 0, 1)
    )


# the page


def test_the_page_lists_checkpoints_by_rank_and_every_crossing_with_what_becomes_of_it(page: CheckpointsPage) -> None:
    assert rows_of(page.held) == [
        ["1", "中山路", "primary", "both", "25 %", "existing"],
        ["2", "中山路", "secondary", "both", "38 %", "new"],
    ]
    assert rows_of(page.crossings) == [
        ["中山路", "primary", "both", "25 %", "25 %", "K001"],
        ["中山路", "secondary", "both", "50 %", "25 %", "K002"],
        ["street without a name", "tertiary", "inbound", "12 %", "25 %", "open"],
        ["西郊巷", "residential", "outbound", "12 %", "25 %", "stays open"],
    ]
    assert words_of(page) == (
        "2 checkpoints · 4 crossings",
        "2 checkpoints see 62 % of the flow, proven best",
        "Closing it wholly takes 18 people at 3 places, proven the fewest; 1 street stays open that no checkpoint may hold.",
    )
    assert not page.tabs.is_there("cordons")


def test_a_row_leads_to_its_place_and_the_tables_sort(page: CheckpointsPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.place_chosen) as told:
        page.held.clicked.emit(page.held.rows.index(1, 0))
    assert told.args == [0.0, 200.0]
    page.tabs.choose("crossings")
    page.crossings.horizontalHeader().sectionClicked.emit(3)  # the most through traffic first
    with qtbot.waitSignal(page.place_chosen) as told:
        page.crossings.clicked.emit(page.crossings.rows.index(0, 0))
    assert told.args == [0.0, 200.0]
    with qtbot.waitSignal(page.menu_asked) as asked:
        at = page.crossings.visualRect(page.crossings.rows.index(0, 0)).center()
        page.crossings.customContextMenuRequested.emit(at)
    assert asked.args[0].crossing == 0


def test_without_a_plan_the_page_says_what_to_do_and_with_an_old_one_that_it_is_old(page: CheckpointsPage, district: Project) -> None:
    page.show_state(State.STALE)
    assert words_of(page)[0] == "2 checkpoints · 4 crossings · out of date"
    page.show_project(dataclasses.replace(district, checkpoints=None))
    assert words_of(page) == ("No checkpoints yet. Press “Choose checkpoints” at the left.", "", "")
    assert not page.curve.isVisible()
    assert not page.held.isVisible()
    assert page.draw.isVisible()


def test_a_new_cordon_comes_to_the_front_and_is_renamed_counted_and_removed_there(page: CheckpointsPage, district: Project) -> None:
    edits: list[Edit] = []
    page.edit_made.connect(edits.append)
    drawn = DrawCordon(RING).apply(district)
    page.show_project(drawn)
    assert page.current == "Cordon 1"
    assert words_of(page)[0] == "This line was drawn since. Press “Choose again” at the left."
    assert rows_of(page.cordons) == [["Cordon 1", "5", "–", "–", "–"]]
    page.name.setText("东环")
    page.name.editingFinished.emit()
    assert edits == [ChangeCordon(0, "东环", 5)]
    renamed = edits.pop().apply(drawn)
    page.show_project(renamed)
    assert page.current == "东环"
    page.count.setValue(3)
    assert edits == [ChangeCordon(0, "东环", 3)]
    page.remove.click()
    page.show_project(edits.pop().apply(renamed))
    assert page.current == ""
    assert words_of(page)[0] == "2 checkpoints · 4 crossings"
    assert not page.name.isVisible()


def test_checkpoints_of_a_cordon_are_not_among_those_of_the_boundary(district: Project) -> None:
    plan = district.checkpoints
    assert plan is not None
    moved = dataclasses.replace(plan.checkpoints[1], cordon="东环", rank=1)
    crossing = dataclasses.replace(plan.crossings[0], cordon="东环")
    split = dataclasses.replace(plan, checkpoints=(plan.checkpoints[0], moved), crossings=(crossing, *plan.crossings[1:]))
    project = dataclasses.replace(district, checkpoints=split)
    assert (len(held_rows(project, "")), len(crossing_rows(project, ""))) == (1, 3)
    assert (len(held_rows(project, "东环")), len(crossing_rows(project, "东环"))) == (1, 1)


def test_the_curve_rises_with_the_number_and_tells_it(qtbot: QtBot, look: Theme) -> None:
    curve = CoverageCurve()
    qtbot.addWidget(curve)
    curve.resize(300, 128)
    curve.show_curve((0.25, 0.625, 0.875), 2)
    places = [curve.place_of(count) for count in range(4)]
    assert all(b.x() > a.x() and b.y() < a.y() for a, b in itertools.pairwise(places))
    assert [curve.count_at(place.x()) for place in places] == [1, 1, 2, 3]
    assert curve.words_of(3) == "3 checkpoints see 88 % of the flow"
    assert curve.accessibleDescription() == "2 checkpoints see 62 % of the flow"
    with_two = curve.grab().toImage()
    curve.show_curve((0.25, 0.625, 0.875), 1)
    assert curve.grab().toImage() != with_two
    assert curve.words_of(4) == ""


# cordons by hand


def test_clicks_and_a_double_click_close_a_cordon_and_escape_abandons_it(qtbot: QtBot, look: Theme, district: Project) -> None:
    with open_table(qtbot, district, look) as table:
        hand = table.take(Cordon())
        for corner in RING[:3]:
            hand.click(hand.pixel(*corner))
        assert "closes it" in hand.canvas.gestures.preview.hint
        hand.key(Qt.Key.Key_Escape)
        assert not table.edits
        for corner in RING[:3]:
            hand.click(hand.pixel(*corner))
        hand.double_click(hand.pixel(*RING[3]))
        (shape,) = table.session.project.cordons.shapes
        assert shape.area == pytest.approx(200.0 * 200.0, rel=0.02)
        assert table.session.project.cordons.names.tolist() == ["Cordon 1"]
        table.session.undo()
        table.show()
        assert not len(table.session.project.cordons)


def test_the_first_corner_or_enter_closes_a_cordon_and_shift_leaves_it_a_line(qtbot: QtBot, look: Theme, district: Project) -> None:
    with open_table(qtbot, district, look) as table:
        hand = table.take(Cordon())
        for corner in (*RING, RING[0]):
            hand.click(hand.pixel(*corner))
        for corner in RING[:3]:
            hand.click(hand.pixel(*corner))
        hand.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        shapes = table.session.project.cordons.shapes
        assert [shape.geom_type for shape in shapes] == ["Polygon", "LineString"]


def test_what_is_no_cordon_is_said_and_the_line_goes_on(qtbot: QtBot, look: Theme, district: Project) -> None:
    with open_table(qtbot, district, look) as table:
        hand = table.take(Cordon())
        hand.click(hand.pixel(*RING[0]))
        hand.click(hand.pixel(*RING[2]))
        hand.key(Qt.Key.Key_Return)
        assert hand.canvas.gestures.preview.warning == "A cordon needs three corners at least"
        hand.key(Qt.Key.Key_Backspace)
        hand.click(hand.pixel(*RING[1]))
        hand.click(hand.pixel(*RING[2]))
        hand.key(Qt.Key.Key_Return)
        assert len(table.session.project.cordons) == 1


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (ChangeCordon(1, "x", 5), "There is no such cordon"), (ChangeCordon(0, "  ", 5), "A cordon needs a name"),
        (ChangeCordon(0, "x", 0), "A cordon has 1 to 10,000 checkpoints"),
    ],
)  # fmt: skip
def test_a_cordon_is_not_changed_into_what_it_cannot_be(district: Project, edit: ChangeCordon, why: str) -> None:
    project = DrawCordon(RING).apply(district)
    with pytest.raises(EditRejected) as refused:
        edit.apply(project)
    assert str(refused.value) == why
    other = DrawCordon(RING, "x").apply(project)
    with pytest.raises(EditRejected):
        ChangeCordon(0, "x", 5).apply(other)


# in the window


@pytest.fixture
def desk(qtbot: QtBot, preferences: Preferences, district: Project) -> Iterator[Desk]:
    make_app(preferences)
    window = make_window(preferences)
    qtbot.waitUntil(lambda: window.desk is not None, timeout=LONG)
    made = window.desk
    assert made is not None
    made.session.open(district, saved=True)
    window.steps.choose("checkpoints")
    qtbot.waitUntil(lambda: made.derived.checked and made.canvas.unit_at(100.0, 100.0) >= 0, timeout=LONG)
    yield made
    made.session.mark_saved(made.session.project)
    window.close()


def test_a_place_is_marked_by_the_menu_of_the_map_and_the_plan_is_stale_until_that_is_undone(desk: Desk, qtbot: QtBot) -> None:
    assert desk.side.tabs.current == "checkpoints"
    assert desk.derived.states["checkpoints"] is State.DONE
    canvas = desk.canvas
    at = canvas.mapToGlobal(QPointF(*canvas.view.point_to_screen(300.0, 0.0)).toPoint())
    canvas.menu_asked.emit(None, at)
    menu = next(menu for menu in desk.window.findChildren(QMenu) if menu.isVisible())
    next(action for action in menu.actions() if action.text() == "No checkpoint may stand here").trigger()
    menu.close()
    assert desk.session.project.checkpoint_sites.kinds.tolist() == ["forbidden"]
    qtbot.waitUntil(lambda: desk.derived.states.get("checkpoints") is State.STALE, timeout=LONG)
    assert desk.side.checkpoints._heading.text().endswith("out of date")
    spot = desk.checkpoints.spot_at(QPointF(*canvas.view.point_to_screen(300.0, 0.0)))
    assert spot is not None
    assert spot.status is Status.FORBIDDEN
    desk.checkpoints.mark(spot, "")
    desk.session.travel(-2)
    qtbot.waitUntil(lambda: desk.derived.states.get("checkpoints") is State.DONE, timeout=LONG)
    assert not desk.side.checkpoints._heading.text().endswith("out of date")


def test_the_button_of_the_page_draws_a_cordon_and_the_tool_is_put_back(desk: Desk, qtbot: QtBot) -> None:
    desk.window.steps.choose("grids")
    assert desk.checkpoints.spot_at(QPointF(*desk.canvas.view.point_to_screen(0.0, 200.0))) is None  # hidden there
    desk.window.action_set.qt["cordon"].trigger()
    assert desk.window.steps.step.id == "checkpoints"
    assert desk.tool == "cordon"
    hand = Hand(desk.canvas)
    for corner in RING[:3]:
        hand.click(hand.pixel(*corner))
    hand.double_click(hand.pixel(*RING[3]))
    qtbot.waitUntil(lambda: not desk.tool)
    assert len(desk.session.project.cordons) == 1
    assert desk.side.checkpoints.current == "Cordon 1"
    desk.side.checkpoints.draw.click()
    assert desk.tool == "cordon"
    desk.side.checkpoints.draw.click()
    assert not desk.tool


def test_the_card_at_the_cursor_tells_of_the_checkpoint_below(desk: Desk) -> None:
    at = QPointF(*desk.canvas.view.point_to_screen(720.0, 240.0)).toPoint()
    desk.canvas.hovered.emit(-1, at)
    assert desk.card.isVisible()
    assert desk.card._title.text() == "Checkpoint K001"
    desk.canvas.hovered.emit(-1, QPoint())
    assert not desk.card.isVisible()


def test_the_pages_fit_the_window_in_both_languages(desk: Desk, qtbot: QtBot, district: Project) -> None:
    full = DrawCordon(RING).apply(in_charge(ringed(district)))
    desk.window.resize(1400, 1000)
    desk.session.open(full, saved=True)
    qtbot.waitUntil(lambda: desk.derived.project is full and desk.derived.checked, timeout=LONG)
    for step in ("rings", "chiefs", "checkpoints"):
        desk.window.steps.choose(step)
        desk.side.checkpoints.show_cordon("Cordon 1")
        for code in i18n.LANGUAGES:
            desk.use_language(code)
            QApplication.processEvents()
            found = [check(desk.window) for check in (clipped, overlapping, outside, nameless)]
            assert found == [[], [], [], []], (step, code)
