"""Names of files that every system takes: what is forbidden, reserved or too long on one of them is so for all."""

from __future__ import annotations

from gridplanner.io.text_width import shorten

_FORBIDDEN = '<>:"/\\|?*'
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³")}
_FIRST = "`~!@#$%^&*()+-={}|[]\\:\";'<>?,./"  # that GDAL refuses at the beginning of a GeoPackage's layer
_SIGNS = 80  # that people still read
_BYTES = 200  # of the 255 that a name may have, with room for endings


def file_stem(name: str) -> str:
    """Return a project's name as a file name that every system takes.

    >>> file_stem("西郊街道 1:2"), file_stem(""), file_stem("con")
    ('西郊街道 1_2', 'project', '_con')
    """
    clean = "".join("_" if _is_forbidden(sign) else sign for sign in name).strip(" .")
    stem = shorten(clean[:_SIGNS], _BYTES, "utf-8").strip(" .") or "project"
    return f"_{stem}" if _is_reserved(stem) else stem


def can_be_layer(name: str) -> bool:
    """True for a name that a layer and its file can have in every format and on every system.

    >>> can_be_layer("网格"), can_be_layer("a/b"), can_be_layer("NUL"), can_be_layer("-x")
    (True, False, False, False)
    """
    if not name or name != name.strip(" .") or name[0] in _FIRST or _is_reserved(name):
        return False
    return not any(_is_forbidden(sign) for sign in name) and len(name) <= _SIGNS and len(name.encode()) <= _BYTES


def _is_forbidden(sign: str) -> bool:
    return sign in _FORBIDDEN or ord(sign) < 32 or 0xD800 <= ord(sign) < 0xE000


def _is_reserved(name: str) -> bool:
    """True for what Windows takes for a device, also with an ending."""
    return name.partition(".")[0].rstrip(" ").lower() in _RESERVED
