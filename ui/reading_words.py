"""What a reading of data came to, in one line: how much of what was read, what was mended, what wants a look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from gridplanner.i18n import _, ngettext
from gridplanner.model.issues import Issue, Level
from gridplanner.model.project import Provenance
from ui.dialogs.source_words import ROLES

MOST = 3  # layers named


def reading_words(read: Sequence[Provenance], issues: Sequence[Issue]) -> str:
    """Return the summary of a reading; where something was found it says where that is listed."""
    called = {key: words for key, words, _kinds in ROLES}
    layers = [f"{_(called[one.source])} {one.count:,}" for one in read if one.source in called and one.count]
    words = _(", ").join(layers[:MOST])
    if len(layers) > MOST:
        words = _("{layers} and {n} more").format(layers=words, n=len(layers) - MOST)
    repairs = _repairs(issues)
    bad = sum(issue.level is not Level.INFO for issue in issues)
    found = []
    if repairs:
        found.append(ngettext("{n} repair", "{n} repairs", repairs).format(n=f"{repairs:,}"))
    if bad:
        found.append(ngettext("{n} warning", "{n} warnings", bad).format(n=f"{bad:,}"))
    if not found:
        return _("Read: {layers}").format(layers=words)
    return _("Read: {layers} · {found}; the step “Check” lists them").format(layers=words, found=_(", ").join(found))


def _repairs(issues: Sequence[Issue]) -> int:
    """Return how many repairs were made: those told one by one, or as many as the finding that sums them up says where these are more."""
    single: Counter[tuple[str, str]] = Counter()
    summed: Counter[tuple[str, str]] = Counter()
    for issue in issues:
        if issue.is_repair:
            kind, one, _ref = issue.repair.partition(":")
            count = issue.values.get("count", 1)
            (single if one else summed)[issue.layer, kind] += count if isinstance(count, int) else 1
    return sum((single | summed).values())
