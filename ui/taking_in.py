"""Taking in what others made: packages and other versions of the project; what comes is told first, conflicts are decided on the map."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut

from gridplanner.edits.take_in_edits import TakeIn, with_leases
from gridplanner.errors import EditRejected
from gridplanner.i18n import N_, _, ngettext
from gridplanner.model.changes import Change
from gridplanner.model.merge import Merge, Taken
from gridplanner.model.project import Project
from ui.conflict_ground import WORDS, areas_of_conflicts, box_of_conflict, rows_of, shown_conflicts, sides_of
from ui.dialogs.take_in_dialog import Card, TakeInDialog, lent_words, taken_words
from ui.map.conflicts import MINE, OPEN, THEIRS, Conflicts
from ui.map.shapes import Areas
from ui.panels.conflicts_panel import ConflictsPanel

if TYPE_CHECKING:
    from ui.desk import Desk
    from ui.team_tasks import Brought, Coming, Version

LOOK, DECIDE, ADOPT = "look", "decide", "adopt"  # what is done with what the worker brings
LEAST = 60.0  # metres shown on each side of a conflict


@dataclasses.dataclass(frozen=True, eq=False)
class _Found:
    """What the worker brought, with the projects that it makes of the one in the window (`before`)."""

    before: Project
    brought: Brought
    merged: Project
    theirs: Project
    areas: Areas


class TakingIn(QObject):
    """One merge at a time; nothing of the project is another before all of it is adopted in one step."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.panel = ConflictsPanel()
        self._sources: tuple[Path | Version, ...] = ()
        self._title = ""
        self._then: Callable[[], object] | None = None
        self._found: _Found | None = None
        self._choices: dict[str, str] = {}
        self._goes_on = False
        self._held = ""  # the key of the conflict in hand
        self._opened = 0
        self._asked = ""  # what is to be done as soon as the worker is free
        self._shown: tuple[object, Conflicts] | None = None
        self._keys: list[QShortcut] = []

    @property
    def is_deciding(self) -> bool:
        """True while conflicts are on the map."""
        return self._desk.side.tabs.is_there("conflicts")

    @property
    def conflicts(self) -> Conflicts | None:
        """What the map shows of the conflicts, None where there are none to decide."""
        found = self._found
        if found is None or not self.is_deciding:
            return None
        sides = sides_of(found.brought.conflicts, self._choices)
        key = (found, sides, self.panel.row)
        if self._shown is None or self._shown[0] != key:
            self._shown = key, shown_conflicts(found.brought.conflicts, found.areas, sides, self.panel.row, found.merged, found.theirs)
        return self._shown[1]

    def attach(self) -> None:
        """Listen to the parts of the desk, once they are there."""
        desk, panel = self._desk, self.panel
        desk.side.add_tab("conflicts", N_("Conflicts"), panel)
        desk.side.tabs.set_there("conflicts", there=False)
        panel.row_chosen.connect(self._go_to)
        panel.side_chosen.connect(self.decide)
        panel.rest_asked.connect(self.decide_rest)
        panel.taken.connect(lambda: self._ask(ADOPT))
        panel.given_up.connect(self.give_up)
        desk.bridge.changed.connect(self._take_change)
        desk.jobs.changed.connect(self._go_on)
        for key, side in (("1", MINE), ("2", THEIRS), ("0", OPEN)):
            shortcut = QShortcut(QKeySequence(key), desk.window)
            shortcut.activated.connect(lambda side=side: self.decide(self.panel.row, side))
            self._keys.append(shortcut)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(key), desk.window)
            shortcut.activated.connect(panel.take.click)
            self._keys.append(shortcut)
        self._listen(yes=False)

    def start(self, sources: Sequence[Path | Version], title: str, then: Callable[[], object] | None = None) -> None:
        """Read packages or take versions, and tell what would come in; `then` follows once it is adopted."""
        self.give_up()
        self._sources, self._title, self._then = tuple(sources), title, then
        self._choices, self._goes_on, self._opened = {}, False, self._desk.session.opened
        self._ask(LOOK)

    def decide(self, row: int, side: int) -> None:
        """Decide one conflict, and go on to the next that is open."""
        found = self._found
        if found is None or not 0 <= row < len(found.brought.conflicts):
            return
        self._set(row, side)
        self._tell_sides()
        if side != OPEN:
            self.panel.go_to(self.panel.next_open(row))

    def decide_rest(self, side: int) -> None:
        """Decide all that are open in one way."""
        found = self._found
        if found is not None:
            for row, now in enumerate(sides_of(found.brought.conflicts, self._choices)):
                if now == OPEN:
                    self._set(row, side)
            self._tell_sides()

    def give_up(self) -> None:
        """Forget the merge; everything stays as it was."""
        was, self._found, self._asked = self.is_deciding, None, ""
        self._sources, self._then, self._shown = (), None, None
        self._listen(yes=False)
        self._desk.side.tabs.set_there("conflicts", there=False)
        if was:
            self._desk.show_maps()

    def retranslate(self) -> None:
        """Take up the language in use."""
        if self._found is not None and self.is_deciding:
            self._show_panel(self._found, anew=False)

    def _set(self, row: int, side: int) -> None:
        assert self._found is not None
        key = self._found.brought.conflicts[row].key
        if side == OPEN:
            self._choices.pop(key, None)
        else:
            self._choices[key] = WORDS[side]

    def _tell_sides(self) -> None:
        assert self._found is not None
        self.panel.show_sides(sides_of(self._found.brought.conflicts, self._choices))
        self._desk.show_maps()

    def _listen(self, *, yes: bool) -> None:
        for shortcut in self._keys:
            shortcut.setEnabled(yes)

    # the worker

    def _ask(self, what: str) -> None:
        """Let the worker bring the versions together as soon as it is free."""
        self._asked = what
        self._go_on()

    def _go_on(self) -> None:
        desk, what = self._desk, self._asked
        if not what or desk.jobs.is_busy:
            return
        self._asked = ""
        project, choices = desk.session.project, dict(self._choices)
        files = [source.name for source in self._sources if isinstance(source, Path)]
        words = _("Reading {file}").format(file=files[0]) if files else _("Bringing both versions together")
        desk.jobs.run(
            words, "ui.team_tasks:bring_together", project, desk.files.keeping.mark, self._sources, choices,
            then=lambda brought: self._take(what, project, brought),
        )  # fmt: skip

    def _take(self, what: str, before: Project, brought: Brought) -> str:
        from gridplanner.io.keeping.delta import applied

        if not self._sources:  # given up meanwhile
            return ""
        if self._desk.session.project is not before:
            self._asked = what  # somebody went on working: bring it together with what there is now
            return ""
        merged = applied(before, brought.merged)
        theirs = applied(merged, brought.theirs)
        keys = [one.key for one in brought.conflicts]
        self._choices = {key: self._choices[key] for key in keys if key in self._choices}
        if what == ADOPT and any(self._choices.get(key) != brought.choices.get(key) for key in keys):
            self._asked = what  # decided otherwise meanwhile: what is adopted is what the list shows
            return ""
        self._found = _Found(before, brought, merged, theirs, areas_of_conflicts(brought.conflicts, merged))
        if what == LOOK:
            return self._tell_what_comes(self._found)
        if what == ADOPT and not brought.open:
            return self._adopt(self._found)
        self._show_panel(self._found, anew=False)
        return _("Decide every conflict first") if what == ADOPT else ""

    def _tell_what_comes(self, found: _Found) -> str:
        comes = found.brought.coming
        if all(one.taken.is_empty and not one.conflicts for one in comes) and not any(one.handout for one in comes):
            then, title = self._then, self._title
            self.give_up()
            if then is not None:
                then()
            return _("{title}: nothing was changed there that is not here already").format(title=title)
        cards = [self._card(one, found.before) for one in comes]
        dialog = TakeInDialog(self._title, cards, len(found.brought.conflicts), self._desk.window)

        def accepted() -> None:
            self._goes_on = dialog.go_on
            if found.brought.conflicts:
                self._show_panel(found)
                self._desk.window.activateWindow()
                self.panel.focus()
            elif self._desk.session.project is found.before:
                self._adopt(found)
            else:
                self._ask(ADOPT)

        dialog.accepted.connect(accepted)
        dialog.rejected.connect(self.give_up)
        dialog.open()
        return _("Nothing is taken in before you say so")

    def _card(self, one: Coming, project: Project) -> Card:
        places = project.communities
        names = dict(zip(places.codes.tolist(), places.names.tolist(), strict=True))
        communities = [str(names.get(code) or code) for code in one.taken.communities]
        lent, late = lent_words(one.handout.to, one.handout.until) if one.handout is not None else ("", False)
        whose = _("Last saved by {who}").format(who=one.who) if one.who else ""
        return Card(one.title, whose, lent, late, taken_words(one.taken, communities), one.conflicts, one.notes)

    def _show_panel(self, found: _Found, *, anew: bool = True) -> None:
        """Bring the conflicts to list and map; where they were there already, the one in hand stays in hand and the map where it is."""
        desk, conflicts = self._desk, found.brought.conflicts
        taken = sum_of(found.brought.coming)
        held = self._held if not anew else ""
        desk.side.tabs.set_there("conflicts", there=True)
        desk.side.open_tab("conflicts")
        desk.jobs.last_words = ""  # the hint says what to do
        self._listen(yes=True)
        sides = sides_of(conflicts, self._choices)
        self.panel.blockSignals(not anew)
        self.panel.show_merge(self._title, taken_words(taken, ()), rows_of(conflicts, found.merged), sides)
        self.panel.go_to(next((row for row, one in enumerate(conflicts) if one.key == held), -1))
        self.panel.blockSignals(False)
        desk.show_maps()

    def _go_to(self, row: int) -> None:
        """Show a conflict on the map, with some ground around it."""
        found = self._found
        if found is None or row >= len(found.brought.conflicts):
            return
        self._held = found.brought.conflicts[row].key
        box = box_of_conflict(found.brought.conflicts[row], found.areas, row)
        if box is not None:
            left, bottom, right, top = box
            x, y, reach = (left + right) / 2, (bottom + top) / 2, max(right - left, top - bottom, LEAST)
            self._desk.canvas.zoom_to((x - reach, y - reach, x + reach, y + reach))
        self._desk.show_maps()

    def _take_change(self, _before: Project, after: Project) -> None:
        if not self._sources:
            return
        if self._desk.session.opened != self._opened:
            self.give_up()
        elif self._found is not None and self.is_deciding and after is not self._found.before:
            self._ask(self._asked or DECIDE)

    def _adopt(self, found: _Found) -> str:
        """Adopt what was brought together in one step."""
        comes, after, lone = found.brought.coming, found.merged, None
        handouts = [one.handout for one in comes if one.handout is not None]
        if len(comes) == 1:
            lone = comes[0].handout
        else:
            after = with_leases(after, handouts, goes_on=self._goes_on)
        who = _(", ").join(dict.fromkeys(one.handout.to if one.handout is not None else one.who or one.title for one in comes))
        merge = Merge(after, found.brought.conflicts, sum_of(comes), (), dict(self._choices))
        edit, then = TakeIn(merge, found.before, who, lone, self._goes_on), self._then
        self.give_up()
        try:
            edit.apply(self._desk.session.project)
        except EditRejected as why:
            self._desk.window.status.say(str(why))
            return str(why)
        self._desk.session.log += news_of(self._desk.session.log, [change for one in comes for change in one.changes])
        self._desk.do(edit)
        if then is not None:
            then()
        self._desk.jobs.last_words = words = _("Done: {words}").format(words=edit.words)
        self._desk.tell_moment()
        return words


def news_of(log: Sequence[Change], theirs: Sequence[Change]) -> list[Change]:
    """Return what another log tells that this one does not, with the numbers that follow here."""
    known = {(change.at, change.who, change.words, change.way) for change in log}
    fresh = [change for change in theirs if (change.at, change.who, change.words, change.way) not in known]
    first = log[-1].number + 1 if log else 1
    return [dataclasses.replace(change, number=number) for number, change in enumerate(fresh, first)]


def sum_of(coming: Sequence[Coming]) -> Taken:
    """Return what comes from all versions together."""
    each = [one.taken for one in coming]
    return Taken(
        sum(one.units for one in each), sum(one.cuts for one in each), tuple(sorted({grid for one in each for grid in one.grids})),
        sum(one.fields for one in each), sum(one.rules for one in each), tuple(dict.fromkeys(name for one in each for name in one.plans)),
        tuple(dict.fromkeys(name for one in each for name in one.communities)),
    )  # fmt: skip


def title_of(paths: Sequence[Path]) -> str:
    """Return what taking in some packages is called."""
    if len(paths) == 1:
        return _("Take in “{file}”").format(file=paths[0].name)
    return ngettext("Take in {n} package", "Take in {n} packages", len(paths)).format(n=len(paths))
