"""Several seeds make one row: the median, the worst seed beside it, and a bar kept by the one or the other."""

from gridplanner.benchmarks.over_seeds import Measure, Run, rows_over_seeds

TIME = Measure("seconds", "time", "s")
SHARE = Measure("share", "share", "%", less=False)
BROKEN = Measure("broken", "broken", every=True)


def test_the_worst_seed_is_the_largest_where_less_is_better_and_the_least_otherwise():
    runs = [Run({"seconds": s, "share": p}, {}) for s, p in ((1.0, 90.0), (5.0, 99.0), (2.0, 97.0))]
    time, share = rows_over_seeds("town", (TIME, SHARE), runs, {"seconds": 2.0, "share": 97.5})
    assert (time.value, time.worst, time.bar, time.ok) == (2.0, 5.0, "≤ 2", True)
    assert (share.value, share.worst, share.bar, share.ok) == (97.0, 90.0, "≥ 97.5", False)


def test_what_every_seed_must_keep_is_missed_by_one():
    runs = [Run({"broken": b}, {}) for b in (0.0, 0.0, 1.0)]
    (row,) = rows_over_seeds("town", (BROKEN,), runs, {"broken": 0.0})
    assert (row.value, row.worst, row.ok) == (0.0, 1.0, False)


def test_a_peer_that_was_stopped_is_named_and_its_other_seeds_count():
    runs = [Run({"seconds": 1.0, "broken": 0.0}, {"peer 1.0": theirs}) for theirs in ({"seconds": 30.0, "broken": 2.0}, {"stopped": 45.0})]
    time, broken = rows_over_seeds("town", (TIME, BROKEN), runs, {})
    assert time.ok is None
    assert time.stopped == {"peer 1.0": 45.0}
    assert time.peers == {"peer 1.0": 30.0}
    assert broken.peers == broken.peers_worst == {"peer 1.0": 2.0}
    assert broken.stopped == {}


def test_measures_that_were_not_taken_have_no_row():
    assert rows_over_seeds("town", (TIME, SHARE), [Run({"share": 1.0}, {})], {})[0].measure == "share"
    assert rows_over_seeds("town", (TIME,), [Run({}, {})], {}) == []
