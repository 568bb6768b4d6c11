"""The text encoding of a table: of a shapefile's told by its .cpg or language byte, or found out from its bytes, as that of a .csv is."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from gridplanner.i18n import N_, _
from gridplanner.io.table import Note

LANGUAGE_BYTE_GBK = 0x4D
_LANGUAGE_AT = 29
# language bytes worth trusting; others (0, 0x57 "system") say nothing
_BY_LANGUAGE = {
    0x4D: "GB18030", 0x7A: "GB18030", 0x4F: "CP950", 0x78: "CP950", 0x4E: "CP949", 0x7B: "CP932", 0x13: "CP932", 0x03: "CP1252",
    0xC8: "CP1250", 0xC9: "CP1251",
}  # fmt: skip
_CHINESE = {"GBK", "GB2312", "GB18030", "CP936", "936", "EUC-CN", "ANSI 936"}
_SAMPLE = 4_000_000


@dataclass(frozen=True)
class Encoding:
    """A Python codec name, how it was found out, and a warning (msgid and values) where what the file says of itself is wrong."""

    name: str
    why: str
    warning: Note | None = None


def sibling(path: Path, suffix: str) -> Path | None:
    """Return the file of the same stem with another suffix, in whatever case it is written, None where there is none."""
    for candidate in (path.with_suffix(suffix), path.with_suffix(suffix.upper())):
        if candidate.exists():
            return candidate
    return next((p for p in path.parent.glob("*") if p.stem == path.stem and p.suffix.lower() == suffix), None)


def detect_encoding(path: Path) -> Encoding:
    """Return the encoding of a .shp's or .dbf's table.

    The order is .cpg, language byte, strict UTF-8, GB18030; a .cpg that the bytes contradict (Chinese said, UTF-8 found, or the
    other way round) is not believed, and says so.
    """
    dbf = path if path.suffix.lower() == ".dbf" else sibling(path, ".dbf")
    if dbf is None:
        return Encoding("UTF-8", _("no .dbf"))
    with dbf.open("rb") as stream:
        data = stream.read(_SAMPLE)
    values = _text_values(data)
    fits = _fits(values, "utf-8")
    plain = all(value.isascii() for value in values)
    said = _said_by_cpg(path)
    if said:
        return _checked(said, fits=fits, plain=plain, values=values, place=dbf.name)
    language = _BY_LANGUAGE.get(data[_LANGUAGE_AT]) if len(data) > _LANGUAGE_AT else None
    if language:
        return _checked(language, fits=fits, plain=plain, values=values, place=dbf.name, by=_("language byte"))
    if fits:
        return Encoding("UTF-8", _("plain ASCII") if plain else _("its bytes are UTF-8"))
    return Encoding("GB18030", _("its bytes are not UTF-8"))


def encoding_of_text(path: Path) -> Encoding | None:
    """Return the encoding of a text file such as a .csv: UTF-8 where its bytes are that, else GB18030; None where nothing can be read."""
    try:
        with path.open("rb") as stream:
            data = stream.read(_SAMPLE)
    except OSError:  # the reader says what is wrong with it
        return None
    if _fits([data], "utf-8"):
        return Encoding("UTF-8", _("plain ASCII") if data.isascii() else _("its bytes are UTF-8"))
    return Encoding("GB18030", _("its bytes are not UTF-8"))


def codec_name(name: str) -> str | None:
    """Return Python's name of an encoding as people and .cpg files write it, None where it is unknown; GBK and its kin become GB18030.

    >>> codec_name("cp936"), codec_name("65001"), codec_name("Klingon")
    ('GB18030', 'UTF-8', None)
    """
    word = name.strip().upper().replace("_", "-")
    if word in _CHINESE:
        return "GB18030"
    if word in {"UTF8", "65001", "CP65001"}:
        return "UTF-8"
    for candidate in (word, word.removeprefix("ANSI ").strip(), f"CP{word.removeprefix('ANSI ').strip()}"):
        try:
            return codecs.lookup(candidate).name.upper()
        except LookupError:
            continue
    return None


def write_language_byte(dbf: Path, encoding: str) -> None:
    """Put the language byte of GBK into a .dbf whose text is GBK or GB18030; the drivers write 0, which says nothing."""
    if encoding.upper() in _CHINESE:
        with dbf.open("r+b") as stream:
            stream.seek(_LANGUAGE_AT)
            stream.write(bytes([LANGUAGE_BYTE_GBK]))


def _said_by_cpg(path: Path) -> str | None:
    cpg = sibling(path, ".cpg")
    return codec_name(cpg.read_bytes()[:40].decode("ascii", "ignore").strip("\x00 \r\n\t")) if cpg else None


def _checked(said: str, *, fits: bool, plain: bool, values: list[bytes], place: str, by: str = ".cpg") -> Encoding:
    values_of = {"file": place, "by": by, "said": said}
    if said == "GB18030" and fits and not plain:
        wrong = N_("{file}: the {by} says {said}, but the text is UTF-8 and was read so")
        return Encoding("UTF-8", _("its bytes are UTF-8"), (wrong, values_of))
    if said == "UTF-8" and not fits and _fits(values, "gb18030"):
        wrong = N_("{file}: the {by} says {said}, but the text is GB18030 and was read so")
        return Encoding("GB18030", _("its bytes are not UTF-8"), (wrong, values_of))
    return Encoding(said, by)


def _fits(values: list[bytes], codec: str) -> bool:
    """True where every value can be decoded; a last character cut by the field's width is forgiven."""
    for value in values:
        try:
            codecs.getincrementaldecoder(codec)().decode(value)
        except UnicodeDecodeError:
            return False
    return True


def _text_values(data: bytes) -> list[bytes]:
    """Return the field names and the distinct non-empty text values in the first part of a .dbf."""
    header = int.from_bytes(data[8:10], "little")
    width = int.from_bytes(data[10:12], "little")
    values: set[bytes] = set()
    spans: list[tuple[int, int]] = []
    at, start = 32, 1
    while at + 32 <= min(header, len(data)) and data[at] != 0x0D:
        values.add(data[at : at + 11].split(b"\x00")[0])
        if data[at + 11 : at + 12] in b"CM":
            spans.append((start, start + data[at + 16]))
        start += data[at + 16]
        at += 32
    if width:
        for row in range(header, min(len(data), header + 20_000 * width) - width + 1, width):
            values.update(data[row + a : row + b].strip(b" \x00") for a, b in spans)
    return [value for value in values if value]
