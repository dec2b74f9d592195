"""`kata plot`: what the learner's own code looks like once it works. Needs matplotlib, the extra `plots`."""

from __future__ import annotations

import types
from pathlib import Path
from typing import Any

from dojo.catalogue import CatalogueError, Kata
from dojo.loading import Program, read

GREY = "0.5"  # legible on a light page and on a dark one
STYLE: Any = {
    "svg.hashsalt": "kata",  # the same drawing gives the same file
    "font.size": 9,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    **dict.fromkeys(
        [
            "text.color",
            "axes.labelcolor",
            "axes.edgecolor",
            "axes.titlecolor",
            "xtick.color",
            "ytick.color",
            "legend.labelcolor",
        ],
        GREY,
    ),
}


def plot(kata: Kata, program: Program, path: Path) -> None:
    """Draws the kata's picture with a program's functions into an SVG or PNG file."""
    if not kata.picture.is_file():
        raise CatalogueError(f"{kata.slug} has no picture")
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise CatalogueError('pictures need matplotlib: pip install -e ".[plots]"') from None
    draw = read(kata.picture).execute()["draw"]
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(7, 3.2), layout="constrained")
        draw(types.SimpleNamespace(**program.execute()), figure)
        figure.savefig(path, transparent=True, dpi=150, metadata={"Date": None} if path.suffix == ".svg" else None)
