"""The projects in a terminal: a Textual app over the options that the page in the browser uses, too."""
