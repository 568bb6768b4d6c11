"""Tiles from a server on the web: fetched with manners, and what is wrong with an answer said in words."""

from __future__ import annotations

import json
import re
import socket
import urllib.error
import urllib.request
from http.client import HTTPException
from urllib.parse import urlsplit

from gridplanner import __version__
from gridplanner.i18n import _
from gridplanner.io.tiles.basemap_source import BasemapSource, check_source, tile_url
from gridplanner.io.tiles.faults import BROKEN, MISSING, OFFLINE, QUOTA, REFUSED, TileFault
from gridplanner.io.tiles.picture import check_tile

TIMEOUT = 8.0  # seconds
LARGEST = 4 << 20  # bytes of one tile
_AGENT = f"gridplanner/{__version__}"


def fetch_tile(source: BasemapSource, layer: int, z: int, x: int, y: int, timeout: float = TIMEOUT) -> bytes:
    """Return one tile of one layer, checked to be a picture; raises TileFault."""
    url = tile_url(source, layer, z, x, y)
    server = urlsplit(url).netloc
    headers = {"User-Agent": _AGENT, "Accept": "image/png,image/jpeg,image/webp,image/*;q=0.8"}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=timeout) as answer:  # http(s) by check_source
            data = answer.read(LARGEST + 1)
    except urllib.error.HTTPError as why:
        with why:
            raise _refusal(server, why.code, _beginning(why), has_key=source.needs_key) from why
    except (urllib.error.URLError, HTTPException, OSError, ValueError) as why:
        reason = _reason(why)
        text = _("No answer from {server} ({reason}). Check the network and the address; everything but the basemap works without.")
        raise TileFault(OFFLINE, text.format(server=server, reason=reason)) from why
    if len(data) > LARGEST:
        raise TileFault(
            BROKEN, _("{server} sent more than {n} MiB for one tile; it was not opened.").format(server=server, n=LARGEST >> 20)
        )
    if not data:
        raise TileFault(MISSING, _("{server} has no tile there.").format(server=server))
    said = _said(data)
    if said and source.needs_key:
        raise _refusal(server, 200, data, has_key=True)
    return check_tile(data, _("What {server} sent").format(server=server))


def trial_of(source: BasemapSource, z: int, x: int, y: int) -> str:
    """Fetch one tile of every layer; return an empty text where all came, else what is wrong and what to do."""
    try:
        check_source(source)
        z = min(max(z, source.least), source.most)
        for layer in range(len(source.addresses)):
            fetch_tile(source, layer, z, x, y)
    except TileFault as why:
        return str(why)
    return ""


def _beginning(answer: urllib.error.HTTPError) -> bytes:
    """Return how the body of a refusal begins, as far as it comes."""
    try:
        return answer.read(2000)
    except (HTTPException, OSError):
        return b""


def _refusal(server: str, code: int, body: bytes, *, has_key: bool) -> TileFault:
    """Return the fault that a server's refusal means; what it says itself is quoted, shortened."""
    said = _said(body)
    quoted = f"{code}: {said}" if said else str(code)
    if code in {418, 429} or re.search(r"quota|limit|too many|配额|上限|超限|超出", said, re.IGNORECASE):
        text = _("{server} gives no more tiles for now ({said}): the quota is used up or too much was asked for at once. Try again later.")
        return TileFault(QUOTA, text.format(server=server, said=quoted))
    if has_key and (code in {200, 400, 401, 403} or re.search(r"key|token|密钥", said, re.IGNORECASE)):
        text = _(
            "{server} refused the key ({said}). Check it for mistakes, and that it was made for this kind of program and this network."
        )
        return TileFault(REFUSED, text.format(server=server, said=quoted))
    if code in {401, 403}:
        text = _("{server} does not let this program have its tiles ({said}). Read its terms, or choose another basemap.")
        return TileFault(REFUSED, text.format(server=server, said=quoted))
    if code in {204, 404, 410}:
        text = _("{server} has no tile there ({said}). Check the address and the zoom levels.")
        return TileFault(MISSING, text.format(server=server, said=quoted))
    if code >= 500:
        text = _("{server} is out of order ({said}). Try again later.")
        return TileFault(OFFLINE, text.format(server=server, said=quoted))
    return TileFault(BROKEN, _("{server} refused ({said}). Check the address.").format(server=server, said=quoted))


def _said(body: bytes) -> str:
    """Return what a message in JSON or XML says, at most 80 characters; empty for anything else, a web page included."""
    if body[:1] not in (b"{", b"<") or b"<html" in body[:400].lower() or b"<!doctype" in body[:400].lower():
        return ""
    text = body[:2000].decode("utf-8", "replace")
    try:
        value = json.loads(text)
        words = next((str(value[name]) for name in ("msg", "message", "error", "resolve") if value.get(name)), "")
    except (ValueError, AttributeError):
        words = re.sub(r"<[^>]*>", " ", text)
    words = " ".join(words.split())
    return words if len(words) <= 80 else words[:79] + "…"


def _reason(why: Exception) -> str:
    inner = why.reason if isinstance(why, urllib.error.URLError) else why
    if isinstance(inner, TimeoutError | socket.timeout):
        return _("no answer in time")
    if isinstance(inner, socket.gaierror):
        return _("its name is not known here")
    return str(inner) or type(inner).__name__
