"""Text files whose bytes are not the UTF-8 that the drivers ask for, written over into it in a copy; what cannot be read is told."""

from __future__ import annotations

import codecs
import dataclasses
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io.dbf import MOST, Encoding, codec_name, encoding_of_text
from gridplanner.io.doctor.contents import JSON, XML, declared_encoding
from gridplanner.io.doctor.csv_rows import LONGEST_LINE, csv_losses, cut_before
from gridplanner.io.doctor.own_folder import Kept, new_folder, state_of
from gridplanner.io.doctor.sheet_titles import TITLE, lines_above
from gridplanner.io.reading import named
from gridplanner.io.table import Note

TABLES = (".csv", ".tsv")
TEXTS = (*TABLES, *JSON, *XML)
_CHUNK = 1 << 20
_PLAIN = ("UTF-8", "ASCII", "US-ASCII")
_LOST = "\ufffd"
_DECLARED = re.compile(r"""(<\?xml[^>]*?encoding\s*=\s*["'])[A-Za-z0-9._-]+""")


@dataclass(frozen=True)
class TextFile:
    """A text file as the driver can read it, in UTF-8, and the encoding that it was in."""

    path: Path
    encoding: Encoding
    notes: tuple[Note, ...] = ()
    losses: tuple[Note, ...] = ()


_known: Kept[TextFile] = Kept()


def text_file(path: Path, asked: Encoding | None = None) -> TextFile:
    """Return a text file in UTF-8; `asked` is the encoding that the planner says. InputError where it cannot be opened."""
    return _known.of((*state_of(path), asked), lambda: _text_file(path, asked))


def _text_file(path: Path, asked: Encoding | None) -> TextFile:
    suffix = path.suffix.lower()
    found = asked or encoding_of_text(path)
    if found is None:
        raise InputError(_("{file}: cannot be opened; check that it is not open elsewhere").format(file=path))
    with path.open("rb") as stream:
        head = stream.read(400)
    said = codec_name(declared_encoding(head)) if suffix in XML else None
    if asked is None and said and said not in (*_PLAIN, "GB18030", "UTF-16") and found.name != "UTF-8":
        found = Encoding(said, _("its first line says so"))
    seen = _looked_over(path, suffix)
    if found.name == "UTF-8" and seen.broken:
        if asked is None and seen.chinese:
            found = Encoding("GB18030", _("its bytes are not UTF-8"))
    elif found.name == "UTF-8" and (said is None or said in _PLAIN) and not seen.nothings:
        return _whole_rows(TextFile(path, found), path)
    opened = new_folder() / path.name
    bad = _write_over(path, opened, found.name, suffix)
    values = {"file": path.name, "encoding": found.name}
    notes: list[Note] = []
    if found.name != "UTF-8" and suffix not in TABLES:
        notes.append((N_("{file}: its text is {encoding}, not UTF-8 as its format asks for; it was read so"), values))
    losses: list[Note] = []
    if seen.nothings and found.name != "UTF-16":
        text = N_("{file}: bytes that stand for no character (NUL) were left out: {count}; look at the file")
        notes.append((text, {**values, "count": f"{seen.nothings:,}"}))
    if bad:
        text = N_("{file}: characters that are not {encoding} were read as �: {count}, in lines {lines}; say the right encoding")
        losses.append((text, {**values, "count": f"{len(bad):,}", "lines": named(np.unique(bad))}))
    return _whole_rows(TextFile(opened, found, tuple(notes), tuple(losses)), path)


def _whole_rows(read: TextFile, path: Path) -> TextFile:
    """Return a file with what the driver would leave out of its rows told, where it is a table, and without a row that never ends."""
    if path.suffix.lower() not in TABLES:
        return read
    read = _below_title(read, path)
    losses, line = csv_losses(read.path, path.name)
    opened = read.path
    if line > 1:
        opened = new_folder() / path.name
        cut_before(read.path, line, opened)
    return dataclasses.replace(read, path=opened, losses=(*read.losses, *losses))


def _below_title(read: TextFile, path: Path) -> TextFile:
    """Return a table that begins with the names of its columns; lines above these are left out of a copy and told."""
    above = lines_above(read.path)
    if not above:
        return read
    opened = new_folder() / path.name
    with read.path.open(encoding="utf-8", errors="replace", newline="") as stream, opened.open("w", encoding="utf-8", newline="") as out:
        out.writelines(islice(stream, above, None))
    note = (TITLE, {"file": path.name, "layer": path.stem, "count": above})
    return dataclasses.replace(read, path=opened, notes=(*read.notes, note))


@dataclass(frozen=True)
class _Seen:
    """What one pass over a file shows.

    Whether it is `broken` as UTF-8, if so whether more of its lines are `chinese` in GB18030, and the `nothings` (NUL) in a table: a line
    that begins with one is no row for the driver, a cell ends there.
    """

    broken: bool
    chinese: bool
    nothings: int


def _looked_over(path: Path, suffix: str) -> _Seen:
    decoder = codecs.getincrementaldecoder("utf-8")()
    broken, line, longest, nothings = False, 0, 0, 0
    with path.open("rb") as stream:
        while data := stream.read(_CHUNK):
            if not broken:
                try:
                    decoder.decode(data)
                except UnicodeDecodeError:
                    broken = True
            if suffix in TABLES:
                nothings += data.count(b"\0")
                first, last = data.find(b"\n"), data.rfind(b"\n")
                longest = max(longest, line + (first if first >= 0 else len(data)))
                line = len(data) - last - 1 if last >= 0 else line + len(data)
    if longest > LONGEST_LINE:
        text = _("{file}: a line of it is longer than {size} MB; it is damaged, or not a table")
        raise InputError(text.format(file=path, size=LONGEST_LINE // 1_000_000))
    return _Seen(broken, broken and _mostly_chinese(path), nothings)


def _mostly_chinese(path: Path) -> bool:
    """True where most lines beyond ASCII cannot be read as UTF-8."""
    good = bad = 0
    with path.open("rb") as stream:
        for line in stream:
            if not line.isascii():
                try:
                    line.decode("utf-8")
                    good += 1
                except UnicodeDecodeError:
                    bad += 1
    return good <= MOST * (good + bad)


def _write_over(path: Path, target: Path, codec: str, suffix: str) -> list[int]:
    """Write a file in UTF-8, a table without NULs, and return the line of each character that could not be read."""
    decoder = codecs.getincrementaldecoder("utf-8-sig" if codec == "UTF-8" else codec)("replace")
    bad: list[int] = []
    line, first = 1, True
    with path.open("rb") as stream, target.open("w", encoding="utf-8", errors="replace", newline="") as out:
        while True:
            data = stream.read(_CHUNK)
            text = decoder.decode(data, final=not data)
            text = text.replace("\0", "") if suffix in TABLES else text
            if first and suffix in XML:
                text = _DECLARED.sub(r"\1UTF-8", text, count=1)
            first = False
            at = text.find(_LOST)
            while at >= 0:
                bad.append(line + text.count("\n", 0, at))
                at = text.find(_LOST, at + 1)
            line += text.count("\n")
            out.write(text)
            if not data:
                return bad
