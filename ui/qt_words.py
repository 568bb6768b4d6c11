"""Qt's own words, in the file dialog and in context menus, where its catalogue knows them under a slightly different text."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QTranslator


class QtWords(QTranslator):
    """Qt's catalogue; a text that it lacks is looked for without its key mark, then among the words of the file dialog."""

    def use(self, code: str) -> bool:
        """Load the catalogue of a language; return whether there is one."""
        return self.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        """Return the translation of a text; None, which Qt takes for “none” unlike an empty text, where there is none."""
        bare = text.replace("&", "")
        for place, words in ((context, text), (context, bare), ("QFileDialog", bare)):
            found = super().translate(place, words, disambiguation, n)
            if found:
                return str(found)
        return None
