"""Where a layer is read: the file that holds it, as the driver can read it, also when it lies in an archive."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io.connections import in_database
from gridplanner.io.doctor.archives import Member, is_archive, layer_names, open_archive
from gridplanner.io.doctor.misread_text import RAW
from gridplanner.io.doctor.own_folder import Kept, state_of
from gridplanner.io.doctor.readable import Readable, readable
from gridplanner.io.table import Note

Lister = Callable[[Path, Readable], Mapping[str, str]]  # the layers of a file with their geometry types


def check_exists(path: Path) -> None:
    """Raise InputError that suggests the nearest file name where there is no such file."""
    if in_database(path) or path.exists():
        return
    folder = path.parent
    if not folder.is_dir():
        raise InputError(_("{file}: there is no such file, nor the folder {folder}; check the path").format(file=path, folder=folder))
    names = {found.stem: found.name for found in sorted(folder.iterdir())}  # a suffix in common makes no likeness
    near = difflib.get_close_matches(path.stem, names, n=1)
    hint = _("did you mean {name}?").format(name=names[near[0]]) if near else _("check the path")
    raise InputError(_("{file}: there is no such file; {hint}").format(file=path, hint=hint))


@dataclass(frozen=True)
class PackedLayer:
    """A layer of an archive: the name it is chosen by, its file, its own name there, and why it cannot be read."""

    name: str
    member: Member
    own: str
    geometry: str
    why: str = ""


@dataclass(frozen=True)
class LayerPlace:
    """Where a layer is read: the file as the driver can read it, the layer's own name there, and what is to be told of it."""

    path: Path
    ready: Readable
    own: str
    notes: list[Note]
    losses: list[Note]
    member: Member | None = None

    @property
    def raw(self) -> bool:
        """True where all text is read as bytes, since the driver cannot read the names of the fields."""
        ready = self.ready
        if ready.names is not None:
            return not ready.names.own
        return ready.encoding is not None and ready.parts is None and not ready.utf8

    @property
    def codec(self) -> str | None:
        """The encoding that the driver is told, None where it knows it by itself."""
        return RAW if self.raw else self.ready.codec


_packed: Kept[tuple[PackedLayer, ...]] = Kept()


def place_of(path: Path, layer: str, encoding: str, lister: Lister) -> LayerPlace:
    """Return where a layer is read; InputError where there is no such file, or no such layer in an archive."""
    check_exists(path)
    if not is_archive(path):
        ready = readable(path, encoding)
        return LayerPlace(path, ready, layer, _notes_of(ready, layer), list(ready.losses))
    chosen = packed_layer(path, layer, lister)
    with told_of(path, chosen.member):
        ready = readable(chosen.member.path, encoding)
    unread = [each for each in packed_layers(path, lister) if each.why]
    losses = [(N_("{file}: a layer of the archive cannot be read: {why}"), {"file": path.name, "why": each.why}) for each in unread]
    notes = [*_notes_of(ready, chosen.own), *open_archive(path).notes]
    return LayerPlace(path, ready, chosen.own, notes, [*ready.losses, *losses], chosen.member)


def _notes_of(ready: Readable, layer: str) -> list[Note]:
    """Return what is to be told of a file, without what is of another of its layers."""
    return [(text, values) for text, values in ready.notes if values.get("layer", layer) == layer]


def packed_layer(path: Path, layer: str, lister: Lister) -> PackedLayer:
    """Return the layer of an archive that has a name; InputError where none has, or where it cannot be read."""
    layers = packed_layers(path, lister)
    chosen = next((each for each in layers if each.name == layer), None)
    if chosen is None:
        text = _("{file}: there is no layer “{layer}”; its layers are {layers}")
        raise InputError(text.format(file=path, layer=layer, layers=", ".join(each.name for each in layers)))
    if chosen.why:
        raise InputError(chosen.why)
    return chosen


def packed_layers(path: Path, lister: Lister) -> tuple[PackedLayer, ...]:
    """Return the layers of all data files of an archive; a file that cannot be read is a layer that says why."""
    return _packed.of(state_of(path), lambda: _list_packed(path, lister))


def _list_packed(path: Path, lister: Lister) -> tuple[PackedLayer, ...]:
    found: list[tuple[Member, str]] = []
    kinds: list[tuple[str, str]] = []
    for member in open_archive(path).members:
        try:
            with told_of(path, member):
                layers = lister(member.path, readable(member.path))
                if not layers:
                    raise InputError(_("{file}: has no layers; check that it is the right file").format(file=member.path))
        except InputError as why:
            found.append((member, member.path.stem))
            kinds.append(("", str(why)))
        else:
            found += [(member, own) for own in layers]
            kinds += [(kind, "") for kind in layers.values()]
    if all(why for _kind, why in kinds):
        raise InputError(kinds[0][1])
    return tuple(
        PackedLayer(name, member, own, kind, why) for name, (member, own), (kind, why) in zip(layer_names(found), found, kinds, strict=True)
    )


@contextmanager
def told_of(path: Path, member: Member | None) -> Iterator[None]:
    """Name the archive and the file in it in what is said of a file that was unpacked."""
    try:
        yield
    except InputError as why:
        if member is None:
            raise
        raise InputError(str(why).replace(str(member.path), f"{path} ({member.name})")) from None
