"""Forbidden calls: a kata on convolution is no kata when `np.convolve` may be called.

This stops slips and copy-paste, not a determined learner, who owns the machine. No layer sees everything:

1. `scan` reads the source. Only it can see `@` and, before Python 3.12, numpy's ufuncs.
2. Two torch modes see each torch function, however it was reached (`nn.Module`, `getattr`, `torch.jit`); the
   second, which is slow, is entered only where the text has a word that leads past torch's functions.
3. A profile hook (3.11) or `sys.monitoring` (3.12+) sees the other calls. On 3.11 not those in a new thread.
4. Hits are kept, not raised: `except: pass` cannot swallow them. The caller raises when the call is over.

What is guarded is the learner's file. A test's callback or an allowed library routine may call what it likes.
"""

from __future__ import annotations

import ast
import dis
import functools
import importlib
import importlib.util
import linecache
import re
import sys
import types
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import chain
from typing import Any


@dataclass(frozen=True)
class Hit:
    call: str  # canonical dotted name, "numpy.convolve", or "@"
    rule: str  # the pattern of `forbids` it matches
    path: str
    line: int

    def __str__(self) -> str:
        linecache.checkcache(self.path)  # in watch mode the file has changed since it was last read
        source = linecache.getline(self.path, self.line).strip()
        return f"{self.call} is not allowed here (line {self.line}{': ' + source if source else ''})"


# ------------------------------------------------------------------------------- names, patterns, objects


def _rule_for(name: str, forbids: Iterable[str]) -> str | None:
    """The first pattern which covers the dotted `name`: a package covers all below it."""
    parts = name.split(".")
    for rule in forbids:
        wanted = rule.split(".")
        if len(wanted) <= len(parts) and all(map(fnmatchcase, parts, wanted)):
            return rule
    return None


def _lookup(name: str) -> object | None:
    """The object called `name`, if it is loaded. Never imports: torch costs a second, scipy a tenth."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        found = sys.modules.get(".".join(parts[:cut]))
        if found is None:
            continue
        for part in parts[cut:]:
            # vars and not getattr: a module's own __getattr__ may import on demand
            found = vars(found).get(part) if isinstance(found, types.ModuleType) else getattr(found, part, None)
        return found
    return None


def _is_error(name: str) -> bool:
    """np.linalg.LinAlgError may be raised and caught by everyone."""
    found = _lookup(name)
    return isinstance(found, type) and issubclass(found, Exception)


def _find(rule: str) -> dict[str, object]:
    """What `rule` names among the loaded modules: {dotted name: object}."""
    parent, _, last = rule.rpartition(".")
    names = [rule]
    if "*" in last:
        names = [f"{parent}.{name}" for name in dir(_lookup(parent)) if fnmatchcase(name, last)]
    return {name: found for name in names if (found := _lookup(name)) is not None}


def _members(name: str, module: types.ModuleType) -> Iterator[tuple[str, object]]:
    """A module's public callables, without those which it merely imported."""
    public = getattr(module, "__all__", None)
    for key, value in vars(module).items():
        own = isinstance(value, types.BuiltinFunctionType) or (getattr(value, "__module__", "") or "").startswith(name)
        if callable(value) and (key in public if public else own and not key.startswith("_")):
            yield f"{name}.{key}", value


def _essence(value: Any) -> object:
    """What runs when `value` is called: the code object of a Python function, else the callable itself."""
    while True:
        if isinstance(value, functools.partial):
            value = value.func
        elif isinstance(value, types.MethodType):
            value = value.__func__
        elif "__wrapped__" in getattr(value, "__dict__", ()):  # numpy's dispatchers wrap the implementation
            value = value.__dict__["__wrapped__"]
        elif isinstance(value, types.FunctionType) and value.__code__.co_name == value.__name__:
            return value.__code__
        else:  # a closure under another name shares its code with its siblings: the code says nothing
            return value


def _targets(forbids: Iterable[str]) -> dict[int, tuple[str, str, object]]:
    """{id of what runs: (rule, name, what runs)}; holding it keeps the id its own."""
    found: dict[int, tuple[str, str, object]] = {}
    for rule in forbids:
        for name, value in _find(rule).items():
            below = _members(name, value) if isinstance(value, types.ModuleType) else ()
            for called, target in chain([(name, value)], below):
                if isinstance(target, type) and issubclass(target, BaseException):
                    continue  # to raise an error of a module is not to use it
                # a class runs as its methods
                methods = vars(target).values() if isinstance(target, type) else ()
                for it in (target, *(m for m in methods if isinstance(m, types.FunctionType))):
                    found.setdefault(id(_essence(it)), (rule, called, _essence(it)))
    return found


def unknown_patterns(forbids: Iterable[str]) -> list[str]:
    """Patterns which name nothing although their package is installed: a slip of the kata's author."""
    return [rule for rule in forbids if rule != "@" and _installed(rule) and not _find(rule)]


def _installed(rule: str) -> bool:
    package = rule.partition(".")[0]
    if importlib.util.find_spec(package) is None:
        return False
    name = ""
    for part in rule.split("."):
        name = f"{name}.{part}".lstrip(".")
        try:
            importlib.import_module(name)
        except ImportError:  # from here on the names are attributes
            break
    return True


# ------------------------------------------------------------------------------------- layer 1: the source

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, *_COMPREHENSIONS)


def scan(tree: ast.Module, path: str, forbids: Sequence[str]) -> list[Hit]:
    """Forbidden names mentioned in the source, called or not: `map(np.convolve, …)` calls it too."""
    reader = _Reader(path, forbids)
    reader.read(tree, _Scope(tree, None))
    return sorted(reader.hits.values(), key=lambda hit: hit.line)


class _Scope:
    """What the names of one scope may stand for: expressions, or dotted names that were imported."""

    def __init__(self, node: ast.AST, parent: _Scope | None):
        # the names of a class body are not seen from its methods
        self.parent: _Scope | None = parent.parent if parent and parent.is_class else parent
        self.is_class: bool = isinstance(node, ast.ClassDef)
        self.names: dict[str, list[ast.expr | str]] = defaultdict(list)
        self.known: dict[str, set[str]] = {}
        for inner in _without_inner_scopes(node):
            self._bind(inner)

    def _bind(self, node: Any) -> None:
        match node:
            case ast.Import():
                for alias in node.names:
                    top = alias.name.partition(".")[0]
                    self.names[alias.asname or top].append(alias.name if alias.asname else top)
            case ast.ImportFrom(level=0):
                for alias in node.names:
                    source = node.module if alias.name == "*" else f"{node.module}.{alias.name}"
                    self.names[alias.asname or alias.name].append(str(source))
            case ast.Assign():
                for target in node.targets:
                    self._assign(target, node.value)
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target, value):
                self._assign(target, value)
            case ast.Name(ctx=ast.Store()):
                self.names[node.id]  # bound, to nothing we can follow
            case ast.arg():
                self.names[node.arg]
            case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
                self.names[name]
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                self.names[name]

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.names[target.id].append(value)
        elif isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
            for one, other in zip(target.elts, value.elts, strict=False):
                self._assign(one, other)

    def resolve(self, node: ast.expr | str) -> set[str]:
        """The dotted names which an expression may stand for; empty when it is the learner's own."""
        match node:
            case str():
                return {node}
            case ast.Name():
                return self._resolve_name(node.id)
            case ast.Attribute():
                return {f"{base}.{node.attr}" for base in self.resolve(node.value)}
            case ast.IfExp():
                return self.resolve(node.body) | self.resolve(node.orelse)
            case ast.Call(args=[first, ast.Constant(value=str(attr)), *_]) if self._is(node.func, "getattr"):
                return {f"{base}.{attr}" for base in self.resolve(first)}
            case ast.Call(args=[ast.Constant(value=str(name)), *_]) if self._is(
                node.func, "import_module", "__import__"
            ):
                return {name}
        return set()

    def _is(self, function: ast.expr, *names: str) -> bool:
        return any(name in (f"builtins.{n}", f"importlib.{n}") for name in self.resolve(function) for n in names)

    def _resolve_name(self, name: str) -> set[str]:
        if name in self.names:
            if name not in self.known:
                self.known[name] = set()  # `x = x.T` ends here
                self.known[name] = set().union(*map(self.resolve, self.names[name]))
            return self.known[name]
        if self.parent:
            return self.parent._resolve_name(name)
        return {f"{module}.{name}" for module in ("builtins", *self.names.get("*", ()))}


def _without_inner_scopes(scope: ast.AST) -> Iterator[ast.AST]:
    todo = list(ast.iter_child_nodes(scope))
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, _SCOPES):
            todo.extend(ast.iter_child_nodes(node))


class _Reader:
    def __init__(self, path: str, forbids: Sequence[str]):
        self.path, self.forbids = path, forbids
        self.targets = _targets(forbids)
        self.hits: dict[tuple[str, int], Hit] = {}
        self.rule = functools.cache(self._rule)

    def read(self, node: ast.AST, scope: _Scope) -> None:
        match node:
            case ast.BinOp(op=ast.MatMult()) | ast.AugAssign(op=ast.MatMult()):
                self._mentions({"@"}, node)
            case ast.Import():
                self._mentions({alias.name for alias in node.names}, node)
            case ast.ImportFrom(level=0):
                ends = ("" if alias.name == "*" else f".{alias.name}" for alias in node.names)
                self._mentions({f"{node.module}{end}" for end in ends}, node)
            case ast.Name(ctx=ast.Load()) | ast.Attribute(ctx=ast.Load()) | ast.Call():
                names = scope.resolve(node)
                if self._mentions(names, node) or any(map(_is_error, names)):
                    return  # `np.linalg.inv` is one hit, not also one for `np.linalg`
        for child in ast.iter_child_nodes(node):
            self.read(child, _Scope(child, scope) if isinstance(child, _SCOPES) else scope)

    def _mentions(self, names: set[str], node: Any) -> bool:
        hits = [Hit(name, rule, self.path, node.lineno) for name in sorted(names) if (rule := self.rule(name))]
        for hit in hits:
            self.hits.setdefault((hit.rule, hit.line), hit)
        return bool(hits)

    def _rule(self, name: str) -> str | None:
        if _is_error(name):
            return None
        known = self.targets.get(
            id(_essence(_lookup(name)))
        )  # another path to the same function: np.linalg._linalg.inv
        return _rule_for(name, self.forbids) or (known[0] if known else None)


# ------------------------------------------------------------------------- layers 2 and 3: the running code

# Library modules which pass a call on: who called them called what they call.
_PLUMBING = (
    *("functools", "torch.overrides", "torch._jit_internal", "torch._ops", "torch._compile", "torch._dynamo"),
    *("torch.functional", "torch.nn.functional", "torch.nn.modules"),
)
_BUILTIN = (types.BuiltinFunctionType, types.MethodDescriptorType)


_ROUNDABOUT = re.compile("jit|script|trace|compile|export|ops|_C|getattr|vars|eval|exec|import_|__dict__|__get")


def hides_kernels(text: str) -> bool:
    """Whether a program of this text might run torch's operators without calling a function of torch.

    Only then are the operators themselves looked at: that makes each of them several times as slow.
    """
    return _ROUNDABOUT.search(text) is not None


class Guard:
    """While entered, notes forbidden calls made from `files` in `hits`, which each entry empties."""

    def __init__(self, forbids: Sequence[str], files: Collection[str], torch: bool, kernels: bool = True):
        self.hits: list[Hit] = []
        self._forbids = [rule for rule in forbids if rule != "@"]
        self._files = frozenset(map(str, files))
        if torch:
            importlib.import_module("torch")
        self._innocent: set[str] = set()  # files which hold nothing forbidden: most calls end at this look-up
        self._builtin_names: set[str] = set()
        self._resolve()
        self._modes = _torch_modes(self)[: 1 + kernels] if torch and self._forbids else ()
        self._hook = (_Monitoring if sys.version_info >= (3, 12) else _Profile)(self)

    def _resolve(self) -> None:
        """Patterns to objects. Those of modules not loaded yet are tried again when more are loaded."""
        self._loaded = len(sys.modules)
        self._pending = [rule for rule in self._forbids if not _find(rule)]
        self._targets = _targets(self._forbids)
        self._innocent.clear()
        self._modules: dict[str, str | None] = {}  # module name: the rule which covers it
        self._torch_rules: dict[object, tuple[str, str] | None] = {}
        code = [it for *_, it in self._targets.values() if isinstance(it, types.CodeType)]
        self._watched = {it.co_filename for it in code}
        self._watched.add(getattr(sys.modules.get("numpy._core.multiarray"), "__file__", ""))
        builtin = [(it.__name__, rule, name) for rule, name, it in self._targets.values() if isinstance(it, _BUILTIN)]
        self._builtin_names.update(name for name, *_ in builtin)
        # numpy.dot and its like are C, but ask a Python function of the same name which arguments are arrays
        self._dispatchers = {
            ("numpy._core.multiarray", it): (rule, name) for it, rule, name in builtin if name.startswith("numpy.")
        }  # torch.where is not np.where
        torch = [(rule, name) for rule, name, _ in self._targets.values() if name.startswith("torch.")]
        self._ops = {op: (rule, name) for rule, name in torch for op in _aten_names(_lookup(name))}

    def __enter__(self) -> Guard:
        if self._pending and len(sys.modules) != self._loaded:
            self._resolve()
        self.hits = []
        for mode in self._modes:
            mode.__enter__()
        if self._forbids:
            self._hook.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._forbids:
            self._hook.stop()
        for mode in reversed(self._modes):
            mode.__exit__(*error)

    def _called(self, frame: types.FrameType) -> None:
        """A Python function begins, in a file not known to be innocent."""
        code = frame.f_code
        module = frame.f_globals.get("__name__") or ""
        found = self._targets.get(id(code)) or self._dispatchers.get((module, code.co_name))
        rule = self._module_rule(module)
        if found:
            self._note(found[0], found[1], frame.f_back)
        elif rule and (not code.co_name.startswith(("_", "<")) or code.co_name.startswith("__")):
            public = [part for part in module.split(".") if not part.startswith("_")]
            self._note(rule, ".".join([*public, code.co_name]), frame.f_back)
        elif not rule and code.co_filename not in self._watched and not code.co_filename.startswith("<"):
            self._innocent.add(code.co_filename)  # "<string>" may be anybody's

    def _builtin_called(self, frame: types.FrameType, function: Any) -> None:
        """`frame` calls a builtin whose name is that of a forbidden one."""
        found = self._targets.get(id(function))
        if not found and (owner := getattr(function, "__self__", None)) is not None:  # x.dot of an array x
            found = self._targets.get(id(getattr(type(owner), function.__name__, None)))
        if found:
            self._note(found[0], found[1], frame)

    def _torch_called(self, function: object, frame: types.FrameType | None) -> None:
        if function not in self._torch_rules:
            found = self._targets.get(id(_essence(function)))
            ops = (self._ops[op] for op in _aten_names(function) if op in self._ops)
            self._torch_rules[function] = found[:2] if found else next(ops, None)
        if rule_and_name := self._torch_rules[function]:
            self._note(*rule_and_name, frame)

    def _module_rule(self, module: str) -> str | None:
        if module not in self._modules:
            self._modules[module] = _rule_for(module, self._forbids)
        return self._modules[module]

    def _note(self, rule: str, name: str, caller: types.FrameType | None) -> None:
        frame = self._learner(caller, rule)
        if frame and not any(hit.rule == rule and hit.line == frame.f_lineno for hit in self.hits):
            self.hits.append(Hit(name, rule, frame.f_code.co_filename, frame.f_lineno))

    def _learner(self, frame: types.FrameType | None, rule: str) -> types.FrameType | None:
        """The learner's frame which is to blame, if any.

        A function which was handed the forbidden one only passes it on: numpy.vectorize, or the learner's own
        when a test hands it over. The search goes on with who called it.
        """
        below = None
        while frame is not None:
            handed = self._handed(frame, rule, below)
            if not handed and frame.f_code.co_filename in self._files:
                return frame
            if frame.f_code.co_filename == __file__:  # a mode: what happens below it was judged by the call itself
                return None
            if not handed and not (frame.f_globals.get("__name__") or "").startswith(_PLUMBING):
                return None
            below, frame = frame, frame.f_back
        return None

    def _handed(self, frame: types.FrameType, rule: str, below: types.FrameType | None) -> bool:
        """Is what `rule` forbids, or what runs in `below`, an argument or a free variable of `frame`?"""
        runs = (below.f_code, below.f_locals.get("self", below.f_code)) if below else ()
        code, local = frame.f_code, frame.f_locals
        flags = bool(code.co_flags & 4) + bool(code.co_flags & 8)  # *args and **kwargs come after the others
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + flags] + code.co_freevars
        given = [local[name] for name in names if name in local]
        return any(
            self._is_target(value, rule) or any(value is it or _essence(value) is it for it in runs)
            for value in chain(given, *map(_inside, given))
        )

    def _is_target(self, value: object, rule: str) -> bool:
        found = self._targets.get(id(_essence(value)))
        module = getattr(value, "__module__", None)
        return found[0] == rule if found else isinstance(module, str) and self._module_rule(module) == rule


def _inside(value: object) -> Iterable[object]:
    """One level down: the items of `*args`, the attributes of `self`."""
    if isinstance(value, (tuple, list)):
        return value[:32]
    if isinstance(value, dict):
        return list(value.values())[:32]
    return () if isinstance(value, (type, types.ModuleType)) else list(getattr(value, "__dict__", {}).values())


class _Profile:
    """Python 3.11: `sys.setprofile`. It sees no ufunc: they are neither Python nor plain builtins."""

    def __init__(self, guard: Guard):
        innocent, builtin_names = guard._innocent, guard._builtin_names

        def profile(frame: types.FrameType, event: str, arg: Any) -> None:  # runs at every call: keep it short
            if event == "call":
                if frame.f_code.co_filename not in innocent:
                    guard._called(frame)
            elif builtin_names and event == "c_call" and arg.__name__ in builtin_names:
                guard._builtin_called(frame, arg)

        self._profile = profile

    def start(self) -> None:
        self._before = sys.getprofile()
        sys.setprofile(self._profile)

    def stop(self) -> None:
        sys.setprofile(self._before)


class _Monitoring:
    """Python 3.12 and later: `sys.monitoring`, whose CALL event sees ufuncs as well."""

    def __init__(self, guard: Guard):
        def started(code: types.CodeType, offset: int) -> None:
            if code.co_filename not in guard._innocent:
                guard._called(sys._getframe(1))

        def calls(code: types.CodeType, offset: int, function: Any, first: object) -> None:
            # Python functions and classes are seen when their code starts
            if id(function) in guard._targets or (
                isinstance(function, _BUILTIN) and function.__name__ in guard._builtin_names
            ):
                guard._builtin_called(sys._getframe(1), function)

        events = vars(sys)["monitoring"].events
        self._callbacks = {events.PY_START: started, events.CALL: calls}

    def start(self) -> None:
        monitoring: Any = vars(sys)["monitoring"]
        # 3 and 4 have no set purpose; 2 is the profilers'
        self._tool = next(tool for tool in (3, 4, 2) if monitoring.get_tool(tool) is None)
        monitoring.use_tool_id(self._tool, "dojo.guard")
        for event, callback in self._callbacks.items():
            monitoring.register_callback(self._tool, event, callback)
        monitoring.set_events(self._tool, functools.reduce(int.__or__, self._callbacks))

    def stop(self) -> None:
        monitoring: Any = vars(sys)["monitoring"]
        monitoring.set_events(self._tool, 0)
        for event in self._callbacks:
            monitoring.register_callback(self._tool, event, None)
        monitoring.free_tool_id(self._tool)


# --------------------------------------------------------------------------------------- layer 2: torch


def _aten_names(function: object) -> tuple[str, ...]:
    """The aten operator of the same name: Tensor.softmax and F.softmax share it, F.unfold has none."""
    name = getattr(function, "__name__", "").partition(".")[0]  # an overload's name is "softmax.int"
    module = getattr(function, "__module__", None) or "torch"  # torch's builtins have none
    if not name or name.startswith("__") or not module.startswith("torch"):
        return ()
    if isinstance(function, types.FunctionType):  # does F.softmax end in `….softmax(…)`?
        attributes = (it.argval for it in dis.get_instructions(function) if it.opname in ("LOAD_ATTR", "LOAD_METHOD"))
        return (name,) if name in attributes else ()
    return () if isinstance(function, type) else (name.rstrip("_"),)


def _kernels(op: str) -> set[str]:
    """The names an aten operator may have at the dispatcher: softmax is _softmax, conv2d is convolution."""
    if op.startswith("conv") and op[-2:] in ("1d", "2d", "3d"):
        return {op, "convolution"}
    return {op, f"_{op}", f"native_{op}", f"{op}_ex", f"_{op}_ex", f"{op}_with_indices"}


def _torch_modes(guard: Guard) -> tuple[Any, ...]:
    from torch.overrides import TorchFunctionMode
    from torch.utils._python_dispatch import TorchDispatchMode

    class Functions(TorchFunctionMode):
        """Sees the torch function which was called, and not those which it calls in turn."""

        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            guard._torch_called(func, sys._getframe(1))
            return func(*args, **(kwargs or {}))

    class Kernels(TorchDispatchMode):  # type: ignore[no-untyped-call]
        """Sees what TorchScript runs. Below a function which `Functions` has judged there is no hit."""

        @classmethod
        def _should_skip_dynamo(cls) -> bool:  # else the first kernel imports torch._dynamo: 0.9 s
            return False

        def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            packet = func.overloadpacket.__name__
            if packet in kernels:
                guard._note(*kernels[packet], sys._getframe(1))
            return func(*args, **(kwargs or {}))

    kernels = {kernel: found for op, found in guard._ops.items() for kernel in _kernels(op)}
    return Functions(), Kernels()  # type: ignore[no-untyped-call]
