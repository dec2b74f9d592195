"""Mutants of a worked solution: each a small mistake nobody thought of, which the kata's tests should notice.

Only function bodies change: a docstring, an annotation, an import or the text of an exception is not graded.
A mutant is one piece of the text replaced, so that all around it stays as the author wrote it. mutmut's own
operators are not used: they are private, have moved between releases, and know nothing of arrays.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

# One token for another. What no longer parses (`for i not in x`) is dropped later. A unary minus turned to
# plus is a minus lost.
SWAPS = {
    "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "//": ["/"], "%": ["//"], "@": ["*"], "**": ["*"],
    "&": ["|"], "|": ["&"], "^": ["&"], "~": [""], "<<": [">>"], ">>": ["<<"],
    "+=": ["-=", "="], "-=": ["+=", "="], "*=": ["/=", "="], "/=": ["*=", "="], "//=": ["/="], "@=": ["*="],
    "**=": ["*="], "%=": ["//="], "&=": ["|="], "|=": ["&="],
    "<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"], "==": ["!="], "!=": ["=="],
    "and": ["or"], "or": ["and"], "not": [""], "in": ["not in"], "is": ["is not"],
    "True": ["False"], "False": ["True"], "continue": ["break"],
}  # fmt: skip

# Functions, methods and attributes that are taken for each other.
TWINS = """
    max/min argmax/argmin maximum/minimum amax/amin cummax/cummin any/all sum/mean mean/median std/var
    cumsum/cumprod zeros/ones zeros_like/ones_like floor/ceil floor/round sin/cos sinh/cosh exp/expm1
    log/log1p sqrt/square real/imag triu/tril hstack/vstack logical_and/logical_or bitwise_and/bitwise_or
    less/less_equal greater/greater_equal
"""
# Asked for without arguments, these return their own array again, moved, conjugated or copied.
VIEWS = {"conj", "conjugate", "transpose", "copy", "clone", "ravel", "flatten"}
# None as an argument of these is an error whatever the tests do, so it tells nothing about them.
ALWAYS_ERRORS = {"len", "range", "isinstance", "enumerate", "zip"}

Placed = ast.stmt | ast.expr | ast.keyword
ATOMS = (ast.Name, ast.Constant, ast.Attribute, ast.Subscript, ast.Call, ast.List, ast.Tuple)


@dataclass(frozen=True)
class Mutant:
    line: int
    was: str  # the first changed line, before and after, without its comment
    now: str
    source: str  # the whole mutated file


@dataclass(frozen=True)
class _Edit:
    start: int
    end: int
    text: str

    def within(self, zones: list[tuple[int, int]]) -> bool:
        return any(start <= self.start and self.end <= end for start, end in zones)


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of the source, by line; no two of them, nor one and the source, are the same program."""
    text = _Text(source)
    functions = [n for n in ast.walk(text.tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    bodies = [text.span(function.body[0], function.body[-1]) for function in functions]
    frozen = [text.span(node) for node in _ungraded(text)]
    edits = [edit for edit in (*_token_edits(text), *_node_edits(text)) if edit.within(bodies)]
    changed = [_apply(source, edit) for edit in edits if not edit.within(frozen)]

    seen = {ast.dump(text.tree)}
    for mutant in sorted(changed, key=lambda mutant: mutant.line):
        try:
            program = ast.dump(ast.parse(mutant.source))
        except SyntaxError:
            continue
        if program not in seen:
            seen.add(program)
            yield mutant


def _apply(source: str, edit: _Edit) -> Mutant:
    mutated = source[: edit.start] + edit.text + source[edit.end :]
    lines = enumerate(zip_longest(source.split("\n"), mutated.split("\n"), fillvalue=""), start=1)
    line, was, now = next(((n, was, now) for n, (was, now) in lines if was != now), (0, "", ""))
    return Mutant(line, _code(was), _code(now), mutated)


def _code(line: str) -> str:
    """A line without indent and trailing comment: what an author quotes, and may comment otherwise later."""
    return re.sub(r"\s\s#\s.*$", "", line).strip()


class _Text:
    """A source with its tree and tokens, both placed by offset into the text."""

    def __init__(self, source: str):
        self.source = source
        self.tree = ast.parse(source)
        self._lines = list(io.StringIO(source))
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))
        ignored = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
        self.tokens = [
            (token, self._starts[token.start[0] - 1] + token.start[1])
            for token in tokenize.generate_tokens(io.StringIO(source).readline)
            if token.type not in ignored
        ]

    def span(self, first: Placed, last: Placed | None = None) -> tuple[int, int]:
        last = last or first
        start = self._offset(first.lineno, first.col_offset)
        return start, self._offset(last.end_lineno or 0, last.end_col_offset or 0)

    def of(self, node: Placed) -> str:
        start, end = self.span(node)
        return self.source[start:end]

    def operand(self, node: ast.expr) -> str:
        """The node's text, fit to stand next to an operator."""
        return self.of(node) if isinstance(node, ATOMS) else f"({self.of(node)})"

    def _offset(self, line: int, column: int) -> int:
        # ast counts bytes of UTF-8, and solutions are full of Greek
        return self._starts[line - 1] + len(self._lines[line - 1].encode()[:column].decode())


def _ungraded(text: _Text) -> Iterator[Placed]:
    for node in ast.walk(text.tree):
        match node:
            case ast.Import() | ast.ImportFrom() | ast.JoinedStr() | ast.Expr(value=ast.Constant()):
                yield node
            case ast.keyword(arg="strict"):  # zip(..., strict=True) only guards
                yield node
            case ast.Raise(exc=message) | ast.Assert(msg=message) if message:
                yield message
            case ast.arg(annotation=annotation) | ast.AnnAssign(annotation=annotation) if annotation:
                yield annotation
            case ast.FunctionDef(returns=annotation) | ast.AsyncFunctionDef(returns=annotation) if annotation:
                yield annotation


def _token_edits(text: _Text) -> Iterator[_Edit]:
    """Operators, constants and names, one for another."""
    twins = _twins()
    around = zip([None, *text.tokens], text.tokens, [*text.tokens[1:], None], strict=False)
    for before, (token, start), after in around:
        is_used = (before and before[0].string == ".") or (after and after[0].string == "(")
        others = SWAPS.get(token.string, [])
        if token.type == tokenize.NUMBER:
            others = _other_numbers(ast.literal_eval(token.string))
        elif token.type == tokenize.NAME and is_used:
            others = [*others, *twins.get(token.string, [])]
        for other in others:
            yield _Edit(start, start + len(token.string), other)


def _twins() -> dict[str, list[str]]:
    twins: dict[str, list[str]] = {}
    for one, other in (pair.split("/") for pair in TWINS.split()):
        twins.setdefault(one, []).append(other)
        twins.setdefault(other, []).append(one)
    return twins


def _other_numbers(value: complex) -> list[str]:
    # an integer counts, indexes or names an axis: it can be off by one both ways
    return [repr(value + 1), repr(value - 1)] if isinstance(value, int) else [repr(value + 1)]


def _node_edits(text: _Text) -> Iterator[_Edit]:
    """What needs the grammar: an argument, a term, a condition, a statement."""

    def replace(node: Placed, new: str) -> _Edit:
        return _Edit(*text.span(node), new)

    for node in ast.walk(text.tree):
        match node:
            case ast.Return(value=ast.expr() as value):
                yield replace(value, "None")
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                yield replace(value, "None")
                yield replace(node, "pass")
            case ast.AugAssign() | ast.Expr() | ast.Raise() | ast.Break() | ast.Continue() | ast.Delete():
                yield replace(node, "pass")
            case ast.If(test=test) | ast.IfExp(test=test):
                yield replace(test, "True")
                yield replace(test, "False")
            case ast.While(test=test):
                yield replace(test, "False")
            case ast.BinOp(left=left, right=right):
                yield replace(node, text.operand(left))
                yield replace(node, text.operand(right))
            case ast.Slice(lower=lower, upper=upper):
                for bound in filter(None, (lower, upper)):
                    if not _is_number(bound):  # a number is off by one already
                        yield replace(bound, f"{text.operand(bound)} + 1")
                        yield replace(bound, f"{text.operand(bound)} - 1")
            case ast.Attribute(value=array, attr="T" | "mT" | "H" | "mH"):
                yield replace(node, text.operand(array))
            case ast.Call():
                yield from _call_edits(node, text)


def _call_edits(node: ast.Call, text: _Text) -> Iterator[_Edit]:
    match node:
        case ast.Call(func=ast.Attribute(value=array, attr=name), args=[], keywords=[]) if name in VIEWS:
            yield _Edit(*text.span(node), text.operand(array))
    if text.of(node.func) not in ALWAYS_ERRORS:
        for argument in node.args:
            if not isinstance(argument, ast.Starred):
                yield _Edit(*text.span(argument), "None")
    for keyword in node.keywords:
        if keyword.arg not in (None, "strict"):
            yield _Edit(*_with_comma(keyword, text), "")


def _with_comma(keyword: ast.keyword, text: _Text) -> tuple[int, int]:
    """The keyword's span with one comma beside it: the one before where both stand on one line."""
    start, end = text.span(keyword)
    before = max(position for _, position in text.tokens if position < start)
    after = min(position for _, position in text.tokens if position >= end)
    if text.source[before] == "," and "\n" not in text.source[before:start]:
        return before, end
    return (start, after + 1) if text.source[after] == "," else (start, end)


def _is_number(node: ast.expr) -> bool:
    return isinstance(node.operand if isinstance(node, ast.UnaryOp) else node, ast.Constant)
