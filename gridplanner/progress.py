"""The progress object, handed on from the algorithms so that the desktop needs to know only gridplanner."""

from algorithms.progress import SILENT, Cancelled, Progress, Span

__all__ = ["SILENT", "Cancelled", "Progress", "Span"]
