"""Words of railway sources: bridges and tunnels, and which of two tracks a piece or a post is of."""

from __future__ import annotations

import re

import numpy as np

from gridplanner.model.lines import Texts

_NO = frozenset({"", "0", "0.0", "no", "n", "false", "f", "none", "否", "无"})
_UP = re.compile(r"up|u|上行?(线|正线)?|上り|s")
_DOWN = re.compile(r"down|d|下行?(线|正线)?|下り|x")


def track_of(word: str) -> str:
    """Return up or down for a word that says so, else empty: both tracks.

    >>> [track_of(word) for word in ("上行", "下行线", "Up", "d", "双线", "")]
    ['up', 'down', 'up', 'down', '', '']
    """
    low = word.strip().lower()
    return "up" if _UP.fullmatch(low) else "down" if _DOWN.fullmatch(low) else ""


def track_in(name: str) -> str:
    """Return the track that the name of a line tells.

    >>> track_in("陇海铁路下行线"), track_in("京沪铁路（上行）"), track_in("上海线")
    ('down', 'up', '')
    """
    return "up" if "上行" in name else "down" if "下行" in name else ""


def without_track(name: str) -> str:
    """Return the name of a line without what it tells of the track, so that both tracks bear one.

    >>> without_track("陇海铁路下行线"), without_track("京沪铁路（上行）"), without_track("上行线")
    ('陇海铁路', '京沪铁路', '上行线')
    """
    return re.sub(r"\s*[（(]?[上下]行(正?线)?[）)]?\s*", "", name) or name


def kinds_of(bridge: Texts, tunnel: Texts) -> Texts:
    """Return tunnel, bridge or empty for each piece (n,), from words that say yes, no or of what kind it is."""
    kinds = np.full(len(bridge), "", object)
    kinds[said(bridge)] = "bridge"
    kinds[said(tunnel)] = "tunnel"
    return kinds


def tracks_of(words: Texts, names: Texts) -> Texts:
    """Return up, down or empty for each piece (n,): what its own word says, else its name."""
    tracks = np.full(len(words), "", object)
    tracks[:] = [track_of(str(word)) or track_in(str(name)) for word, name in zip(words, names, strict=True)]
    return tracks


def bare_names(names: Texts) -> Texts:
    """Return the names of lines (n,) without what they tell of the track."""
    bare = np.full(len(names), "", object)
    bare[:] = [without_track(str(name)) for name in names]
    return bare


def said(words: Texts) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which words say yes, or of what kind it is, (n,)."""
    return np.array([word is not None and str(word).strip().lower() not in _NO for word in words], bool)
