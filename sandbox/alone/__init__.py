"""The sandbox by itself, for the bot of any project: `python -m sandbox`."""
