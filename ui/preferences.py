"""What the program remembers between two days: language, theme, window, folders, recent projects."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QByteArray, QLocale, QSettings, QSize
from PySide6.QtWidgets import QWidget

from gridplanner.i18n import LANGUAGES, system_language
from gridplanner.source_settings import DATABASE

RECENT = 8


class Preferences:
    """The planner's own settings, kept by Qt where the system keeps such things."""

    def __init__(self, settings: QSettings | None = None, language: str = "") -> None:
        self._settings = settings if settings is not None else QSettings("gridplanner", "gridplanner")
        self._asked_for = language

    @property
    def language(self) -> str:
        """The language asked for at the start, else the one last chosen, else the system's."""
        chosen = self._asked_for or self._text("language")
        return chosen if chosen in LANGUAGES else _language_of_system()

    @language.setter
    def language(self, value: str) -> None:
        if value == self.language:
            return
        self._asked_for = ""
        self._settings.setValue("language", value)

    @property
    def theme(self) -> str:
        """The theme last chosen, or an empty text: as the system has it."""
        return self._text("theme")

    @theme.setter
    def theme(self, value: str) -> None:
        self._settings.setValue("theme", value)

    @property
    def recent(self) -> tuple[Path, ...]:
        """Projects opened lately that are still there, the newest first."""
        lines = self._text("recent").split("\n")
        return tuple(path for path in map(Path, filter(None, lines)) if path.exists() or _is_shared(path))

    def opened(self, path: Path) -> None:
        """Put a project first among the recent ones."""
        first = path if _is_shared(path) else path.resolve()
        paths = [first, *(other for other in self.recent if other != first)]
        self._settings.setValue("recent", "\n".join(map(str, paths[:RECENT])))

    def folder(self, purpose: str) -> str:
        """The folder last used for a purpose, such as "open"."""
        return self._text(f"folder/{purpose}") or str(Path.home())

    def remember_folder(self, purpose: str, folder: Path) -> None:
        """Remember the folder used for a purpose."""
        self._settings.setValue(f"folder/{purpose}", str(folder))

    def choice(self, name: str, default: str = "") -> str:
        """A choice made in a dialog."""
        return self._text(f"choice/{name}") or default

    def remember_choice(self, name: str, value: str) -> None:
        """Remember a choice made in a dialog."""
        self._settings.setValue(f"choice/{name}", value)

    def everything(self) -> dict[str, object]:
        """Return all that is remembered, by its keys."""
        return {key: self._settings.value(key) for key in self._settings.allKeys()}

    def bytes_of(self, name: str) -> QByteArray:
        """The saved geometry or state of a window."""
        value = self._settings.value(f"window/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def keep_bytes(self, name: str, value: QByteArray) -> None:
        """Keep the geometry or state of a window."""
        self._settings.setValue(f"window/{name}", value)

    def restore_size(self, name: str, widget: QWidget) -> None:
        """Give a dialog the size it had when it was last closed, no larger than the window it belongs to."""
        value = self._settings.value(f"size/{name}")
        if isinstance(value, QSize) and value.isValid():
            over = widget.parentWidget()
            most = over.window().size() if over is not None else value
            widget.resize(value.boundedTo(most).expandedTo(widget.minimumSizeHint()))

    def keep_size(self, name: str, widget: QWidget) -> None:
        """Keep the size of a dialog."""
        self._settings.setValue(f"size/{name}", widget.size())

    def _text(self, key: str) -> str:
        value = self._settings.value(key)
        return value if isinstance(value, str) else ""


def _language_of_system() -> str:
    """Return Chinese where the system's windows speak it, also where no variable of the terminal says so."""
    if any(os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")):
        return system_language()
    spoken = QLocale.system().uiLanguages()
    return "zh_CN" if spoken and spoken[0].lower().startswith("zh") else system_language()


def _is_shared(path: Path) -> bool:
    """Return whether a project is kept in a database, which is not asked whether it is still there."""
    return str(path).startswith(DATABASE)
