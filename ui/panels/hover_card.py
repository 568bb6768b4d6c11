"""The card at the cursor: a grid's code and figures, where it came from, and what is proven of its community's plan."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from gridplanner.i18n import _
from ui.card import paint_card
from ui.derived import Derived
from ui.figures import out_of_band
from ui.lent import lent_of
from ui.proof import certificate_of, short_words

SHADOW = 10


class HoverCard(QWidget):
    """A small card over the map that never takes the mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._map = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._title = QLabel()
        self._title.setObjectName("value")
        self._code = QLabel()
        self._code.setObjectName("small")
        layout = QGridLayout(self)
        layout.setContentsMargins(SHADOW + 14, SHADOW + 10, SHADOW + 14, SHADOW + 10)
        layout.setHorizontalSpacing(24)
        layout.setVerticalSpacing(4)
        layout.addWidget(self._title, 0, 0, 1, 2)
        layout.addWidget(self._code, 1, 0, 1, 2)
        self._rows = [(QLabel(), QLabel()) for _row in range(8)]
        for number, (name, value) in enumerate(self._rows):
            name.setObjectName("muted")
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            layout.addWidget(name, number + 2, 0)
            layout.addWidget(value, number + 2, 1)
        self.hide()

    def show_grid(self, derived: Derived, grid: int, at: QPoint) -> None:
        """Show a grid's figures beside a place of the parent; hides where the grid has none."""
        plan, figures = derived.project.grids, derived.figures
        row = int(np.searchsorted(figures.ids, grid)) if figures is not None else -1
        if plan is None or figures is None or grid not in plan.grids or row >= len(figures) or figures.ids[row] != grid:
            self.hide()
            return
        known = plan.grids[grid]
        off = bool(out_of_band(figures, derived.project.settings.grids)[row])
        facts = [
            (_("Households"), f"{figures.households[row]:,.0f}", ""),
            (_("Persons"), f"{figures.persons[row]:,.0f}", ""),
            (_("Deviation"), f"{figures.deviation[row]:+.1f} %", "bad" if off else ""),
            (_("Boundary on streets"), f"{figures.street_pct[row]:.0f} %", ""),
        ]
        if known.prev_code and known.prev_code != known.code:
            facts.append((_("Before"), known.prev_code, ""))
        if known.locked or known.kind == "exclusive":
            facts.append((_("Settled"), _("locked") if known.locked else _("exclusive"), ""))
        lent = lent_of(derived.project, known.community)
        if lent:
            facts.append((_("Handed out"), lent, "warn"))
        proof = certificate_of(derived.project, grid)
        if proof is not None:
            facts.append((_("Plan of the community"), short_words(proof, derived.hand.get(proof.community)), ""))
        self.show_facts(known.name or _("Grid {code}").format(code=known.code or grid), known.code if known.name else "", facts, at)

    def show_facts(self, title: str, below: str, facts: Sequence[tuple[str, str, str]], at: QPoint) -> None:
        """Show a title, a fainter line below it, and facts (name, value, mood of the value) beside a place of the parent."""
        self._title.setText(title)
        self._code.setText(below)
        self._code.setVisible(bool(below))
        for name, value in self._rows[len(facts) :]:
            name.hide()
            value.hide()
        for (name, value), (words, number, mood) in zip(self._rows, facts, strict=False):
            name.show()
            value.show()
            name.setText(words)
            value.setText(number)
            if value.objectName() != mood:
                value.setObjectName(mood)
                value.style().unpolish(value)
                value.style().polish(value)
        self.adjustSize()
        self._place(at)
        self.show()
        self.raise_()

    def _place(self, at: QPoint) -> None:
        room = self._map.size()
        x, y = at.x() + 12, at.y() + 12
        if x + self.width() > room.width():
            x = at.x() - 12 - self.width()
        if y + self.height() > room.height():
            y = at.y() - 12 - self.height()
        self.move(max(x, 0), max(y, 0))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_card(painter, QRectF(self.rect()), SHADOW)
        painter.end()
