"""The words of a PDF, page by page, read from its own tables of characters: independent of what wrote it."""

import re
import zlib
from pathlib import Path

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_DRAWN = re.compile(rb"/(F\d+) [\d.]+ Tf|<([0-9a-fA-F]+)> Tj|(/Span << /ActualText <> >> BDC)|(EMC)|(\bET\b)")


def pdf_pages(path: Path) -> list[str]:
    """Return the words drawn on each page, a line for each piece of text; what is drawn again to make letters bold is left out."""
    objects = {int(number): body for number, body in re.findall(rb"(\d+) 0 obj(.*?)endobj", path.read_bytes(), re.DOTALL)}
    pages = []
    for body in objects.values():
        if not re.search(rb"/Type\s*/Page\b", body):
            continue
        resources = objects[_reference(body, b"Resources")]
        fonts = {name: _characters(objects, int(number)) for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", resources)}
        pages.append(_words(_unpacked(objects[_reference(body, b"Contents")]), fonts))
    return pages


def _words(drawn: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    pieces, line, characters, again = [], "", {}, False
    for font, glyphs, span, end_span, end_text in _DRAWN.findall(drawn):
        if font:
            characters = fonts[font]
        elif glyphs and not again:
            line += "".join(characters.get(int(glyphs[at : at + 4], 16), "") for at in range(0, len(glyphs), 4))
        elif span or end_span:
            again = bool(span)
        elif end_text and line:
            pieces.append(line)
            line = ""
    return "\n".join(pieces).replace("\t", " ")


def _characters(objects: dict[int, bytes], font: int) -> dict[int, str]:
    table = _unpacked(objects[_reference(objects[font], b"ToUnicode")]).decode("latin-1")
    found: dict[int, str] = {}
    for part in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, list_of, start in re.findall(r"<(\w+)>\s*<(\w+)>\s*(?:\[(.*?)\]|<(\w+)>)", part, re.DOTALL):
            codes = (
                re.findall(r"<(\w+)>", list_of)
                if list_of
                else [f"{int(start, 16) + n:04x}" for n in range(int(last, 16) - int(first, 16) + 1)]
            )
            for number, code in enumerate(codes):
                found[int(first, 16) + number] = bytes.fromhex(code).decode("utf-16-be")
    for part in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for glyph, code in re.findall(r"<(\w+)>\s*<(\w+)>", part):
            found[int(glyph, 16)] = bytes.fromhex(code).decode("utf-16-be")
    return found


def _reference(body: bytes, key: bytes) -> int:
    found = re.search(rb"/" + key + rb" (\d+) 0 R", body)
    assert found is not None, key
    return int(found.group(1))


def _unpacked(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found is not None
    return zlib.decompress(found.group(1)) if b"FlateDecode" in body else found.group(1)
