"""The session's one listener as Qt's one signal."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from gridplanner.model.project import Project
from gridplanner.session import Session


class SessionBridge(QObject):
    """Emits `changed(before, after)` at every change of the session's project, undo and redo included."""

    changed = Signal(object, object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        session.listen(self._tell)

    def _tell(self, before: Project, after: Project) -> None:
        self.changed.emit(before, after)
