"""Checkpoints beside the map: what they see, what closing the line takes, and the tables of checkpoints, crossings and cordons."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QSpinBox, QStackedWidget, QVBoxLayout, QWidget

from gridplanner.edits.checkpoint_edits import RemoveCordon
from gridplanner.edits.cordon_edits import ChangeCordon
from gridplanner.i18n import _, ngettext
from gridplanner.model.checkpoints import MOST_CHECKPOINTS, CheckpointPlan, Closure
from gridplanner.model.project import Project
from ui.checkpoint_places import percent
from ui.dialogs.form import Choice, pad
from ui.map.checkpoint_layer import cordon_lines
from ui.panels.checkpoint_tables import CORDONS, CROSSINGS, HELD, Rows, cordon_names, cordon_values, crossing_rows, held_rows
from ui.panels.coverage_curve import CoverageCurve
from ui.panels.fact_rows import set_mood
from ui.panels.sorted_table import SortedTable
from ui.panels.tab_strip import TabStrip
from ui.steps import STATE_WORDS, State


class CheckpointsPage(QWidget):
    """One line at a time: the district's boundary or a drawn cordon, chosen above.

    `place_chosen` carries x and y of the row that was chosen, `bounds_chosen` those of a cordon, `edit_made` an edit, `menu_asked` the
    place of a row and where on the screen; `draw_asked` that a cordon is to be drawn.
    """

    place_chosen = Signal(float, float)
    bounds_chosen = Signal(object)
    edit_made = Signal(object)
    menu_asked = Signal(object, QPoint)
    draw_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project: Project | None = None
        self._state = State.EMPTY
        self._rows: dict[str, Rows] = {}
        self._filling = False
        self._heading, self._seen, self._closing = QLabel(), QLabel(), QLabel()
        for label, name in ((self._heading, "heading"), (self._seen, ""), (self._closing, "muted")):
            label.setObjectName(name)
            label.setWordWrap(True)
        self.cordon, self.curve = Choice(), CoverageCurve()
        self.tabs, self._stack = TabStrip(), QStackedWidget()
        self.held, self.crossings, self.cordons = SortedTable(HELD), SortedTable(CROSSINGS), SortedTable(CORDONS)
        self._tables = {"held": self.held, "crossings": self.crossings, "cordons": self.cordons}
        self.draw, self.remove = QPushButton(), QPushButton()
        self.name, self.count, self._at_most = QLineEdit(), QSpinBox(), QLabel()
        self.count.setRange(1, MOST_CHECKPOINTS)
        self.count.setKeyboardTracking(False)
        self.count.setFixedWidth(64)
        pad(self.count)
        self._row = QWidget()
        self._lay_out()
        for name, table in self._tables.items():
            self.tabs.add(name)
            self._stack.addWidget(table)
            table.row_chosen.connect(lambda row, of=name: self._choose(of, row))
            table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            table.customContextMenuRequested.connect(lambda at, of=name: self._ask_menu(of, at))
        self.tabs.chosen.connect(lambda name: self._stack.setCurrentWidget(self._tables[name]))
        self.cordon.activated.connect(lambda _row: self._show_cordon())
        self.draw.clicked.connect(self.draw_asked)
        self.remove.clicked.connect(self._remove)
        self.name.editingFinished.connect(self._change)
        self.count.valueChanged.connect(lambda _value: self._change())
        self.retranslate()

    @property
    def current(self) -> str:
        """The name of the cordon shown, empty for the district's boundary."""
        return str(self.cordon.currentData() or "")

    def show_project(self, project: Project) -> None:
        """Show the checkpoints of a project."""
        before, self._project = self._project, project
        parts = ("checkpoints", "cordons", "checkpoint_sites")
        if before is None or any(getattr(before, part) is not getattr(project, part) for part in parts):
            self._show(self._cordon_now(before, project))

    def _cordon_now(self, before: Project | None, project: Project) -> str:
        """Return what is shown of another project: a cordon just drawn, the one shown so far under its name now, or what there was."""
        was = [str(name) for name in before.cordons.names] if before is not None else []
        names = [str(name) for name in project.cordons.names]
        if before is not None and len(names) > len(was):
            return next(name for name in reversed(names) if name not in was)
        return names[was.index(self.current)] if self.current in was and len(was) == len(names) else self.current

    def show_state(self, state: State) -> None:
        """Say whether the plan is out of date."""
        if state is not self._state:
            self._state = state
            self._tell()

    def show_cordon(self, name: str) -> None:
        """Show one cordon, empty for the district's boundary."""
        self.cordon.setCurrentIndex(max(self.cordon.findData(name), 0))
        self._show_cordon()

    def retranslate(self) -> None:
        """Take up the language in use."""
        self.tabs.retranslate()
        self.curve.retranslate()
        self.draw.setText(_("Draw a cordon"))
        self.draw.setToolTip(_("Draw a line around what is to be closed beside the district's boundary"))
        self.remove.setText(_("Remove"))
        self.remove.setToolTip(_("Take this cordon away"))
        self._at_most.setText(_("At most"))
        self.cordon.setAccessibleName(_("Line to be closed"))
        self.name.setAccessibleName(_("Name of the cordon"))
        self.count.setAccessibleName(_("Checkpoints at most"))
        self.count.setToolTip(_("Checkpoints at most"))
        words = (_("Checkpoints"), _("Crossings"), _("Cordons"))
        for table, name in zip(self._tables.values(), words, strict=True):
            table.setAccessibleName(name)
            table.horizontalHeader().viewport().update()
        if self._project is not None:
            self._show(self.current)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.name, 1)
        row.addWidget(self._at_most)
        row.addWidget(self.count)
        row.addWidget(self.remove)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.cordon, 1)
        head.addWidget(self.draw)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._heading)
        layout.addLayout(head)
        layout.addWidget(self._row)
        layout.addWidget(self._seen)
        layout.addWidget(self.curve)
        layout.addWidget(self._closing)
        layout.addWidget(self.tabs)
        layout.addWidget(self._stack, 1)

    def _show(self, cordon: str) -> None:
        project = self._project
        assert project is not None
        names = cordon_names(project)
        self.cordon.clear()
        for name in names:
            self.cordon.addItem(name or _("Boundary of the district"), name)
        self.cordon.setCurrentIndex(names.index(cordon) if cordon in names else 0)
        self.cordons.rows.show(cordon_values(project))
        self.tabs.set_there("cordons", there=len(project.cordons) > 0)
        self._show_cordon()

    def _show_cordon(self) -> None:
        """Show what is known of the line chosen."""
        project, name = self._project, self.current
        if project is None:
            return
        plan = project.checkpoints
        self._rows = {"held": held_rows(project, name), "crossings": crossing_rows(project, name)}
        for key, rows in self._rows.items():
            self._tables[key].rows.show(rows.values)
        self.curve.show_curve(plan.curves.get(name, ()) if plan is not None else (), len(self._rows["held"]))
        drawn = [str(other) for other in project.cordons.names]
        self._filling = True
        self._row.setVisible(name in drawn)
        if name in drawn:
            self.name.setText(name)
            self.count.setValue(int(project.cordons.counts[drawn.index(name)]))
        self._filling = False
        self._tell()

    def _tell(self) -> None:
        """Put into words what the plan comes to."""
        project, name = self._project, self.current
        plan = project.checkpoints if project is not None else None
        counts = {"held": len(self._rows.get("held", ())), "crossings": len(self._rows.get("crossings", ()))}
        words = {"held": _("Checkpoints"), "crossings": _("Crossings"), "cordons": _("Cordons")}
        counts["cordons"] = len(project.cordons) if project is not None else 0
        for key, title in words.items():
            self.tabs.set_words(key, f"{title} {counts[key]:,}" if counts[key] else title)
        planned = plan is not None and any(closure.cordon == name for closure in plan.closures)
        self._heading.setText(self._heading_words(plan, planned=planned))
        set_mood(self._heading, "warning" if plan is not None and self._state is State.STALE else "heading")
        self._seen.setText(seen_words(plan, name, counts["held"]) if plan is not None and planned else "")
        closure = next((one for one in plan.closures if one.cordon == name), None) if plan is not None else None
        self._closing.setText(closing_words(closure) if closure is not None else "")
        for label in (self._seen, self._closing):
            label.setVisible(bool(label.text()))
        self.curve.setVisible(plan is not None and bool(plan.curves.get(name)))
        for part in (self.tabs, self._stack):
            part.setVisible(plan is not None or counts["cordons"] > 0)

    def _heading_words(self, plan: CheckpointPlan | None, *, planned: bool) -> str:
        if plan is None:
            return _("No checkpoints yet. Press “Choose checkpoints” at the left.")
        if not planned:
            return _("This line was drawn since. Press “Choose again” at the left.")
        count, crossings = len(self._rows["held"]), len(self._rows["crossings"])
        text = ngettext("{n} checkpoint", "{n} checkpoints", count).format(n=f"{count:,}")
        text += " · " + ngettext("{n} crossing", "{n} crossings", crossings).format(n=f"{crossings:,}")
        if self._state is State.STALE:
            text += " · " + _(STATE_WORDS[State.STALE])
        return text

    def _choose(self, of: str, row: int) -> None:
        project = self._project
        if project is None:
            return
        if of != "cordons":
            spot = self._rows[of].spots[row]
            self.place_chosen.emit(spot.x, spot.y)
            return
        lines = cordon_lines(project.cordons)[row]
        if lines:
            ends = np.concatenate(lines)
            self.bounds_chosen.emit((*ends.min(axis=0).tolist(), *ends.max(axis=0).tolist()))
        self.show_cordon(str(project.cordons.names[row]))

    def _ask_menu(self, of: str, at: QPoint) -> None:
        table = self._tables[of]
        row = table.rows.row_at(table.indexAt(at).row())
        if row is not None and of in self._rows:
            self.menu_asked.emit(self._rows[of].spots[row], table.viewport().mapToGlobal(at))

    def _drawn_row(self) -> int:
        names = [str(name) for name in self._project.cordons.names] if self._project is not None else []
        return names.index(self.current) if self.current in names else -1

    def _change(self) -> None:
        project, row = self._project, self._drawn_row()
        if self._filling or project is None or row < 0:
            return
        name, count = self.name.text().strip(), self.count.value()
        if (name, count) != (str(project.cordons.names[row]), int(project.cordons.counts[row])):
            self.edit_made.emit(ChangeCordon(row, name, count))

    def _remove(self) -> None:
        row = self._drawn_row()
        if row >= 0:
            self.edit_made.emit(RemoveCordon(row))


def seen_words(plan: CheckpointPlan, cordon: str, count: int) -> str:
    """Return how much of the flow the checkpoints of a cordon see, and what is proven of that."""
    seen = sum(point.flow for point in plan.checkpoints if point.cordon == cordon)
    if not count:
        return ""
    text = ngettext("{n} checkpoint sees {share} of the flow", "{n} checkpoints see {share} of the flow", count)
    words = text.format(n=f"{count:,}", share=percent(seen))
    if plan.status.get(cordon) == "optimal":
        return _("{words}, proven best").format(words=words)
    bound = plan.bounds.get(cordon)
    return _("{words}; no choice sees more than {share}").format(words=words, share=percent(bound)) if bound else words


def closing_words(closure: Closure) -> str:
    """Return what closing a line wholly takes, and what stays open."""
    parts = []
    if closure.places:
        text = ngettext("Closing it wholly takes {people} people at {n} place", "Closing it wholly takes {people} people at {n} places",
                        len(closure.places))  # fmt: skip
        words = text.format(people=f"{closure.people:,.0f}", n=f"{len(closure.places):,}")
        proven = abs(closure.people - closure.bound) < 1e-6
        parts.append(_("{words}, proven the fewest").format(words=words) if proven else words)
    if closure.leaks:
        text = ngettext("{n} street stays open that no checkpoint may hold", "{n} streets stay open that no checkpoint may hold",
                        len(closure.leaks))  # fmt: skip
        parts.append(text.format(n=f"{len(closure.leaks):,}"))
    elif closure.places:
        parts.append(_("nothing stays open"))
    if closure.why:
        parts.append(_(closure.why))
    return _("{words}.").format(words=_("; ").join(parts)) if parts else ""
