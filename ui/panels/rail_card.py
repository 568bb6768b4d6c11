"""The card of the guard segment that is chosen: whose it is, what its work consists of, how it is reached and patrolled."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from gridplanner.i18n import _
from gridplanner.model.project import Project
from gridplanner.model.rail import RailPlan, RailSegment
from gridplanner.model.rail_pieces import mileage_of
from ui.panels.fact_rows import set_words
from ui.panels.rail_profile import KIND_COLOURS
from ui.panels.rail_table import corridor_words
from ui.rail_figures import (
    deviations_of,
    ends_words,
    kind_words,
    km,
    minutes_words,
    percent,
    round_words,
    shift_time,
    things_on,
    who_words,
    work_parts,
)
from ui.styles import theme

MEETS = 2  # meetings that are told; of more, how many they are


class RailCard(QFrame):
    """`lock_asked` and `code_asked` carry the row of the segment, `given` its row and a squad, `all_asked` that none is to be chosen."""

    lock_asked = Signal(int)
    code_asked = Signal(int)
    given = Signal(int, int)
    all_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.row = -1
        self._shown: tuple[Project, RailPlan, int] | None = None
        self._title, self.bar = QLabel(), WorkBar()
        self._title.setObjectName("value")
        self._title.setWordWrap(True)
        self._lines = [QLabel() for _number in range(5)]
        for label in self._lines:
            label.setObjectName("small")
            label.setWordWrap(True)
        self.lock, self.give, self.code, self.all = QPushButton(), QPushButton(), QPushButton(), QPushButton()
        for button in (self.lock, self.give, self.code):
            button.setObjectName("small")
        self.all.setObjectName("link")
        self.all.setCursor(Qt.CursorShape.PointingHandCursor)
        head, buttons = QHBoxLayout(), QHBoxLayout()
        for row in (head, buttons):
            row.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self.all, 0, Qt.AlignmentFlag.AlignTop)
        for button in (self.lock, self.give, self.code):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(4)
        layout.addLayout(head)
        self._details = _Details([self._lines[0], self.bar, *self._lines[1:]])
        layout.addWidget(self._details)
        layout.addStretch(1)
        layout.addLayout(buttons)
        self.lock.clicked.connect(lambda: self.lock_asked.emit(self.row))
        self.code.clicked.connect(lambda: self.code_asked.emit(self.row))
        self.give.clicked.connect(self._open_squads)
        self.all.clicked.connect(self.all_asked)
        self.hide()

    def show_segment(self, project: Project, plan: RailPlan, row: int) -> None:
        """Show the segment at a row of a project's plan."""
        self.row, self._shown = row, (project, plan, row)
        segment = plan.segments[row]
        set_words(self._title, f"{segment.code} · {ends_words(plan, segment)}")
        text = _("{km} km · work {work} ({deviation})")
        work = text.format(km=km(segment.high - segment.low), work=f"{segment.workload:.2f}", deviation=percent(deviations_of(plan)[row]))
        words = [who_words(segment), work]
        if segment.post:
            words.insert(0, _("fixed post {name}").format(name=segment.post))
        if segment.locked:
            words.append(_("locked"))
        self.bar.show_parts(work_parts(plan, segment))
        told = (
            " · ".join(words), _parts_words(plan, segment), corridor_words(plan, segment.code), _access_words(segment),
            _round_words(project, plan, segment),
        )  # fmt: skip
        for label, line in zip(self._lines, told, strict=True):
            set_words(label, line)
            label.setVisible(bool(line))
        self._details.fit()
        self.lock.setText(_("Unlock") if segment.locked else _("Lock"))
        self.give.setEnabled(not segment.locked)

    def retranslate(self) -> None:
        """Take up the language and the look in use."""
        self.lock.setToolTip(_("A locked segment stays as it is when the rest is divided again"))
        self.give.setText(_("Give to squad"))
        self.give.setToolTip(_("Give the segment to another squad"))
        self.code.setText(_("Rename…"))
        self.code.setToolTip(_("Give the segment another code"))
        self.all.setText(_("All segments"))
        self.all.setToolTip(_("Show all segments"))
        if self._shown is not None:
            self.show_segment(*self._shown)

    def squads(self) -> tuple[int, ...]:
        """Return the numbers of the squads that the segment can be given to: those of its plan, and a new one."""
        if self._shown is None:
            return ()
        _project, plan, row = self._shown
        return squads_beside(plan, row)

    def _open_squads(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        row = self.row
        for squad in self.squads():
            action = menu.addAction(_("Squad {n}").format(n=squad))
            action.triggered.connect(lambda _checked=False, to=squad: self.given.emit(row, to))
        menu.popup(self.give.mapToGlobal(self.give.rect().bottomLeft()))


class _Details(QScrollArea):
    """Parts below each other that are scrolled where there is no room for all; no higher than they are."""

    def __init__(self, parts: Sequence[QWidget]) -> None:
        super().__init__()
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(4)
        for part in parts:
            self._rows.addWidget(part)
        self._rows.addStretch(1)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumHeight(36)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)  # the card's ground, not the window's

    def fit(self) -> None:
        """Take no more room than the parts need at this width."""
        self._rows.activate()
        wide = max(self.viewport().width(), 200)
        self.setMaximumHeight(max(self._rows.heightForWidth(wide), self.minimumHeight()))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(200, self.maximumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()


class WorkBar(QWidget):
    """The kinds of work of a segment as parts of one bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(10)
        self._parts: list[tuple[str, float]] = []

    def show_parts(self, parts: list[tuple[str, float]]) -> None:
        """Show kinds with their amounts."""
        self._parts = parts
        self.setAccessibleName(", ".join(f"{kind_words(kind)} {amount:.2f}" for kind, amount in parts))
        self.setToolTip("\n".join(f"{kind_words(kind)} {amount:.2f}" for kind, amount in parts))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 10)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, x = QPainter(self), 0.0
        total = sum(amount for _kind, amount in self._parts)
        for kind, amount in self._parts if total > 0 else ():
            wide = self.width() * amount / total
            painter.fillRect(QRectF(x, 1, max(wide - 1, 1), self.height() - 2), QColor(KIND_COLOURS.get(kind, theme().faint)))
            x += wide
        painter.end()


def squads_beside(plan: RailPlan, row: int) -> tuple[int, ...]:
    """Return the squads of a segment's plan but its own, and a new one behind them."""
    mine = plan.segments[row]
    squads = sorted({segment.squad for segment in plan.segments if segment.plan == mine.plan})
    return (*(squad for squad in squads if squad != mine.squad), squads[-1] + 1)


def _parts_words(plan: RailPlan, segment: RailSegment) -> str:
    """Return what the work consists of, with how many things of each kind there are."""
    counts, found = things_on(plan, segment), []
    for kind, amount in work_parts(plan, segment):
        count = f" ({counts[kind]})" if kind in counts else ""
        found.append(f"{kind_words(kind)} {amount:.2f}{count}")
    return " · ".join(found)


def _access_words(segment: RailSegment) -> str:
    if not segment.base:
        return ""
    text = _("From {base}: {time}")
    return text.format(base=segment.base, time=minutes_words(segment.access_s))


def _round_words(project: Project, plan: RailPlan, segment: RailSegment) -> str:
    """Return how the segment is patrolled, and where and when its guard meets the neighbours."""
    done = segment.round
    if done is None:
        return ""
    mileage = mileage_of(plan.lines[segment.line])
    text = _("meets {code} at {place}, {time}")
    meets = [text.format(code=code, place=mileage.text(along), time=shift_time(project, minute)) for minute, along, code in done.meets]
    more = [_("{n} more").format(n=len(meets) - MEETS)] if len(meets) > MEETS else []
    return _("; ").join((_("Round: {round}").format(round=round_words(done)), *meets[:MEETS], *more))
