"""The catalogue: what katas there are. Read from `katas/<topic>/topic.toml`, and strictly so.

A mistake in a topic.toml is one `CatalogueError`, whose text names the file, the entry and the mend.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

BACKENDS = ("numpy", "torch")

# key of a [[kata]] entry -> (type, must it be there)
KATA_KEYS: dict[str, tuple[type, bool]] = {
    "slug": (str, True),
    "title": (str, True),
    "level": (int, True),
    "minutes": (int, True),
    "backend": (str, True),
    "area": (str, True),
    "requires": (list, True),
    "forbids": (list, True),
    "source": (str, True),
    "hints": (list, True),
    "interview": (str, False),
    "performance": (bool, False),
    "caches": (list, False),
}
TOPIC_KEYS: dict[str, tuple[type, bool]] = {
    "title": (str, True),
    "order": (int, True),
    "kata": (list, True),
}


class CatalogueError(Exception):
    """A catalogue that cannot be used; the text is one line: file, entry, mend."""


@dataclass(frozen=True)
class Kata:
    """One kata: its entry in topic.toml, and where its files are."""

    root: Path
    topic: str
    slug: str
    title: str
    level: int
    minutes: int
    backend: str
    area: str
    requires: tuple[str, ...]
    forbids: tuple[str, ...]
    source: str
    hints: tuple[str, ...]
    interview: str = ""
    performance: bool = False
    caches: tuple[str, ...] = ()  # functions whose result holds a cache, which may share memory with the inputs

    @property
    def stub(self) -> Path:
        return self.root / "katas" / self.topic / f"{self.slug}.py"

    @property
    def test(self) -> Path:
        return self.root / "katas" / self.topic / f"test_{self.slug}.py"

    @property
    def solution(self) -> Path:
        return self.root / "solutions" / self.topic / f"{self.slug}.py"

    @property
    def reference(self) -> Path:
        return self.root / "reference" / self.topic / f"{self.slug}.py"

    @property
    def answers(self) -> Path:
        return self.root / "reference" / self.topic / f"{self.slug}_answers.py"

    @property
    def picture(self) -> Path:
        """The script that draws the kata's picture; not every kata has one."""
        return self.root / "reference" / self.topic / f"{self.slug}_plot.py"

    def files(self) -> tuple[Path, ...]:
        """The five files a kata consists of, besides its entry."""
        return self.stub, self.test, self.solution, self.reference, self.answers

    def shown(self, path: Path) -> str:
        """The path as a learner types it: relative to the repository where it lies inside."""
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(path)


@dataclass(frozen=True)
class Topic:
    name: str
    title: str
    order: int
    katas: tuple[Kata, ...]


@dataclass(frozen=True)
class Track:
    """An ordered list of katas with an end in view; `assumes` are requirements it leaves to the learner."""

    name: str
    title: str
    katas: tuple[Kata, ...]
    assumes: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    root: Path
    topics: tuple[Topic, ...]

    @cached_property
    def _by_slug(self) -> dict[str, Kata]:
        return {kata.slug: kata for topic in self.topics for kata in topic.katas}

    def __iter__(self) -> Iterator[Kata]:
        return iter(self._by_slug.values())

    def __len__(self) -> int:
        return len(self._by_slug)

    def __contains__(self, slug: str) -> bool:
        return slug in self._by_slug

    def __getitem__(self, slug: str) -> Kata:
        """The kata of that name; a name nobody has is an error that tells the nearest ones."""
        if slug in self._by_slug:
            return self._by_slug[slug]
        near = difflib.get_close_matches(slug, self._by_slug, n=3, cutoff=0.5)
        near = near or [name for name in self._by_slug if slug and slug in name][:3]
        mend = f"did you mean {', '.join(near)}?" if near else "`kata list` names them all"
        raise CatalogueError(f"no kata is called {slug!r}: {mend}")

    def topic(self, name: str) -> Topic:
        for topic in self.topics:
            if topic.name == name:
                return topic
        raise CatalogueError(f"no topic is called {name!r}: there are {', '.join(t.name for t in self.topics)}")

    @cached_property
    def tracks(self) -> tuple[Track, ...]:
        """The tracks of katas/tracks.toml: katas that exist, each after what it requires."""
        path = self.root / "katas" / "tracks.toml"
        if not path.is_file():
            return ()
        where = "katas/tracks.toml"
        try:
            entries = tomllib.loads(path.read_text(encoding="utf-8")).get("track", [])
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise CatalogueError(f"{where}: not valid TOML: {error}") from None
        return tuple(_track(self, where, entry) for entry in entries)

    def track(self, name: str) -> Track:
        for track in self.tracks:
            if track.name == name:
                return track
        names = ", ".join(track.name for track in self.tracks)
        raise CatalogueError(f"no track is called {name!r}: there are {names}")

    def of_test(self, path: Path) -> Kata | None:
        """The kata that a test file grades; None for any other file."""
        kata = self._by_slug.get(path.stem.removeprefix("test_"))
        return kata if kata and kata.test == path else None


def find_root(start: Path | None = None) -> Path:
    """The repository one stands in (`start` or a folder above it), else the one dojo was installed from."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents, Path(__file__).resolve().parent.parent):
        if (folder / "katas").is_dir() and (folder / "solutions").is_dir():
            return folder
    raise CatalogueError(f"{here} is in no kata repository: cd into your clone")


def load(root: Path) -> Catalogue:
    """Reads and checks every topic.toml under `root`/katas."""
    topics = [_topic(root, path) for path in sorted((root / "katas").glob("*/topic.toml"))]
    if not topics:
        raise CatalogueError(f"{root / 'katas'} holds no topic.toml: is the clone complete?")
    catalogue = Catalogue(root, tuple(sorted(topics, key=lambda topic: topic.order)))
    _check_slugs_once(catalogue)
    _check_requires(catalogue)
    return catalogue


def _topic(root: Path, path: Path) -> Topic:
    where = str(path.relative_to(root))
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{where}: not valid TOML: {error}") from None
    _check_keys(where, data, TOPIC_KEYS)
    katas = tuple(_kata(root, path.parent.name, where, entry) for entry in data["kata"])
    return Topic(path.parent.name, data["title"], data["order"], katas)


def _kata(root: Path, topic: str, where: str, entry: Any) -> Kata:
    slug = entry.get("slug", "?") if isinstance(entry, dict) else "?"
    where = f"{where}: kata {slug}"
    _check_keys(where, entry, KATA_KEYS)
    if not slug.isidentifier() or slug != slug.lower():
        raise CatalogueError(f"{where}: a slug is snake_case")
    if entry["backend"] not in BACKENDS:
        raise CatalogueError(f"{where}: backend {entry['backend']!r} is none of {', '.join(BACKENDS)}")
    if not 1 <= entry["level"] <= 5 or entry["minutes"] <= 0:
        raise CatalogueError(f"{where}: level goes from 1 to 5, minutes are positive")
    for key in ("requires", "forbids", "hints", "caches"):
        entry.setdefault(key, [])
        if not all(isinstance(value, str) and value.strip() for value in entry[key]):
            raise CatalogueError(f"{where}: every one of {key} is a text that says something")
        entry[key] = tuple(entry[key])
    if len(entry["hints"]) != 3:
        raise CatalogueError(f"{where}: three hints (idea, equation, nearly the code), not {len(entry['hints'])}")
    kata = Kata(root=root, topic=topic, **entry)
    for path in kata.files():
        if not path.is_file() and path != kata.stub:  # a learner may lose a stub: `kata reset` brings it back
            raise CatalogueError(f"{where}: {kata.shown(path)} is missing")
    return kata


def _track(catalogue: Catalogue, where: str, entry: Any) -> Track:
    keys: dict[str, tuple[type, bool]] = {
        "name": (str, True),
        "title": (str, True),
        "katas": (list, True),
        "assumes": (list, False),
    }
    where = f"{where}: track {entry.get('name', '?')}"
    _check_keys(where, entry, keys)
    known = set(assumes := tuple(entry.get("assumes", ())))
    for slug in (*assumes, *entry["katas"]):
        if slug not in catalogue:
            raise CatalogueError(f"{where}: there is no kata {slug!r}")
    for slug in entry["katas"]:
        missing = [needed for needed in catalogue[slug].requires if needed not in known]
        if missing:
            raise CatalogueError(f"{where}: {slug} comes before {missing[0]}, which it requires")
        known.add(slug)
    return Track(entry["name"], entry["title"], tuple(catalogue[slug] for slug in entry["katas"]), assumes)


def _check_keys(where: str, entry: Any, keys: dict[str, tuple[type, bool]]) -> None:
    if not isinstance(entry, dict):
        raise CatalogueError(f"{where}: a table is wanted, this is {entry!r}")
    for key, value in entry.items():
        if key not in keys:
            near = difflib.get_close_matches(key, keys, n=1)
            mend = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(keys)}"
            raise CatalogueError(f"{where}: unknown key {key!r}: {mend}")
        kind = keys[key][0]
        if type(value) is not kind:
            raise CatalogueError(f"{where}: {key} must be {kind.__name__}, this is {value!r}")
        if isinstance(value, str) and not value.strip() and key != "interview":
            raise CatalogueError(f"{where}: {key} is empty")
    for key, (_, needed) in keys.items():
        if needed and key not in entry:
            raise CatalogueError(f"{where}: {key} is missing")


def _check_slugs_once(catalogue: Catalogue) -> None:
    seen: dict[str, str] = {}
    for topic in catalogue.topics:
        for kata in topic.katas:
            if kata.slug in seen:
                raise CatalogueError(f"kata {kata.slug} stands twice: in {seen[kata.slug]} and in {kata.topic}")
            seen[kata.slug] = kata.topic


def _check_requires(catalogue: Catalogue) -> None:
    """Every requirement exists, and following them never leads back to where one started."""
    done: set[str] = set()

    def visit(kata: Kata, path: tuple[str, ...]) -> None:
        if kata.slug in path:
            circle = " -> ".join((*path[path.index(kata.slug) :], kata.slug))
            raise CatalogueError(f"katas/{kata.topic}/topic.toml: requires goes in a circle: {circle}")
        if kata.slug in done:
            return
        for slug in kata.requires:
            if slug not in catalogue:
                raise CatalogueError(
                    f"katas/{kata.topic}/topic.toml: kata {kata.slug} requires {slug}, which does not exist"
                )
            visit(catalogue[slug], (*path, kata.slug))
        done.add(kata.slug)

    for kata in catalogue:
        visit(kata, ())
