"""Findings with a place on the map; their words are chosen when they are shown, so the language can change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from string import Formatter

from gridplanner.i18n import _

LEFT = "left_as_read"  # the kind of a finding that says what was not repaired, because the planner wants it as it is
_WORDS = ("what", "why")
_NARROW = re.compile(r"[<>^+,]?\d{0,2},?(\.\d{1,2})?[a-z%]?")  # how a number may be written in a finding


class Level(StrEnum):
    """How much an issue matters: an error breaks a promise of the export, a warning wants a look, info was mended or made up."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Issue:
    """One finding.

    `text` is an English msgid with named places filled from `values`, of which `what` and `why` are msgids themselves; `layer` and `ref`
    say what it is about, `x` and `y` (metres, project CRS) where; None where it has no place. `repair` is what `as_is` of the source
    `layer` is told so that the data stays there as it was read; empty where nothing was repaired. Of the kind LEFT it is what `as_is` says.
    """

    level: Level
    kind: str
    text: str
    values: Mapping[str, object] = field(default_factory=dict)
    layer: str = ""
    ref: str = ""
    x: float | None = None
    y: float | None = None
    repair: str = field(default="", kw_only=True)

    @property
    def is_repair(self) -> bool:
        """True where something was repaired that can be left as it was read."""
        return bool(self.repair) and self.kind != LEFT

    @property
    def is_left(self) -> bool:
        """True where something was left as it was read that can be repaired."""
        return bool(self.repair) and self.kind == LEFT

    @property
    def message(self) -> str:
        """The finding in the language in use; the bare text where its places do not fit what fills them, as in a made-up project file."""
        values = {name: _(str(value)) if name in _WORDS and value else value for name, value in self.values.items()}
        text = _(self.text)
        if not _is_plain(text):
            return text
        try:
            return text.format(**values)
        except (LookupError, ValueError, TypeError):
            return text


@lru_cache(maxsize=1024)
def _is_plain(text: str) -> bool:
    """Return whether a text has named places alone, none that looks into what fills it or is wider than words are.

    >>> _is_plain("{n:,} of {file}, {share:.1f} %"), _is_plain("{file.parent}"), _is_plain("{n:>999999999}")
    (True, False, False)
    """
    try:
        places = [(name, spec) for _before, name, spec, _kind in Formatter().parse(text) if name is not None]
    except ValueError:
        return False
    return all(name.isidentifier() and _NARROW.fullmatch(spec or "") for name, spec in places)
