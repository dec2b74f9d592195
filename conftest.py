"""Hands pytest to the engine. There is nothing else to see here: open `katas/`."""

pytest_plugins = ["dojo.plugin"]
