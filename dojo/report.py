"""What a learner reads when a test of a kata fails: which claim broke, on which call, and why it may have."""

from __future__ import annotations

import os
import traceback
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from dojo import limits
from dojo.catalogue import Catalogue, Kata
from dojo.compare import Wrong
from dojo.contract import Crashed, Missing, NotWritten
from dojo.loading import LoadError

if TYPE_CHECKING:
    from dojo.plugin import Engine

Line = tuple[str, str]


def describe(
    engine: Engine, item: pytest.Item, kata: Kata, excinfo: pytest.ExceptionInfo[BaseException]
) -> tuple[str, str]:
    """(outcome, text) of a failed test."""
    error = excinfo.value
    error = error.__cause__ if isinstance(error, NotWritten) and error.__cause__ else error
    mine = _learners_frames(engine, error)
    if isinstance(error, NotImplementedError) and mine and _is_last(mine[-1], error):
        frame = mine[-1]
        return "not attempted", f"{_shown(kata, frame.filename)}:{frame.lineno}: {frame.name} is not written yet"
    outcome, lines = _reason(kata, error, mine)
    call = engine.current.calls[-1] if engine.current and engine.current.calls else None
    if (call and outcome != "crashed") or (call and mine):
        lines = [("call", str(call)), *lines]
    if outcome == "wrong" and engine.current and not any(label == "rule" for label, _ in lines):
        mistake = engine.mistake(kata, engine.current.calls)
        lines += [("mistake", mistake)] if mistake else []
    return outcome, _text(engine, item, kata, lines)


def died(engine: Engine, item: pytest.Item, reason: str) -> pytest.TestReport:
    """The report of a test whose process ended under it."""
    kata = engine.kata_of(item)
    assert kata is not None
    made = pytest.TestReport(
        item.nodeid,
        item.location,
        dict.fromkeys(item.keywords, 1),
        "failed",
        _text(engine, item, kata, [("crash", reason)]),
        "call",
    )
    made.kata_outcome = "crashed"  # type: ignore[attr-defined]
    return made


def claim(item: pytest.Item) -> str:
    """The test's claim: its docstring's first line, else its name in words; with the case it was made on."""
    function = getattr(item, "function", None)
    text = (getattr(function, "__doc__", "") or "").strip().partition("\n")[0].rstrip(".")
    name, _, case = item.name.partition("[")
    text = text or name.removeprefix("test_").replace("_", " ")
    return text + (f"   [{case}" if case else "")


def _reason(kata: Kata, error: BaseException, mine: list[traceback.FrameSummary]) -> tuple[str, list[Line]]:
    if isinstance(error, Wrong):
        return "wrong", list(error.lines)
    if isinstance(error, LoadError | Missing | Crashed):
        cause = error.__cause__
        return "crashed", [("crash", _relative(kata, str(error)) + (_at(kata, mine) if cause else ""))]
    if isinstance(error, limits.OutOfTime):
        return "crashed", [("crash", f"{error}: a loop that never ends, or far too slow{_at(kata, mine)}")]
    if isinstance(error, MemoryError) or "can't allocate memory" in _one_line(error):
        return "crashed", [("crash", f"asked for more than {limits.MEMORY >> 30} GiB of memory{_at(kata, mine)}")]
    if isinstance(error, RecursionError):
        return "crashed", [("crash", f"the recursion never ends{_at(kata, mine)}")]
    if isinstance(error, OSError) and error.errno == 27:
        return "crashed", [("crash", f"printed more than {limits.PRINTED >> 20} MiB{_at(kata, mine)}")]
    if mine:
        return "crashed", [("crash", f"{type(error).__name__}: {_one_line(error)}{_at(kata, mine)}")]
    if isinstance(error, AssertionError | pytest.fail.Exception):
        return "wrong", [("found", line) for line in str(error).splitlines()[:6]] or [
            ("found", "the assertion is false")
        ]
    return "wrong", [("found", f"the test could not use what came back: {type(error).__name__}: {_one_line(error)}")]


def _text(engine: Engine, item: pytest.Item, kata: Kata, lines: list[Line]) -> str:
    path, line, _ = item.location
    head = [("claim", claim(item)), ("test", f"{path}:{(line or 0) + 1}")]
    if "fresh_rng" in getattr(item, "fixturenames", ()):
        head.append(("replay", f"--seed={engine.seed}"))
    tail = [("hint", f"kata hint {kata.slug}")]
    return "\n".join(f"{label:<9}{text}" for label, text in [*head, *lines, *tail])


# --- frames ----------------------------------------------------------------------------------------------------


def _learners_frames(engine: Engine, error: BaseException) -> list[traceback.FrameSummary]:
    """The frames of the learner's own file, outermost first."""
    path = engine.current.program.path if engine.current else None
    causes = [error, error.__cause__] if error.__cause__ else [error]
    frames = [frame for cause in causes for frame in traceback.extract_tb(cause.__traceback__)]
    return [frame for frame in frames if frame.filename == path]


def _is_last(frame: traceback.FrameSummary, error: BaseException) -> bool:
    """Whether the error was raised in this very frame, not in something it called."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return (last.filename, last.lineno) == (frame.filename, frame.lineno)


def _at(kata: Kata, mine: list[traceback.FrameSummary]) -> str:
    if not mine:
        return ""
    frame = mine[-1]
    return f"\n         {_shown(kata, frame.filename)}:{frame.lineno} in {frame.name}: {frame.line}"


def _shown(kata: Kata, path: str) -> str:
    return _relative(kata, path)


def _relative(kata: Kata, text: str) -> str:
    return text.replace(f"{kata.root}{os.sep}", "")


def _one_line(error: BaseException) -> str:
    try:
        return " ".join(str(error).split())[:300]
    except Exception:  # the learner's exception class may do anything
        return "?"


# --- the end of a run ------------------------------------------------------------------------------------------


SHOWN = 3  # failures of one kata that are told in full; -v tells all


def summary(terminal: Any, catalogue: Catalogue) -> None:
    """The failures, each as its text says, then one line a kata."""
    by_kata: dict[str, list[Any]] = {}
    for category in ("passed", "wrong", "crashed", "not attempted"):
        for each in terminal.stats.get(category, []):
            kata = catalogue.of_test(catalogue.root / each.nodeid.partition("::")[0])
            if kata is not None and (category != "passed" or each.when == "call"):
                by_kata.setdefault(kata.slug, []).append(each)
    if not by_kata:
        return
    for reports in by_kata.values():
        _tell_failures(terminal, [each for each in reports if _outcome(each) in ("wrong", "crashed")])
    terminal.write_sep("=", "katas")
    width = max(map(len, by_kata))
    for slug, reports in by_kata.items():
        terminal.write_line(f"{slug:<{width}}  {_tally(reports)}", red=any(each.failed for each in reports))


def _tell_failures(terminal: Any, failures: list[Any]) -> None:
    """The first failure of each test function, as many as one reads."""
    firsts = list({each.nodeid.partition("[")[0]: each for each in reversed(failures)}.values())[::-1]
    told = failures if terminal.config.get_verbosity() > 0 else firsts[:SHOWN]
    for each in told:
        terminal.write_sep("_", f"{_outcome(each)}: {each.nodeid.partition('::')[2]}", red=True)
        terminal.write_line(str(each.longrepr))
        for name, text in each.sections:
            terminal.write_sep("-", name)
            terminal.write_line(text.rstrip())
    if len(told) < len(failures):
        terminal.write_line(f"... and {len(failures) - len(told)} more failures of this kata: -v tells them all")


def _tally(reports: list[Any]) -> str:
    """'5 passed, 2 wrong, 3 not attempted   open katas/...:12'"""
    counts = Counter(map(_outcome, reports))
    text = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
    waiting = next((str(each.longrepr) for each in reports if _outcome(each) == "not attempted"), None)
    if waiting is None:
        return text
    return f"{'not attempted' if len(counts) == 1 else text}   open {waiting.partition(': ')[0]}"


def _outcome(each: Any) -> str:
    return str(getattr(each, "kata_outcome", each.outcome))
