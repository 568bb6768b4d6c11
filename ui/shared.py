"""The project of an office's database in the window: opened, put there, and what others save meanwhile is heard of and taken in."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from gridplanner.edits.take_in_edits import TakeIn
from gridplanner.errors import GridplannerError
from gridplanner.i18n import _
from gridplanner.io.keeping.delta import applied, bytes_to_delta
from gridplanner.io.saved import Saved
from gridplanner.io.shared_places import connection_and_title, is_shared, place_name
from gridplanner.model.merge import Merge
from gridplanner.model.project import Project
from ui.dialogs.shared_dialog import SharedDialog
from ui.errand import Errand
from ui.taking_in import news_of
from ui.when_words import clock_words, when_words

if TYPE_CHECKING:
    from gridplanner.io.shared_commits import Version
    from gridplanner.io.shared_project import News
    from ui.desk import Desk

EVERY_S = 10.0  # seconds from one question for news to the next


class Shared(QObject):
    """Asks the database in the background; `news` is a version of somebody else that is not taken in yet."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._errand = Errand(self)
        self.news: Version | None = None
        self.trouble = ""  # why the database cannot be asked
        self._heard = 0.0  # when it answered last
        self._asks = False
        self._clock = QTimer(self)
        self._clock.setInterval(round(1000 * EVERY_S))
        self._clock.timeout.connect(self.ask)

    def attach(self) -> None:
        """Listen to the parts of the desk, once they are there."""
        self._desk.files.named.connect(self._follow)
        self._desk.window.status.news_asked.connect(self.take_in)

    def close(self) -> None:
        """Ask no more."""
        self._clock.stop()
        self._errand.close()

    def retranslate(self) -> None:
        """Take up the language in use."""
        self._tell()

    @property
    def place(self) -> Path | None:
        """The place of the open project, where it lies in a database."""
        place = self._desk.files.path
        return place if place is not None and is_shared(place) else None

    # opening and putting in

    def open(self) -> None:
        """Ask which project of which database to open."""
        preferences = self._desk.preferences
        dialog = SharedDialog(preferences.choice("shared"), parent=self._desk.window)

        def chosen() -> None:
            preferences.remember_choice("shared", dialog.row.name)
            if dialog.place is not None:
                self._desk.files.open(dialog.place)

        dialog.accepted.connect(chosen)
        dialog.open()

    def put_in(self) -> None:
        """Ask under what name to put the project into which database, and save it there from now on."""
        desk = self._desk
        title = connection_and_title(self.place)[1] if self.place is not None else desk.session.project.name
        if not title and desk.files.path is not None:
            title = desk.files.path.stem
        dialog = SharedDialog(desk.preferences.choice("shared"), title or _("project"), desk.window)

        def chosen() -> None:
            desk.preferences.remember_choice("shared", dialog.row.name)
            if dialog.place is not None:
                desk.files.saves.save_to(dialog.place)

        dialog.accepted.connect(chosen)
        dialog.open()

    # what others save

    def ask(self) -> None:
        """Ask the database for its newest version; what it says is told when it comes."""
        place = self.place
        if place is None or self._asks:
            return
        self._asks = True

        def newest() -> object:
            from gridplanner.io.shared_project import newest_version

            return newest_version(place)

        self._errand.run(newest, lambda answer: self._hear(place, answer))

    def take_in(self) -> None:
        """Take in what others saved: at once where nothing of one's own is unsaved, else by comparing what both changed."""
        desk, place = self._desk, self.place
        if place is None:
            return
        if desk.files.saves.is_saving:
            desk.files.saves.saving.when_idle(self.take_in)
        elif not desk.session.is_saved:
            self.merge()
        elif desk.jobs.is_busy:
            desk.files.failed.emit(_("Something is being computed. Wait for it or cancel it at the bottom, then try again."), "")
        else:
            before, save_id = desk.session.project, desk.files.keeping.mark.save_id
            words = _("Reading {file}").format(file=place_name(place))
            task = "gridplanner.io.shared_project:news_since"
            desk.jobs.run(words, task, place, save_id, then=lambda news: self._adopt(place, before, save_id, news))

    def merge(self) -> None:
        """Bring one's own unsaved edits together with what others saved; after that it can be saved."""
        desk, place = self._desk, self.place
        if place is None:
            return
        if desk.jobs.is_busy:
            desk.files.failed.emit(_("Something is being computed. Wait for it or cancel it at the bottom, then try again."), "")
            return
        words = _("Reading {file}").format(file=place_name(place))
        save_id = desk.files.keeping.mark.save_id
        task = "gridplanner.io.shared_project:both_versions"
        desk.jobs.run(words, task, place, save_id, then=lambda both: self._merge(place, save_id, *both))

    def _merge(self, place: Path, save_id: str, base: Saved, theirs: Saved) -> str:
        desk = self._desk
        if place != self.place or desk.files.keeping.mark.save_id != save_id:
            return _("You have gone on meanwhile; ask for the other version again")

        def adopted() -> None:
            desk.session.mark_saved(theirs.project)  # what is there; one's own edits are not saved yet
            desk.files.keeping.settle(place, theirs.mark, None)
            desk.files.named.emit()

        title = _("Version {n} by {who}").format(n=f"{theirs.mark.number:,}", who=theirs.mark.who)
        desk.team.merge_with(base, theirs, title, adopted)
        return ""

    def _adopt(self, place: Path, before: Project, save_id: str, news: News) -> str:
        """Make the newest version one's own, in one step that can be undone."""
        desk = self._desk
        keeping, session = desk.files.keeping, desk.session
        if session.project is not before or keeping.mark.save_id != save_id or place != self.place:
            return _("You have gone on meanwhile; ask for the other version again")
        try:
            theirs = applied(before, bytes_to_delta(news.delta))
        except GridplannerError as why:
            return str(why)
        if theirs is not before:
            session.log += news_of(session.log, news.changes)
            edit = TakeIn(Merge(theirs, taken=news.taken), before, news.mark.who)
            refused = desk.do(edit)
            if refused:
                return refused
        journal = keeping.as_it_is().mark  # all that is in the journal is in their version too
        session.mark_saved(session.project)
        keeping.settle(place, dataclasses.replace(news.mark, journal=journal.journal, records=journal.records), None)
        desk.files.named.emit()
        return _("Version {n} by {who} is taken in").format(n=news.mark.number, who=news.mark.who)

    def _hear(self, place: Path, answer: object) -> None:
        self._asks = False
        if place != self.place:
            return
        if isinstance(answer, GridplannerError):
            self.trouble = str(answer)
        else:
            self._take_version(answer)
        self._tell()

    def _take_version(self, version: object) -> None:
        import time

        from gridplanner.io.shared_commits import Version

        assert isinstance(version, Version)
        self.trouble, self._heard = "", time.time()
        mark = self._desk.files.keeping.mark
        self.news = version if version.save_id != mark.save_id and version.number > mark.number else None

    def _follow(self) -> None:
        """Begin or end to ask, as another project is open or it is saved elsewhere."""
        mark = self._desk.files.keeping.mark
        if self.place is None:
            self._clock.stop()
            self.news, self.trouble, self._heard = None, "", 0.0
        else:
            if not self._clock.isActive():
                self._clock.start()
            if self.news is not None and self.news.number <= mark.number:
                self.news = None
        self._tell()

    def _tell(self) -> None:
        status, news = self._desk.window.status, self.news
        if self.trouble:
            words = (
                _("Database not reached since {time}").format(time=clock_words(self._heard)) if self._heard else _("Database not reached")
            )
            more = _("{why}. Go on: your edits are kept on this computer; save when it is there again").format(why=self.trouble)
            status.tell_news(words, more, can_take=False)
        elif news is not None:
            words = _("Version {n} by {who}: take it in").format(n=f"{news.number:,}", who=news.who)
            status.tell_news(words, "\n".join(filter(None, (when_words(news.at), news.words))), can_take=True)
        else:
            status.tell_news("")
