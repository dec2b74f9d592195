"""The contract: what every call into the implementation has to keep, checked without the test asking.

- the inputs are as they were: arrays come read-only, containers are compared afterwards
- the result shares no memory with an input, and later calls leave it alone
- the same input gives the same result, and a refilled buffer gives a new one: nothing is cached by id or shape
- global state is untouched: random generators, `np.seterr`, torch's defaults
- no forbidden call was made, and the call ended in its time and memory (`guard`, `limits`)
"""

from __future__ import annotations

import copy
import inspect
import random
import sys
import types
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from dojo import guard, limits
from dojo.compare import Wrong, _is_tensor, show
from dojo.loading import Program

Guard = guard.Guard


class Crashed(Exception):
    """The implementation did something no answer does (left the process, skipped a test); text is one line."""


class Missing(Exception):
    """The implementation has no such function; text is one line."""


class NotWritten(Exception):
    """The implementation raised NotImplementedError, which is a RuntimeError to `pytest.raises`: this one is not."""


@dataclass
class Call:
    """One call a test made, kept for the failure message and the diagnosis."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    result: Any = None
    returned: bool = False

    def __str__(self) -> str:
        shown = [show(arg) for arg in self.args]
        shown += [f"{key}={show(value)}" for key, value in self.kwargs.items()]
        return f"{self.name}({', '.join(shown)})"


@dataclass
class Implementation:
    """What the `kata` fixture gives: the functions and classes of a program, under contract.

    `kata.softmax(x)` calls the learner's softmax; `kata.Value` is the learner's class.
    """

    program: Program
    namespace: dict[str, Any]
    rules: Guard | None = None
    caches: tuple[str, ...] = ()  # functions that hand out a cache for a later call: it may hold their inputs
    defaults: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # as the statement has them
    calls: list[Call] = field(default_factory=list)
    _depth: int = 0
    _buffers: dict[Any, np.ndarray] = field(default_factory=dict)
    _earlier: list[tuple[Any, Any]] = field(default_factory=list)
    _signatures: dict[str, inspect.Signature] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for value in list(self.namespace.values()):
            if inspect.isclass(value) and value.__module__ == self.namespace["__name__"]:
                self._wrap_methods(value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in self.namespace:
            raise Missing(f"{self.program.path} has no {name}: the statement asks for it")
        value = self.namespace[name]
        if inspect.isclass(value) or not callable(value):
            return value

        def call(*args: Any, **kwargs: Any) -> Any:
            return self._call(name, value, args, kwargs)

        call.__name__ = name
        return call

    def raw(self, name: str) -> Callable[..., Any]:
        """The bare function, without contract or limits: for timing only."""
        getattr(self, name)
        function: Callable[..., Any] = self.namespace[name]
        return function

    # --- one call ----------------------------------------------------------------------------------------------

    def _call(self, name: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self._check_signature(name, function, args, kwargs)
        call = Call(name, _frozen(args), _frozen(kwargs))
        self.calls.append(call)
        original = (args, kwargs)
        seeds = [rng.bit_generator.state for rng in _generators(original)]

        given = self._hand_over(original)
        state = _global_state()
        result = self._limited(function, given)
        self._check_state(state)
        _check_inputs(call, given, original)
        is_new = name not in self.caches
        if is_new:
            _check_fresh(result, given, "a result that is (a view of) an input: return a new array")
        if _is_data(original):
            self._check_repeats(function, original, seeds, result, is_new)
        self._check_earlier()
        if is_new and _is_data(result):
            self._earlier = [*self._earlier[-3:], (result, _frozen(result))]
        else:
            self._buffers.clear()  # the result may hold on to its inputs: those stay its own
        call.result, call.returned = _frozen(result), True
        return result

    def _check_repeats(
        self, function: Callable[..., Any], original: Any, seeds: list[Any], result: Any, is_new: bool
    ) -> None:
        """The same call again, random generators put back to where they were, gives the same in a new array."""
        generators = _generators(original)
        after = [rng.bit_generator.state for rng in generators]
        for rng, seed in zip(generators, seeds, strict=True):
            rng.bit_generator.state = seed
        again = self._limited(function, self._hand_over(original))
        for rng, seed in zip(generators, after, strict=True):
            rng.bit_generator.state = seed
        if not _alike(result, again):
            raise Wrong(("got", "another result when called again with the same input"))
        if is_new and _has_arrays(original):
            _check_fresh(again, result, "the same array for every call: return a new one")

    def _limited(self, function: Callable[..., Any], given: Any) -> Any:
        """Runs the function under the rules and the limits."""
        if self._depth or debugging():
            return function(*given[0], **given[1])
        self._depth += 1
        try:
            with learners_code(), self.rules or nullcontext():
                return function(*given[0], **given[1])
        finally:
            self._depth -= 1
            if self.rules and self.rules.hits:
                hit, self.rules.hits[:] = self.rules.hits[0], []
                raise Wrong(("rule", str(hit)))

    def _wrap_methods(self, cls: type) -> None:
        """Puts the learner's class under rules and limits as well: its methods are called without us."""
        for name, method in list(vars(cls).items()):
            if isinstance(method, types.FunctionType):

                def limited(*args: Any, _method: Any = method, **kwargs: Any) -> Any:
                    return self._limited(_method, (args, kwargs))

                limited.__name__, limited.__qualname__, limited.__doc__ = name, method.__qualname__, method.__doc__
                limited.__wrapped__ = method  # type: ignore[attr-defined]
                setattr(cls, name, limited)

    def _check_signature(self, name: str, function: Any, args: Any, kwargs: Any) -> None:
        if name not in self._signatures:
            with suppress(ValueError):  # a builtin tells no signature; the call itself will
                self._signatures[name] = inspect.signature(function)
                self._check_defaults(name, self._signatures[name])
        if signature := self._signatures.get(name):
            try:
                signature.bind(*args, **kwargs)
            except TypeError as error:
                where = f"{self.program.path}:{self.program.where(name)}"
                raise Wrong(("signature", f"{where}: {name}{signature} does not take this call: {error}")) from None

    def _check_defaults(self, name: str, signature: inspect.Signature) -> None:
        for parameter, promised in self.defaults.get(name, {}).items():
            mine = signature.parameters[parameter].default if parameter in signature.parameters else promised
            if type(mine) in (bool, int, float) and mine != promised:  # None may stand for anything
                where = f"{self.program.path}:{self.program.where(name)}"
                raise Wrong(("signature", f"{where}: {name}(..., {parameter}={mine}): it is {parameter}={promised}"))

    # --- inputs ------------------------------------------------------------------------------------------------

    def _hand_over(self, value: Any, path: tuple[Any, ...] = ()) -> Any:
        """The same value with every array in a read-only buffer that is refilled call after call.

        A program that remembers its answer by `id(x)` or by shape answers the next call from memory, wrongly.
        """
        if isinstance(value, dict):
            return {key: self._hand_over(part, (*path, key)) for key, part in value.items()}
        if type(value) in (list, tuple):
            return type(value)(self._hand_over(part, (*path, index)) for index, part in enumerate(value))
        if type(value) is not np.ndarray or value.dtype.hasobject:
            return value
        key = (path, value.shape, value.dtype, value.strides)
        buffer = self._buffers.get(key)
        if buffer is None:
            buffer = self._buffers[key] = _same_layout(value)
        buffer.flags.writeable = True
        np.copyto(buffer, value)
        buffer.flags.writeable = False
        return buffer

    def _check_earlier(self) -> None:
        for result, frozen in self._earlier:
            if not _identical(result, frozen):
                raise Wrong(("got", "an earlier result changed when the function was called again"))

    def _check_state(self, before: dict[str, Any]) -> None:
        after = _global_state()
        changed = [name for name in before if not _equal_state(before[name], after[name])]
        if changed:
            _restore_state(before)
            raise Wrong(("got", f"the call changed {changed[0]}, which belongs to everyone"))


_PYTEST = (pytest.skip.Exception, pytest.fail.Exception, pytest.xfail.Exception, pytest.exit.Exception)


@contextmanager
def learners_code() -> Iterator[None]:
    """Runs what a learner wrote: in limits, and with no way out of the test but a result or an error."""
    try:
        with warnings.catch_warnings(), limits.call_limits():
            warnings.simplefilter("ignore")  # log(0) = -inf is often right; values decide
            yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit) as error:
        raise Crashed(f"the call raised {type(error).__name__}") from error
    except _PYTEST as error:
        raise Crashed(f"the call raised pytest's {type(error).__name__}") from error
    except NotImplementedError as error:
        raise NotWritten from error


def debugging() -> bool:
    """Whether someone steps through the code or profiles it: then rules and limits step aside."""
    return sys.gettrace() is not None or sys.getprofile() is not None or "pydevd" in sys.modules or _stepping


_stepping = False


def step_aside() -> None:
    """A breakpoint was hit: no limit until the process ends."""
    global _stepping
    _stepping = True
    limits.disable()


# --- checks of one call ----------------------------------------------------------------------------------------


def _check_inputs(call: Call, given: Any, original: Any) -> None:
    if not _identical(given, original):
        raise Wrong(("got", "an input that is not as it was: the function changes its arguments"))
    if not _identical((call.args, call.kwargs), original):
        raise Wrong(("got", "an input that is not as it was: the function changes its arguments"))


def _check_fresh(result: Any, others: Any, complaint: str) -> None:
    for out in _leaves(result):
        for other in _leaves(others):
            if _share_memory(out, other):
                raise Wrong(("got", complaint))


def _share_memory(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.size > 0 and bool(np.may_share_memory(a, b))
    if _is_tensor(a) and _is_tensor(b):
        return bool(a.numel() > 0 and a.untyped_storage().data_ptr() == b.untyped_storage().data_ptr())
    return False


def _global_state() -> dict[str, Any]:
    """What a call has no business to change. Reading it costs some microseconds."""
    numpy_random = np.random.get_state(legacy=False)
    state = {
        "numpy's global random state": np.append(numpy_random["state"]["key"], numpy_random["state"]["pos"]),
        "Python's global random state": random.getstate(),
        "np.seterr": np.geterr(),
    }
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "get_rng_state"):
        state["torch's global random state"] = torch.get_rng_state()
        state["torch's default dtype"] = str(torch.get_default_dtype())
        state["torch's grad mode"] = torch.is_grad_enabled()
    return state


def _equal_state(a: Any, b: Any) -> bool:
    return bool((a == b).all()) if hasattr(a, "all") else bool(a == b)


def _restore_state(state: dict[str, Any]) -> None:
    *key, pos = state["numpy's global random state"]
    np.random.set_state(("MT19937", np.asarray(key, dtype=np.uint32), int(pos), 0, 0.0))
    random.setstate(state["Python's global random state"])
    np.seterr(**state["np.seterr"])
    torch = sys.modules.get("torch")
    if torch is not None and "torch's grad mode" in state:
        torch.set_rng_state(state["torch's global random state"])
        torch.set_default_dtype(getattr(torch, state["torch's default dtype"].removeprefix("torch.")))
        torch.set_grad_enabled(state["torch's grad mode"])


# --- values ----------------------------------------------------------------------------------------------------


_PLAIN = (int, float, complex, str, bool, type(None), np.generic, np.random.Generator)


def _is_data(value: Any) -> bool:
    """Arrays, numbers and nests of them: what can be handed over twice."""
    if isinstance(value, dict):
        return all(_is_data(part) for part in value.values())
    if type(value) in (list, tuple):
        return all(_is_data(part) for part in value)
    if _is_tensor(value):
        return not value.requires_grad
    return type(value) is np.ndarray or isinstance(value, _PLAIN)


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in _leaves(part)]
    if isinstance(value, list | tuple):
        return [leaf for part in value for leaf in _leaves(part)]
    return [value]


def _has_arrays(value: Any) -> bool:
    return any(isinstance(leaf, np.ndarray) or _is_tensor(leaf) for leaf in _leaves(value))


def _generators(value: Any) -> list[np.random.Generator]:
    return [leaf for leaf in _leaves(value) if isinstance(leaf, np.random.Generator)]


def _frozen(value: Any) -> Any:
    """A copy of the data in a nest; what is no data stays the thing it is."""
    if isinstance(value, dict):
        return {key: _frozen(part) for key, part in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_frozen(part) for part in value)
    if type(value) is np.ndarray:
        return value.copy()
    if _is_tensor(value):
        return value.detach().clone()
    return copy.deepcopy(value) if isinstance(value, np.random.Generator) else value


def agree(a: Any, b: Any, leaf: Callable[[Any, Any], bool]) -> bool:
    """Whether two nests are built alike and `leaf` holds for each pair of leaves; tensors come as arrays."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(agree(a[key], b[key], leaf) for key in a)
    if type(a) in (list, tuple) and type(a) is type(b):
        return len(a) == len(b) and all(agree(x, y, leaf) for x, y in zip(a, b, strict=True))
    if _is_tensor(a) and _is_tensor(b):
        a, b = a.detach().cpu().numpy(), b.detach().cpu().numpy()
    return leaf(a, b)


def _identical(a: Any, b: Any) -> bool:
    """Bit for bit the same data; things that are no data count as the same."""
    return agree(a, b, _same_bits)


def _same_bits(a: Any, b: Any) -> bool:
    if type(a) is np.ndarray and type(b) is np.ndarray:
        return bool(a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes())
    return a == b if isinstance(a, str | int) and isinstance(b, str | int) else True


def _alike(a: Any, b: Any) -> bool:
    """The same up to what another memory alignment may do to the last bits; randomness differs by far more."""
    return agree(a, b, _nearly_same)


def _nearly_same(a: Any, b: Any) -> bool:
    if not isinstance(a, np.ndarray | np.generic | float) or not isinstance(b, np.ndarray | np.generic | float):
        return _same_bits(a, b)
    a, b = np.asarray(a), np.asarray(b)
    if a.dtype != b.dtype or a.shape != b.shape:
        return False
    if a.tobytes() == b.tobytes() or a.dtype.kind not in "fc":
        return bool(a.tobytes() == b.tobytes())
    return bool(np.allclose(a, b, rtol=1e-6, atol=1e-9 * float(np.max(np.abs(a), initial=0)), equal_nan=True))


def _same_layout(value: np.ndarray) -> np.ndarray:
    """An empty array with the value's shape, dtype and strides."""
    low, high = np.lib.array_utils.byte_bounds(value)
    memory = np.empty(high - low, dtype=np.uint8)
    offset = value.__array_interface__["data"][0] - low
    return np.ndarray(value.shape, value.dtype, memory.data, offset, value.strides)


# --- the judges ------------------------------------------------------------------------------------------------


Judges = list[tuple[dict[str, Any], dict[str, Any]]]

JUDGES = ("builtins", "math", "numpy", "numpy.linalg", "numpy.testing", "torch", "dojo.compare", "dojo.contract")
_OURS = {"_stepping", "_test", "_number", "_"}  # names these modules change themselves


def judges() -> Judges:
    """The modules whose functions decide about right and wrong, each with a copy of its names."""
    tests = [name for name in sys.modules if name.startswith(("katas.", "reference."))]
    modules = [vars(sys.modules[name]) for name in (*JUDGES, *tests) if name in sys.modules]
    return [(module, {k: v for k, v in module.items() if k not in _OURS}) for module in modules]


def check_judges(before: Judges) -> None:
    """Refuses an implementation that replaced one of those functions; puts them back first."""
    for module, names in before:
        if not names.items() <= module.items():
            changed = next(name for name, value in names.items() if module.get(name) is not value)
            module.update(names)
            raise Wrong(("got", f"{module['__name__']}.{changed} replaced: the library stays as it came"))
