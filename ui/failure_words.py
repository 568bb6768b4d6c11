"""A failure of the program as it may be copied and sent: which kind, and where in the program; nothing of the planner's data or folders."""

from __future__ import annotations

from types import TracebackType

from gridplanner import __version__
from gridplanner.logbook import places_of


def failure_words(why: BaseException, trace: TracebackType | None = None) -> str:
    """Return the kind of an error and the calls that led to it, innermost last; the error's own text is left out, for it may quote data."""
    if why.__traceback__ is None and trace is not None:
        why = why.with_traceback(trace)
    lines = [f"gridplanner {__version__}"]
    seen: BaseException | None = why
    chain: list[BaseException] = []
    while seen is not None and len(chain) < 5:
        chain.append(seen)
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    for one in reversed(chain):
        lines += [f"  {module}:{line} {function}" for module, line, function in places_of(one)]
        lines.append(type(one).__name__)
    return "\n".join(lines)
