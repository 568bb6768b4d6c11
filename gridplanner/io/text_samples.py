"""Text as bytes from the beginning of a file, and how much of it an encoding can read."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

SAMPLE = 4_000_000  # bytes
_ROWS = 20_000
_VALUES = 5_000
_NAME = 10  # bytes of a field name
WHOLE, CUT, BROKEN = "", "cut", "broken"
_BETWEEN = re.compile(rb'[",;:<>\t\r\n]+')  # never the second byte of a character in GBK, GB18030 or Big5
_HIGH = re.compile(rb"[\x80-\xff]{2}")


@dataclass(frozen=True)
class TextSample:
    """The field names and the distinct values that a file begins with; `full` are those that fill their field and may have been cut."""

    names: tuple[bytes, ...] = ()
    values: tuple[bytes, ...] = ()
    full: frozenset[bytes] = field(default_factory=frozenset)

    @property
    def plain(self) -> bool:
        """True where nothing tells encodings apart."""
        return all(text.isascii() for text in (*self.names, *self.values))

    def share(self, codec: str) -> float:
        """Return the share of the texts beyond ASCII that an encoding can read, 1 where there are none."""
        beyond = [text for text in (*self.names, *self.values) if not text.isascii()]
        return sum(self.fits(text, codec) for text in beyond) / len(beyond) if beyond else 1.0

    def fits(self, text: bytes, codec: str) -> bool:
        """True where a text can be read; a last character cut by the field's width is forgiven."""
        fault = decoded(text, codec)[1]
        return fault == WHOLE or (fault == CUT and text in self.full)

    @property
    def western(self) -> bool:
        """True where letters beyond ASCII stand alone everywhere (NOMDÉPART), as they never do in Chinese."""
        return not self.plain and not any(_HIGH.search(text) for text in (*self.names, *self.values))


def decoded(text: bytes, codec: str) -> tuple[str, str]:
    r"""Return bytes as text, and what was wrong: nothing, its last character cut (and left out), or bytes that are no characters (as �).

    >>> decoded("城东".encode("gbk")[:3], "gbk"), decoded(b"a\xff", "utf-8")
    (('城', 'cut'), ('a�', 'broken'))
    """
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        words = decoder.decode(text)
    except UnicodeDecodeError:
        return text.decode(codec, "replace"), BROKEN
    return words, CUT if decoder.getstate()[0] else WHOLE


def table_sample(dbf: Path) -> TextSample:
    """Return the field names of a .dbf, and the distinct text values of its first rows."""
    with dbf.open("rb") as stream:
        data = stream.read(SAMPLE)
    header, width = int.from_bytes(data[8:10], "little"), int.from_bytes(data[10:12], "little")
    names: list[bytes] = []
    spans: list[tuple[int, int]] = []
    at, start = 32, 1
    while at + 32 <= min(header, len(data)) and data[at] != 0x0D:
        names.append(data[at : at + 11].split(b"\x00")[0])
        if data[at + 11 : at + 12] in (b"C", b"M"):
            spans.append((start, start + data[at + 16]))
        start += data[at + 16]
        at += 32
    values: dict[bytes, None] = {}
    full = {name for name in names if len(name) >= _NAME}
    if width:
        for row in range(header, min(len(data), header + _ROWS * width) - width + 1, width):
            for a, b in spans:
                cell = data[row + a : row + b]
                value = cell.strip(b" \x00")
                values[value] = None
                if len(value) == len(cell):
                    full.add(value)
    return TextSample(tuple(names), tuple(value for value in values if value), frozenset(full))


def text_file_sample(path: Path) -> TextSample:
    """Return the words of a text file's beginning, and the names in its first line where it is a table."""
    with path.open("rb") as stream:
        data = stream.read(SAMPLE)
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            data = data.decode(codec, "replace").encode("utf-8")
    data = data.removeprefix(codecs.BOM_UTF8)
    names: tuple[bytes, ...] = ()
    if path.suffix.lower() in (".csv", ".tsv"):
        first, _, data = data.partition(b"\n")
        names = tuple(_words(first))
    words = dict.fromkeys(word for word in _words(data) if not word.isascii())
    last = (data.rstrip() and _BETWEEN.split(data)[-1].strip(),) if len(data) >= SAMPLE else ()
    return TextSample(names, tuple(words)[:_VALUES], frozenset(last))


def _words(data: bytes) -> Iterable[bytes]:
    return (word for word in (part.strip() for part in _BETWEEN.split(data)) if word)
