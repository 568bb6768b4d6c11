"""Qt's own words, in the file dialog and in context menus: Qt's catalogue, and ours of what it lacks."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QObject, QTranslator

OURS = Path(__file__).parent / "resources"


class QtWords(QObject):
    """The catalogues of one language, in Qt's own code throughout.

    A translator written in Python would be called by every thread in which Qt has something to say (decoding a damaged picture, say),
    while that thread holds one of Qt's locks and another, which holds the interpreter's, waits for it: the program would stand still.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._installed: list[QTranslator] = []

    def use(self, app: QCoreApplication, code: str) -> None:
        """Let an application speak a language; English needs no catalogue."""
        self.leave(app)
        theirs = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        for name, folder in ((f"qtbase_{code}", theirs), (f"qt_{code}", str(OURS))):
            translator = QTranslator(self)
            if translator.load(name, folder):
                app.installTranslator(translator)
                self._installed.append(translator)

    def leave(self, app: QCoreApplication) -> None:
        """Let an application speak English again."""
        for translator in self._installed:
            app.removeTranslator(translator)
            translator.deleteLater()
        self._installed = []
