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

import math
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
        self.data = float(data)
        self.grad = 0.0
        self._operands: tuple[tuple[Value, float], ...] = ()  # each with the derivative of this node by it

    def __add__(self, other: "Value | float") -> "Value":
        """x + y"""
        other = _as_value(other)
        return _computed(self.data + other.data, (self, 1.0), (other, 1.0))

    def __sub__(self, other: "Value | float") -> "Value":
        """x - y"""
        other = _as_value(other)
        return _computed(self.data - other.data, (self, 1.0), (other, -1.0))

    def __mul__(self, other: "Value | float") -> "Value":
        """x * y"""
        other = _as_value(other)
        return _computed(self.data * other.data, (self, other.data), (other, self.data))

    def __truediv__(self, other: "Value | float") -> "Value":
        """x / y"""
        other = _as_value(other)
        ratio = self.data / other.data
        return _computed(ratio, (self, 1 / other.data), (other, -ratio / other.data))

    def __pow__(self, other: "Value | float") -> "Value":
        """x ** y

        With a number as exponent x may have any sign, and x ** 0 is 1 with slope 0 for every x. With a Value
        as exponent x > 0, since the derivative by the exponent is x ** y log x.
        """
        if isinstance(other, Value):
            power = self.data**other.data
            slope = other.data * self.data ** (other.data - 1)
            return _computed(power, (self, slope), (other, power * math.log(self.data)))
        slope = other * self.data ** (other - 1) if other else 0.0  # 0 ** -1 is no number
        return _computed(self.data**other, (self, slope))

    def __neg__(self) -> "Value":
        """-x"""
        return _computed(-self.data, (self, -1.0))

    # with the plain number on the left Python asks the right operand
    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: float) -> "Value":
        return Value(other) - self

    def __rtruediv__(self, other: float) -> "Value":
        return Value(other) / self

    def __rpow__(self, other: float) -> "Value":
        return Value(other) ** self

    def exp(self) -> "Value":
        """e^x"""
        e = math.exp(self.data)
        return _computed(e, (self, e))

    def log(self) -> "Value":
        """The natural logarithm, for x > 0."""
        return _computed(math.log(self.data), (self, 1 / self.data))

    def tanh(self) -> "Value":
        """tanh x, for any x: at ±1000 it is ±1 with slope 0."""
        t = math.tanh(self.data)
        return _computed(t, (self, 1 - t**2))

    def relu(self) -> "Value":
        """max(0, x), with slope 0 at 0."""
        return _computed(max(self.data, 0.0), (self, float(self.data > 0)))


def topological_order(root: Value) -> list[Value]:
    """The root and all nodes it was computed from, each once, each after its operands: the root comes last.

    Plain numbers that were operands may be among them as Values, or not.

    >>> x = Value(1.0)
    >>> y = x.exp()
    >>> topological_order(y) == [x, y]
    True
    """
    order: list[Value] = []
    seen: set[Value] = set()
    stack = [(root, False)]  # a node, and whether its operands are in the order already
    while stack:
        node, is_ready = stack.pop()
        if is_ready:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))  # comes up again when all above it is done
            stack.extend((operand, False) for operand, _ in node._operands)
    return order


def backward(root: Value) -> None:
    """Puts ∂root/∂v into v.grad of every node v that the root was computed from, and 1.0 into root.grad.

    What was there before is replaced: calling it twice, or for another root, adds nothing up.

    >>> x = Value(3.0)
    >>> y = x * x
    >>> backward(y)
    >>> x.grad
    6.0
    """
    order = topological_order(root)
    for node in order:
        node.grad = 0.0
    root.grad = 1.0
    for node in reversed(order):  # all that uses a node comes before it here: its adjoint is complete
        for operand, slope in node._operands:
            operand.grad += slope * node.grad


def grad(f: Callable[..., Value], args: Sequence[float]) -> list[float]:
    """[∂f/∂x_1, ..., ∂f/∂x_n] at the numbers `args`, for a function f of n Values that returns a Value.

    An argument that f does not use has the derivative 0.0.

    >>> grad(lambda x, y: x * y + 1, [3.0, 5.0])
    [5.0, 3.0]
    """
    variables = [Value(arg) for arg in args]
    backward(f(*variables))
    return [variable.grad for variable in variables]


def _as_value(x: Value | float) -> Value:
    return x if isinstance(x, Value) else Value(x)


def _computed(data: float, *operands: tuple[Value, float]) -> Value:
    """A new node: its number, and its operands with the derivative by each."""
    node = Value(data)
    node._operands = operands
    return node
