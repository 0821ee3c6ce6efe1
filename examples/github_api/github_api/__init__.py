"""The open issues of a repository, over a table of all endpoints of GitHub's API."""
