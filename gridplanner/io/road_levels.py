"""The level of streets in a line layer: from a number or a word of their own, from what says bridge or tunnel, else from their names."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gridplanner.i18n import N_
from gridplanner.io.fields import number_column, text_column
from gridplanner.io.rail_tracks import said
from gridplanner.io.reading import Reading
from gridplanner.io.table import Table
from gridplanner.model.issues import Level
from gridplanner.model.lines import Ints, Texts

# parts of the words of a level field or of a class, the telling ones first: a 隧道桥 is hardly seen, a 桥下地面 is
_ABOVE = ("高架", "桥", "overpass", "flyover", "elevated", "bridge", "viaduct")
_BELOW = ("地下", "隧", "下穿", "地道", "underpass", "tunnel", "underground")
_GROUND = ("地面", "桥下", "辅路", "辅道", "ground", "surface")
# how the name of a structure ends; a 石桥路 is a street like others
_NAME_ABOVE = ("大桥", "立交桥", "高架桥", "高架路", "高架", "跨线桥", "人行天桥", "天桥")
_NAME_BELOW = ("隧道", "地道", "地下通道", "下穿道", "下穿通道", "下穿")


def level_of(word: str) -> int:
    """Return 1 for a word that says bridge or elevated, -1 for tunnel or underground, 0 else.

    >>> [level_of(word) for word in ("高架", "立交桥", "隧道", "地下", "地面", "桥下地面", "?")]
    [1, 1, -1, -1, 0, 0, 0]
    """
    low = word.lower()
    if any(part in low for part in _GROUND):
        return 0
    if any(part in low for part in _BELOW):
        return -1
    return 1 if any(part in low for part in _ABOVE) else 0


def named_level(name: str) -> int:
    """Return the level that the name of a street tells.

    >>> [named_level(name) for name in ("银滩大桥", "北环高架路", "南山隧道", "石桥路", "大桥街", "高架路辅路")]
    [1, 1, -1, 0, 0, 0]
    """
    return 1 if name.endswith(_NAME_ABOVE) else -1 if name.endswith(_NAME_BELOW) else 0


def road_levels(table: Table, fields: Mapping[str, str], names: Texts, classes: Texts, reading: Reading) -> Ints:
    """Return the level of each row (n,) int8, from -5 to 5.

    A level of its own counts, as a number or a word; then fields that say bridge or tunnel; where a layer has none of these, class words
    and names that end in 大桥, 高架, 隧道 and the like, which is told.
    """
    level = np.zeros(len(table), np.int8)
    if field := fields.get("level"):
        words = text_column(table, field)
        told = np.array([level_of(str(word)) for word in words], np.int8)
        is_word = np.array([bool(word) and not any(sign.isdigit() for sign in str(word)) for word in words], bool)
        if is_word.any() and (told[is_word] != 0).any():
            level = np.where(is_word, told, 0).astype(np.int8)
            numbers = np.array([_number(str(word)) for word in words], np.float64)
        else:
            numbers = number_column(table, field, "roads", reading)[0]
        level = np.where(is_word & (told != 0), told, np.clip(np.nan_to_num(numbers), -5, 5)).astype(np.int8)
    over, under = (said(text_column(table, fields.get(word))) for word in ("bridge", "tunnel"))
    level = np.where(under & (level >= 0), -1, np.where(over & (level <= 0), 1, level)).astype(np.int8)
    if not {"level", "bridge", "tunnel"} & set(fields):
        guessed = np.array([level_of(str(word)) or named_level(str(name)) for word, name in zip(classes, names, strict=True)], np.int8)
        text = N_("{file}, rows {rows}: bridges and tunnels by their class or name, not joined with what they cross ({count} in all)")
        rows = reading.wanted_rows(table, guessed != 0, "roads", "level_by_name")
        reading.tell_rows(table, rows, "roads", level=Level.INFO, kind="level_by_name", text=text, repair=True)
        level = np.where(rows, guessed, level).astype(np.int8)
    return level


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return np.nan
