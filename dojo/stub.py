"""The stub of a kata, derived from its worked solution, so that the two cannot drift.

A docstring is the statement and stays; a comment is the explanation and goes. So do bodies, whatever has a
private name, the imports only the answer needs, and a docstring's closing section `Solution notes:`.
"""

import ast
import io
import re
import tokenize

BACKENDS = {"numpy", "torch"}  # the learner needs these, whether or not a signature names them

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef
Import = ast.Import | ast.ImportFrom


def derive(source: str) -> str:
    """The text of the stub for the text of a solution; ValueError where the stub would miss a name."""
    solution = ast.parse(source)
    used = _names_used(ast.parse(_members(solution, source, used=set())))
    stub = _members(solution, source, used) + "\n"

    missing = (_names_bound(solution) - _names_bound(ast.parse(stub))) & used
    if missing:
        raise ValueError(
            f"the stub needs {', '.join(sorted(missing))}, which it leaves out: "
            "make public what a signature, decorator, base class or public constant uses"
        )
    return stub


def _members(parent: ast.Module | ast.ClassDef, source: str, used: set[str]) -> str:
    """What the stub keeps of a module or class body, with ruff's blank lines between."""
    text = ""
    above = None
    for node in parent.body:
        kept = _docstring(node, source) if _has_docstring(parent, node) else _member(node, source, used)
        if not kept:
            continue
        if above is not None:
            text += "\n" * (1 + _blank_lines(parent, above, node, source))
        text += kept
        above = node
    return text


def _member(node: ast.stmt, source: str, used: set[str]) -> str:
    """The stub's text for one statement, empty where it has no place there."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() if _is_public(node.name) or _is_asked_dunder(node):
            body = [_docstring(node.body[0], source)] if ast.get_docstring(node) is not None else []
            return "\n".join([_header(node, source), *body, _inner(node) + "raise NotImplementedError"])
        case ast.ClassDef() if _is_public(node.name):
            return _header(node, source) + "\n" + (_members(node, source, used) or _inner(node) + "pass")
        case ast.Import() | ast.ImportFrom():
            return _import(node, source, used)
        case ast.Assign() | ast.AnnAssign() if any(map(_is_public, _names_bound(node))):
            return " " * node.col_offset + _without_comments(_text(node, source))
    return ""


def _is_public(name: str) -> bool:
    return not name.startswith("_") or name == "__all__"


def _is_asked_dunder(node: Function) -> bool:
    """`__init__` always; another special method where a docstring makes it part of the statement."""
    special = node.name.startswith("__") and node.name.endswith("__")
    return special and (node.name == "__init__" or ast.get_docstring(node) is not None)


def _header(node: Definition, source: str) -> str:
    """Decorators and signature exactly as written, so that solving only ever adds lines."""
    first = node.body[0]
    lines = source.split("\n")
    before_body = lines[_first_line(first) - 1].encode()[: first.col_offset].decode().rstrip()
    header = [*lines[_first_line(node) - 1 : _first_line(first) - 1], before_body]
    while not header[-1].strip() or header[-1].lstrip().startswith("#"):
        header.pop()
    return "\n".join(header)


def _first_line(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", [])
    return decorators[0].lineno if decorators else node.lineno


def _inner(node: Definition) -> str:
    return " " * (node.col_offset + 4)


def _has_docstring(parent: ast.Module | ast.ClassDef, node: ast.stmt) -> bool:
    return node is parent.body[0] and ast.get_docstring(parent) is not None


def _docstring(node: ast.stmt, source: str) -> str:
    indent = " " * node.col_offset
    text = _text(node, source)
    notes = re.search(r"\n[ \t]*Solution notes:", text)
    if not notes:
        return indent + text
    statement = text[: notes.start()].rstrip()
    return indent + statement + ("\n" + indent if "\n" in statement else "") + text[-3:]


def _text(node: ast.stmt, source: str) -> str:
    return ast.get_source_segment(source, node) or ""


def _import(node: Import, source: str, used: set[str]) -> str:
    """The import, cut down to the names that the stub uses."""

    def is_kept(alias: ast.alias) -> bool:
        is_backend = isinstance(node, ast.Import) and alias.name in BACKENDS
        return is_backend or (alias.asname or alias.name.split(".")[0]) in used

    if isinstance(node, ast.ImportFrom) and node.module == "__future__":
        return _text(node, source)
    kept = [alias for alias in node.names if is_kept(alias)]
    if kept == node.names:
        return _without_comments(_text(node, source))
    names = ", ".join(ast.unparse(alias) for alias in kept)
    start = f"from {'.' * node.level}{node.module or ''} " if isinstance(node, ast.ImportFrom) else ""
    return f"{start}import {names}" if kept else ""


def _blank_lines(parent: ast.Module | ast.ClassDef, above: ast.stmt, below: ast.stmt, source: str) -> int:
    if isinstance(above, Definition) or isinstance(below, Definition):
        return 2 if isinstance(parent, ast.Module) else 1
    between = source.split("\n")[above.end_lineno : _first_line(below) - 1]
    return 1 if "" in between or _has_docstring(parent, above) else 0


def _without_comments(statement: str) -> str:
    lines: list[str | None] = [*statement.split("\n")]
    for token in tokenize.generate_tokens(io.StringIO(statement).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            # None marks a line that held only the comment, so that a string's own blank line stays
            lines[row - 1] = token.line[:column].rstrip() or None
    return "\n".join(line for line in lines if line is not None)


def _names_used(stub: ast.Module) -> set[str]:
    return {n.id for n in ast.walk(stub) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def _names_bound(node: ast.Module | ast.stmt) -> set[str]:
    """The names that a module's top level, or one statement, brings in."""
    match node:
        case ast.Module():
            return set().union(*map(_names_bound, node.body))
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return {node.name}
        case ast.Import() | ast.ImportFrom():
            return {alias.asname or alias.name.split(".")[0] for alias in node.names}
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
