"""Lists the projects of an API and creates new ones."""
