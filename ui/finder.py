"""Walks a desk through what was found: selects it, shows it closer, marks it, and says the how-manieth it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gridplanner.i18n import _
from ui.find import KINDS, Found, Hits, Question, Seeker, count_of, found_of
from ui.latest import Latest
from ui.panels.find_box import FindBox

if TYPE_CHECKING:
    from ui.desk import Desk


class Finder:
    """The find box of a desk, and where the walk is."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.box = FindBox(desk.canvas)
        self._answers: Latest | None = None
        self._kind = ""
        self._hits: tuple[Found, ...] = ()
        self._listed: tuple[Found, ...] = ()
        self._last: Found | None = None
        self._at = -1
        self.box.asked.connect(self._ask)
        self.box.kind_chosen.connect(self.walk_kind)
        self.box.hit_chosen.connect(self._walk_hits)

    def open(self) -> None:
        """Open the box: what wants a look, and a line to search by."""
        if not self._desk.has_data:
            return
        project, figures = self._desk.session.project, self._desk.derived.figures
        self.box.open({kind: count_of(kind, project, figures) for kind in KINDS})
        if not self.box.line.text().strip():
            self._ask("")

    def look_for(self, text: str) -> None:
        """Open the box and look for a text, so that one of what it finds can be chosen."""
        self.open()
        self.box.line.setText(text)
        self._ask(text)

    def walk_kind(self, kind: str) -> None:
        """Go to the first of a kind, a key of KINDS."""
        self._kind, self._hits, self._last, self._at = kind, (), None, -1
        self.step(1)

    def step(self, by: int) -> None:
        """Go to the next one or the one before; opens the box where nothing is being walked through."""
        if not self._kind and not self._hits:
            self.open()
            return
        found = self._found()
        if not found:
            self._say(_("{what}: none left").format(what=_(KINDS[self._kind])))
            self._last, self._at = None, -1
            return
        same = next((i for i, one in enumerate(found) if self._last is not None and _same(one, self._last)), None)
        if same is not None:
            self._at = (same + by) % len(found)
        else:  # the one before was mended: the next has taken its place
            self._at = (max(self._at, 0) if by > 0 else max(self._at, 0) - 1) % len(found)
        self._last = found[self._at]
        self._go(self._last)
        self._say(f"{_('{n} of {all}').format(n=f'{self._at + 1:,}', all=f'{len(found):,}')} · {self._words(self._last)}")

    def close(self) -> None:
        """End the thread that searches."""
        if self._answers is not None:
            self._answers.close()

    def _found(self) -> tuple[Found, ...]:
        if self._hits:
            there = self._desk.session.project.grids
            return tuple(one for one in self._hits if one.grid < 0 or (there is not None and one.grid in there.grids))
        return found_of(self._kind, self._desk.session.project, self._desk.derived.figures)

    def _words(self, found: Found) -> str:
        kind = _(KINDS[self._kind]) if self._kind and not self._hits else found.note
        return f"{kind}: {found.words}" if kind else found.words

    def _ask(self, text: str) -> None:
        if self._answers is None:
            self._answers = Latest(Seeker().answer, "find", self._desk)
            self._answers.answered.connect(self._take_hits)
            self._answers.failed.connect(self._desk.canvas.failed)
        self._answers.ask(Question(text.strip(), self._desk.session.project, self._desk.rail.lines))

    def _take_hits(self, hits: Hits) -> None:
        self._listed = hits.found
        self.box.show_hits(hits)

    def _walk_hits(self, row: int) -> None:
        if row >= len(self._listed):
            return
        self._kind, self._hits = "", self._listed
        self._last, self._at = None, row
        self.step(1)

    def _go(self, found: Found) -> None:
        if found.grid >= 0:
            self._desk.hand.select_and_zoom(found.grid)
        elif found.place is not None:
            self._desk.canvas.point_at(*found.place)

    def _say(self, words: str) -> None:
        self._desk.jobs.last_words = words
        self._desk.teller.tell_hint()


def _same(one: Found, other: Found) -> bool:
    return one.grid == other.grid and one.place == other.place
