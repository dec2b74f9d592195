"""Known answers: right ones the tests must accept, wrong ones they must refuse.

`reference/<topic>/<slug>_answers.py` holds them as functions, each under a decorator with one line of why:

    @rejected("this is v'J: the transpose product")
    def jvp(params, x, v): ...

An answer is the worked solution with that function written over. A class is a set of functions that are written
over together; a class that has the name of one in the solution takes its place. Whatever else the file holds
(imports, helpers) is at hand for every answer. The file is read, never run: each answer becomes a program of its
own, loaded and graded like a learner's.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from dojo.catalogue import Kata
from dojo.loading import LoadError, Program, read


def accepted(why: str) -> Callable[[Any], Any]:
    """Marks a right answer; `why` tells how it differs from the worked one."""
    return lambda answer: answer


def rejected(why: str) -> Callable[[Any], Any]:
    """Marks a wrong answer; `why` would help the one who made the mistake."""
    return lambda answer: answer


def equivalent(was: str, now: str, why: str) -> None:
    """Says of a mutant of the solution (its line before and after) that it is no mistake, and why.

    Of an impostor likewise, by the function's name and the impostor's: the negative of a random rotation is one, too.
    """


@dataclass(frozen=True)
class Answer:
    right: bool
    why: str
    line: int
    program: Program


def known(kata: Kata) -> list[Answer]:
    """The known answers of a kata, in the order of its file."""
    return list(_answers(read(kata.answers), read(kata.solution)))


@lru_cache(maxsize=64)
def _answers(file: Program, solution: Program) -> tuple[Answer, ...]:
    marked = [(node, mark) for node in file.tree.body if (mark := _mark(node))]
    helpers = [node for node in file.tree.body if not _mark(node) and not _imports_dojo(node) and not _is_text(node)]
    preamble = "\n".join(ast.get_source_segment(file.text, node, padded=True) or "" for node in helpers)
    found = []
    for node, (right, why) in marked:
        text = _written_over(solution, _parts(file.text, node, solution), preamble)
        found.append(Answer(right, why, node.lineno, Program(f"{file.path}:{node.lineno}", text)))
    return tuple(found)


def equivalents(kata: Kata) -> dict[tuple[str, str], str]:
    """(line before, line after) -> why, of the mutants that are known to be no mistake."""
    found = {}
    for node in read(kata.answers).tree.body:
        match node:
            case ast.Expr(value=ast.Call(func=ast.Name(id="equivalent"), args=args)):
                was, now, why = (ast.literal_eval(arg) for arg in args)
                found[was, now] = why
    return found


def _mark(node: ast.stmt) -> tuple[bool, str] | None:
    """(right, why) where a definition carries one of the two decorators."""
    for decorator in getattr(node, "decorator_list", []):
        match decorator:
            case ast.Call(func=ast.Name(id="accepted" | "rejected" as verdict), args=[ast.Constant(value=str(why))]):
                return verdict == "accepted", why
    return None


def _imports_dojo(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("dojo", "__future__"))


def _is_text(node: ast.stmt) -> bool:
    """A docstring, or a word on equivalent mutants: nothing an answer needs."""
    return isinstance(node, ast.Expr)


def _parts(text: str, node: ast.stmt, solution: Program) -> dict[str, str]:
    """name -> source of what the answer writes over."""
    names = {getattr(other, "name", None) for other in solution.tree.body}
    if isinstance(node, ast.ClassDef) and node.name not in names:
        return {part.name: _source(text, part) for part in node.body if isinstance(part, ast.FunctionDef)}
    assert isinstance(node, ast.FunctionDef | ast.ClassDef)
    return {node.name: _source(text, node)}


def _source(text: str, node: ast.FunctionDef | ast.ClassDef) -> str:
    lines = text.splitlines()[node.lineno - 1 : node.end_lineno]
    return textwrap.dedent("\n".join(lines))


def _written_over(solution: Program, parts: dict[str, str], preamble: str) -> str:
    """The solution's text with `parts` in place of what has their names; new names come last."""
    lines = solution.text.splitlines()
    body = solution.tree.body
    unknown = [name for name in parts if name not in {getattr(node, "name", None) for node in body}]
    after = "\n\n\n".join(parts[name] for name in unknown)
    for node in reversed(body):
        name = getattr(node, "name", None)
        if name in parts and isinstance(node, ast.FunctionDef | ast.ClassDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            lines[first - 1 : node.end_lineno] = parts[name].splitlines()
    last_import = max(
        (node.end_lineno or 0 for node in body if isinstance(node, ast.Import | ast.ImportFrom)), default=0
    )
    if not last_import:
        last_import = body[0].end_lineno or 0 if body and _is_text(body[0]) else 0
    lines[last_import:last_import] = preamble.splitlines()
    return "\n".join([*lines, "", after, ""])


def check_file(kata: Kata) -> list[str]:
    """What is wrong with an answers file, a line each: too few answers, an empty why, a name that is not there."""
    try:
        answers = known(kata)
    except LoadError as error:
        return [str(error)]
    found = []
    right, wrong = sum(a.right for a in answers), sum(not a.right for a in answers)
    if right < 2 or wrong < 5:
        found.append(f"{right} accepted and {wrong} rejected answers: at least 2 and 5 are wanted")
    found += [f"line {a.line}: the why is empty" for a in answers if len(a.why.split()) < 3]
    return found


def path_of(root: Path, answer: Answer) -> str:
    """Where an answer stands, as one types it."""
    path, _, line = answer.program.path.rpartition(":")
    return f"{Path(path).relative_to(root)}:{line}"
