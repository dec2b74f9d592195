"""Reverse-mode automatic differentiation: an autograd of one's own, for scalars.

Computing y from inputs builds a graph: each number remembers the numbers it was computed from. Write v̄ =
∂y/∂v for the adjoint of a node v. The root has ȳ = 1, and by the chain rule each other node collects from
all the nodes that were computed from it:

    v̄_i  =  Σ_j  v̄_j ∂v_j/∂v_i        over the nodes j that have v_i as an operand

so v̄_j must be complete before it is passed on: the nodes are visited in reverse topological order, each one
once. A node that is used twice gets both parts, also where one operation has it on both sides, as in x * x.
One sweep gives the derivatives by all inputs, at the cost of a few evaluations of y. This is what deep
learning libraries do with arrays in place of numbers, and what is called backpropagation.

Inputs lie where the value and its derivatives exist (no log of 0, no division by it); relu'(0) = 0.

Rules: no torch, jax, autograd or sympy; numpy is not needed. Graphs are deep, so nothing may recurse along
them: a chain of 5000 operations works. The cost is linear in the number of nodes, not of paths.

Source: Linnainmaa (1970); Griewank & Walther, Evaluating Derivatives, ch. 3; Karpathy's micrograd, the
teaching form.
"""

from collections.abc import Callable, Sequence


class Value:
    """A number in a graph: `data` is the number, `grad` the adjoint that `backward` puts there (0.0 before).

    A Value has the operators + - * / ** and unary -, each with a Value or a plain number (int, float) on
    either side and a new Value as result: `1 - x`, `2 / x` and `2 ** x` as well as `x - 1`. Operands keep
    their data.

    >>> x = Value(3.0)
    >>> y = 2 * x + x**2
    >>> y.data
    15.0
    >>> backward(y)
    >>> x.grad  # 2 + 2x
    8.0
    """

    def __init__(self, data: float):
        raise NotImplementedError

    def __add__(self, other: "Value | float") -> "Value":
        """x + y"""
        raise NotImplementedError

    def __sub__(self, other: "Value | float") -> "Value":
        """x - y"""
        raise NotImplementedError

    def __mul__(self, other: "Value | float") -> "Value":
        """x * y"""
        raise NotImplementedError

    def __truediv__(self, other: "Value | float") -> "Value":
        """x / y"""
        raise NotImplementedError

    def __pow__(self, other: "Value | float") -> "Value":
        """x ** y

        With a number as exponent x may have any sign, and x ** 0 is 1 with slope 0 for every x. With a Value
        as exponent x > 0, since the derivative by the exponent is x ** y log x.
        """
        raise NotImplementedError

    def __neg__(self) -> "Value":
        """-x"""
        raise NotImplementedError

    def exp(self) -> "Value":
        """e^x"""
        raise NotImplementedError

    def log(self) -> "Value":
        """The natural logarithm, for x > 0."""
        raise NotImplementedError

    def tanh(self) -> "Value":
        """tanh x, for any x: at ±1000 it is ±1 with slope 0."""
        raise NotImplementedError

    def relu(self) -> "Value":
        """max(0, x), with slope 0 at 0."""
        raise NotImplementedError


def topological_order(root: Value) -> list[Value]:
    """The root and all nodes it was computed from, each once, each after its operands: the root comes last.

    Plain numbers that were operands may be among them as Values, or not.

    >>> x = Value(1.0)
    >>> y = x.exp()
    >>> topological_order(y) == [x, y]
    True
    """
    raise NotImplementedError


def backward(root: Value) -> None:
    """Puts ∂root/∂v into v.grad of every node v that the root was computed from, and 1.0 into root.grad.

    What was there before is replaced: calling it twice, or for another root, adds nothing up.

    >>> x = Value(3.0)
    >>> y = x * x
    >>> backward(y)
    >>> x.grad
    6.0
    """
    raise NotImplementedError


def grad(f: Callable[..., Value], args: Sequence[float]) -> list[float]:
    """[∂f/∂x_1, ..., ∂f/∂x_n] at the numbers `args`, for a function f of n Values that returns a Value.

    An argument that f does not use has the derivative 0.0.

    >>> grad(lambda x, y: x * y + 1, [3.0, 5.0])
    [5.0, 3.0]
    """
    raise NotImplementedError
