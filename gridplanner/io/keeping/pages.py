"""The records of an SQLite file read page by page, whatever its indexes and its list of tables have become.

SQLite file format (sqlite.org/fileformat2.html): section 1.6 b-tree pages, 2.1 records. Every page that looks like a leaf of a table is
read, those that belong to no table any more, too; who asks must know by what they say whether records are whole.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from struct import Struct

HEAD = 100  # bytes before the first page's own head
MAGIC = b"SQLite format 3\x00"
_LEAF = 13
_FLOAT = Struct(">d")
_MOST_COLUMNS = 200
_SIZES = (512, 1024, 2048, 4096, 8192, 16384, 32768, 65536)
_WIDTHS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8, 8: 0, 9: 0}


@dataclass(frozen=True)
class Record:
    """One row: its number and its values: bytes, text as bytes, numbers or None; noughts stand for pages that are `whole` no more."""

    row: int
    values: tuple[object, ...]
    whole: bool = True


class Text(bytes):
    """The bytes of a text."""


class Pages:
    """A file's bytes, cut into pages; `usual` is the size of a page where the file's head does not say."""

    def __init__(self, data: bytes, usual: int = 16384) -> None:
        said = int.from_bytes(data[16:18], "big")
        said = 65536 if said == 1 else said
        whole_head = data.startswith(MAGIC) and said in _SIZES and len(data) >= HEAD
        self.size = said if whole_head else usual
        kept = data[20] if whole_head else 0
        self._usable = self.size - kept if kept <= 32 else self.size
        self._data = data

    def records(self, columns: Collection[int] = ()) -> Iterator[Record]:
        """Yield every record of every leaf page that can be read to its end, of so many `columns` where some are wished."""
        data, size = self._data, self.size
        for start in range(0, len(data), size):
            head = start + HEAD if start == 0 else start
            if head + 8 > len(data) or data[head] != _LEAF:
                continue
            count = int.from_bytes(data[head + 3 : head + 5], "big")
            if 8 + 2 * count > size:
                continue
            for at in range(head + 8, min(head + 8 + 2 * count, len(data) - 1), 2):
                place = start + int.from_bytes(data[at : at + 2], "big")
                try:
                    record = self._record(place, start + self._usable, columns)
                except (IndexError, ValueError):
                    continue
                yield record

    def _record(self, at: int, end: int, columns: Collection[int]) -> Record:
        length, at = self._number(at)
        row, at = self._number(at)
        if not 0 < length <= len(self._data):
            raise ValueError("no record is so long")
        payload, whole = self._payload(at, length, end)
        return Record(row - (1 << 64) if row >> 63 else row, _values(payload, columns), whole)

    def _payload(self, at: int, length: int, end: int) -> tuple[bytes, bool]:
        """Return a record's bytes; where a page says no next one, it is the one behind: a file is written in one go."""
        usable = self._usable
        most, least = usable - 35, (usable - 12) * 32 // 255 - 23
        here = length
        if length > most:
            spare = least + (length - least) % (usable - 4)
            here = spare if spare <= most else least
        if at + here + (4 if here < length else 0) > min(end, len(self._data)):
            raise ValueError("a record leaves its page")
        if here == length:
            return self._data[at : at + here], True
        parts, left = [self._data[at : at + here]], length - here
        page = int.from_bytes(self._data[at + here : at + here + 4], "big")
        whole, last = True, -(-len(self._data) // self.size)
        if not 2 <= page <= last:
            raise ValueError("a record's next page is missing")
        while left > 0:
            start = (page - 1) * self.size
            taken = min(left, usable - 4)
            part = self._data[start + 4 : start + 4 + taken]
            whole = whole and len(part) == taken
            parts.append(part.ljust(taken, b"\0"))
            left -= taken
            next_page = int.from_bytes(self._data[start : start + 4], "big")
            if left > 0 and not 2 <= next_page <= last:
                whole, next_page = False, page + 1
            page = next_page
        return b"".join(parts), whole

    def _number(self, at: int) -> tuple[int, int]:
        return _varint(self._data, at)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of one to nine bytes and where the next begins."""
    value = 0
    for step in range(8):
        byte = data[at + step]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + step + 1
    return value << 8 | data[at + 8], at + 9


def _values(payload: bytes, columns: Collection[int]) -> tuple[object, ...]:
    length, at = _varint(payload, 0)
    if not at <= length <= len(payload):
        raise ValueError("the head of a record is longer than it")
    kinds = []
    while at < length:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    if at != length or not 0 < len(kinds) <= _MOST_COLUMNS:
        raise ValueError("the head of a record is none")
    if columns and len(kinds) not in columns:
        raise ValueError("it is none of those that are wished")
    values: list[object] = []
    for kind in kinds:
        width = _WIDTHS[kind] if kind in _WIDTHS else (kind - 12) // 2 if kind >= 12 else 0
        part = payload[at : at + width]
        if len(part) != width:
            raise ValueError("a record ends too soon")
        at += width
        values.append(_value(kind, part))
    if at != len(payload):
        raise ValueError("a record goes on after its end")
    return tuple(values)


def _value(kind: int, part: bytes) -> object:
    if kind == 0:
        return None
    if kind in {8, 9}:
        return kind - 8
    if kind == 7:
        return _FLOAT.unpack(part)[0]
    if kind in _WIDTHS:
        return int.from_bytes(part, "big", signed=True)
    if kind < 12:
        raise ValueError("a kind of value that there is not")
    return Text(part) if kind % 2 else part
