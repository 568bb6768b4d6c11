"""What was found in the files that were dropped, for the planner to confirm."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from gridplanner.i18n import _
from gridplanner.io.inspection import SourceReport
from gridplanner.settings import Settings
from ui.dialogs.form import Form
from ui.dialogs.layer_card import ROLES, LayerCard

LEAST_WINDOW, AROUND = 600, 260  # pixels: the lowest window there is, and what the dialog has above and below its list


class ImportDialog(Form):
    """Lists the layers with what they are taken for; `settings` is the plan's with these sources added."""

    def __init__(self, reports: Sequence[SourceReport], settings: Settings, parent: QWidget | None = None) -> None:
        words = _("Each layer is taken for what its name and geometry suggest. Correct it where that is wrong.")
        super().__init__(_("Import data"), words, _("Import"), parent)
        self._before = settings
        self.cards = [LayerCard(report) for report in reports]
        for card in self.cards:
            card.changed.connect(self._judge)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        for card in self.cards:
            column.addWidget(card)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        self.body.addWidget(scroll, 1)
        self._guess()
        self._judge()
        high = inside.sizeHint().height()  # of all cards with the fields that their guessed roles ask for
        scroll.setMinimumSize(720, min(high, self._room()))

    @property
    def settings(self) -> Settings:
        """The settings with the sources chosen here; a source of the same role is replaced."""
        chosen = {card.role: card.source() for card in self.cards if card.role}
        project = self._before.project
        if not project.name and self.cards:
            project = dataclasses.replace(project, name=_name_of([Path(card.report.path) for card in self.cards]))
        return dataclasses.replace(self._before, project=project, sources={**self._before.sources, **chosen})

    def _room(self) -> int:
        """Return how high the list of layers may be, so that the dialog fits into the window it belongs to."""
        over = self.parentWidget()
        return max((over.height() if over is not None else LEAST_WINDOW) - AROUND, 200)

    def _guess(self) -> None:
        """Take every layer for what it probably is, each role once: a file's own layer before one out of OpenStreetMap."""
        taken: set[str] = set()
        for card in sorted(self.cards, key=lambda card: (card.is_osm, -card.report.count)):
            role = card.report.role
            along = card.is_osm and role == "barriers"  # rivers come along with the streets of the same file
            card.take_for(role if role not in taken and not along else "")
            taken.add(card.role)

    def _judge(self) -> None:
        roles = Counter(card.role for card in self.cards if card.role)
        words = {key: text for key, text, _kinds in ROLES}
        twice = [_(words[role]) for role, count in roles.items() if count > 1]
        if twice:
            self.complain(_("Taken for twice: {roles}. Leave one of them out.").format(roles=", ".join(twice)))
        elif not roles:
            some = any(card.report.readable for card in self.cards)
            self.complain(_("Choose what at least one layer is.") if some else _("None of this can be read."))
        else:
            self.complain("")


def _name_of(paths: Sequence[Path]) -> str:
    """Return a name for a project made from files: their folder's, or the only file's."""
    if len(set(paths)) == 1:
        return paths[0].name.split(".")[0]
    return paths[0].parent.name
