"""Response rings in the window: graded colours, dots for what is not reached, bars, tables of posts and addresses."""

import dataclasses
import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from gridplanner.model.project import Project
from tests.ui.builders import planned, town
from tests.ui.duty_towns import ringed
from tests.ui.pages import rows_of, shown_page
from tests.ui.painting import Painting
from ui.map.duty_legend import legend_with_duty
from ui.map.ring_layer import beyond, ring_colours
from ui.map.scene import Showing
from ui.map.view import View
from ui.panels import rings_page
from ui.panels.rings_page import RingsPage
from ui.steps import State, hidden_at
from ui.styles import DARK, LIGHT, Theme

VIEW = View(360.0, 240.0, 0.9, 800, 600)


@pytest.fixture(scope="module")
def district() -> Project:
    return ringed(planned(town()))


@pytest.fixture
def page(qtbot: QtBot, look: Theme, district: Project) -> RingsPage:
    return shown_page(qtbot, RingsPage(), district)


def showing_of(project: Project, look: Theme) -> Showing:
    return Showing(project, look, "en", hidden=hidden_at("rings"))


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.name)
def test_each_ring_is_of_one_hue_and_farther_from_the_ground_the_sooner_it_is_reached(look: Theme) -> None:
    colours = list(ring_colours((1.0, 3.0, 5.0, 10.0), look).values())
    ground = QColor(look.land)
    off = [abs(colour.lightness() - ground.lightness()) for colour in colours]
    assert off == sorted(off, reverse=True)
    assert min(a - b for a, b in itertools.pairwise(off)) >= 8  # steps that an eye tells apart
    assert ring_colours((5.0,), look)


def test_the_map_shows_rings_posts_and_what_is_not_reached(look: Theme, district: Project) -> None:
    picture = Painting(VIEW).show(showing_of(district, look))
    colours = ring_colours((1.0, 3.0), look)
    for place, minutes in (((60.0, 180.0), 1.0), ((30.0, 455.0), 3.0)):
        x, y = (round(part) for part in VIEW.point_to_screen(*place))
        seen = {picture.pixelColor(x + dx, y + dy).name() for dx in range(-8, 9) for dy in range(-8, 9)}
        assert colours[minutes].name() in seen
    bare = dataclasses.replace(showing_of(district, look), hidden=hidden_at("grids"))
    without = Painting(VIEW).show(bare)
    assert district.rings is not None
    for left, top in (VIEW.point_to_screen(*place) for place in district.rings.posts.tolist()):
        box = (round(left) - 6, round(top) - 6, 13, 13)
        assert picture.copy(*box) != without.copy(*box)
    for place in district.households.xy[-3:]:
        x, y = (round(part) for part in VIEW.point_to_screen(*place.tolist()))
        assert look.bad in {picture.pixelColor(x + dx, y).name() for dx in (-1, 0, 1)}
    title, entries = legend_with_duty("By grid", (), showing_of(district, look))
    assert title == "Response rings"
    assert [entry.words for entry in entries] == ["within 1 min", "within 3 min", "Address beyond", "Post"]
    assert [entry.colour for entry in entries[:2]] == [colour.name() for colour in colours.values()]


def test_addresses_of_other_data_are_not_called_beyond(district: Project) -> None:
    assert district.rings is not None
    count = len(district.households)
    assert np.flatnonzero(beyond(district.rings, count)).tolist() == [count - 3, count - 2, count - 1]
    assert not beyond(district.rings, count - 1).any()


def test_bars_and_tables_follow_the_limit_that_is_chosen(page: RingsPage, district: Project, qtbot: QtBot) -> None:
    total = float(district.households.households.sum())
    late = float(district.households.households[-3:].sum())
    cut_off = float(district.households.households[-1])
    assert page._heading.text() == f"2 posts · {cut_off:.0f} household{'s have no way to them' if cut_off > 1 else ' has no way to it'}"
    assert page.bars.row == 1
    posts = rows_of(page.posts)
    assert [row[0] for row in posts] == ["西郊派出所", "东关警务站"]
    assert sum(float(row[1].replace(",", "")) for row in posts) == pytest.approx(total - late)
    assert [row[3] for row in posts] == ["3", "1"]
    assert page.tabs.button("beyond").text() == "Not reached in time 3"
    assert [row[1] for row in rows_of(page.beyond)] == ["no way", "6.2", "4.5"]
    assert "of the incidents" in page.bars.words_of(1)
    page.bars.setFocus()
    qtbot.keyClick(page.bars, Qt.Key.Key_Up)
    assert page.bars.row == 0
    assert [row[3] for row in rows_of(page.posts)] == ["3", "0"]  # the second call takes two minutes
    assert len(rows_of(page.beyond)) > 3
    assert page.bars.words_of(0).endswith("75 % of the incidents")
    qtbot.mouseClick(page.bars, Qt.MouseButton.LeftButton, pos=QPoint(100, page.bars._high + 10))
    assert page.bars.row == 1


def test_a_row_leads_to_its_post_or_address(page: RingsPage, district: Project, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.place_chosen) as told:
        page.posts.clicked.emit(page.posts.rows.index(1, 0))
    assert told.args == [660.0, 240.0]
    page.tabs.choose("beyond")
    with qtbot.waitSignal(page.place_chosen) as told:
        page.beyond.clicked.emit(page.beyond.rows.index(0, 0))
    assert told.args == district.households.xy[-1].tolist()


def test_a_long_list_is_cut_and_says_so(page: RingsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rings_page, "LISTED", 2)
    page.bars._choose(0)
    page.bars._choose(1)
    page.tabs.choose("beyond")
    assert [row[1] for row in rows_of(page.beyond)] == ["no way", "6.2"]
    assert page._more.text() == "The 2 worst of 3 addresses"


def test_where_all_are_reached_the_list_says_so(page: RingsPage, district: Project) -> None:
    plan = district.rings
    assert plan is not None
    soon = dataclasses.replace(plan, address_minutes=np.full(len(district.households), 0.5))
    page.show_project(dataclasses.replace(district, rings=soon))
    page.tabs.choose("beyond")
    assert page._more.text() == "Every address with households is reached within 3 min."
    assert page._heading.text() == "2 posts"


def test_without_incidents_there_is_one_bar_a_limit(page: RingsPage, district: Project) -> None:
    high = page.bars.sizeHint().height()
    plan = district.rings
    assert plan is not None
    bare = dataclasses.replace(plan, incident_minutes=np.zeros(0), incident_post=np.zeros(0, np.int32))
    page.show_project(dataclasses.replace(district, rings=bare, incidents=Project().incidents))
    assert page.bars.sizeHint().height() < high
    assert "incidents" not in page.bars.words_of(1)
    assert not page.bars.grab().isNull()


def test_without_rings_the_page_says_what_to_do_and_with_old_ones_that_they_are_old(page: RingsPage, district: Project) -> None:
    page.show_state(State.STALE)
    assert page._heading.text().endswith("out of date")
    page.show_project(dataclasses.replace(district, rings=None))
    assert page._heading.text() == "No response rings yet. Press “Compute response rings” at the left."
    assert not page.bars.isVisible()


def test_figures_are_made_when_the_page_is_first_seen(qtbot: QtBot, look: Theme, district: Project) -> None:
    page = RingsPage()
    qtbot.addWidget(page)
    page.show_project(district)
    assert page.posts.rows.rowCount() == 0
    page.show()
    assert page.posts.rows.rowCount() == 2
