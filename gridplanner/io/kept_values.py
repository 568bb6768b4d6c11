"""Model values kept in working files, to the last bit, so that work that was interrupted goes on where it stopped."""

from __future__ import annotations

import glob
import json
from hashlib import blake2b
from pathlib import Path

import numpy as np

from gridplanner.errors import ProjectFileError
from gridplanner.io.packing import Packed, array_to_bytes, bytes_to_array, pack, unpack
from gridplanner.plan_file import settings_to_table
from gridplanner.settings import Settings

_HEAD = 8  # bytes that say how long the list of contents is


def keep_value(path: Path, value: object) -> None:
    """Write a value of the model into a file: whole or not at all."""
    packed = pack(value)
    places, blobs = [], []
    for name, array in packed.arrays.items():
        kind, data = array_to_bytes(array)
        places.append((name, kind, array.shape, len(data)))
        blobs.append(data)
    head = json.dumps({"tree": packed.tree, "arrays": places}, ensure_ascii=False).encode("utf-8", "surrogatepass")
    new = path.with_suffix(".new")
    with new.open("wb") as stream:
        stream.write(len(head).to_bytes(_HEAD, "little") + head)
        stream.writelines(blobs)
        stream.write(blake2b(head, digest_size=16).digest())
    new.replace(path)


def kept_value(path: Path) -> object | None:
    """Return the value kept in a file, None where there is none or it is not whole."""
    if not path.exists():
        return None
    with path.open("rb") as stream:
        head = stream.read(int.from_bytes(stream.read(_HEAD), "little"))
        try:
            content = json.loads(head.decode("utf-8", "surrogatepass"))
            arrays = {}
            for name, kind, shape, size in content["arrays"]:
                data = stream.read(size)
                array = bytes_to_array(kind, tuple(shape), data)
                array.setflags(write=False)
                arrays[name] = array
            if stream.read() != blake2b(head, digest_size=16).digest():
                return None
            return unpack(Packed(content["tree"], arrays))
        except (ValueError, KeyError, ProjectFileError):
            return None


def work_name(settings: Settings, version: str) -> str:
    """Return a name for the work on a plan: another one where the settings, a source file or the program is another."""
    wishes = json.dumps(settings_to_table(settings), sort_keys=True, default=str)
    digest = blake2b(f"{version} {np.__version__} {wishes}".encode(), digest_size=8)
    for source in settings.sources.values():
        path = Path(source.path)
        for part in sorted(path.parent.glob(f"{glob.escape(path.stem)}.*")):
            state = part.stat()
            digest.update(f"{part} {state.st_size} {state.st_mtime_ns}".encode())
    return digest.hexdigest()
