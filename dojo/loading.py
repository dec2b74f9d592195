"""Loading: from a path to a program one can call.

The file itself is compiled each time. An ordinary import would look for bytecode first, and bytecode is stale when
a file is saved twice within a second at the same size. The program is no entry of `sys.modules` either, so that
nothing outlives it.
"""

from __future__ import annotations

import ast
import linecache
import sys
import types
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

_number = count()


class LoadError(Exception):
    """A program that cannot be loaded; the text is one line: path, line, reason."""


@dataclass(frozen=True)
class Program:
    """One implementation of a kata: its text and the path that errors name."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        try:
            return ast.parse(self.text, self.path)
        except SyntaxError as error:
            line = (error.text or "").strip()
            raise LoadError(f"{self.path}:{error.lineno}: {error.msg}" + (f": {line}" if line else "")) from None
        except ValueError as error:  # a NUL byte
            raise LoadError(f"{self.path}: {error}") from None

    @cached_property
    def code(self) -> types.CodeType:
        return compile(self.tree, self.path, "exec", dont_inherit=True)

    def execute(self) -> dict[str, Any]:
        """Runs the file's top level and gives its names."""
        lines = self.text.splitlines(keepends=True)
        linecache.cache[self.path] = (len(self.text), None, lines, self.path)  # tracebacks show this very text
        module = types.ModuleType(f"kata_{next(_number)}")
        module.__file__ = self.path
        sys.modules[module.__name__] = module  # dataclasses and torch.jit look here while a class is made
        try:
            exec(self.code, module.__dict__)
        finally:
            del sys.modules[module.__name__]
        return module.__dict__

    @cached_property
    def defaults(self) -> dict[str, dict[str, float]]:
        """The numbers that parameters of its functions stand for when left out: {"newton": {"tol": 1e-10}}."""
        found = {}
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef):
                args = node.args
                last = zip(reversed(args.posonlyargs + args.args), reversed(args.defaults), strict=False)
                pairs = [*last, *zip(args.kwonlyargs, args.kw_defaults, strict=True)]
                values = {arg.arg: value.value for arg, value in pairs if isinstance(value, ast.Constant)}
                found[node.name] = {name: value for name, value in values.items() if isinstance(value, int | float)}
        return found

    def where(self, name: str) -> int:
        """The line on which a top-level name is defined; 1 where there is none."""
        for node in self.tree.body:
            if getattr(node, "name", None) == name:
                return int(node.lineno)
        return 1


def read(path: Path) -> Program:
    """The program in a file."""
    try:
        return Program(str(path), path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise LoadError(f"{path}: there is no such file; `kata reset {path.stem}` puts the stub back") from None
    except UnicodeDecodeError as error:
        raise LoadError(f"{path}: not UTF-8 text ({error.reason} at byte {error.start})") from None
    except OSError as error:
        raise LoadError(f"{path}: {error.strerror}") from None
