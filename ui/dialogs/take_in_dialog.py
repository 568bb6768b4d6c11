"""What packages bring, before anything is taken in: of whom, of which communities, how much, and what is to be decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import reduce

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from gridplanner.i18n import _, ngettext
from gridplanner.model.merge import Taken
from gridplanner.model.merge_words import part_words
from ui.dialogs.form import Form
from ui.short_codes import with_short_codes

SIZE = (580, 460)
HIGH = 280  # pixels of the list at least, where there is so much in it


class TakeInDialog(Form):
    """Shows what comes; `go_on` says that the leases stay, as whoever has the communities goes on with them."""

    def __init__(self, title: str, cards: Sequence[Card], conflicts: int, parent: QWidget | None = None) -> None:
        if conflicts:
            text = ngettext(
                "{n} conflict: the same was changed on both sides in different ways. You decide on the map, then all comes in one step.",
                "{n} conflicts: the same was changed on both sides in different ways. You decide on the map, then all comes in one step.",
                conflicts,
            )
            words, accept = text.format(n=conflicts), _("Decide the conflicts")
        else:
            words, accept = _("Nothing speaks against it: it comes in one step, which can be undone."), _("Take in")
        super().__init__(title, words, accept, parent)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for card in cards:
            column.addWidget(card)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.setMinimumHeight(min(HIGH, 132 * len(cards)))
        self.stays = QCheckBox(_("They go on working on it: the communities stay handed out"))
        self.stays.setVisible(any(card.is_lent for card in cards))
        self.body.addWidget(area, 1)
        self.body.addWidget(self.stays)
        self.resize(*SIZE)
        self.accept_button.setFocus()

    @property
    def go_on(self) -> bool:
        """Whether the leases stay."""
        return self.stays.isChecked()


class Card(QFrame):
    """One version in a frame: its title, whose it is, until when it was lent, and what comes from it; `notes` stand below."""

    def __init__(self, title: str, whose: str, lent: str, late: bool, comes: str, conflicts: int, notes: Sequence[str]) -> None:
        super().__init__()
        self.setObjectName("card")
        self.is_lent = bool(lent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.setSpacing(4)
        decide = ngettext("{n} conflict to decide", "{n} conflicts to decide", conflicts).format(n=conflicts) if conflicts else ""
        told = (
            (title, "value"), (whose, "muted"), (lent, "warning" if late else "muted"), (comes, ""), (decide, "warn"),
            *((with_short_codes(note), "small") for note in notes),
        )  # fmt: skip
        for words, name in told:
            if words:
                label = QLabel(words)
                label.setObjectName(name)
                label.setWordWrap(True)
                layout.addWidget(label)


def taken_words(taken: Taken, names: Sequence[str]) -> str:
    """Return what comes in, in one sentence, and in which communities."""
    if taken.is_empty:
        return _("Nothing was changed there that is not here already.")
    parts = [
        ngettext("{n} unit in another grid", "{n} units in another grid", taken.units).format(n=f"{taken.units:,}") if taken.units else "",
        ngettext("{n} unit cut", "{n} units cut", taken.cuts).format(n=f"{taken.cuts:,}") if taken.cuts else "",
        ngettext("{n} grid changed", "{n} grids changed", len(taken.grids)).format(n=f"{len(taken.grids):,}") if taken.grids else "",
        ngettext("{n} name, code or lock", "{n} names, codes or locks", taken.fields).format(n=f"{taken.fields:,}") if taken.fields else "",
        ngettext("{n} rule", "{n} rules", taken.rules).format(n=f"{taken.rules:,}") if taken.rules else "",
        *map(part_words, taken.plans),
    ]
    comes = _("Comes in: {list}").format(list=_listed([part for part in parts if part]))
    return _("{words} ({communities})").format(words=comes, communities=_listed(names)) if names else comes


def _listed(parts: Sequence[str]) -> str:
    """Return words one after another, with the comma of the language in use."""
    return reduce(lambda one, two: _("{one}, {two}").format(one=one, two=two), parts) if parts else ""


def lent_words(to: str, until: str, today: date | None = None) -> tuple[str, bool]:
    """Return to whom something was lent and until when, and whether that day is over."""
    day = (today or date.today()).isoformat()
    if not until:
        return _("Handed out to {whom}").format(whom=to), False
    if day > until:
        return _("Handed out to {whom}; was to be back on {day}").format(whom=to, day=until), True
    return _("Handed out to {whom} until {day}").format(whom=to, day=until), False
