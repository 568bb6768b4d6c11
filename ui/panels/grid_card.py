"""The card of the grid that is selected: its figures and band, what bounds it, its neighbours, who is on duty, what was done to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gridplanner.edits.history import Step
from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.table_edits import ChangeGrids
from gridplanner.i18n import N_, _
from gridplanner.model.band import band_of
from gridplanner.model.border_text import limits_of_grids, limits_words, neighbours_of
from gridplanner.model.grids import Grid
from gridplanner.model.project import Project
from ui.derived import Derived
from ui.figures import limits, out_of_band
from ui.lent import lent_of
from ui.map.label_layer import short_code
from ui.panels.fact_rows import set_mood, set_words
from ui.panels.grid_columns import kind_words
from ui.panels.grid_content import field_value, worker_words
from ui.proof import certificate_of, short_words
from ui.short_codes import with_short_codes

STEPS, LINES, BESIDE = 60, 6, 12  # of the history looked at, of it told, neighbours told
_FIGURES = (
    ("households", N_("Households")), ("persons", N_("Persons")), ("deviation", N_("Deviation")),
    ("street", N_("On streets")), ("compact", N_("Compactness")), ("area", N_("Area")),
)  # fmt: skip
_ROWS = (
    ("band", N_("Band")), ("limits", N_("Limits")), ("beside", N_("Neighbours")), ("community", N_("Community")),
    ("before", N_("Codes before")), ("settled", N_("Settled")), ("proof", N_("Proof")), ("history", N_("What was done")),
)  # fmt: skip
ACROSS = 3  # figures beside each other


@dataclass(frozen=True)
class CardQuestion:
    """What the slow part of a card is asked for: `steps` of the history up to now, the latest last."""

    project: Project
    grid: int
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class CardAnswer:
    """`beside` are pairs of a neighbour and its code; `done` words of what touched the grid, the latest first."""

    question: CardQuestion
    limits: str
    beside: tuple[tuple[int, str], ...]
    done: tuple[str, ...]


def answer_card(question: object, is_obsolete: Callable[[], bool]) -> Iterator[CardAnswer]:
    """Yield what takes some milliseconds to know of a grid."""
    assert isinstance(question, CardQuestion)
    project, grid = question.project, question.grid
    if project.units is None or project.grids is None or grid not in project.grids.grids:
        return
    words = limits_words(limits_of_grids(project, np.array([grid], np.int32))[0])
    if is_obsolete():
        return
    ids, _metres = neighbours_of(project.units, project.grids, grid)
    beside = tuple((other, short_code(project.grids.grids[other], other)) for other in ids.tolist() if other in project.grids.grids)
    yield CardAnswer(question, words, beside, tuple(steps_that_touched(grid, question.steps)))


def steps_that_touched(grid: int, steps: Sequence[Step]) -> Iterator[str]:
    """Yield the words of the steps that changed a grid, the latest first: its units, or what is known of it."""
    for before, after in zip(reversed(steps[:-1]), reversed(steps[1:]), strict=True):
        old, new = before.project.grids, after.project.grids
        if old is new or new is None:
            continue
        if old is None or old.grids.get(grid) is not new.grids.get(grid):
            yield after.words
        elif len(old.labels) != len(new.labels):
            if before.project.units is after.project.units or (old.labels == grid).sum() != (new.labels == grid).sum():
                yield after.words
        elif old.labels is not new.labels and ((old.labels == grid) != (new.labels == grid)).any():
            yield after.words


class GridCard(QWidget):
    """The card; `asked` wants the slow part of a grid, which comes back by `show_answer`."""

    asked = Signal(int)
    edit_made = Signal(object)
    grid_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid: int | None = None
        self._known: Grid | None = None
        self._derived: Derived | None = None
        self._title, self._code = QLabel(), QLabel()
        self._title.setObjectName("value")
        self._code.setObjectName("small")
        self._code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lock = QPushButton()
        self._lock.setObjectName("small")
        self._lock.clicked.connect(self._toggle_lock)
        self._name, self._workers = QLineEdit(), QLineEdit()
        for field, line in (("name", self._name), ("workers", self._workers)):
            line.editingFinished.connect(lambda field=field, line=line: self._write(field, line))
        self._labels = {key: QLabel() for key in ("name", "workers", *(key for key, _words in (*_FIGURES, *_ROWS)))}
        self._values = {key: QLabel() for key, _words in (*_FIGURES, *_ROWS)}
        self._labels["name"].setBuddy(self._name)
        self._labels["workers"].setBuddy(self._workers)
        head, names = QHBoxLayout(), QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._title)
        names.addWidget(self._code)
        head.addLayout(names, 1)
        head.addWidget(self._lock, 0, Qt.AlignmentFlag.AlignTop)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        rows: list[tuple[QLabel, QWidget]] = [(self._labels["name"], self._name), (self._labels["workers"], self._workers)]
        rows += [(self._labels[key], self._values[key]) for key, _words in _ROWS]
        for row, (label, value) in enumerate(rows):
            label.setObjectName("muted")
            edits = isinstance(value, QLineEdit)
            self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignVCenter if edits else Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, row, 1)
            if isinstance(value, QLabel):
                value.setWordWrap(True)
                value.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
                value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._values["beside"].setTextFormat(Qt.TextFormat.RichText)
        self._values["beside"].linkActivated.connect(lambda link: self.grid_chosen.emit(int(link)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 8, 4)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addLayout(self._figures())
        layout.addLayout(self._grid)
        layout.addStretch(1)
        self.retranslate()

    def show_grid(self, derived: Derived, grid: int | None) -> bool:
        """Show a grid of a project; returns False where it has none such, and is empty then."""
        plan, figures = derived.project.grids, derived.figures
        was, self._derived = (self._derived, self.grid), derived
        row = int(np.searchsorted(figures.ids, grid)) if figures is not None and grid is not None else -1
        if plan is None or figures is None or grid is None or row >= len(figures) or figures.ids[row] != grid:
            self.grid, self._known = None, None
            return False
        self.grid, self._known = grid, plan.grids[grid]
        if was[1] != grid:
            for key in ("limits", "beside", "history"):
                self._show(key, "")
        if was[1] != grid or was[0] is None or was[0].project is not derived.project:
            self.asked.emit(grid)
        self._show_known(self._known)
        band = band_of(derived.project.settings.grids)
        target = band.households or band.persons or 1.0
        low, high = limits(band, target)
        words = _("{low}–{high} households") if band.households is not None else _("{low}–{high} persons")
        bad = "bad" if bool(out_of_band(figures, derived.project.settings.grids)[row]) else "value"
        self._show("households", f"{figures.households[row]:,.0f}", bad if band.households is not None else "value")
        self._show("persons", f"{figures.persons[row]:,.0f}", bad if band.households is None else "value")
        self._show("deviation", f"{figures.deviation[row]:+.1f} %", bad)
        self._show("street", f"{figures.street_pct[row]:.0f} %", "value")
        self._show("compact", f"{figures.compact[row]:.2f}", "value")
        self._show("area", _("{n} ha").format(n=f"{figures.area_m2[row] / 1e4:,.1f}"), "value")
        self._show("band", words.format(low=f"{low:,}", high=f"{high:,}"))
        names = derived.project.communities.names
        name = str(names[self._known.community]) if self._known.community < len(names) else ""
        lent = lent_of(derived.project, self._known.community)
        self._show("community", f"{name} · {lent}" if lent else name)
        proof = certificate_of(derived.project, grid)
        self._show("proof", short_words(proof, derived.hand.get(proof.community)) if proof is not None else "")
        return True

    def show_answer(self, answer: CardAnswer) -> None:
        """Show what was asked for, where it is still of the grid shown."""
        if self._derived is None or answer.question.grid != self.grid or answer.question.project is not self._derived.project:
            return
        self._show("limits", answer.limits)
        links = [f'<a href="{grid}" style="text-decoration:none">{escape(code)}</a>' for grid, code in answer.beside[:BESIDE]]
        links += [_("{n} more").format(n=len(answer.beside) - BESIDE)] if len(answer.beside) > BESIDE else []
        self._show("beside", " &nbsp; ".join(links))
        more = [_("{n} more").format(n=len(answer.done) - LINES)] if len(answer.done) > LINES else []
        self._show("history", with_short_codes("\n".join([*answer.done[:LINES], *more])))

    def retranslate(self) -> None:
        """Take up the language in use."""
        for key, words in (*_FIGURES, *_ROWS, ("name", N_("Name")), ("workers", N_("On duty"))):
            set_words(self._labels[key], _(words))
        self._name.setAccessibleName(_("Name of the grid"))
        self._workers.setAccessibleName(_("People on duty, separated by commas"))
        self._workers.setPlaceholderText(_("Names or posts, with commas"))
        self._values["beside"].setAccessibleName(_("Neighbours"))
        derived, grid = self._derived, self.grid
        if derived is not None and grid is not None:
            self._derived = None  # the slow words too are made anew
            self.show_grid(derived, grid)

    def _figures(self) -> QGridLayout:
        """Return the figures in columns, each below its name."""
        tiles = QGridLayout()
        tiles.setHorizontalSpacing(12)
        tiles.setVerticalSpacing(0)
        for number, (key, _words) in enumerate(_FIGURES):
            row, column = divmod(number, ACROSS)
            self._labels[key].setObjectName("small")
            tiles.addWidget(self._labels[key], 3 * row, column)
            tiles.addWidget(self._values[key], 3 * row + 1, column)
            tiles.setColumnStretch(column, 1)
        tiles.setRowMinimumHeight(2, 6)
        return tiles

    def _show_known(self, known: Grid) -> None:
        set_words(self._title, known.name or _("Grid {code}").format(code=short_code(known, self.grid or 0)))
        set_words(self._code, known.code)
        self._lock.setText(_("Unlock") if known.locked else _("Lock"))
        for line, words in ((self._name, known.name), (self._workers, worker_words(known.workers))):
            if not (line.hasFocus() and line.isModified()):
                line.setText(words)
        settled = [_("locked")] if known.locked else []
        settled += [kind_words(known.kind)] if known.kind else []
        self._show("settled", _(", ").join(settled))
        before = [known.prev_code] if known.prev_code and known.prev_code != known.code else []
        plan = self._derived.project.grids if self._derived is not None else None
        before += [end.code for end in (plan.retired if plan is not None else ()) if known.code and known.code in end.successors]
        words = _(", ").join(dict.fromkeys(code for codes in before for code in codes.split(",")))
        since = _("Valid from {date}").format(date=known.valid_from) if known.valid_from else ""
        self._show("before", " · ".join(part for part in (words, since) if part))

    def _show(self, key: str, words: str, mood: str = "") -> None:
        label = self._values[key]
        set_words(label, words)
        set_mood(label, mood)
        if label.isHidden() == bool(words):
            label.setVisible(bool(words))
            self._labels[key].setVisible(bool(words))

    def _write(self, field: str, line: QLineEdit) -> None:
        if self.grid is None or self._known is None or not line.isModified():
            return
        line.setModified(False)
        value = field_value(field, line.text())
        if value != getattr(self._known, field):
            self.edit_made.emit(ChangeGrids(((self.grid, ((field, value),)),)))

    def _toggle_lock(self) -> None:
        if self.grid is not None and self._known is not None:
            self.edit_made.emit(LockGrids((self.grid,), not self._known.locked))
