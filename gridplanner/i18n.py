"""Words for the planner, in his language, by gettext; msgids are English."""

from __future__ import annotations

import gettext
import locale
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LANGUAGES = {"zh_CN": "简体中文", "en": "English"}
_FOLDER = Path(__file__).parent / "locale"
_current: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"
_of_thread = threading.local()  # where a thread speaks for itself: a page in another language than the window's


def system_language() -> str:
    """Return the language of LANGUAGES nearest to the system's: Chinese on a Chinese system, English elsewhere."""
    said = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    if not said:
        said = locale.getlocale()[0] or ""
    return "zh_CN" if said.lower().startswith(("zh", "chinese")) else "en"


def set_language(language: str) -> None:
    """Use `language` (a key of LANGUAGES) from now on."""
    global _current, _language  # one program speaks one language at a time
    _language = language if language in LANGUAGES else "en"
    _current = gettext.translation("gridplanner", _FOLDER, [_language], fallback=True)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let this thread alone use `language` (a key of LANGUAGES) for a while."""
    before = vars(_of_thread).copy()
    _of_thread.language = language if language in LANGUAGES else "en"
    _of_thread.current = gettext.translation("gridplanner", _FOLDER, [_of_thread.language], fallback=True)
    try:
        yield
    finally:
        vars(_of_thread).clear()
        vars(_of_thread).update(before)


def language() -> str:
    """Return the language in use, a key of LANGUAGES."""
    return str(getattr(_of_thread, "language", _language))


def _(text: str) -> str:
    """Return `text` in the language in use."""
    return str(getattr(_of_thread, "current", _current).gettext(text))


def N_(text: str) -> str:  # noqa: N802  (gettext's own name for it)
    """Mark `text` for the catalogue where it is translated later, when it is shown."""
    return text


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of a counted phrase that fits `count`."""
    return str(getattr(_of_thread, "current", _current).ngettext(one, many, count))
