"""What stands around the drawing in a DXF file.

The sections and tables are those that the DXF reference asks for; without them AutoCAD does not open a file, however plain its drawing.
Text is GBK as Chinese CAD programs have it, in a file of version 2004; with signs that GBK lacks it is UTF-8, as it is from 2007 on by
definition. GDAL (3.6 to 3.12) goes by the code page that the file names, not by its version: the number of UTF-8 there makes it warn and
take the bytes as they are, which is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

APPLICATION = "GRIDPLANNER"  # under whose name values hang on the entities
MODEL, FIRST_FREE = "1F", 0x100  # handles: of the model's block record, and of the first entity
_SEED = "FFFFFFF"  # a handle above all others
_PAPER, _ROOT, _GROUPS = "1B", "C", "D"
Pair = tuple[int, object]


@dataclass(frozen=True)
class DxfText:
    """A way to write text: the version of the format, the code page that the file names, and Python's name of it."""

    version: str
    page: str
    codec: str


TEXTS = (DxfText("AC1018", "ANSI_936", "gbk"), DxfText("AC1021", "ANSI_65001", "utf-8"))  # the first that can


@dataclass(frozen=True)
class DxfLayer:
    """A layer of the drawing: its name and its colour such as #0b5fff."""

    name: str
    colour: str


def pairs(*parts: Pair) -> str:
    """Return group codes and their values as the lines of a DXF file."""
    return "".join(f"{code:3d}\n{value}\n" for code, value in parts)


def before(
    layers: Sequence[DxfLayer], box: tuple[float, float, float, float], text: DxfText, *, metres: bool, point: float
) -> str:  # fmt: skip
    """Return all that comes before the entities; `box` west, south, east, north of the drawing, `point` the size of its points."""
    west, south, east, north = box
    head = pairs(
        (0, "SECTION"), (2, "HEADER"), (9, "$ACADVER"), (1, text.version), (9, "$DWGCODEPAGE"), (3, text.page),
        (9, "$HANDSEED"), (5, _SEED), (9, "$MEASUREMENT"), (70, 1), (9, "$INSUNITS"), (70, 6 if metres else 0),
        (9, "$EXTMIN"), (10, west), (20, south), (30, 0.0), (9, "$EXTMAX"), (10, east), (20, north), (30, 0.0),
        (9, "$PDMODE"), (70, 34), (9, "$PDSIZE"), (40, point), (0, "ENDSEC"),
        (0, "SECTION"), (2, "CLASSES"), (0, "ENDSEC"), (0, "SECTION"), (2, "TABLES"),
    )  # fmt: skip
    return head + _tables(layers, box) + pairs((0, "ENDSEC")) + _blocks() + pairs((0, "SECTION"), (2, "ENTITIES"))


def after() -> str:
    """Return all that comes after the entities."""
    return pairs(
        (0, "ENDSEC"), (0, "SECTION"), (2, "OBJECTS"),
        (0, "DICTIONARY"), (5, _ROOT), (330, 0), (100, "AcDbDictionary"), (281, 1), (3, "ACAD_GROUP"), (350, _GROUPS),
        (0, "DICTIONARY"), (5, _GROUPS), (330, _ROOT), (100, "AcDbDictionary"), (281, 1),
        (0, "ENDSEC"), (0, "EOF"),
    )  # fmt: skip


def _tables(layers: Sequence[DxfLayer], box: tuple[float, float, float, float]) -> str:
    west, south, east, north = box
    wide, high = max(east - west, 1e-6), max(north - south, 1e-6)
    port = (
        (2, "*ACTIVE"), (70, 0), (10, 0.0), (20, 0.0), (11, 1.0), (21, 1.0), (12, (west + east) / 2), (22, (south + north) / 2),
        (13, 0.0), (23, 0.0), (14, 10.0), (24, 10.0), (15, 10.0), (25, 10.0), (16, 0.0), (26, 0.0), (36, 1.0), (17, 0.0), (27, 0.0),
        (37, 0.0), (40, 1.05 * max(high, wide / 1.6)), (41, 1.6), (42, 50.0), (43, 0.0), (44, 0.0), (50, 0.0), (51, 0.0), (71, 0),
        (72, 1000), (73, 1), (74, 3), (75, 0), (76, 0), (77, 0), (78, 0),
    )  # fmt: skip
    lines = [[(2, name), (70, 0), (3, words), (72, 65), (73, 0), (40, 0.0)] for name, words in
             (("ByBlock", ""), ("ByLayer", ""), ("Continuous", "Solid line"))]  # fmt: skip
    drawn = [[(2, "0"), (70, 0), (62, 7), (6, "Continuous")]]
    drawn += [[(2, layer.name), (70, 0), (62, 7), (420, int(layer.colour[1:], 16)), (6, "Continuous")] for layer in layers]
    font = [(2, "Standard"), (70, 0), (40, 0.0), (41, 1.0), (50, 0.0), (71, 0), (42, 2.5), (3, "simsun.ttc"), (4, "")]  # has Chinese
    spaces = [[(2, "*Model_Space")], [(2, "*Paper_Space")]]
    return "".join((
        _table("VPORT", "8", "AcDbViewportTableRecord", [port], ["29"]),
        _table("LTYPE", "5", "AcDbLinetypeTableRecord", lines, ["14", "15", "16"]),
        _table("LAYER", "2", "AcDbLayerTableRecord", drawn, ["10", *(f"{0x40 + at:X}" for at in range(len(layers)))]),
        _table("STYLE", "3", "AcDbTextStyleTableRecord", [font], ["11"]),
        _table("VIEW", "6", "", [], []),
        _table("UCS", "7", "", [], []),
        _table("APPID", "9", "AcDbRegAppTableRecord", [[(2, "ACAD"), (70, 0)], [(2, APPLICATION), (70, 0)]], ["12", "13"]),
        _table("DIMSTYLE", "A", "AcDbDimStyleTableRecord", [[(2, "Standard"), (70, 0)]], ["27"], mark=(100, "AcDbDimStyleTable")),
        _table("BLOCK_RECORD", "1", "AcDbBlockTableRecord", spaces, [MODEL, _PAPER]),
    ))  # fmt: skip


def _table(
    name: str, handle: str, record: str, rows: Sequence[Iterable[Pair]], handles: Sequence[str], mark: Pair | None = None
) -> str:  # fmt: skip
    out = [pairs((0, "TABLE"), (2, name), (5, handle), (330, 0), (100, "AcDbSymbolTable"), (70, len(rows)))]
    if mark is not None:
        out.append(pairs(mark, (71, 0)))
    for row, mine in zip(rows, handles, strict=True):
        code = 105 if name == "DIMSTYLE" else 5
        out.append(pairs((0, name), (code, mine), (330, handle), (100, "AcDbSymbolTableRecord"), (100, record), *row))
    out.append(pairs((0, "ENDTAB")))
    return "".join(out)


def _blocks() -> str:
    out = [pairs((0, "SECTION"), (2, "BLOCKS"))]
    for name, owner, first, last in (("*Model_Space", MODEL, "20", "21"), ("*Paper_Space", _PAPER, "1C", "1D")):
        out.append(pairs(
                (0, "BLOCK"), (5, first), (330, owner), (100, "AcDbEntity"), (8, "0"), (100, "AcDbBlockBegin"), (2, name), (70, 0),
                (10, 0.0), (20, 0.0), (30, 0.0), (3, name), (1, ""),
                (0, "ENDBLK"), (5, last), (330, owner), (100, "AcDbEntity"), (8, "0"), (100, "AcDbBlockEnd"),
        ))  # fmt: skip
    return "".join(out) + pairs((0, "ENDSEC"))
