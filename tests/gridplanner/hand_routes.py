"""What tests of routes corrected by hand look at: one route, one street, and what the independent check finds."""

from gridplanner.model.patrol import Route
from gridplanner.model.patrol_check import patrol_issues
from gridplanner.model.project import Project
from gridplanner.planning.route_hand import RouteEdit
from tests.patrol_town import edge_between


def route_of(project: Project, row: int) -> Route:
    assert project.patrol is not None
    return project.patrol.routes[row]


def edge_of(project: Project, start: int, end: int) -> int:
    assert project.patrol is not None
    return edge_between(project.patrol.streets, start, end) // 2


def driven(edit: RouteEdit, row: int) -> Route:
    return edit.after.routes[row]


def wrong(project: Project) -> list[str]:
    """What the independent check finds, but for routes that are too long: that is the planner's to decide."""
    return [issue.message for issue in patrol_issues(project) if "longer than its shift" not in issue.message]


def left_out(project: Project) -> list[str]:
    assert project.patrol is not None
    return [str(issue.values["name"]) for issue in project.patrol.issues if issue.kind == "unserved"]
