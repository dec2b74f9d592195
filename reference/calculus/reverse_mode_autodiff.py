"""Oracle for reverse_mode_autodiff: the complex step on the same expressions. No rule of differentiation.

An expression written for Values runs unchanged on `Step`, a complex number with the same methods, and on
torch tensors (see the golden script).
"""

import cmath
import operator

STEP = 1e-30


class Step:
    """A complex number with the methods of a Value."""

    def __init__(self, z):
        self.z = complex(z)

    def __neg__(self):
        return Step(-self.z)

    def exp(self):
        return Step(cmath.exp(self.z))

    def log(self):
        return Step(cmath.log(self.z))

    def tanh(self):
        return Step(cmath.tanh(self.z))

    def relu(self):
        return Step(self.z if self.z.real > 0 else 0)


def _operator(apply, is_reflected):
    def method(self, other):
        z = getattr(other, "z", other)
        return Step(apply(z, self.z) if is_reflected else apply(self.z, z))

    return method


for _name in ("add", "sub", "mul", "truediv", "pow"):
    setattr(Step, f"__{_name}__", _operator(getattr(operator, _name), False))
    setattr(Step, f"__r{_name}__", _operator(getattr(operator, _name), True))


def value(f, args):
    return f(*map(Step, args)).z.real


def grad(f, args):
    """Im f(..., x_i + ih, ...) / h for each argument."""
    slopes = []
    for i in range(len(args)):
        moved = [Step(complex(x, STEP if i == j else 0.0)) for j, x in enumerate(args)]
        slopes.append(f(*moved).z.imag / STEP)
    return slopes


def _depths(x, y):
    near = x * y
    far = ((near.tanh() + 1).log() * 2).exp()  # near reaches the root at once, and through far
    return near * far + near + far / near


def _reuse(x, y):
    a = x * y
    b = a + x
    c = b * b - a
    return a * b * c + c.exp() / b


EXPRESSIONS = {  # name: (expression, arguments)
    "polynomial": (lambda x, y: 3 * x * x - 2 * x * y + y**3 - 7, [1.5, -2.0]),
    "rational": (lambda x, y: (1 - x) / (2 + y * y) - 2 / x + y / 3 - (-x) / y, [0.7, -1.3]),
    "neuron": (lambda w, x, b: (w * x + b).tanh(), [0.3, -1.2, 0.1]),
    "log-sum-exp": (lambda x, y, z: (x.exp() + y.exp() + z.exp()).log(), [0.5, -1.0, 2.0]),
    "powers": (lambda x, y: x**y + 2**x - x**-1.5 + y**2 - 0.5**y, [1.3, -0.4]),
    "relu": (lambda x, y: (x - y).relu() * x + 3 * (y - x).relu() * y, [2.0, 0.5]),
    "reuse": (_reuse, [0.8, -0.6]),
    "depths": (_depths, [0.9, 0.5]),
    "softmax": (lambda x, y: 1 / (1 + (y - x).exp()) - 1 / (1 + (x - y).exp()), [0.3, 0.8]),
}


def random_expression(rng, length):
    """A function of three numbers: `length` operations on what there is so far, shared nodes and all."""
    operations = [
        lambda a, b: a + b.tanh(),
        lambda a, b: a.tanh() - b,
        lambda a, b: a * b.tanh(),
        lambda a, b: a / (1 + b * b),
        lambda a, b: 2 - (a.tanh() - b.tanh()).exp(),
        lambda a, b: (3 + a.tanh()).log() * b,
        lambda a, b: (a + b / 4).relu() - a / 3,
        lambda a, b: -(a.tanh() ** 3) + 0.5 * b,
    ]
    plan = [(operations[rng.integers(len(operations))], *rng.random(2)) for _ in range(length)]

    def expression(*args):
        nodes = list(args)
        for operation, left, right in plan:
            a, b = (nodes[int(len(nodes) * part**0.5)] for part in (left, right))  # rather the recent ones
            nodes.append(operation(a, b))
        return sum(nodes[::4]) + nodes[1] * nodes[2] + nodes[-1]

    return expression
