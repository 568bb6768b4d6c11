"""Service grids, patrols and rail-guard segments: project, edits, planning, files and command line; nothing of Qt."""

__version__ = "0.1.0"
