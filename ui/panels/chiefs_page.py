"""Street chiefs beside the map: every stretch with its street, chief, length and load, and the grids on both sides of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gridplanner.i18n import N_, _, ngettext
from gridplanner.model.lines import Floats
from gridplanner.model.project import Project
from gridplanner.model.street_chiefs import ChiefPlan, Stretch
from ui.map.label_layer import short_code
from ui.panels.sorted_table import SortedTable, TableColumn, Values
from ui.steps import STATE_WORDS, State


def _kilometres(metres: float) -> str:
    return f"{metres / 1000:,.2f}"


def _share(value: float) -> str:
    return f"{value:+.0f} %".replace("-", "\u2212") if round(value) else "0 %"


COLUMNS = (
    TableColumn(N_("Code"), N_("Code of the stretch"), 46),
    TableColumn(N_("Road"), N_("Name of the street")),
    TableColumn(N_("Chief"), N_("Who is responsible for the stretch"), 66),
    TableColumn(N_("km"), N_("Length of the stretch"), 42, True, _kilometres),
    TableColumn(N_("Load"), N_("Workload against the mean"), 50, True, _share),
    TableColumn(N_("Grids"), N_("Grids on the left | on the right, along the stretch"), 62),
)


@dataclass(frozen=True, eq=False)
class Charge:
    """What one chief's code stands for: the rows of its stretches, its streets, metres, workload, and the grids on both sides."""

    code: str
    rows: tuple[int, ...]
    streets: str
    chief: str
    metres: float
    workload: float
    left: str
    right: str


class ChiefsPage(QWidget):
    """`lines_chosen` carries the lines, (n, 2) each in metres, of the stretch that was chosen."""

    lines_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project: Project | None = None
        self._state = State.EMPTY
        self._charges: tuple[Charge, ...] = ()
        self._heading, self._detail = QLabel(), QLabel()
        for label, name in ((self._heading, "heading"), (self._detail, "muted")):
            label.setObjectName(name)
            label.setWordWrap(True)
        self.table = SortedTable(COLUMNS)
        self.table.row_chosen.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._heading)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._detail)
        layout.addStretch(0)
        self.retranslate()

    def show_project(self, project: Project) -> None:
        """Show the stretches of a project."""
        before, self._project = self._project, project
        if before is None or before.chiefs is not project.chiefs or before.grids is not project.grids:
            self._show()

    def show_state(self, state: State) -> None:
        """Say whether the plan is out of date."""
        if state is not self._state:
            self._state = state
            self._tell()

    def retranslate(self) -> None:
        """Take up the language in use."""
        self.table.setAccessibleName(_("Street chiefs"))
        self.table.horizontalHeader().viewport().update()
        if self._project is not None:
            self._show()
        self._tell()

    def _show(self) -> None:
        project = self._project
        assert project is not None
        kept = {charge.code: charge.rows for charge in self._charges}
        self._charges = charges_of(project)
        if kept != {charge.code: charge.rows for charge in self._charges}:
            self._detail.clear()
        self.table.rows.show(_values(self._charges))
        self._tell()

    def _tell(self) -> None:
        """Put into words what there is."""
        count = len(self._charges)
        words = _("No street chiefs yet. Press “Divide the streets” at the left.")
        if self._project is not None and self._project.chiefs is not None:
            words = ngettext("{n} stretch", "{n} stretches", count).format(n=f"{count:,}")
            words += f" · {sum(charge.metres for charge in self._charges) / 1000:,.1f} km"
            bare = sum(not charge.chief for charge in self._charges)
            if bare:
                words += " · " + ngettext("{n} without a chief", "{n} without a chief", bare).format(n=f"{bare:,}")
            if self._state is State.STALE:
                words += " · " + _(STATE_WORDS[State.STALE])
        stale = self._project is not None and self._project.chiefs is not None and self._state is State.STALE
        self._heading.setText(words)
        self._heading.setObjectName("warning" if stale else "heading")
        self._heading.style().unpolish(self._heading)
        self._heading.style().polish(self._heading)
        self.table.setVisible(count > 0)
        self._detail.setVisible(bool(self._detail.text()) and count > 0)

    def _choose(self, row: int) -> None:
        charge, project = self._charges[row], self._project
        if project is None or project.chiefs is None:
            return
        self._detail.setText(charge_words(charge))
        self._detail.show()
        lines: tuple[Floats, ...] = tuple(project.chiefs.stretches[at].coords for at in charge.rows)
        self.lines_chosen.emit(lines)


@lru_cache(maxsize=4)
def charges_of(project: Project) -> tuple[Charge, ...]:
    """Return what each code of the chiefs' plan stands for, in the order of the plan; short streets may share one code."""
    plan = project.chiefs
    if plan is None:
        return ()
    rows: dict[str, list[int]] = {}
    for row, stretch in enumerate(plan.stretches):
        rows.setdefault(stretch.code, []).append(row)
    return tuple(_charge(project, plan, code, tuple(mine)) for code, mine in rows.items())


def charge_of(project: Project, row: int) -> Charge | None:
    """Return the charge that a row of the plan belongs to, None where there is no such row."""
    return next((charge for charge in charges_of(project) if row in charge.rows), None)


def charge_words(charge: Charge) -> str:
    """Return a charge in a line or two: where, who, how long, and what lies on both sides."""
    text = _("{code} · {streets} · {km} km · chief: {chief} · left: {left} · right: {right}")
    return text.format(
        code=charge.code, streets=charge.streets, km=_kilometres(charge.metres), chief=charge.chief or "–", left=charge.left or "–",
        right=charge.right or "–",
    )  # fmt: skip


def _charge(project: Project, plan: ChiefPlan, code: str, rows: tuple[int, ...]) -> Charge:
    parts: list[Stretch] = [plan.stretches[row] for row in rows]
    names = list(dict.fromkeys(part.name for part in parts))
    left = _codes(project, [grid for part in parts for grid in part.left])
    right = _codes(project, [grid for part in parts for grid in part.right])
    return Charge(
        code, rows, _(", ").join(name or _("street without a name") for name in names),
        next((part.chief for part in parts if part.chief), ""),
        sum(part.length_m for part in parts), sum(part.workload for part in parts), left, right,
    )  # fmt: skip


def _codes(project: Project, grids: list[int]) -> str:
    """Return the short codes of grids, each once."""
    known = project.grids.grids if project.grids is not None else {}
    return _(", ").join(dict.fromkeys(short_code(known[grid], grid) for grid in grids if grid in known))


def _values(charges: tuple[Charge, ...]) -> tuple[Values, ...]:
    load = np.array([charge.workload for charge in charges], float)
    mean = float(load.mean()) if len(load) else 0.0
    return (
        [charge.code for charge in charges],
        [charge.streets for charge in charges],
        [charge.chief for charge in charges],
        np.array([charge.metres for charge in charges], float),
        100.0 * (load / mean - 1.0) if mean > 0 else load * 0.0,
        [f"{charge.left or '–'} | {charge.right or '–'}" for charge in charges],
    )
