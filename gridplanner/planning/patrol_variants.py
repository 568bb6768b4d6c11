"""Variants of the routes of each zone: plans as good as the first that have little of their way in common with it and with each other."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor

from algorithms.patrolling.problem import PatrolResult
from algorithms.patrolling.variants import VariantParams, Variants, find_variants
from algorithms.progress import SILENT, Progress, Span
from gridplanner.i18n import N_, _
from gridplanner.model.issues import Issue, Level
from gridplanner.model.patrol import Route
from gridplanner.model.project import Project
from gridplanner.planning.patrol_problem import ZoneProblem
from gridplanner.planning.patrol_route import route_of
from gridplanner.planning.shared_out import answer, handed_out
from gridplanner.settings import PatrolSettings

OVERLAP = 0.35  # in the mean, of the streets that nothing requires, from which variants are worth a word
MANY_CALLS = 150  # streets and sites of a zone from which fewer plans are looked for, and chance evens out at less unevenness

Solved = tuple[ZoneProblem, PatrolResult]


def zone_variants(
    project: Project, settings: PatrolSettings, zones: Sequence[Solved], progress: Progress = SILENT, workers: Executor | None = None
) -> tuple[list[Route], list[Issue]]:
    """Return the routes of the variants from the second on of every zone given, and what is to be said of them.

    Nothing where one variant is enough. `workers` take some of the zones and do not change the routes.
    """
    if settings.variants < 2:
        return [], []
    params = [params_of(project, settings, given) for given, _ in zones]
    asked = handed_out(
        range(len(zones)),
        workers,
        lambda executor, row: executor.submit(find_variants, zones[row][0].problem, zones[row][1].routes, params[row]),
    )
    size = [len(given.problem.streets) + len(given.problem.sites) + 1 for given, _ in zones]
    found: list[Variants | None] = [None] * len(zones)
    done = 0
    for row in sorted(range(len(zones)), key=lambda row: row in asked):  # what others look for is looked at last
        given, result = zones[row]
        span = Span(progress, done / sum(size), (done + size[row]) / sum(size))
        span.report(0.0, _("Variants of the routes of {zone}").format(zone=given.zone.name))
        variants = answer(asked.get(row), span)
        found[row] = variants if variants is not None else find_variants(given.problem, result.routes, params[row], span)
        done += size[row]
    routes: list[Route] = []
    issues: list[Issue] = []
    for (given, _result), variants in zip(zones, found, strict=True):
        assert variants is not None
        for number, plan in enumerate(variants.plans[1:], 2):
            routes += [route_of(project, given, route, number) for route in plan]
        issues += _issues(settings, given, variants)
    return routes, issues


def params_of(project: Project, settings: PatrolSettings, given: ZoneProblem) -> VariantParams:
    """Return how many variants of a zone are looked for, and how hard: six more plans take about as long as the first."""
    many = len(given.problem.streets) + len(given.problem.sites) > MANY_CALLS
    return VariantParams(
        settings.variants, settings.variant_travel, mends=0.5 if many else 1.0, sigma=0.2 if many else 0.5,
        seed=project.settings.project.seed,
    )  # fmt: skip


def _issues(settings: PatrolSettings, given: ZoneProblem, variants: Variants) -> list[Issue]:
    zone = given.zone
    if not variants.plans or not variants.plans[0]:
        return []
    if len(variants) < settings.variants and variants.cut_short:
        text = N_("{zone}: {n} of {wanted} variants were found before the search was stopped; plan again for the others")
        values = {"zone": zone.name, "n": len(variants), "wanted": settings.variants}
        issues = [Issue(Level.INFO, "few_variants", text, values, "routes", zone.code)]
    elif len(variants) < settings.variants:
        text = N_(
            "{zone}: {n} of {wanted} variants were found; no other routes are at most {share} % longer. Allow more (variant_travel) or "
            "ask for fewer variants"
        )
        values = {"zone": zone.name, "n": len(variants), "wanted": settings.variants, "share": f"{100 * settings.variant_travel:g}"}
        issues = [Issue(Level.INFO, "few_variants", text, values, "routes", zone.code)]
    else:
        issues = []
    pairs = variants.pairs
    if len(pairs) and float(pairs.mean()) > OVERLAP:
        text = N_(
            "{zone}: two variants share {mean} % in the mean, and up to {worst} %, of the streets that they drive without having to; the "
            "streets there leave few other ways"
        )
        values = {"zone": zone.name, "worst": f"{100 * float(pairs.max()):.0f}", "mean": f"{100 * float(pairs.mean()):.0f}"}
        issues.append(Issue(Level.INFO, "alike", text, values, "routes", zone.code))
    return issues
