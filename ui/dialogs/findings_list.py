"""What was found wrong with a layer, in groups: what is refused, what is mended as it is read, what one should know."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gridplanner.i18n import N_, _, ngettext
from gridplanner.io.source_report import SourceReport

_LONG = re.compile(r"\S{24,}")  # such as the path of a file
_SIGNS = re.compile(r"[/\\_.,;&=-]")
GROUPS = (
    ("refused", N_("Refused"), "bad"),
    ("mended", N_("Mended when it is read"), "good"),
    ("note", N_("To know"), "warn"),
)


@dataclass(frozen=True)
class Finding:
    """One thing found: the group of GROUPS that it belongs to, and its words."""

    group: str
    words: str


def findings_of(report: SourceReport) -> list[Finding]:
    """Return what was found in a layer, the gravest first."""
    if not report.readable:
        return [Finding("refused", words) for words in report.problems]
    told = dict.fromkeys(report.mended, "mended") | dict.fromkeys(report.refused, "refused")
    found = [Finding(told.get(words, "note"), words) for words in report.problems]
    found += [Finding("note", shift.why) for shift in report.shifts]
    return sorted(found, key=lambda one: [key for key, _words, _look in GROUPS].index(one.group))


class FindingsList(QScrollArea):
    """Lists findings under the names of their groups."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("What was found"))

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show what was found; that there is nothing is said too."""
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 4, 8, 0)
        column.setSpacing(4)
        for key, title, look in GROUPS:
            mine = [one.words for one in findings if one.group == key]
            if not mine:
                continue
            heading = QLabel(_("{group} ({n})").format(group=_(title), n=len(mine)) if len(mine) > 1 else _(title))
            heading.setObjectName(look)
            column.addWidget(heading)
            for words in mine:
                column.addWidget(_line(words))
            column.addSpacing(8)
        if not findings:
            column.addWidget(_line(_("Nothing is wrong with this layer as far as can be seen.")))
        column.addStretch(1)
        self.setWidget(inside)  # takes the former one away


def wrapping(words: str) -> QLabel:
    """Return a label that is never wider than its place: names of files without a blank wrap at their signs, too."""
    label = QLabel(_LONG.sub(lambda word: _SIGNS.sub("\\g<0>\u200b", word[0]), words))
    label.setWordWrap(True)
    label.setMinimumWidth(1)
    return label


def _line(words: str) -> QLabel:
    label = wrapping(words)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def refusal_of(report: SourceReport) -> QLabel:
    """Return why a layer cannot be read, as a card says it."""
    words = wrapping("\n".join(one.words for one in findings_of(report)))
    words.setObjectName("warning")
    return words


def findings_link(report: SourceReport) -> QPushButton | None:
    """Return a link that says how many findings there are and leads to them; None where there are none."""
    found = findings_of(report)
    if not found:
        return None
    link = QPushButton(ngettext("{n} finding", "{n} findings", len(found)).format(n=len(found)))
    link.setObjectName("link")
    link.setAutoDefault(False)
    link.setToolTip("\n".join(one.words for one in found))
    return link
