"""The measured lines of a railway: those of its plan, and before there is one those that a thread has put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Signal

from gridplanner.errors import GridplannerError
from gridplanner.model.project import Project
from gridplanner.model.rail import RailLine
from ui.latest import Latest


class RailLines(QObject):
    """Knows the lines of the project that it was told last; `changed` says that those without a plan have come."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked: tuple[object, ...] = ()
        self._found: tuple[RailLine, ...] = ()
        self._answers: Latest | None = None

    def of(self, project: Project) -> tuple[RailLine, ...]:
        """Return the lines of a project, none while they are not known yet."""
        if project.rail is not None:
            return project.rail.lines
        return self._found if self._asked and _same(self._asked, _sources(project)) else ()

    def ask(self, project: Project) -> None:
        """Have the lines put together where there is a railway without a plan."""
        sources = _sources(project)
        if project.rail is not None or not project.railway.main.any() or (self._asked and _same(self._asked, sources)):
            return
        if self._answers is None:
            self._answers = Latest(_measure, "rail-lines", self)
            self._answers.answered.connect(self._take)
        self._asked, self._found = sources, ()
        self._answers.ask(project, urgent=False)

    def close(self) -> None:
        """End the thread."""
        if self._answers is not None:
            self._answers.close()

    def _take(self, answer: tuple[Project, tuple[RailLine, ...]]) -> None:
        project, lines = answer
        if _same(self._asked, _sources(project)):
            self._found = lines
            self.changed.emit()


def _sources(project: Project) -> tuple[object, ...]:
    return project.railway, project.stations, project.settings.rail


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    return all(a is b for a, b in zip(one, other, strict=True))


def _measure(request: object, _is_obsolete: Callable[[], bool]) -> Iterator[tuple[Project, tuple[RailLine, ...]]]:
    from gridplanner.planning.rail_lines import lines_of

    assert isinstance(request, Project)
    try:
        lines = lines_of(request)[0]
    except GridplannerError:  # said when the line is divided
        lines = ()
    yield request, lines
