"""The tools that draw lines, by their names in the table of actions."""

from __future__ import annotations

from collections.abc import Callable

from ui.map.tools.cordon import Cordon
from ui.map.tools.cut_line import CutLine
from ui.map.tools.draw import DrawArea
from ui.map.tools.must_stay import MustStay
from ui.map.tools.reshape import Reshape
from ui.map.tools.split_line import SplitLine
from ui.map.tools.street_pen import FixedLine, StreetPen
from ui.map.tools.tool import Tool

DRAWING: dict[str, Callable[[], Tool]] = {
    "pen": StreetPen,
    "split": SplitLine,
    "draw": DrawArea,
    "reshape": Reshape,
    "cut": CutLine,
    "fix": FixedLine,
    "stay": MustStay,
    "cordon": Cordon,
}
