"""What a journal keeps of an edit: its lines of the change log, and the delta that makes the project after it."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from gridplanner.errors import ProjectFileError
from gridplanner.i18n import _
from gridplanner.io.keeping.delta import Delta, bytes_to_delta, delta_to_bytes
from gridplanner.model.changes import Change, ChangeLine

VERSION = 1
_HEAD = struct.Struct("<BI")  # version, bytes of the packed log
_MOST = 256 << 20  # bytes of a log that are unpacked


@dataclass(frozen=True, eq=False)
class Entry:
    """An edit as it was made: what the log says of it, and what it changed."""

    changes: tuple[Change, ...]
    delta: Delta


def entry_to_bytes(changes: Sequence[Change], delta: Delta) -> bytes:
    """Return an edit as bytes."""
    log = [[c.number, c.at, c.who, c.words, c.way, [[x.what, x.ref, x.field, x.before, x.after] for x in c.lines]] for c in changes]
    head = zlib.compress(json.dumps(log, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"), 1)
    return b"".join((_HEAD.pack(VERSION, len(head)), head, delta_to_bytes(delta)))


def bytes_to_entry(data: bytes) -> Entry:
    """Return the edit that `entry_to_bytes` wrote; raises ProjectFileError where it is damaged or of a newer version."""
    try:
        version, length = _HEAD.unpack_from(data)
        if version > VERSION:
            raise ProjectFileError(_("the change was made by a newer gridplanner; open it with that version or a later one"))
        log = json.loads(zlib.decompressobj().decompress(data[_HEAD.size : _HEAD.size + length], _MOST).decode("utf-8", "surrogatepass"))
        changes = tuple(
            Change(int(number), float(at), str(who), str(words), str(way), tuple(ChangeLine(*map(str, line)) for line in lines))
            for number, at, who, words, way, lines in log
        )
    except (ValueError, TypeError, struct.error, zlib.error, RecursionError, OverflowError) as why:
        raise ProjectFileError(_("the change does not fit together ({why})").format(why=str(why) or type(why).__name__)) from None
    return Entry(changes, bytes_to_delta(data[_HEAD.size + length :]))
