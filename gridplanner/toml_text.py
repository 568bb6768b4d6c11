"""Values as TOML has them, for the few files that the program writes in it."""

from __future__ import annotations

import json
import re

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def value_text(value: str | int | float | bool) -> str:
    r"""Return a value as TOML has it; its strings are JSON's but for the sign of deletion.

    >>> value_text("西郊 \"1\""), value_text(5432), value_text("\x7f")
    ('"西郊 \\"1\\""', '5432', '"\\u007f"')
    """
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def key_text(name: str) -> str:
    """Return a key as TOML has it, in quotes where it needs them."""
    return name if _BARE.fullmatch(name) else value_text(name)
