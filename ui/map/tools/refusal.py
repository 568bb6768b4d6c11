"""A drag that cannot go on: it says why until the button is let go."""

from __future__ import annotations

from ui.map.tools.tool import Drag, Preview


def refuse(why: str) -> Drag:
    """Show words and the sign of what is forbidden until the button is let go; nothing comes of it."""
    shown = Preview(hint=why, warning=why, refused=True)
    pointer = yield shown
    while not pointer.released and not pointer.accepted:
        pointer = yield shown
    return None
