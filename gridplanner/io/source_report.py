"""What a look into a file found: one report a layer, for `inspect`, the import dialog and the guesses of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gridplanner.io.crs_guess import Box

if TYPE_CHECKING:
    from gridplanner.io.doctor.coordinates import Candidate
    from gridplanner.io.doctor.encodings import EncodingChoice
    from gridplanner.io.doctor.shifts import ShiftFinding


@dataclass(frozen=True)
class FieldFacts:
    """What the values of a field are, told by the rows looked at.

    `kind` is whole, number, text, date, truth or empty; `filled` the share of rows with a value, 0 to 1; `distinct` how many values differ;
    `least` and `most` the smallest and largest as text, empty where the field is `private`; `holds` says in words what is private in it.
    """

    kind: str
    filled: float
    distinct: int
    least: str = ""
    most: str = ""
    private: bool = False
    holds: str = ""


@dataclass(frozen=True)
class JoinChoice:
    """A table whose codes are those of a layer: its file, layer and field `key`, and the layer's own field `to`.

    `matched` codes stand in both, of the table's `of` different ones and the layer's `features`.
    """

    path: str
    layer: str
    key: str
    to: str
    matched: int
    of: int
    features: int


@dataclass(frozen=True)
class SourceReport:
    """One layer of a file: what it says of itself, what was found, and a guess at its role and the meaning of its fields.

    `fields` maps names to types, `mapping` the words of `[sources.ROLE] fields` to names (for a table with coordinates also x and y,
    lonlat or wkt); `where` is a filter that the role needs; `problems` are in the language in use, `readable` is False where nothing
    could be read. `box` is in the layer's own coordinates; where the file does not say its CRS, `crs_guess` is a code (empty where
    nothing can be said) and `crs_why` the reason in words.

    `columns` and `rows` are the first rows as text, private values hidden; `facts` tells of each field what the first `looked_at` rows
    hold. `encodings` shows the text in every encoding it could be in, `crs_candidates` the systems that the coordinates could be of,
    `shifts` whether they lie off against the layers beside them, `joins` the tables dropped along whose codes are this layer's.
    `geometry` is point for a plain table whose columns hold coordinates, and `from_columns` is True then. Of the `problems`, `mended` are
    put right as the layer is read, and `refused` say which of its fields are not read.
    """

    path: str
    layer: str
    geometry: str
    count: int
    fields: Mapping[str, str] = field(default_factory=dict)
    crs: str = ""
    encoding: str = ""
    role: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    where: str = ""
    problems: tuple[str, ...] = ()
    readable: bool = True
    box: Box | None = None
    crs_guess: str = ""
    crs_why: str = ""
    codec: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    facts: Mapping[str, FieldFacts] = field(default_factory=dict)
    looked_at: int = 0
    from_columns: bool = False
    encodings: tuple[EncodingChoice, ...] = ()
    crs_candidates: tuple[Candidate, ...] = ()
    shifts: tuple[ShiftFinding, ...] = ()
    joins: tuple[JoinChoice, ...] = ()
    mended: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
