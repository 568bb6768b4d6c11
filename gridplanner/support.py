"""The support bundle: what helps to find a fault, without data; the project and a picture of the window only where they are asked for."""

from __future__ import annotations

import getpass
import importlib.metadata
import json
import os
import platform
import re
import socket
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gridplanner import __version__
from gridplanner.errors import InputError, ProjectFileError
from gridplanner.i18n import N_, _, language
from gridplanner.io.keeping.disk_words import disk_words, reading_words
from gridplanner.io.keeping.swap import swapped
from gridplanner.logbook import PACKAGES, flush, logs

LIBRARIES = (
    "PySide6_Essentials", "numpy", "scipy", "shapely", "pyogrio", "fiona", "pyproj", "networkx", "ortools", "pyvrp", "openpyxl", "osmium",
    "psycopg", "pillow",
)  # fmt: skip
MOST_LOG = 2**20  # bytes of a log that are packed, the latest
SHORTEST = 3  # letters of a name that is looked for in the logs: shorter ones are in every word
_NUMBER = re.compile(r"-?[0-9]{1,6}(\.[0-9]+)?")  # a longer one may be the code of a place, or a telephone
_WORD = re.compile(r"[a-z]{1,12}(_[A-Z]{2})?")
_SWITCHES = frozenset(("true", "false", "yes", "no"))
_ANSWERS = "choice/"  # what was chosen in dialogs: a connection may be called as one likes, also by a number
_KEY = re.compile(r"[a-z_]+(/[a-z_]+)*")
_KEPT = frozenset(("language", "theme"))
Facts = Mapping[str, object]


@dataclass(frozen=True)
class Part:
    """One file of a bundle: its name in it, what it is in words of the language in use, its content or the file that it is copied from."""

    name: str
    words: str
    content: bytes = b""
    path: Path | None = None

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.path.stat().st_size if self.path is not None else len(self.content)


def bundle_parts(settings: Facts | None = None, screen: Facts | None = None, log_folder: Path | None = None) -> tuple[Part, ...]:
    """Return the parts of a bundle that hold no data: versions, system and screen, settings that name nobody, and the logs.

    `settings` are the preferences of the window by their keys; only numbers, switches and the program's own words are taken.
    """
    flush()
    about = {
        "program": __version__,
        "python": platform.python_version(),
        "packed": bool(getattr(sys, "frozen", False)),
        "system": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
        "processors": os.cpu_count(),
        "language": language(),
        "libraries": {name: _version(name) for name in LIBRARIES},
        "screen": dict(screen or {}),
    }
    parts = [Part("about.json", _(N_("versions of the program and its libraries, system and screen")), _json(about))]
    if settings is not None:
        kept = {key: value for key, value in sorted(settings.items()) if _is_plain(key, value)}
        parts.append(Part("settings.json", _(N_("settings, without folders and names")), _json(kept)))
    for name, path in logs(log_folder).items():
        try:
            content = path.read_bytes()[-MOST_LOG:]
        except OSError:
            continue
        parts.append(Part(f"logs/{name}", _(N_("log: what was done when, how long it took, what failed")), scrubbed(content)))
    return tuple(parts)


def project_part(path: Path) -> Part:
    """Return a project file as a part; its own name stays outside. Raises InputError where there is none."""
    if not path.is_file():
        raise InputError(_("{file}: is not there").format(file=path))
    try:
        path.open("rb").close()  # before a bundle is begun that cannot hold it
    except OSError as why:
        raise InputError(reading_words(path, why)) from None
    return Part(f"data/project{path.suffix.lower()}", _("the project with all its data"), path=path)


def picture_part(png: bytes) -> Part:
    """Return a picture of the window as a part."""
    return Part("data/window.png", _("a picture of the window, with what the map shows"), png)


def part_lines(parts: Sequence[Part]) -> list[str]:
    """Return what a bundle holds, a line each: name, size, words."""
    return [f"{part.name}  {size_text(part.size)}  {part.words}" for part in parts]


def size_text(size: int) -> str:
    """Return a number of bytes as people say it.

    >>> size_text(300), size_text(204_800), size_text(7_340_032)
    ('300 B', '200 KB', '7.0 MB')
    """
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:.0f} KB" if size < 2**20 else f"{size / 2**20:.1f} MB"


def write_bundle(path: Path, parts: Sequence[Part]) -> None:
    """Write the parts as a zip file; raises InputError for another ending and where it cannot be written."""
    if path.suffix.lower() != ".zip":
        raise InputError(_("{file}: a support bundle ends in .zip").format(file=path))
    try:
        with swapped(path) as beside, zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as bundle:
            for part in parts:  # a clock before 1980 is no obstacle
                if part.path is not None:
                    bundle.write(part.path, part.name)
                else:
                    bundle.writestr(part.name, part.content)
    except OSError as why:
        raise InputError(disk_words(path, why)) from None
    except ProjectFileError as why:
        raise InputError(str(why)) from None


def scrubbed(log: bytes) -> bytes:
    """Return a log without the login, the computer's name and the home folder, which none should hold: a second look before it leaves."""
    text = log.decode("utf-8", "replace")
    home = str(Path.home())
    for name, sign in ((home, "~"), (home.replace("\\", "/"), "~"), (_login(), "user"), (socket.gethostname(), "computer")):
        if len(name) >= SHORTEST and name not in PACKAGES:
            text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", sign, text)
    return text.encode()


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name
        return ""


def _is_plain(key: str, value: object) -> bool:
    """Return whether a setting may leave: a number or a switch, and words only of those settings that the program gives them for."""
    if _KEY.fullmatch(key) is None or not isinstance(value, bool | int | float | str):
        return False
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if text in _SWITCHES:
        return True
    if _NUMBER.fullmatch(text):
        return not key.startswith(_ANSWERS)
    return key in _KEPT and _WORD.fullmatch(text) is not None


def _version(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str).encode()
