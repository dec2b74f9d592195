"""What the guard refuses, what it lets pass, and whom it blames."""

import ast
import functools
import sys
import textwrap

import numpy as np
import pytest

from dojo.guard import Guard, Hit, hides_kernels, scan, unknown_patterns

X = np.array([[2.0, 1.0], [0.0, 3.0]])


def scanned(source, *forbids):
    return [hit.call for hit in scan(ast.parse(textwrap.dedent(source)), "kata.py", forbids)]


def ran(tmp_path, source, forbids, *args, torch=False):
    """The hits of a learner's file with a function `answer`, called with `args` under guard."""
    path = tmp_path / "kata.py"
    path.write_text(textwrap.dedent(source))
    names = {"__name__": "kata"}
    exec(compile(path.read_text(), str(path), "exec"), names)
    guard = Guard(forbids, [str(path)], torch, kernels=hides_kernels(path.read_text()))
    with guard:
        names["answer"](*args)
    return [hit.call for hit in guard.hits]


# ------------------------------------------------------------------------------------------ the source


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\nnp.linalg.inv(x)",
        "import numpy\nnumpy.linalg.inv(x)",
        "from numpy import linalg\nlinalg.inv(x)",
        "import numpy.linalg as la\nla.inv(x)",
        "from numpy.linalg import inv",
        "from numpy.linalg import *\ninv(x)",
        "import numpy as np\nf = np.linalg.inv",
        "import numpy as np\nla = np.linalg\ndef g(x):\n    return la.inv(x)",
        "import numpy as np\nla, one = np.linalg, 1\nla.inv(x)",
        "import numpy as np\nif (la := np.linalg): la.inv(x)",
        "import numpy as np\ngetattr(np.linalg, 'inv')(x)",
        "import importlib\nimportlib.import_module('numpy.linalg').inv(x)",
        "from importlib import import_module as load\nload('numpy').linalg.inv(x)",
        "__import__('numpy').linalg.inv(x)",
        "import numpy as np\nnp.linalg._linalg.inv(x)",
        "import numpy as np, functools\nfunctools.partial(np.linalg.inv, x)",
        "import numpy as np\nlist(map(np.linalg.inv, x))",
        "import numpy as np\ndef f(x):\n  try:\n    return np.linalg.inv(x)\n  except: pass",
        "def f(x):\n    import numpy as np\n    return [np.linalg.inv(y) for y in x]",
        "import numpy as np\nclass A:\n    solve = staticmethod(np.linalg.inv)",
    ],
)
def test_scan_sees_through_every_spelling(source):
    assert scanned(source, "numpy.linalg.inv")


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\nnp.linalg.solve(x, y)",
        "def inv(x): return x\ninv(x)",
        "from numpy.linalg import *\ndef inv(x): return x\ninv(x)",
        "class A:\n    def inv(self): return self\nA().inv()",
        "from .numpy.linalg import inv",
        "import numpy as np\ndef f(np): return np.linalg.inv",
        "import numpy as np\ndef f(x):\n    np = x\n    return np.linalg.inv",
        "import numpy as np\ndef getattr(a, b): return a\ngetattr(np.linalg, 'inv')",
        "x = x.T\nx.linalg.inv",
        "'np.linalg.inv(x)'",
    ],
)
def test_scan_passes_what_merely_looks_alike(source):
    assert not scanned(source, "numpy.linalg.inv")


def test_scan_covers_all_below_a_package():
    assert scanned("import numpy as np\nnp.fft.rfft(x)", "numpy.fft") == ["numpy.fft.rfft"]
    assert scanned("import torch.func as tf", "torch.func") == ["torch.func"]
    assert scanned("from jax import numpy", "jax") == ["jax.numpy"]
    assert not scanned("import torchvision, torch.nn", "torch.func")
    assert not scanned("torch = 3\ntorch.func", "torch")


def test_scan_knows_a_glob():
    source = "import torch.nn as nn\nnn.BCELoss()\nnn.L1Loss()"
    assert scanned(source, "torch.nn.BCE*") == ["torch.nn.BCELoss"]


def test_scan_sees_the_matmul_operator():
    assert scanned("c = a @ b\nc @= a\n@property\ndef f(): pass", "@") == ["@", "@"]


def test_scan_lets_a_forbidden_modules_errors_be_raised():
    assert not scanned("import numpy as np\nraise np.linalg.LinAlgError", "numpy.linalg")


def test_hit_is_one_line_with_the_source(tmp_path):
    path = tmp_path / "kata.py"
    path.write_text("import numpy as np\n\ny = np.convolve(x, h)\n")
    [hit] = scan(ast.parse(path.read_text()), str(path), ["numpy.convolve"])
    assert hit == Hit("numpy.convolve", "numpy.convolve", str(path), 3)
    assert str(hit) == "numpy.convolve is not allowed here (line 3: y = np.convolve(x, h))"


def test_unknown_patterns_are_told_from_packages_not_installed():
    forbids = [
        "numpy.linalg.inv",
        "numpy.fft",
        "numpy.convlove",
        "no_such_package.solve",
        "@",
        "numpy.nan*",
        "numpy.zz*",
    ]
    assert unknown_patterns(forbids) == ["numpy.convlove", "numpy.zz*"]


# ----------------------------------------------------------------------------------------- the running code

HIDDEN_INV = {
    "computed getattr": "f = getattr(np.linalg, 'in' + 'v'); f(x)",
    "vars": "vars(np.linalg)['inv'](x)",
    "partial": "functools.partial(getattr(np.linalg, 'in' + 'v'), x)()",
    "map": "list(map(getattr(np.linalg, 'in' + 'v'), [x]))",
    "lambda": "(lambda f: f(x))(getattr(np.linalg, 'in' + 'v'))",
    "own helper": "passes_on(getattr(np.linalg, 'in' + 'v'), x)",
    "vectorize": "np.vectorize(getattr(np.linalg, 'in' + 'v'), signature='(n,n)->(n,n)')(x)",
    "apply_over_axes": "np.apply_over_axes(lambda a, i: getattr(np.linalg, 'in' + 'v')(a), x, 0)",
    "generator": "list(getattr(np.linalg, 'in' + 'v')(y) for y in [x])",
}


@pytest.mark.parametrize("line", HIDDEN_INV.values(), ids=HIDDEN_INV)
@pytest.mark.parametrize("rule", ["numpy.linalg.inv", "numpy.linalg"])
def test_a_hidden_call_is_seen_when_it_runs_and_cannot_be_swallowed(tmp_path, line, rule):
    source = f"""
        import functools
        import numpy as np
        def passes_on(f, x):
            return f(x)
        def answer(x):
            try:
                {line}
                raise ValueError
            except: pass
    """
    assert ran(tmp_path, source, [rule], X) == ["numpy.linalg.inv"]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("np.dot(x, x)", "numpy.dot"),  # C behind a dispatcher
        ("np.bincount([1, 2])", "numpy.bincount"),
        ("x.dot(x)", "numpy.ndarray.dot"),
        ("np.apply_along_axis(np.cumsum, 0, x)", "numpy.cumsum"),
        ("np.vectorize(str)([x])", "numpy.vectorize"),  # a class
        ("np.fft.fft(x)", "numpy.fft"),  # loaded by the learner
        ("sp.inv(x)", "scipy.linalg.inv"),  # scipy decorates with a closure of its own
        ("sp.inv(x)", "scipy.linalg"),
    ],
)
def test_every_kind_of_function_is_seen(tmp_path, line, rule):
    source = f"import numpy as np, scipy.linalg as sp, numpy.fft\ndef answer(x): {line}"
    assert len(ran(tmp_path, source, [rule], X)) == 1


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("np.linalg.pinv(x)", "numpy.linalg.svd"),
        ("np.linalg.cond(x)", "numpy.linalg.svd"),
        ("np.cumsum(x)", "numpy.ndarray.cumsum"),
        ("np.vectorize(lambda a: a + 1)(x)", "numpy.convolve"),
        ("np.linalg.det(x)", "numpy.linalg.inv"),
        ("sp.solve(x, x)", "scipy.linalg.inv"),
        ("inv(x)", "numpy.linalg.inv"),
        ("rng.normal(size=3)", "numpy.random"),
    ],
)
def test_a_legal_program_passes(tmp_path, line, rule):
    source = f"""
        import numpy as np, scipy.linalg as sp
        def inv(x): return x
        def answer(x, rng): {line}
    """
    assert ran(tmp_path, source, [rule], X, np.random.default_rng(0)) == []


def newton_step(x):
    return np.linalg.solve(x, x)


CALLBACKS = {
    "function": newton_step,
    "library function": np.linalg.inv,
    "partial": functools.partial(np.linalg.solve, X),
    "vectorize": np.vectorize(np.linalg.inv, signature="(n,n)->(n,n)"),
    "method": type("Problem", (), {"__call__": lambda self, x: np.linalg.inv(x)})(),
}


@pytest.mark.parametrize("callback", CALLBACKS.values(), ids=CALLBACKS)
@pytest.mark.parametrize(
    "rule", [["numpy.linalg"], ["numpy.linalg.inv", "numpy.linalg.solve"]], ids=["module", "functions"]
)
def test_a_tests_callback_may_call_what_the_learner_may_not(tmp_path, callback, rule):
    source = """
        def apply(g, x): return g(x)
        def answer(f, x):
            f(x), apply(f, x), apply(lambda y: f(y), x), [f(y) for y in [x]]
    """
    assert ran(tmp_path, source, rule, callback, X) == []


def test_hits_name_the_line_and_each_entry_starts_anew(tmp_path):
    path = tmp_path / "kata.py"
    names = {"inv": np.linalg.inv}
    exec(compile("def answer(x):\n    for _ in range(3):\n        inv(x)\n", str(path), "exec"), names)
    guard = Guard(["numpy.linalg.inv"], {str(path)}, torch=False)
    with guard:
        names["answer"](X)
    assert guard.hits == [Hit("numpy.linalg.inv", "numpy.linalg.inv", str(path), 3)]
    with guard:
        pass
    assert guard.hits == []


def test_a_package_first_loaded_under_guard_is_known_at_the_next_entry(tmp_path, monkeypatch):
    (tmp_path / "late_package.py").write_text("def solve(x): return x\n")
    monkeypatch.syspath_prepend(tmp_path)
    source = "def answer(): getattr(__import__('late_' + 'package'), 'solve')(1)"
    assert ran(tmp_path, source, ["late_package"]) != []
    sys.modules.pop("late_package")
    guard = Guard(["late_package.solve"], [str(tmp_path / "kata.py")], torch=False)
    names = {}
    exec(compile(source, str(tmp_path / "kata.py"), "exec"), names)
    for _ in range(2):
        with guard:
            names["answer"]()
    assert [hit.call for hit in guard.hits] == ["late_package.solve"]


def test_the_hook_is_put_back_as_it_was():
    before = sys.getprofile()
    mine = lambda frame, event, arg: None  # noqa: E731
    sys.setprofile(mine)
    try:
        with pytest.raises(ZeroDivisionError), Guard(["numpy.convolve"], [], torch=False):
            raise ZeroDivisionError
        assert sys.getprofile() is mine
    finally:
        sys.setprofile(before)


def test_a_numpy_katas_guard_loads_neither_torch_nor_scipy():
    import subprocess

    code = """if True:
        import ast, sys
        from dojo.guard import Guard, scan
        forbids = ["torch", "torch.nn.functional.conv2d", "scipy.signal", "scipy.fft.fft", "jax", "@"]
        scan(ast.parse("import torch, scipy.signal"), "kata.py", forbids)
        with Guard(forbids, ["kata.py"], torch=False): pass
        assert not {"torch", "scipy"} & set(sys.modules)
    """
    subprocess.run([sys.executable, "-c", code], check=True)


# ------------------------------------------------------------------------------------------------- torch


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


BCE = "torch.nn.functional.binary_cross_entropy_with_logits"


@pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")
@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("F.binary_cross_entropy_with_logits(x, x)", BCE),
        ("getattr(F, 'binary_cross_' + 'entropy_with_logits')(x, x)", BCE),
        ("nn.BCEWithLogitsLoss()(x, x)", BCE),
        ("getattr(nn, 'BCE' + 'WithLogitsLoss')()(x, x)", "torch.nn.BCE*"),
        ("torch.binary_cross_entropy_with_logits(x, x)", BCE),
        ("torch.ops.aten.binary_cross_entropy_with_logits(x, x)", BCE),
        ("x.softmax(-1)", "torch.nn.functional.softmax"),
        ("nn.Sequential(nn.Tanh(), nn.Softmax(-1))(x)", "torch.nn.functional.softmax"),
        ("functools.partial(F.softmax, x)(-1)", "torch.nn.functional.softmax"),
        ("list(map(torch.linalg.inv, [x]))", "torch.linalg.inv"),
        ("torch.vmap(torch.linalg.inv)(x[None])", "torch.linalg.inv"),
        ("torch.vmap(lambda a: torch.linalg.inv(a))(x[None])", "torch.linalg"),
        ("scripted(x)", "torch.nn.functional.softmax"),
        ("F.conv2d(x[None, None], x[None, None])", "torch.nn.functional.conv*"),
        ("torch.func.jvp(torch.sin, (x,), (x,))", "torch.func"),
        ("F.unfold(x[None, None], 2)", "torch.nn.functional.unfold"),
        ("nn.Unfold(2)(x[None, None])", "torch.nn.functional.unfold"),
        ("x @ x", "torch.matmul"),
    ],
)
def test_torch_functions_are_seen_however_they_are_reached(tmp_path, torch, line, rule):
    source = f"""
        import functools, torch
        from torch import nn
        from torch.nn import functional as F
        @torch.jit.script
        def scripted(x):
            return torch.softmax(x, -1)
        def answer(x):
            try:
                {line}
                raise ValueError
            except: pass
    """
    import linecache  # torch.jit reads the source

    linecache.clearcache()
    assert len(ran(tmp_path, source, [rule], torch.tensor(X), torch=True)) == 1


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("x.unfold(0, 2, 1)", "torch.nn.functional.unfold"),
        ("torch.distributions.Bernoulli(logits=x, validate_args=False).log_prob(x)", BCE),
        ("F.scaled_dot_product_attention(x, x, x)", "torch.nn.functional.softmax"),
        ("nn.MultiheadAttention(2, 1, dtype=x.dtype)(x, x, x)", "torch.nn.functional.softmax"),
        ("torch.linalg.solve(x, x)", "torch.linalg.inv"),
        ("f(x)", "torch.nn.functional.relu"),
        ("model(x)", "torch.nn.functional.relu"),
        ("torch_function(x)", "torch.nn.functional.relu"),
        ("torch.vmap(f)(x)", "torch.nn.functional.relu"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_a_legal_torch_program_passes(tmp_path, torch, line, rule):
    relu = torch.nn.functional.relu
    source = f"""
        import torch
        from torch import nn
        from torch.nn import functional as F
        def answer(x, f, model, torch_function): {line}
    """
    args = torch.tensor(X), lambda x: relu(x), torch.nn.Sequential(torch.nn.Sequential(torch.nn.ReLU())), relu
    assert ran(tmp_path, source, [rule], *args, torch=True) == []


def test_torch_is_left_without_modes(torch):
    guard = Guard(["torch.matmul"], [], torch=True)
    for _ in range(2):
        with guard:
            assert torch.overrides._get_current_function_mode_stack()
    assert not torch.overrides._get_current_function_mode_stack()
    assert not torch.utils._python_dispatch._get_current_dispatch_mode_stack()


def test_errors_of_a_forbidden_module_may_be_raised():
    """np.linalg.LinAlgError belongs to scipy.linalg, too; Python 3.12 sees its constructor called."""
    import scipy.linalg  # noqa: F401

    text = "import numpy as np\ndef f():\n    try:\n        raise np.linalg.LinAlgError('singular')\n    except ValueError:\n        pass\n"
    names: dict = {}
    exec(compile(text, "learner.py", "exec"), names)
    guard = Guard(["scipy.linalg"], {"learner.py"}, torch=False)
    with guard:
        names["f"]()
    assert not guard.hits


def test_numpys_functions_are_not_torchs_of_the_same_name():
    """torch.where and np.where: with torch loaded and forbidden, numpy goes on as ever."""
    import torch  # noqa: F401

    text = "import numpy as np\ndef f(x): return np.where(x > 0, np.empty_like(x), np.zeros(3, np.result_type(x, x)))\n"
    names: dict = {}
    exec(compile(text, "learner.py", "exec"), names)
    guard = Guard(["torch"], {"learner.py"}, torch=False)
    with guard:
        names["f"](np.ones(3))
    assert not guard.hits
