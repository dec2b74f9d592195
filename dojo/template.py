"""`kata new`: the files of a kata, ready to fill."""

from __future__ import annotations

from pathlib import Path

from dojo.catalogue import CatalogueError, load

SOLUTION = '''"""{title}: what it is in one line.

The statement, with its formula. Settle every choice the formula leaves open.

Rules: what may not be called. Inputs are read-only; results are new arrays.

Source: author, work, section.
"""

import numpy as np


def {slug}(x: np.ndarray) -> np.ndarray:
    """What it gives for x of shape (n,).

    >>> {slug}(np.array([1.0]))
    array([1.])
    """
    return x.copy()
'''

TEST = '''import numpy as np
import pytest

from dojo.testing import LAYOUTS, assert_agrees, assert_close, draw, laid_out
from reference.{topic} import {slug} as reference

# --- by hand ---


def test_by_hand(kata):
    """the claim, in the words of mathematics"""
    assert_close(kata.{slug}(np.array([1.0])), np.array([1.0]))


# --- the oracle ---


@pytest.mark.parametrize("family", ["normal", "offset", "large", "small", "mixed"])
def test_agrees_with_the_definition(kata, rng, family):
    assert_agrees(kata.{slug}, reference.{slug}, draw(rng, family, 5))


def test_agrees_on_fresh_numbers(kata, fresh_rng):
    assert_agrees(kata.{slug}, reference.{slug}, fresh_rng.standard_normal(7))


# --- nasty inputs ---


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_memory_layout(kata, rng, layout):
    assert_agrees(kata.{slug}, reference.{slug}, laid_out(layout, rng.standard_normal(6)))
'''

REFERENCE = '''"""Oracle for {slug}: independent of the solution.

A library routine, a closed form, the definition as a slow loop.
"""


def {slug}(x):
    raise NotImplementedError
'''

ANSWERS = '''"""Known answers for {slug}."""

import numpy as np

from dojo.answers import accepted, rejected
'''

ENTRY = """
[[kata]]
slug = "{slug}"
title = "{title}"
level = 2
minutes = 20
backend = "numpy"
area = ""
requires = []
forbids = []
source = ""
hints = ["", "", ""]
"""

TOPIC = 'title = "{topic_title}"\norder = {order}\n'


def create(root: Path, topic: str, slug: str) -> list[Path]:
    """Writes the files that are not there yet; gives those it wrote."""
    catalogue = load(root)
    if slug in catalogue:
        raise CatalogueError(f"kata {slug} exists already: {catalogue[slug].shown(catalogue[slug].solution)}")
    for word in (topic, slug):
        if not word.isidentifier() or word != word.lower():
            raise CatalogueError(f"{word!r}: topics and slugs are snake_case")
    fill = {"slug": slug, "topic": topic, "title": _title(slug), "topic_title": _title(topic)}
    fill["order"] = str(1 + max(each.order for each in catalogue.topics))
    files = {
        f"solutions/{topic}/{slug}.py": SOLUTION,
        f"katas/{topic}/test_{slug}.py": TEST,
        f"reference/{topic}/{slug}.py": REFERENCE,
        f"reference/{topic}/{slug}_answers.py": ANSWERS,
        f"katas/{topic}/README.md": f"# {_title(topic)}\n",
    }
    written = []
    for name, text in files.items():
        path = root / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.format(**fill), encoding="utf-8")
            written.append(path)
    entry = root / "katas" / topic / "topic.toml.new"
    head = "" if (root / "katas" / topic / "topic.toml").exists() else TOPIC
    entry.write_text((head + ENTRY).format(**fill), encoding="utf-8")
    return [*written, entry]


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()
