"""Any file as a driver can read it: taken out of its archive, its content checked, its parts mended, its text in UTF-8."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io.dbf import Encoding, codec_name, detect_encoding, encoding_of_text, sibling
from gridplanner.io.doctor.contents import JSON, check_content
from gridplanner.io.doctor.elsewhere import DATABASES, check_json, check_tables, stays_here
from gridplanner.io.doctor.field_names import FieldNames, name_fields
from gridplanner.io.doctor.own_folder import Kept, give, new_folder, state_of
from gridplanner.io.doctor.shapefile_parts import Parts, shapefile_parts
from gridplanner.io.doctor.sheet_titles import below_titles
from gridplanner.io.doctor.text_files import TEXTS, text_file
from gridplanner.io.table import Note

SHAPEFILES = (".shp", ".dbf")
DRAWING = ".dxf"  # whose driver must be told the encoding: what its head says is often not so
_NEUTRAL = re.compile(rb'charset\s+"neutral"', re.IGNORECASE)
_apart: Kept[Path] = Kept()


@dataclass(frozen=True, eq=False)
class Readable:
    """What stands in for a file: the `path` for the driver, the encoding of its text, and what was mended (`notes`) or lost (`losses`).

    `parts` and `names` are those of a shapefile or .dbf; `names` is None where the driver's own names of the fields hold.
    """

    path: Path
    encoding: Encoding | None = None
    notes: tuple[Note, ...] = ()
    losses: tuple[Note, ...] = ()
    parts: Parts | None = None
    names: FieldNames | None = None

    @property
    def utf8(self) -> bool:
        """True where the driver finds UTF-8: in the file itself, or in the copy that stands in for it."""
        return self.path.suffix.lower() in (*TEXTS, DRAWING) or self.encoding is None

    @property
    def codec(self) -> str | None:
        """What the driver is told of the text: nothing for formats that know it."""
        return None if self.encoding is None or self.parts is None else self.encoding.name


def readable(path: Path, encoding: str = "auto") -> Readable:
    """Return a file as the driver can read it; InputError that says what is wrong and what to do where it cannot."""
    check_content(path)
    suffix = path.suffix.lower()
    if suffix in DATABASES:
        check_tables(path)
    asked = _asked(path, encoding)
    if suffix in SHAPEFILES:
        parts = shapefile_parts(path)
        found = asked or detect_encoding(path)
        names = name_fields(parts.table, found.name, path) if parts.table is not None else None
        notes = (*((found.warning,) if found.warning else ()), *parts.notes, *(names.notes if names else ()))
        return Readable(parts.path, found, notes, parts.losses, parts, names)
    if suffix in TEXTS:
        text = text_file(path, asked)
        if text.path != path:  # in another encoding other signs may stand there
            with told_as(path, text.path):
                check_content(text.path)
        if suffix in JSON:
            check_json(text.path, path)
        opened = _beside_nothing(text.path, path) if suffix == ".gml" else text.path
        return Readable(opened, text.encoding, text.notes, text.losses)
    if suffix == ".xlsx":
        opened, left_out = below_titles(path)
        return Readable(opened, asked, left_out)
    if suffix == DRAWING:
        return Readable(path, asked or encoding_of_text(path))
    if suffix == ".mif" and asked is None:
        beside = sibling(path, ".mid")
        seen = encoding_of_text(beside) if beside else None
        asked = seen if seen is not None and seen.name == "GB18030" and _NEUTRAL.search(_head(path)) else None
    return Readable(path, asked)


@contextmanager
def told_as(path: Path, read: Path) -> Iterator[None]:
    """Name a file in what is said of the copy that stands in for it."""
    try:
        yield
    except InputError as why:
        raise InputError(str(why).replace(str(read), str(path))) from None


def _beside_nothing(opened: Path, path: Path) -> Path:
    """Return a GML file where its driver may write what it learns of it: not beside the user's own."""
    return _apart.of((*state_of(path, path.with_suffix(".xsd")), opened), lambda: _given(opened, path))


def _given(opened: Path, path: Path) -> Path:
    place = new_folder()
    give(opened, place / path.name)
    if path.with_suffix(".xsd").exists() and stays_here(path.with_suffix(".xsd")):
        give(path.with_suffix(".xsd"), place / f"{path.stem}.xsd")
    return place / path.name


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(400)


def _asked(path: Path, wanted: str) -> Encoding | None:
    """Return the encoding that the planner says, None where it is to be found out."""
    if wanted.lower() in {"auto", ""}:
        return None
    name = codec_name(wanted)
    if name is None:
        raise InputError(_("{file}: encoding = “{encoding}” is unknown; write auto, gb18030 or utf-8").format(file=path, encoding=wanted))
    return Encoding(name, _("as asked for"))
