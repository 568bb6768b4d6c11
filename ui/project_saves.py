"""Saving the project: where to, what to do where that does not work, and what to ask before unsaved work goes away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gridplanner.errors import GridplannerError
from gridplanner.i18n import _
from gridplanner.io.keeping.lock import Lock, take_lock
from gridplanner.io.saved import Mark, Saved
from gridplanner.io.shared_places import place_name
from gridplanner.session import Session
from ui.dialogs.changed_box import ELSEWHERE, TAKE_IN, ChangedBox
from ui.dialogs.save_box import AGAIN, SaveBox
from ui.errand import Errand
from ui.keeping import Keeping
from ui.preferences import Preferences
from ui.saving import Order, Saving

SUFFIX = ".gridplan"
Then = Callable[[], object]


def _nothing() -> None:
    pass


class ProjectSaves(QObject):
    """Saves in the background, one save after the other."""

    done = Signal()
    merge_asked = Signal(object, object)  # a place that somebody else has saved to, and the mark found there

    def __init__(self, session: Session, keeping: Keeping, errand: Errand, preferences: Preferences, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._keeping, self._errand, self._preferences, self._window = session, keeping, errand, preferences, window
        self.saving = Saving(self)
        self.at = 0.0  # when the project was saved last, in seconds since 1970; 0 where it was not since it was opened
        self.can_merge = False  # somebody listens to merge_asked

    @property
    def is_saving(self) -> bool:
        """True while a save that the planner asked for is under way."""
        return self.saving.is_busy

    def save(self, then: Then | None = None) -> None:
        """Save the project where it came from, else ask where."""
        if any(order.place != self._keeping.place for order in self.saving.orders):
            self.saving.when_idle(lambda: self.save(then))  # it is on the way to another place, and belongs there then
        elif self._keeping.place is None or self._keeping.is_reading:
            self.save_as(then)
        else:
            self._order(self._keeping.place, then or _nothing)

    def save_as(self, then: Then | None = None) -> None:
        """Ask where to save the project, and save it there."""
        words = self._session.project.name or _("project")
        start = self._keeping.place or Path(self._preferences.folder("open")) / f"{words}{SUFFIX}"
        if start.suffix.lower() != SUFFIX:
            start = Path(self._preferences.folder("open")) / f"{words}{SUFFIX}"
        elif not start.parent.is_dir():  # its drive is gone: the dialog would begin somewhere else
            kept = Path(self._preferences.folder("open"))
            start = (kept if kept.is_dir() else Path.home()) / start.name
        elif self._keeping.is_reading:
            start = start.with_name(_("{name} (copy)").format(name=start.stem) + SUFFIX)
        name, _kind = QFileDialog.getSaveFileName(self._window, _("Save project"), str(start), _("Projects (*.gridplan)"))
        if not name:
            return
        place = Path(name) if name.endswith(SUFFIX) else Path(name + SUFFIX)
        self._preferences.remember_folder("open", place.parent)
        if place == self._keeping.place and not self._keeping.is_reading:
            self._order(place, then or _nothing)
        else:
            self._order_at(place, then or _nothing)

    def save_to(self, place: Path, then: Then | None = None) -> None:
        """Save the project at another place, where it belongs from then on."""
        self._order_at(place, then or _nothing)

    def after_saving(self, then: Then, *, needed: bool) -> bool:
        """Ask what to do with unsaved work; return True where `then` may happen now, else it follows the saving."""
        if self.is_saving:  # what is being written is waited for: it may be all there is to save
            self.saving.when_idle(then)
            return False
        if not needed:
            return True
        box, buttons = QMessageBox(self._window), QMessageBox.StandardButton
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(_("Save the changes to “{name}”?").format(name=self._name_of_work()))
        box.setInformativeText(_("Without saving they are lost."))
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        for button, words in ((buttons.Save, _("Save")), (buttons.Discard, _("Discard")), (buttons.Cancel, _("Cancel"))):
            box.button(button).setText(words)
            box.button(button).setIcon(QIcon())
        answer = box.exec()
        if answer == buttons.Save:
            self.save(then)
        return bool(answer == buttons.Discard)

    def close(self) -> None:
        """End the process that saves."""
        self.saving.close()

    def _name_of_work(self) -> str:
        place = self._keeping.place
        return place_name(place) if place is not None else self._session.project.name or _("project")

    def _order_at(self, place: Path, then: Then) -> None:
        """Take the lock of another place, then save there."""

        def taken(answer: Lock | GridplannerError) -> None:
            if isinstance(answer, GridplannerError):
                self._tell(str(answer), place, then)
            else:
                self._order(place, then, answer)

        self._errand.run(lambda: take_lock(place), taken)

    def _order(self, place: Path, then: Then, lock: Lock | None = None) -> None:
        """Save at a place; `lock` is that of a place to which the project moves."""
        opened = self._session.opened

        def make() -> tuple[Saved, str]:
            keeping = self._keeping
            return keeping.as_it_is(), keeping.expected if lock is None and place == keeping.place else ""

        def done(saved: Saved, mark: Mark) -> None:
            if self._session.opened == opened:
                self._session.mark_saved(saved.project)
                self._keeping.settle(place, mark, lock)
                self.at = mark.at
            else:
                let_go()
            self._preferences.opened(place)
            self.done.emit()
            then()

        def let_go() -> None:
            if lock is not None:
                self._errand.run(lock.release, lambda _none: None)

        def failed(words: str, _details: str) -> None:
            let_go()
            self._tell(words, place, then)

        def refused(why: str, theirs: Mark) -> None:
            let_go()
            if lock is None and place == self._keeping.place and self._keeping.is_of_this_work(theirs):
                self._keeping.expected = theirs.save_id  # ours: its process ended before it could say so
                self._order(place, then)
                return
            box = ChangedBox(place_name(place), theirs, can_take_in=self.can_merge, why=why, parent=self._window)

            def chosen() -> None:
                if box.answer == ELSEWHERE:
                    self.save_as(then)
                elif box.answer == TAKE_IN:
                    self.merge_asked.emit(place, theirs)

            box.accepted.connect(chosen)
            box.open()

        self.saving.save(Order(place, make, done, refused, failed))

    def _tell(self, words: str, place: Path, then: Then) -> None:
        """Say why a save did not work, and what can be done."""
        box = SaveBox(words, is_kept=self._keeping.is_kept, parent=self._window)

        def chosen() -> None:
            if box.answer == AGAIN:
                self._order(place, then) if place == self._keeping.place else self._order_at(place, then)
            else:
                self.save_as(then)

        box.accepted.connect(chosen)
        box.open()
