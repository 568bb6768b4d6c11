"""Text files whose bytes are not the UTF-8 that the drivers ask for, written over into it in a copy; what cannot be read is told."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io.dbf import MOST, Encoding, codec_name, encoding_of_text
from gridplanner.io.doctor.contents import JSON, XML, declared_encoding
from gridplanner.io.doctor.own_folder import Kept, new_folder, state_of
from gridplanner.io.reading import named
from gridplanner.io.table import Note

TABLES = (".csv", ".tsv")
TEXTS = (*TABLES, *JSON, *XML)
_CHUNK = 1 << 20
_LONGEST_LINE = 10_000_000  # bytes, what the driver takes
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
    elif found.name == "UTF-8" and (said is None or said in _PLAIN):
        return TextFile(path, found, losses=seen.losses)
    opened = new_folder() / path.name
    bad = _write_over(path, opened, found.name, is_xml=suffix in XML)
    values = {"file": path.name, "encoding": found.name}
    notes: list[Note] = []
    if found.name != "UTF-8" and suffix not in TABLES:
        notes.append((N_("{file}: its text is {encoding}, not UTF-8 as its format asks for; it was read so"), values))
    losses = list(seen.losses)
    if bad:
        text = N_("{file}: characters that are not {encoding} were read as �: {count}, in lines {lines}; say the right encoding")
        losses.append((text, {**values, "count": f"{len(bad):,}", "lines": named(np.unique(bad))}))
    return TextFile(opened, found, tuple(notes), tuple(losses))


@dataclass(frozen=True)
class _Seen:
    """What one pass over a file shows: whether it is broken as UTF-8, and if so, whether more of its lines are Chinese in GB18030."""

    broken: bool
    chinese: bool
    losses: tuple[Note, ...]


def _looked_over(path: Path, suffix: str) -> _Seen:
    decoder = codecs.getincrementaldecoder("utf-8")()
    broken, line, longest, quotes = False, 0, 0, 0
    with path.open("rb") as stream:
        while data := stream.read(_CHUNK):
            if not broken:
                try:
                    decoder.decode(data)
                except UnicodeDecodeError:
                    broken = True
            if suffix in TABLES:
                quotes += data.count(b'"')
                first, last = data.find(b"\n"), data.rfind(b"\n")
                longest = max(longest, line + (first if first >= 0 else len(data)))
                line = len(data) - last - 1 if last >= 0 else line + len(data)
    if longest > _LONGEST_LINE:
        text = _("{file}: a line of it is longer than {size} MB; it is damaged, or not a table")
        raise InputError(text.format(file=path, size=_LONGEST_LINE // 1_000_000))
    return _Seen(broken, broken and _mostly_chinese(path), _unclosed(path) if quotes % 2 else ())


def _unclosed(path: Path) -> tuple[Note, ...]:
    """Return a note where a quotation mark is opened and never closed: what follows belongs to its value, whatever it was meant to be."""
    opened = last = 0
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                last = number
            if line.count(b'"') % 2:
                opened = number
    if last == opened:
        return ()
    text = N_("{file}: a quotation mark in line {line} is not closed: the lines up to {last} were read as part of its value; mend it")
    return ((text, {"file": path.name, "line": opened, "last": last}),)


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


def _write_over(path: Path, target: Path, codec: str, *, is_xml: bool) -> list[int]:
    """Write a file in UTF-8 and return the line of each character that could not be read."""
    decoder = codecs.getincrementaldecoder("utf-8-sig" if codec == "UTF-8" else codec)("replace")
    bad: list[int] = []
    line, first = 1, True
    with path.open("rb") as stream, target.open("w", encoding="utf-8", errors="replace", newline="") as out:
        while True:
            data = stream.read(_CHUNK)
            text = decoder.decode(data, final=not data)
            if first and is_xml:
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
