"""Tells at the edges of the window what goes on: progress, place, scale, what is open and whether it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gridplanner.i18n import _

if TYPE_CHECKING:
    from ui.desk import Desk


class Teller(QObject):
    """Listens to the parts of a desk and fills the status line and the name in the bar."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._status = desk.window.status
        desk.jobs.changed.connect(self._tell_job)
        desk.jobs.reported.connect(self._tell_progress)
        desk.files.named.connect(self.tell_name)
        desk.canvas.pointed.connect(self._tell_place)
        desk.canvas.view_changed.connect(lambda _view: self.tell_scale())
        self._status.finish_asked.connect(desk.jobs.finish)
        self._status.cancel_asked.connect(desk.jobs.cancel)

    def tell_hint(self) -> None:
        """Say what became of the last job, else what the map expects next; a running job keeps its words."""
        if not self._desk.jobs.is_busy:
            self._status.say(self._desk.jobs.last_words or self._hint())

    def tell_all(self) -> None:
        """Say everything anew, in another language."""
        self.tell_name()
        self.tell_scale()
        self.tell_hint()

    def tell_name(self) -> None:
        """Say what is open and whether it is saved."""
        files, project = self._desk.files, self._desk.session.project
        name = files.path.name if files.path is not None else project.name
        self._desk.window.name_project(name, unsaved=files.needs_saving)
        self._status.fact("crs", project.crs)
        self._status.fact("saved", _("Not saved") if files.needs_saving else _("Saved") if files.path is not None else "")

    def tell_scale(self) -> None:
        """Say the map scale, rounded to two digits."""
        n = self._desk.canvas.view.denominator
        digits = max(10 ** (len(str(int(n))) - 2), 1)
        self._status.fact("scale", f"1 : {round(n / digits) * digits:,}".replace(",", "\u2009"))

    def _hint(self) -> str:
        if not self._desk.has_data:
            return _("Drop files on the window, or press “Sample town” to look around")
        if not self._desk.tool:
            return _("Click a grid to select it; drag to move the map, wheel to zoom")
        if self._desk.tool == "keep":
            return _("Keep together: brush units that are to stay in one grid; click on some that are kept to release them")
        if self._desk.selection.selected is None:
            return _("Assign: click the grid that is to receive units")
        return _("Assign: brush units into the selected grid; right button picks another, Esc abandons")

    def _tell_job(self) -> None:
        job = self._desk.jobs.current
        self._desk.window.steps.set_busy(job is not None)
        if job is not None:
            self._status.say(job.words)
            self._status.run(can_finish=job.can_finish)
        else:
            self._status.rest()
            self.tell_hint()

    def _tell_progress(self, fraction: float, message: str) -> None:
        job = self._desk.jobs.current
        if job is not None:
            self._status.advance(fraction)
            self._status.say(f"{job.words} · {message}" if message else job.words)

    def _tell_place(self, place: tuple[float, float] | None) -> None:
        words = f"E {place[0]:,.1f}   N {place[1]:,.1f}".replace(",", "\u2009") if place is not None else ""
        self._status.fact("place", words)
