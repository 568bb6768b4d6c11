"""The library of vector files, loaded with this module: for who has time for it before the first file comes."""

from __future__ import annotations

from gridplanner.io.vector_files import loaded

loaded()
