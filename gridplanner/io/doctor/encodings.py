"""The text of a file in every encoding that it could be in, side by side, so that a person sees which one is right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io.dbf import Encoding, detect_encoding, encoding_of_text, sibling
from gridplanner.io.doctor.readable import DRAWING
from gridplanner.io.doctor.text_files import TEXTS, text_file
from gridplanner.io.text_samples import TextSample, decoded, table_sample, text_file_sample
from gridplanner.io.vector_files import file_of

TABLES = (".shp", ".dbf")
MOST_SAMPLES = 8
LONGEST = 40  # characters of a sample
_NAMES = {"UTF-8": "UTF-8", "GB18030": "GBK / GB18030", "CP950": "Big5", "CP1252": "Windows-1252", "UTF-16": "UTF-16 (Unicode)"}
_USUAL = ("UTF-8", "GB18030", "CP950")
_PRIVATE = re.compile(r"[0-9]{7}")  # no identity or telephone number is shown


@dataclass(frozen=True)
class EncodingChoice:
    """One encoding that a file's text may be in.

    `codec` is what `encoding =` of a source takes, `name` what people call it, `why` in words of the language in use how it came to be
    named, `fits` True where every text of the file's beginning can be read so, `chosen` True for the one that reading takes by itself.
    `fields` are the field names as they would read, `samples` some of the values that tell the encodings apart.
    """

    codec: str
    name: str
    why: str
    fits: bool
    chosen: bool
    fields: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()


def encoding_choices(path: Path, layer: str = "") -> tuple[EncodingChoice, ...]:
    """Return the encodings to choose from, the one that reading takes first; nothing for formats whose text is always UTF-8.

    `path` may be an archive, `layer` then says which of its files. A file that cannot be read has no choices: its own reading says why.
    """
    try:
        found = _texts(file_of(path, layer))
    except (InputError, OSError):
        return ()
    if found is None:
        return ()
    taken, sample = found
    if taken.name.startswith("UTF-16"):
        return (_choice(taken, sample, chosen=True),)
    others = [] if sample.plain else [Encoding(name, "") for name in _USUAL if name != taken.name]
    return (_choice(taken, sample, chosen=True), *(_choice(other, sample, chosen=False) for other in others))


def _texts(path: Path) -> tuple[Encoding, TextSample] | None:
    """Return the encoding that a file is read in by itself, and texts from its beginning as bytes."""
    suffix = path.suffix.lower()
    if suffix in TABLES:
        dbf = path if suffix == ".dbf" else sibling(path, ".dbf")
        return None if dbf is None else (detect_encoding(path), table_sample(dbf))
    if suffix == DRAWING:
        taken = encoding_of_text(path)
        return None if taken is None else (taken, text_file_sample(path))
    if suffix in TEXTS:
        return text_file(path).encoding, text_file_sample(path)
    return None


def _choice(encoding: Encoding, sample: TextSample, *, chosen: bool) -> EncodingChoice:
    codec = encoding.name
    texts = [value for value in sample.values if not value.isascii()]
    broken = sum(not sample.fits(text, codec) for text in (*sample.names, *sample.values))
    why = encoding.why or (_("every text fits") if not broken else _("unreadable: {count}").format(count=broken))
    shown = (decoded(value, codec)[0][:LONGEST] for value in texts)
    samples = [text for text in dict.fromkeys(shown) if not _PRIVATE.search(text)]
    fields = tuple(decoded(name, codec)[0] for name in sample.names)
    return EncodingChoice(codec, _NAMES.get(codec, codec), why, not broken, chosen, fields, tuple(samples[:MOST_SAMPLES]))
