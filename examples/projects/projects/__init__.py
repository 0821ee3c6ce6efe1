"""Projects: what is asked of their API, and a small server that answers."""
