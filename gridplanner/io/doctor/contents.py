"""What a file is by its suffix and its first bytes: only formats that are known are opened, and never what could reach the network."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.parsers import expat

from gridplanner.errors import InputError
from gridplanner.i18n import _

ARCHIVES = (".zip", ".kmz", ".shz")
XML = {".kml": ("kml",), ".gpx": ("gpx",), ".gml": ()}
JSON = (".geojson", ".json", ".geojsonl", ".geojsons")
SHEETS = (".xlsx", ".ods")
KNOWN = (
    ".shp", ".dbf", ".gpkg", ".tab", ".mif", ".dxf", ".csv", ".tsv", ".fgb", ".sqlite", ".db", ".gdb", ".seq",
    *JSON, *XML, *SHEETS, *ARCHIVES,
)  # fmt: skip
_HEAD = 65_536
_MOST_SHEET = 512 << 20  # bytes of a sheet when unpacked
_PACKED = (".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2")
# descriptions of data that lies elsewhere, which the driver would follow, or of what it should do
_ELSEWHERE = re.compile(
    rb"<\s*(OGRVRTDataSource|OGRWFSDataSource|OGRWFSLayer|WFS_Capabilities|wfs:WFS_Capabilities|GDAL_WMS|VRTDataset)|gdal_streamed_alg"
)
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_MAGIC: dict[str, tuple[bytes, ...]] = {
    ".gpkg": (b"SQLite format 3\x00",),
    ".sqlite": (b"SQLite format 3\x00",),
    ".db": (b"SQLite format 3\x00",),
    ".fgb": (b"fgb",),
    ".shp": (b"\x00\x00\x27\x0a",),
    ".xlsx": (b"PK\x03\x04",),
    ".ods": (b"PK\x03\x04",),
}


def check_content(path: Path) -> None:
    """Raise InputError where a file is not what its suffix says, or of a format that is not read; an archive is looked into elsewhere."""
    suffix = path.suffix.lower()
    if path.is_dir():
        if suffix != ".gdb":
            raise InputError(_("{file}: is a folder; give a file in it").format(file=path))
        return
    if suffix not in KNOWN:
        raise _unknown(path, suffix)
    if suffix in ARCHIVES:
        return
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as why:
        raise InputError(_("{file}: cannot be opened: {why}").format(file=path, why=why.strerror or why)) from None
    if not head:
        raise InputError(_("{file}: cannot be read: the file is empty; copy it again").format(file=path))
    if suffix in _MAGIC and not head.startswith(_MAGIC[suffix]):
        raise _not_so(path, suffix)
    if suffix in SHEETS:
        _check_sheet(path)
    elif suffix in XML:
        _check_xml(path, head, XML[suffix])
    elif suffix not in _MAGIC and suffix != ".dbf":
        _check_text(path, head, suffix)


def declared_encoding(head: bytes) -> str:
    """Return the encoding that an XML file says of itself, empty where it says none."""
    found = _DECLARED.search(head[:400])
    return found.group(1).decode("ascii") if found else ""


def _check_text(path: Path, head: bytes, suffix: str) -> None:
    """Refuse text that is a description of something elsewhere, and what is not the kind of text that the suffix says."""
    if _ELSEWHERE.search(head):
        raise _elsewhere(path)
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")[:1]
    if start == b"<" or (suffix in JSON and start not in (b"{", b"[", b"\x1e")):
        raise _not_so(path, suffix)


def _check_xml(path: Path, head: bytes, roots: tuple[str, ...]) -> None:
    """Refuse XML that declares a document type: its entities could swell in memory or fetch other files."""
    if _ELSEWHERE.search(head):
        raise _elsewhere(path)
    found: list[str] = []
    with path.open("rb") as stream:
        _parse_start(path, stream.read, found)
    if not found or (roots and found[0].rpartition(":")[2].lower() not in roots):
        raise _not_so(path, path.suffix.lower())


class _Enough(Exception):  # noqa: N818  (not a failure: the first element has been seen)
    """The parser has seen what it was asked for."""


def _parse_start(path: Path, read: Callable[[int], bytes], found: list[str]) -> None:
    """Put the name of the first element into `found`; InputError where a document type stands before it."""

    def declared(*_words: object) -> None:
        text = _("{file}: declares entities (DOCTYPE), which could fetch other files or fill the memory; save it again from QGIS")
        raise InputError(text.format(file=path))

    def began(name: str, _attributes: object) -> None:
        found.append(name)
        raise _Enough

    first = read(_HEAD)
    # the names before the first element are ASCII in every encoding here, so that the parser need not know it
    utf16 = first[:2] in (b"\xff\xfe", b"\xfe\xff")
    parser = expat.ParserCreate(None if utf16 else "iso-8859-1")
    parser.StartDoctypeDeclHandler = declared
    parser.EntityDeclHandler = declared
    parser.StartElementHandler = began
    try:
        while first:
            parser.Parse(first, False)
            first = read(_HEAD)
    except _Enough:
        return
    except expat.ExpatError as why:
        text = _("{file}: cannot be read: line {line}: it is not well-formed XML; it was cut off or damaged, get it again")
        raise InputError(text.format(file=path, line=why.lineno)) from None


def _check_sheet(path: Path) -> None:
    """Refuse a workbook that would fill the memory when unpacked."""
    try:
        with zipfile.ZipFile(path) as book:
            size = sum(member.file_size for member in book.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        text = _("{file}: cannot be read: the workbook is damaged; open it in Excel and save it again")
        raise InputError(text.format(file=path)) from None
    if size > _MOST_SHEET:
        text = _("{file}: is {size} MB when unpacked; save the sheet as .csv")
        raise InputError(text.format(file=path, size=f"{size >> 20:,}"))


def _elsewhere(path: Path) -> InputError:
    text = _("{file}: describes data that lies elsewhere, such as on the network, and is not opened; give the data itself")
    return InputError(text.format(file=path))


def _not_so(path: Path, suffix: str) -> InputError:
    text = _("{file}: is not a {suffix} file by its content: it is damaged, or of another format; get it again")
    return InputError(text.format(file=path, suffix=suffix))


def _unknown(path: Path, suffix: str) -> InputError:
    if suffix in _PACKED:
        return InputError(_("{file}: archives of this kind are not opened; unpack it and give the files inside").format(file=path))
    if suffix == ".xls":
        return InputError(_("{file}: is a workbook of before 2007; open it in Excel and save it as .xlsx").format(file=path))
    if suffix == ".vrt":
        return _elsewhere(path)
    text = _("{file}: is of a format that is not known; give .shp, .gpkg, .geojson, .kml, .gml, .gpx, .dxf, .csv, .xlsx or a .zip of these")
    return InputError(text.format(file=path))
