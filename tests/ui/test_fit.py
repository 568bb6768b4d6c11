import dataclasses

import pytest
from pytestqt.qtbot import QtBot

from gridplanner.model.issues import Issue, Level
from gridplanner.model.project import Project
from gridplanner.planning.feasibility import feasibility_of
from gridplanner.settings import GridSettings
from tests.ui.builders import town
from ui.dialogs.fit_view import FitView
from ui.fit import Fit, fit_of, offer_of, with_settings


def fit(project: Project) -> Fit:
    return next(fit_of(project, lambda: False))


@pytest.mark.parametrize(
    "settings",
    [
        GridSettings(target_households=300.0, tolerance=0.01),
        GridSettings(target_persons=800.0, tolerance=0.01),
        GridSettings(min_households=299, max_households=301),
    ],
)
def test_what_a_button_offers_makes_more_communities_fit(settings: GridSettings) -> None:
    project = with_settings(town(), settings)
    found = feasibility_of(project)
    assert found.fitting < found.inhabited
    offers = [offer for remedy in found.remedies if (offer := offer_of(remedy, settings)) is not None]
    assert offers
    for offer in offers:
        better = feasibility_of(with_settings(project, dataclasses.replace(settings, **offer.changes)))  # type: ignore[arg-type]
        assert better.fitting > found.fitting


def test_other_remedies_have_no_button() -> None:
    join = Issue(Level.INFO, "remedy", "Joined with its neighbour", {"name": "a", "other": "b", "n": "900", "k": 3})
    own = Issue(Level.INFO, "remedy", "an area of its own", {"n": 2})
    blocks = Issue(Level.INFO, "remedy", "With divide_blocks = true", {"n": 2})
    assert offer_of(join, GridSettings()) is None
    assert offer_of(own, GridSettings()) is None
    assert offer_of(blocks, GridSettings()) is None
    offered = offer_of(blocks, GridSettings(divide_blocks=False))
    assert offered is not None
    assert offered.changes == {"divide_blocks": True}


def test_a_project_of_which_nothing_can_be_said_says_so(qtbot: QtBot) -> None:
    answer = fit(Project())
    assert answer.found is None
    view = FitView()
    qtbot.addWidget(view)
    view.show_fit(answer)
    assert view._headline.text() == answer.words != ""


def test_the_card_counts_communities_and_a_press_offers_the_change(qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QPushButton

    view = FitView()
    qtbot.addWidget(view)
    view.show_fit(fit(with_settings(town(), GridSettings(tolerance=0.3))))
    assert view._headline.text() == "2 of 2 communities fit"
    assert "tightest tolerance" in view._details.text()
    view.show_fit(fit(with_settings(town(), GridSettings(tolerance=0.01))))
    assert view._headline.objectName() == "bad"
    buttons = [button for button in view.findChildren(QPushButton) if not button.isHidden()]
    with qtbot.waitSignal(view.offered) as offered:
        buttons[0].click()
    assert offered.args is not None
    assert "tolerance" in offered.args[0]
