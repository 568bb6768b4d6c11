"""What is proven of each community's plan, and why not more."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QWidget

from gridplanner.i18n import _
from gridplanner.model.project import Project
from gridplanner.planning.hand_cost import HandCost
from ui.dialogs.form import Form
from ui.lent import lent_of
from ui.proof import NOTHING, proof_rows

WIDE, HIGH = 620, 420
MOST = 300  # communities listed


class ProofDialog(Form):
    """A line for each community: its name, the verdict, and the sentences about it."""

    def __init__(self, project: Project, parent: QWidget | None = None, hand: Mapping[int, HandCost] = NOTHING) -> None:
        words = _("How far the plan of each community may be from the best there is, and under which rule that holds.")
        super().__init__(_("Proof by community"), words, "", parent)
        inside = QWidget()
        rows = QGridLayout(inside)
        rows.setContentsMargins(0, 0, 8, 0)
        rows.setHorizontalSpacing(20)
        rows.setVerticalSpacing(12)
        rows.setColumnStretch(2, 1)
        found = sorted(proof_rows(project, hand=hand), key=lambda row: row[1] == _("proven best"))  # what is open first
        if len(found) > MOST:
            found = [*found[:MOST], (_("{n} more").format(n=len(found) - MOST), "", "")]
        names = project.communities.names.tolist() if project.handouts else []
        lent = {str(name): lent_of(project, at) for at, name in enumerate(names)}
        for row, (name, verdict, sentences) in enumerate(found):
            name = "\n".join(part for part in (name, lent.get(name, "")) if part)
            for column, (text, look) in enumerate(((name, "value"), (verdict, "muted"), (sentences, "small"))):
                label = QLabel(text)
                label.setObjectName(look)
                label.setWordWrap(column == 2)
                rows.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
        rows.setRowStretch(rows.rowCount(), 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.setMinimumSize(WIDE, min(HIGH, max(inside.sizeHint().height(), 120)))
        self.body.addWidget(scroll, 1)
