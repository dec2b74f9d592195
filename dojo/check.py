"""`kata check`: the proof that a kata is sound, with figures.

For each kata: the stub is current and fails as not attempted; the solution passes in time; every accepted answer
passes and every rejected one dies in a named test; so do impostors (the solution's own results, spoiled) and, where
asked for, machine-made mutants; every forbidden call is refused however spelt; statement, examples, hints are there.
"""

from __future__ import annotations

import ast
import doctest
import os
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from dojo import answers, guard, stub
from dojo.catalogue import Kata
from dojo.loading import LoadError, Program, read
from dojo.mutants import mutants
from dojo.runner import Runner, RunnerDied, Verdict

SECONDS = 1.0  # a kata's tests against its solution
SEED = 0  # of the fresh inputs: a check gives the same answer each time


@dataclass
class Report:
    """What the check found of one kata."""

    slug: str
    tests: int = 0
    seconds: float = 0.0
    accepted: tuple[int, int] = (0, 0)  # passed of all
    rejected: tuple[int, int] = (0, 0)  # refused of all
    impostors: tuple[int, int] = (0, 0)
    mutants: tuple[int, int, int] | None = None  # killed, equivalent, all
    guard: tuple[int, int] = (0, 0)
    stub: bool = False
    docs: bool = False
    caught: list[tuple[str, str]] = field(default_factory=list)  # a rejected answer's why, the test that caught it
    faults: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.faults


def check(katas: list[Kata], with_mutants: bool, on_report: Callable[[Report], None]) -> list[Report]:
    """Checks katas side by side, one runner a core."""
    cores = os.cpu_count() or 1
    each = max(1, cores // len(katas))
    with ThreadPoolExecutor(cores) as pool:
        futures = [pool.submit(_check, kata, with_mutants, each) for kata in katas]
        reports = []
        for future in futures:
            reports.append(future.result())
            on_report(reports[-1])
        return reports


def _check(kata: Kata, with_mutants: bool, runners: int) -> Report:
    report = Report(kata.slug)
    try:
        solution = read(kata.solution)
        _check_documents(kata, solution, report)
        _check_guard(kata, solution, report)
        with _Runners(kata, runners) as grade:
            _check_solution(kata, solution, grade, report)
            _check_stub(kata, solution, grade, report)
            _check_answers(kata, grade, report)
            _check_impostors(kata, solution, grade, report)
            if with_mutants and report.sound:
                _check_mutants(kata, solution, grade, report)
    except (LoadError, RunnerDied, ValueError) as error:
        report.faults.append(str(error))
    return report


class _Runners:
    """A few runners of one kata, and `map` over programs with them."""

    def __init__(self, kata: Kata, count: int):
        self._all = [Runner(kata, diagnose="none", seed=SEED) for _ in range(count)]
        self._free: queue.Queue[Runner] = queue.Queue()
        for runner in self._all:
            self._free.put(runner)

    def __enter__(self) -> _Runners:
        return self

    def __exit__(self, *_: object) -> None:
        for runner in self._all:
            runner.close()

    def map(self, programs: list[Program], stop_at_first: bool) -> list[Verdict]:
        def grade(program: Program) -> Verdict:
            runner = self._free.get()
            try:
                verdict = runner.grade(program.text, program.path, stop_at_first=stop_at_first)
                assert verdict is not None
                return verdict
            finally:
                self._free.put(runner)

        with ThreadPoolExecutor(len(self._all)) as pool:
            return list(pool.map(grade, programs))


# --- the programs ----------------------------------------------------------------------------------------------


def _check_solution(kata: Kata, solution: Program, grade: _Runners, report: Report) -> None:
    (verdict,) = grade.map([solution], stop_at_first=False)
    report.tests, report.seconds = len(verdict.results), sum(result.seconds for result in verdict.results)
    if not verdict.green:
        report.faults.append(f"the solution fails {_first(verdict)}")
    if report.seconds > SECONDS:
        slow = max(verdict.results, key=lambda result: result.seconds)
        report.faults.append(
            f"the tests take {report.seconds:.2f} s, {SECONDS:.0f} s is the limit; slowest: {slow.name}"
        )


def _check_stub(kata: Kata, solution: Program, grade: _Runners, report: Report) -> None:
    derived = stub.derive(solution.text)
    report.stub = kata.stub.is_file() and kata.stub.read_text(encoding="utf-8") == derived
    if not report.stub:
        report.faults.append(f"{kata.shown(kata.stub)} is not the solution's stub: `kata stub {kata.slug}` writes it")
    (verdict,) = grade.map([Program(str(kata.stub), derived)], stop_at_first=False)
    outcomes = {result.outcome for result in verdict.results}
    if "not attempted" not in outcomes or not outcomes <= {"not attempted", "passed"}:
        other = next((r for r in verdict.results if r.outcome not in ("not attempted", "passed")), None)
        report.faults.append(f"the stub does not fail as not attempted: {other.name if other else 'it passes'}")
        report.stub = False


def _check_answers(kata: Kata, grade: _Runners, report: Report) -> None:
    report.faults += [f"{kata.shown(kata.answers)}: {fault}" for fault in answers.check_file(kata)]
    known = answers.known(kata)
    right, wrong = [a for a in known if a.right], [a for a in known if not a.right]
    passed = refused = 0
    for answer, verdict in zip(right, grade.map([a.program for a in right], stop_at_first=False), strict=True):
        passed += verdict.green
        if not verdict.green:
            report.faults.append(f"{answers.path_of(kata.root, answer)} is right and refused by {_first(verdict)}")
    for answer, verdict in zip(wrong, grade.map([a.program for a in wrong], stop_at_first=True), strict=True):
        first = verdict.first_failure
        if first is None:
            report.faults.append(f"{answers.path_of(kata.root, answer)} is wrong and accepted: {answer.why}")
        elif first.at_load:
            report.faults.append(
                f"{answers.path_of(kata.root, answer)} dies before any test runs: {_last_line(first.text)}"
            )
        else:
            refused += 1
            report.caught.append((answer.why, first.name))
    report.accepted, report.rejected = (passed, len(right)), (refused, len(wrong))


# A wrong answer for every function, made by spoiling what the worked one returns: name -> expression of a leaf x.
IMPOSTORS = {
    "zeros": "x * 0",
    "NaN": "x * float('nan')",
    "the negative": "-x",
    "1 % more": "x * 1.01",
    "float32": "x.astype(np.float32) if isinstance(x, np.ndarray) else x.float()",
    "a list": "x.tolist()",
    "None": "None",
}

_SPOILED = """

import functools as _functools
import numpy as np

def _spoiled(x):
    if isinstance(x, (tuple, list)):
        return type(x)(_spoiled(part) for part in x)
    kind = str(getattr(x, "dtype", type(x).__name__))
    if {any_kind} and hasattr(x, "dtype") or "float" in kind or "complex" in kind:
        return {expression}
    return x

def _spoil(function):
    @_functools.wraps(function)
    def impostor(*args, **kwargs):
        right = function(*args, **kwargs)
        wrong = _spoiled(right)
        if wrong is right or isinstance(right, tuple) and all(map(lambda a, b: a is b, wrong, right)):
            raise TypeError("there is nothing to spoil here")
        return wrong
    return impostor

{name} = _spoil({name})
"""


def _check_impostors(kata: Kata, solution: Program, grade: _Runners, report: Report) -> None:
    """Zeros, NaN, a list instead of an array, ... in place of each function's numbers."""
    programs, right = [], answers.equivalents(kata)
    for name, annotation in _functions(solution):
        if not any(word in annotation for word in ("ndarray", "Tensor", "float", "Arr")):
            continue
        kinds = [*IMPOSTORS] if "ndarray" in annotation or "Tensor" in annotation else list(IMPOSTORS)[:4]
        kinds = [kind for kind in kinds if (name, kind) not in right]
        programs += [
            (name, kind, _SPOILED.format(expression=IMPOSTORS[kind], name=name, any_kind=kind in ("a list", "None")))
            for kind in kinds
        ]
    verdicts = grade.map([Program(solution.path, solution.text + text) for *_, text in programs], stop_at_first=True)
    caught = 0
    for (name, kind, _), verdict in zip(programs, verdicts, strict=True):
        caught += verdict.first_failure is not None
        if verdict.first_failure is None:
            report.faults.append(f"an impostor is accepted: {name} returns {kind} where the numbers belong")
    report.impostors = (caught, len(programs))


def _check_mutants(kata: Kata, solution: Program, grade: _Runners, report: Report) -> None:
    made = list(mutants(solution.text))
    equivalent = {pair for pair in answers.equivalents(kata) if pair[1] not in IMPOSTORS}
    verdicts = grade.map([Program(solution.path, mutant.source) for mutant in made], stop_at_first=True)
    survivors = [m for m, verdict in zip(made, verdicts, strict=True) if verdict.first_failure is None]
    unexplained = [m for m in survivors if (m.was, m.now) not in equivalent]
    for m in unexplained:
        report.faults.append(f"{kata.shown(kata.solution)}:{m.line}: a mutant survives: {m.was}  ->  {m.now}")
    for was, now in equivalent:
        if (was, now) not in {(m.was, m.now) for m in survivors}:
            report.faults.append(f"{kata.shown(kata.answers)}: no mutant survives that reads {was}  ->  {now}")
    report.mutants = (len(made) - len(survivors), len(survivors) - len(unexplained), len(made))


# --- the papers ------------------------------------------------------------------------------------------------


def _check_documents(kata: Kata, solution: Program, report: Report) -> None:
    faults = []
    statement = ast.get_docstring(solution.tree) or ""
    faults += [f"the statement has no line {word!r}" for word in ("Rules:", "Source:") if word not in statement]
    for node in solution.tree.body:
        if (
            isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ):
            faults.append(f"{node.name} has no docstring")
    if not (kata.test.parent / "README.md").is_file():
        faults.append(f"katas/{kata.topic}/README.md is missing")
    faults += guard.unknown_patterns(kata.forbids) and [
        f"forbids names what is not there: {', '.join(guard.unknown_patterns(kata.forbids))}"
    ]
    faults += _failing_examples(solution)
    report.docs = not faults
    report.faults += [f"{kata.shown(kata.solution)}: {fault}" for fault in faults]


_one_at_a_time = threading.Lock()


def _failing_examples(solution: Program) -> list[str]:
    """The examples in the docstrings, run."""
    names = solution.execute()
    own = [(n, v) for n, v in names.items() if getattr(v, "__module__", None) == names["__name__"] and callable(v)]
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    failing = []
    finder = doctest.DocTestFinder()
    for test in (test for name, value in own for test in finder.find(value, name, module=False, globs=names)):
        with _one_at_a_time:  # doctest puts its own sys.stdout in place
            failed = runner.run(test, out=lambda _: None).failed
        if failed:
            failing.append(f"the example of {test.name} does not give what it says")
    return failing


def _check_guard(kata: Kata, solution: Program, report: Report) -> None:
    """Each forbidden name in four spellings is refused; the solution is not."""
    if guard.scan(solution.tree, solution.path, kata.forbids):
        report.faults.append(f"{kata.shown(kata.solution)} breaks its own rules")
    cases = [Program("illegal.py", text) for rule in kata.forbids for text in _spellings(rule)]
    missed = [case for case in cases if not guard.scan(case.tree, case.path, kata.forbids)]
    report.guard = (len(cases) - len(missed), len(cases))
    report.faults += [f"forbidden and not noticed: {case.text.strip().splitlines()[-1]}" for case in missed]


def _spellings(rule: str) -> Iterator[str]:
    if rule == "@":
        yield "def f(A, B):\n    return A @ B"
        return
    module, _, name = rule.replace("*", "X").rpartition(".")
    if not module:
        yield f"import {name}\n{name}.anything()"
        yield f"import {name} as other\nother.anything()"
        yield f"from {name} import anything\nanything()"
        yield f"import importlib\nimportlib.import_module({name!r})"
        return
    yield f"import {module}\n{module}.{name}()"
    yield f"import {module} as m\nm.{name}()"
    yield f"from {module} import {name} as other\nother()"
    yield f"import {module} as m\ngetattr(m, {name!r})()"


# --- small ones ------------------------------------------------------------------------------------------------


def _functions(solution: Program) -> list[tuple[str, str]]:
    """Public functions with their return annotation."""
    return [
        (node.name, ast.unparse(node.returns) if node.returns else "")
        for node in solution.tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def _first(verdict: Verdict) -> str:
    first = verdict.first_failure
    if first is None:
        return "nothing, but not every test gave a result"
    return f"{first.name}: {' | '.join(first.text.splitlines()[2:6])}"


def _last_line(text: str) -> str:
    return text.strip().splitlines()[-2] if text.count("\n") > 1 else text


# --- the table -------------------------------------------------------------------------------------------------


def show(katas: list[Kata], with_mutants: bool, as_json: bool) -> int:
    """Runs the check and prints what it found; the exit code: 0 sound, 1 not."""
    from rich.console import Console
    from rich.table import Table

    console = Console(stderr=as_json, highlight=False, soft_wrap=True)
    reports = check(katas, with_mutants, lambda report: _progress(console, report))
    if as_json:
        import dataclasses
        import json

        print(json.dumps([dataclasses.asdict(report) for report in reports], indent=2))
        return 0 if all(report.sound for report in reports) else 1
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in (
        "kata",
        "tests",
        "s",
        "accepted",
        "rejected",
        "impostors",
        *(["mutants"] if with_mutants else []),
        "guard",
        "stub",
        "docs",
    ):
        table.add_column(title, justify="left" if title == "kata" else "right", no_wrap=True)
    for r in reports:
        killed = [f"{r.mutants[0]}+{r.mutants[1]}/{r.mutants[2]}" if r.mutants else "-"] if with_mutants else []
        pairs = [f"{done}/{all_}" for done, all_ in (r.accepted, r.rejected, r.impostors)]
        table.add_row(
            r.slug, str(r.tests), f"{r.seconds:.2f}", *pairs, *killed, f"{r.guard[0]}/{r.guard[1]}",
            "current" if r.stub else "[red]no[/]", "yes" if r.docs else "[red]no[/]",
            style=None if r.sound else "red",
        )  # fmt: skip
    console.print(table, soft_wrap=False, width=max(console.width, 120))
    if len(reports) == 1:
        for why, test in reports[0].caught:
            console.print(f"  {test}  caught: {why}", markup=False)
    for report in reports:
        for fault in report.faults:
            console.print(f"{report.slug}: {fault}", style="red", markup=False)
    total = [
        sum(r.accepted[0] for r in reports),
        sum(r.rejected[0] for r in reports),
        sum(r.impostors[0] for r in reports),
    ]
    sound = sum(r.sound for r in reports)
    console.print(
        f"{sound} of {len(reports)} katas sound: {total[0]} right answers accepted, {total[1]} wrong ones and "
        f"{total[2]} impostors refused"
    )
    return 0 if sound == len(reports) else 1


def _progress(console: Any, report: Report) -> None:
    if console.is_terminal:
        console.print(f"[{'green' if report.sound else 'red'}]{'✓' if report.sound else '✗'}[/] {report.slug}")
