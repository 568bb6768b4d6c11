"""The sample town: a made county town, the generator that draws it and the plan file that plans it."""

from __future__ import annotations

from pathlib import Path

SAMPLE_PLAN: Path = Path(__file__).parent / "xijiao.toml"
"""The plan file of the sample town; its sources lie beside it."""
