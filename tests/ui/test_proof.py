import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.model.certificate_words import certificate_words, share_above
from gridplanner.model.grids import Certificate
from gridplanner.model.project import Project
from tests.ui.builders import certified
from ui.derived import Derived, derive
from ui.dialogs.proof_dialog import ProofDialog
from ui.panels.side_panel import SidePanel
from ui.proof import certificate_of, proof_facts, proof_of, short_words

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
    rows = panel._facts
    cells = [(rows.itemAt(i, rows.ItemRole.LabelRole), rows.itemAt(i, rows.ItemRole.FieldRole)) for i in range(rows.rowCount())]
    return {name.widget().text(): value.widget().text() for name, value in cells}  # type: ignore[union-attr]


def test_the_best_and_those_near_it_are_counted_apart(qtbot: QtBot, project: Project) -> None:
    panel = shown(qtbot, certified(project, BEST, NEAR))
    facts = facts_of(panel)
    assert facts["Proven best"] == "1 of 2 communities"
    assert facts["1 other"] == "at most 25.0 % above the best"
    assert panel._proof.isVisible()
    assert "西街社区: Proven best." in panel._facts.itemAt(4, panel._facts.ItemRole.FieldRole).widget().toolTip()  # type: ignore[union-attr]


def test_the_share_above_the_best_is_of_the_best_not_of_the_plan() -> None:
    assert share_above(NEAR) == pytest.approx(0.25)  # a best plan of 80 × 1.25 is the plan of 100
    assert "25.0 %" in certificate_words(NEAR)
    assert short_words(NEAR) == "≤ 25.0 % above the best"


def test_a_plan_without_proof_says_why(qtbot: QtBot, project: Project) -> None:
    panel = shown(qtbot, certified(project, Certificate(0, "", "none", None, 1.0, why="large"), LARGE))
    assert facts_of(panel)["Proven best"] == "none"
    assert panel._reason.text() == "Not proven best: its grids are of too many units for all of them to be looked at."


def test_nothing_is_said_where_there_is_no_plan_or_no_certificate(qtbot: QtBot, project: Project) -> None:
    assert proof_of(None) is None
    panel = shown(qtbot, project)
    assert "Proven best" not in facts_of(panel)
    assert not panel._proof.isVisible()


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


def test_the_dialog_has_a_line_for_each_community_the_open_ones_first(qtbot: QtBot, project: Project) -> None:
    dialog = ProofDialog(certified(project, BEST, LARGE))
    qtbot.addWidget(dialog)
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert words.index("东街社区") < words.index("西街社区")
    assert "not proven" in words
