"""Which of the tables dropped together belong to which layer: a column of codes of the one whose values stand in one of the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gridplanner.io.doctor.joins import code_texts
from gridplanner.io.private_numbers import private_unmapped
from gridplanner.io.source_report import JoinChoice
from gridplanner.io.table import Table
from gridplanner.io.vector_files import read_table

LEAST = 3  # codes that must stand in both
SHARE = 0.5  # of the codes of the side that has fewer
MOST_ROWS = 300_000  # of which codes are compared
MOST_COLUMNS = 6  # of a table that may hold codes
_NAMED = re.compile(r".*(代码|编码|编号|楼号|栋号|幢号|code|dm|bm|bh|key|_id|^id|no|num).*", re.IGNORECASE)
_ROW_NUMBER = re.compile(r"(object_?id|fid|oid|gid|ogc_fid|序号|行号)(_?\d+)?", re.IGNORECASE)  # given by programs, not by people
_AMOUNT = re.compile(  # equal numbers of these are chance
    r".*(户数|人口|人数|面积|长度|周长|层数|金额|hh|households?|pop|population|persons?|area|length|count|m2|km)", re.IGNORECASE
)
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, eq=False)
class Codes:
    """A layer or table with the columns that may hold codes; `sample` has its first rows, `count` is how many there are."""

    path: str
    layer: str
    count: int
    encoding: str
    sample: Table
    spatial: bool


def join_choices(layer: Codes, tables: Sequence[Codes]) -> tuple[JoinChoice, ...]:
    """Return the tables whose codes are those of a layer, for each the best pair of columns, the best first."""
    if not layer.spatial or layer.count > MOST_ROWS:
        return ()
    own = {name: _read(layer, name) for name in _columns(layer, unique=True)}
    found = []
    for table in tables:
        if table.count > MOST_ROWS or (table.path, table.layer) == (layer.path, layer.layer):
            continue
        best: JoinChoice | None = None
        for key in _columns(table, unique=False):
            theirs = _read(table, key)
            for to, codes in own.items():
                both = len(codes & theirs)
                if both < max(LEAST, SHARE * min(len(codes), len(theirs))) or not _telling(codes & theirs, key, to):
                    continue
                if best is None or both > best.matched:
                    best = JoinChoice(table.path, table.layer, key, to, both, len(theirs), len(codes))
        if best is not None:
            found.append(best)
    return tuple(sorted(found, key=lambda each: -each.matched / max(min(each.of, each.features), 1)))


def _columns(of: Codes, *, unique: bool) -> list[str]:
    """Return the columns that may hold codes, those first whose names say so: most have digits, few are blank, of a layer few are alike."""
    found = []
    for name, column in of.sample.columns.items():
        if column.dtype.kind not in "iufO" or _ROW_NUMBER.fullmatch(name) or private_unmapped(of.sample, name) is not None:
            continue
        if _AMOUNT.fullmatch(name):
            continue
        if column.dtype.kind == "f" and bool((column % 1 != 0).any()):
            continue
        codes = [code for code in code_texts(column).tolist() if code]
        if len(codes) < max(LEAST, 0.8 * len(column)) or (unique and len(set(codes)) < 0.9 * len(codes)) or len(set(codes)) < LEAST:
            continue
        if sum(bool(_DIGIT.search(code)) and len(code) <= 40 for code in codes) >= 0.8 * len(codes):
            found.append(name)
    return sorted(found, key=lambda name: not _NAMED.fullmatch(name))[:MOST_COLUMNS]


def _read(of: Codes, name: str) -> set[str]:
    column = of.sample.columns[name]
    if len(column) < of.count:
        column = read_table(Path(of.path), of.layer, [name], of.encoding or "auto", places=False).columns[name]
    return set(code_texts(column).tolist()) - {""}


def _telling(both: set[str], key: str, to: str) -> bool:
    """True where the codes mean something: row numbers (1, 2, 3 …) are alike in any two tables, and only tell where names say so."""
    if key.lower() == to.lower() or (_NAMED.fullmatch(key) and _NAMED.fullmatch(to)):
        return len(both) >= 2 * LEAST or sum(len(code) >= 4 for code in both) >= 0.5 * len(both)
    return sum(len(code) >= 4 for code in both) >= 0.5 * len(both)
