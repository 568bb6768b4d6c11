"""Jobs: what the worker is doing for the planner, in words, one at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Signal

from gridplanner.edits.divide_edits import DivideGrids
from gridplanner.edits.edit import Replace
from gridplanner.i18n import N_, _
from gridplanner.model.project import Project, fingerprint
from ui.diary import note_job
from ui.worker import Outcome, Worker

CRASHED = N_("The computation ended unexpectedly; the project is as it was. Save your work, then try again.")


@dataclass(frozen=True)
class Job:
    """What is being done, and what to do with the result: `then` may return the words to be said of it.

    `otherwise` is called where there is no result.
    """

    words: str
    then: Callable[[Any], str | None]
    can_finish: bool
    otherwise: Callable[[], object] = lambda: None
    function: str = ""
    since: float = field(default_factory=time.perf_counter)


class Jobs(QObject):
    """Gives tasks to the worker and brings back what they return."""

    changed = Signal()
    reported = Signal(float, str)
    failed = Signal(str, str)  # text for the planner, details

    def __init__(self, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = worker
        self.current: Job | None = None
        self.last_words = ""
        self.last_failure = ""
        worker.reported.connect(self.reported)
        worker.ended.connect(self._end)

    @property
    def is_busy(self) -> bool:
        """True while the worker has something to do."""
        return self.current is not None

    def run(
        self,
        words: str,
        function: str,
        *arguments: object,
        then: Callable[[Any], str | None],
        can_finish: bool = False,
        otherwise: Callable[[], object] = lambda: None,
    ) -> None:
        """Run `function` ("module:name") in the worker, then call `then` with what it returned; ignored where it is busy."""
        if self.current is not None:
            return
        self.current = Job(words, then, can_finish, otherwise, function)
        held = next((part for part in arguments if isinstance(part, Project)), None)
        self.worker.submit(function, *arguments, prepare=lambda value: _prepare(value, held))
        self.changed.emit()

    def finish(self) -> None:
        """Ask the worker to end soon with the best it has."""
        self.worker.finish()

    def cancel(self) -> None:
        """Ask the worker to stop."""
        self.worker.cancel()

    def _end(self, outcome: Outcome) -> None:
        job, self.current = self.current, None
        if job is None:
            return
        ended = "cancelled" if outcome.cancelled else "failed" if outcome.failed else "done"
        note_job(job, seconds=time.perf_counter() - job.since, outcome=ended)
        if outcome.cancelled or outcome.failed:
            job.otherwise()
        told = job.then(outcome.value) if not outcome.cancelled and not outcome.failed else None
        if self.current is None:  # what follows a job may be the next one
            words = _("Cancelled: {words}") if outcome.cancelled else _("Failed: {words}") if outcome.failed else _("Done: {words}")
            self.last_words = told or words.format(words=job.words)
        self.changed.emit()
        if outcome.failed:
            self.last_failure = outcome.error or _(CRASHED)
            self.failed.emit(self.last_failure, outcome.details)


def _prepare(value: object, project: Project | None) -> None:
    """Compute in the reading thread what applying an edit will ask for: digests of large layers take a while."""
    made: dict[str, object] = {}
    for edit in value if isinstance(value, list) else [getattr(value, "edit", value)]:
        if isinstance(edit, Replace | DivideGrids) and project is not None:
            for name in edit.needs:
                fingerprint(made.get(name, getattr(project, name)))
            made.update(edit.values if isinstance(edit, Replace) else {})
