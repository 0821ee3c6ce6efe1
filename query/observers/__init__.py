"""The observer floor: results that people watch."""
