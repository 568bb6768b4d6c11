"""What is typed to see some grids only: plain text, conditions such as >330, and words such as out or locked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from gridplanner.i18n import N_, _
from gridplanner.model.grids import Grid
from gridplanner.model.lines import Bools, Floats
from gridplanner.model.statistics import GridFigures

_CONDITION = re.compile(r"([^<>=]*?)(<=|>=|<|>|=)(-?\d+(?:\.\d+)?)%?")
_COMPARE: Mapping[str, Callable[[Floats, float], Bools]] = {
    ">": lambda values, than: np.asarray(values > than),
    "<": lambda values, than: np.asarray(values < than),
    ">=": lambda values, than: np.asarray(values >= than),
    "<=": lambda values, than: np.asarray(values <= than),
    "=": lambda values, than: np.asarray(np.abs(values - than) < 0.5),
}
# English always works beside the language in use
FLAGS = (
    N_("out"), N_("over"), N_("under"), N_("split"), N_("locked"), N_("exclusive"), N_("unnamed"), N_("unstaffed"),
)  # fmt: skip
FIGURES = {
    "households": (N_("hh"), N_("households")),
    "persons": (N_("pers"), N_("persons")),
    "deviation": (N_("dev"), N_("deviation")),
    "street_pct": (N_("street"), N_("street")),
    "compact": (N_("comp"), N_("compactness")),
}


@dataclass(frozen=True, eq=False)
class Filterable:
    """What conditions are held against: a row a grid; `words` are each grid's texts in one line, small letters."""

    figures: GridFigures
    grids: list[Grid]
    out: Bools
    words: list[str]


def passes(text: str, rows: Filterable) -> Bools:
    """Return which grids meet all that is asked for, (g,); what is half typed asks for nothing yet.

    >>> # ">330 locked": above 330 households and locked; "dev<-5": five per cent or more below the target
    """
    keep = np.ones(len(rows.grids), np.bool_)
    for token in text.translate(str.maketrans("＞＜＝％", "><=%")).casefold().split():
        keep &= _token(token, rows)
    return keep


def _token(token: str, rows: Filterable) -> Bools:
    found = _CONDITION.fullmatch(token)
    if found is not None:
        field = _field(found[1])
        if field:
            values: Floats = np.asarray(getattr(rows.figures, field), np.float64)
            return _COMPARE[found[2]](np.round(values, 2), float(found[3]))
    if token[-1:] in "<>=" or re.fullmatch(r"[<>=]+-?", token):
        return np.ones(len(rows.grids), np.bool_)
    for flag in FLAGS:
        if token in (flag, _(flag).casefold()):
            return _flag(flag, rows)
    return np.array([token in words for words in rows.words], np.bool_)


def _field(name: str) -> str:
    if not name:
        return "households"
    for field, words in FIGURES.items():
        if any(name in (word, _(word).casefold()) for word in words):
            return field
    return ""


def _flag(flag: str, rows: Filterable) -> Bools:
    match flag:
        case "out":
            return rows.out
        case "over" | "under":
            return np.asarray(rows.out & ((rows.figures.deviation > 0) == (flag == "over")))
        case "split":
            return np.asarray(rows.figures.status == "split", np.bool_)
        case "locked":
            return np.array([grid.locked for grid in rows.grids], np.bool_)
        case "exclusive":
            return np.array([grid.kind == "exclusive" for grid in rows.grids], np.bool_)
        case "unnamed":
            return np.array([not grid.name for grid in rows.grids], np.bool_)
        case _:
            return np.array([not grid.workers for grid in rows.grids], np.bool_)
