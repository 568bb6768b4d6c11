"""The text encoding of a table: of a shapefile's told by its .cpg or language byte, or found out from its bytes, as that of a .csv is."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from gridplanner.i18n import N_, _
from gridplanner.io.table import Note
from gridplanner.io.text_samples import TextSample, table_sample, text_file_sample

LANGUAGE_BYTE_GBK = 0x4D
_LANGUAGE_AT = 29
# language bytes worth trusting; others (0, 0x57 "system") say nothing
_BY_LANGUAGE = {
    0x4D: "GB18030", 0x7A: "GB18030", 0x4F: "CP950", 0x78: "CP950", 0x4E: "CP949", 0x7B: "CP932", 0x13: "CP932", 0x03: "CP1252",
    0xC8: "CP1250", 0xC9: "CP1251",
}  # fmt: skip
_CHINESE = {"GBK", "GB2312", "GB18030", "CP936", "936", "EUC-CN", "ANSI 936"}
MOST = 0.5  # of the texts beyond ASCII: a short text in GBK can be UTF-8 by chance, most of them cannot


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

    The order is .cpg, language byte, UTF-8, GB18030; a .cpg that the bytes contradict (Chinese said, UTF-8 found, or the other way
    round) is not believed, and says so. One damaged text among many does not decide.
    """
    dbf = path if path.suffix.lower() == ".dbf" else sibling(path, ".dbf")
    if dbf is None:
        return Encoding("UTF-8", _("no .dbf"))
    sample = table_sample(dbf)
    said = _said_by_cpg(path)
    if said:
        return _checked(said, sample, place=dbf.name)
    with dbf.open("rb") as stream:
        head = stream.read(32)
    language = _BY_LANGUAGE.get(head[_LANGUAGE_AT]) if len(head) > _LANGUAGE_AT else None
    return _checked(language, sample, place=dbf.name, by=_("language byte")) if language else _by_bytes(sample)


def encoding_of_text(path: Path) -> Encoding | None:
    """Return the encoding of a text file such as a .csv: UTF-16 or UTF-8 where its bytes are that, else GB18030; None if unreadable."""
    try:
        with path.open("rb") as stream:
            mark = stream.read(3)
        if mark[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return Encoding("UTF-16", _("its first bytes say so"))
        if mark == codecs.BOM_UTF8:
            return Encoding("UTF-8", _("its first bytes say so"))
        return _by_bytes(text_file_sample(path))
    except OSError:  # the reader says what is wrong with it
        return None


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
        except (LookupError, ValueError):  # a NUL in it
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


def _by_bytes(sample: TextSample) -> Encoding:
    """Return the encoding that texts are in by the look of their bytes."""
    if sample.plain:
        return Encoding("UTF-8", _("plain ASCII"))
    if sample.share("utf-8") > MOST:
        return Encoding("UTF-8", _("its bytes are UTF-8"))
    if sample.western:
        return Encoding("CP1252", _("accented letters stand alone, as they never do in Chinese"))
    return Encoding("GB18030", _("its bytes are not UTF-8"))


def _checked(said: str, sample: TextSample, *, place: str, by: str = ".cpg") -> Encoding:
    """Return the encoding that a file says of itself, or the one that its bytes show it to be in."""
    values_of = {"file": place, "by": by, "said": said}
    is_utf8 = sample.share("utf-8") > MOST
    if said == "GB18030" and is_utf8 and not sample.plain:
        wrong = N_("{file}: the {by} says {said}, but the text is UTF-8 and was read so")
        return Encoding("UTF-8", _("its bytes are UTF-8"), (wrong, values_of))
    if said == "UTF-8" and not is_utf8 and not sample.western and sample.share("gb18030") > MOST:
        wrong = N_("{file}: the {by} says {said}, but the text is GB18030 and was read so")
        return Encoding("GB18030", _("its bytes are not UTF-8"), (wrong, values_of))
    return Encoding(said, by)
