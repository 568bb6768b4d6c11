import dataclasses

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.model.certificate_words import certificate_words, share_above
from gridplanner.model.grids import Certificate
from gridplanner.model.outlines import inner_border
from gridplanner.model.project import Project
from gridplanner.planning.hand_cost import HandCost, community_costs, hand_costs
from gridplanner.session import Session
from tests.ui.builders import certified
from ui.derived import Derived, derive
from ui.dialogs.proof_dialog import ProofDialog
from ui.panels.side_panel import SidePanel
from ui.proof import certificate_of, hand_words, proof_facts, proof_of, short_hand_words, short_words

BEST = Certificate(0, "balance+border", "optimal", 10.0, 10.0, "columns", 1.5, 0.5, 1.5, 300)
NEAR = Certificate(1, "balance+border", "gap", 80.0, 100.0, "columns", 1.5, 0.5, 1.5, 300)
LARGE = Certificate(1, "balance+border", "none", None, 100.0, why="large")


def shown(qtbot: QtBot, project: Project) -> SidePanel:
    panel = SidePanel()
    qtbot.addWidget(panel)
    panel.resize(372, 800)
    panel.show()
    derived: Derived = list(derive(project, lambda: False))[-1]
    panel.show_derived(derived, ())
    return panel


def facts_of(panel: SidePanel) -> dict[str, str]:
    rows = panel.grids_page._facts
    cells = [(rows.itemAt(i, rows.ItemRole.LabelRole), rows.itemAt(i, rows.ItemRole.FieldRole)) for i in range(rows.rowCount())]
    return {name.widget().text(): value.widget().text() for name, value in cells}  # type: ignore[union-attr]


def test_the_best_and_those_near_it_are_counted_apart(qtbot: QtBot, project: Project) -> None:
    panel = shown(qtbot, certified(project, BEST, NEAR))
    facts = facts_of(panel)
    assert facts["Proven best"] == "1 of 2 communities"
    assert facts["1 other"] == "at most 25.0 % above the best"
    assert panel.grids_page._proof.isVisible()
    assert "西街社区: Proven best." in panel.grids_page._facts.itemAt(4, panel.grids_page._facts.ItemRole.FieldRole).widget().toolTip()  # type: ignore[union-attr]


def test_the_share_above_the_best_is_of_the_best_not_of_the_plan() -> None:
    assert share_above(NEAR) == pytest.approx(0.25)  # a best plan of 80 × 1.25 is the plan of 100
    assert "25.0 %" in certificate_words(NEAR)
    assert short_words(NEAR) == "≤ 25.0 % above the best"


def test_a_plan_without_proof_says_why(qtbot: QtBot, project: Project) -> None:
    panel = shown(qtbot, certified(project, Certificate(0, "", "none", None, 1.0, why="large"), LARGE))
    assert facts_of(panel)["Proven best"] == "none"
    assert panel.grids_page._reason.text() == "Not proven best: its grids are of too many units for all of them to be looked at."


def test_nothing_is_said_where_there_is_no_plan_or_no_certificate(qtbot: QtBot, project: Project) -> None:
    assert proof_of(None) is None
    panel = shown(qtbot, project)
    assert "Proven best" not in facts_of(panel)
    assert not panel.grids_page._proof.isVisible()


def test_an_edit_by_hand_takes_the_proof_of_its_community(project: Project) -> None:
    before = certified(project, BEST, NEAR)
    after = MoveUnits((4,), 0).apply(before)
    proof = proof_of(after.grids)
    assert proof is not None
    assert (proof.proven, proof.near, proof.edited) == (0, 1, 1)
    assert ("Changed by hand", "1 community", "value") in proof_facts(proof)
    certificate = certificate_of(after, 0)
    assert certificate is not None
    assert short_words(certificate) == "changed by hand"


def test_what_the_hand_costs_is_told_against_the_proven_best_and_undo_tells_the_proof_again(qtbot: QtBot, project: Project) -> None:
    value = community_costs(project, {0})[0]
    session = Session(certified(project, Certificate(0, "balance+border", "optimal", value, value, "columns", 1.5, 0.5, 1.5, 300), NEAR))
    session.do(MoveUnits((4,), 0))
    panel = shown(qtbot, session.project)
    cost = hand_costs(session.project)[0]
    assert cost.proven
    assert cost.cost is not None
    units, plan = session.project.units, session.project.grids
    assert units is not None
    assert plan is not None
    assert cost.border == pytest.approx(inner_border(units, plan.labels, 0) / inner_border(units, project.grids.labels, 0) - 1)  # type: ignore[union-attr]
    assert cost.cost == pytest.approx(community_costs(session.project, {0})[0] / value - 1)
    assert facts_of(panel)["Changed by hand"] == short_hand_words(cost)
    assert "against the proven best" in hand_words(cost)
    session.undo()
    assert "Changed by hand" not in facts_of(shown(qtbot, session.project))
    assert facts_of(shown(qtbot, session.project))["Proven best"] == "1 of 2 communities"


def test_of_a_plan_with_a_bound_alone_the_hand_is_measured_by_the_plan_and_by_the_bound() -> None:
    assert hand_words(HandCost(-0.004, 0.02, False, 0.275)) == (
        "Changed by hand: border −0.4 %, cost +2.0 % against the plan as computed. At most 27.5 % above the best there is."
    )
    assert hand_words(HandCost(None, None, False, None)) == ""
    assert short_hand_words(HandCost(-0.0001, 1.5, True, 1.5)) == "border +0.0 %, cost ×2.5"


def test_several_communities_changed_by_hand_name_the_dearest(project: Project) -> None:
    proof = proof_of(MoveUnits((4,), 0).apply(certified(project, BEST, NEAR)).grids)
    assert proof is not None
    dear, cheap = HandCost(0.1, 0.05, True, 0.05), HandCost(0.0, 0.001, False, None)
    facts = proof_facts(dataclasses.replace(proof, edited=2), {0: dear, 1: cheap})
    assert ("Changed by hand", "2 communities, cost ≤ +5.0 %", "warn") in facts
    assert ("Changed by hand", "border +0.0 %, cost +0.1 %", "good") in proof_facts(dataclasses.replace(proof, edited=1), {1: cheap})


def test_the_dialog_has_a_line_for_each_community_the_open_ones_first(qtbot: QtBot, project: Project) -> None:
    dialog = ProofDialog(certified(project, BEST, LARGE))
    qtbot.addWidget(dialog)
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert words.index("东街社区") < words.index("西街社区")
    assert "not proven" in words
