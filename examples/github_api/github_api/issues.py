"""What the program asks of GitHub: the types of parameters and answers come from the generated table."""

from __future__ import annotations

from query.api import ApiQueryOptions, ApiResponse

from .backend import api
from .backend_types import Issue


def open_issues(owner: str, repo: str, *, labels: str | None = None) -> ApiQueryOptions[list[Issue]]:
    """The open issues of a repository.

    Args:
        owner: Who has it.
        repo: Its name.
        labels: Only those with all of these labels, "bug,ui".
    """
    return api["/repos/$owner/$repo/issues"](
        path={"owner": owner, "repo": repo}, query={"state": "open", "labels": labels, "per_page": 100}, stale_time=60
    )


def titles(response: ApiResponse[list[Issue]]) -> list[str]:
    """The issues as lines of text, without pull requests, which GitHub counts among them.

    Args:
        response: The answer.
    """
    return [f"#{issue['number']} {issue['title']}" for issue in response.json if "pull_request" not in issue]
