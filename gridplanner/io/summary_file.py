"""The summary beside an export, as JSON that every program reads."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

NAME = "summary.json"


def write_summary(folder: Path, summary: Mapping[str, Any]) -> None:
    """Write summary.json into a folder."""
    text = json.dumps(plain_values(summary), ensure_ascii=False, indent=2, allow_nan=False)
    (folder / NAME).write_text(text + "\n", encoding="utf-8", errors="replace")


def plain_values(value: Any) -> Any:
    """Return a summary as JSON takes it: no NaN, no numpy."""
    if isinstance(value, Mapping):
        return {str(key): plain_values(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain_values(part) for part in value]
    if isinstance(value, np.generic | np.ndarray):
        return plain_values(value.tolist())
    return None if isinstance(value, float) and not math.isfinite(value) else value
