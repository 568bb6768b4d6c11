"""The field names of a .dbf as they are shown: whole characters only, and no name twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gridplanner.i18n import N_
from gridplanner.io.doctor.dbf_table import DbfField, DbfTable
from gridplanner.io.table import Note
from gridplanner.io.text_samples import BROKEN, CUT, decoded


@dataclass(frozen=True)
class FieldNames:
    """The fields of a .dbf by the names that are shown, in their order; `own` is False where the driver has other names for them."""

    fields: Mapping[str, DbfField]
    own: bool
    notes: tuple[Note, ...] = ()


def distinct(names: Sequence[str]) -> list[str]:
    """Return names of which none comes twice.

    >>> distinct(["A", "B", "A"])
    ['A', 'B', 'A_2']
    """
    taken = set(names)
    often: dict[str, int] = {}
    shown = []
    for name in names:
        number = often.get(name, 0) + 1
        own = name if number == 1 else f"{name}_{number}"
        while number > 1 and own in taken:
            number += 1
            own = f"{name}_{number}"
        often[name] = number
        taken.add(own)
        shown.append(own)
    return shown


def name_fields(table: DbfTable, codec: str, path: Path) -> FieldNames:
    """Return a name for each field: cut to whole characters, numbered where it comes twice or is empty."""
    shown: dict[str, DbfField] = {}
    cut: list[str] = []
    twice: list[str] = []
    broken: list[str] = []
    read = [decoded(field.name, codec) for field in table.fields]
    names = distinct([words or "_" for words, _fault in read])
    for field, name, (words, fault) in zip(table.fields, names, read, strict=True):
        if fault == CUT:
            cut.append(name)
        if fault == BROKEN:
            broken.append(name)
        if words and name != words:
            twice.append(name)
        shown[name] = field
    told = (
        (cut, N_("{file}: field names cut in the middle of a character were read as {names}")),
        (twice, N_("{file}: field names that come twice were read as {names}")),
        (broken, N_("{file}: field names that are not {encoding} were read as {names}; say the right encoding")),
    )
    notes: list[Note] = [(text, {"file": path.name, "names": ", ".join(found), "encoding": codec}) for found, text in told if found]
    return FieldNames(shown, not notes and all(field.name for field in table.fields), tuple(notes))
