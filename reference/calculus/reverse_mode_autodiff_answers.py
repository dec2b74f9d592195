"""Known answers for reverse_mode_autodiff."""

import math

from dojo.answers import accepted, rejected


class _Plain:
    """A right Value on few operations: + * exp log and powers by a number; the others are made of them."""

    def __init__(self, data):
        self.data, self.grad, self._operands = data + 0.0, 0.0, []

    def _then(self, data, **slopes):
        out = type(self)(data)
        out._operands = [(self, slopes["mine"])]
        if "theirs" in slopes:
            out._operands.append(slopes["theirs"])
        return out

    def _lift(self, other):
        return other if isinstance(other, type(self)) else type(self)(other)

    def __add__(self, other):
        other = self._lift(other)
        return self._then(self.data + other.data, mine=1.0, theirs=(other, 1.0))

    def __mul__(self, other):
        other = self._lift(other)
        return self._then(self.data * other.data, mine=other.data, theirs=(other, self.data))

    def __pow__(self, other):
        if isinstance(other, type(self)):
            return (other * self.log()).exp()
        if other == 0:
            return self._then(1.0, mine=0.0)
        return self._then(self.data**other, mine=other * self.data ** (other - 1))

    def exp(self):
        return self._then(math.exp(self.data), mine=math.exp(self.data))

    def log(self):
        return self._then(math.log(self.data), mine=1 / self.data)

    def tanh(self):
        # 1 - 2 / (1 + e^2x), with e^-2|x|, which does not overflow
        e = math.exp(-2 * abs(self.data))
        return self._then(math.copysign((1 - e) / (1 + e), self.data), mine=4 * e / (1 + e) ** 2)

    def relu(self):
        return self._then(self.data, mine=1.0) if self.data > 0 else self._then(0.0, mine=0.0)

    def __neg__(self):
        return -1 * self

    def __sub__(self, other):
        return self + -other

    def __truediv__(self, other):
        return self * other**-1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other

    def __rpow__(self, other):
        return self._lift(other) ** self


@accepted("- and / are made of * and powers, a power by a Value of exp and log")
class Value(_Plain):
    pass


@accepted("Kahn's order from the root: a node is let go when all that uses it is done")
def topological_order(root):
    uses, found, stack = {}, {id(root)}, [root]
    while stack:
        for operand, _ in stack.pop()._operands:
            uses[id(operand)] = uses.get(id(operand), 0) + 1
            if id(operand) not in found:
                found.add(id(operand))
                stack.append(operand)
    order, free = [], [root]
    while free:
        node = free.pop(0)
        order.append(node)
        for operand, _ in node._operands:
            uses[id(operand)] -= 1
            if uses[id(operand)] == 0:
                free.append(operand)
    return order[::-1]


@accepted("a stack of iterators instead of marks, and the adjoints in a dict of their own")
class by_iterators:
    def topological_order(root):
        order, done, path = [], set(), [(root, iter(root._operands))]
        done.add(root)
        while path:
            node, rest = path[-1]
            for operand, _ in rest:
                if operand not in done:
                    done.add(operand)
                    path.append((operand, iter(operand._operands)))
                    break
            else:
                order.append(node)
                path.pop()
        return order

    def backward(root):
        adjoint = {node: 0.0 for node in topological_order(root)}
        adjoint[root] = 1.0
        for node in reversed(list(adjoint)):
            node.grad = adjoint[node]
            for operand, slope in node._operands:
                adjoint[operand] += slope * node.grad


@rejected("an adjoint is set where it should be added to: a node that is used twice keeps one part only")
def backward(root):
    order = topological_order(root)
    for node in order:
        node.grad = 0.0
    root.grad = 1.0
    for node in reversed(order):
        for operand, slope in node._operands:
            operand.grad = slope * node.grad


@rejected("an adjoint is passed on before it is complete, and then again: shared nodes count twice")
def backward(root):
    for node in topological_order(root):
        node.grad = 0.0
    root.grad = 1.0
    stack = [root]
    while stack:
        node = stack.pop()
        for operand, slope in node._operands:
            operand.grad += slope * node.grad
            stack.append(operand)


@rejected("every path from the root is walked: right, but their number doubles with each shared node")
def backward(root):
    for node in topological_order(root):
        node.grad = 0.0
    stack = [(root, 1.0)]
    while stack:
        node, part = stack.pop()
        node.grad += part
        stack.extend((operand, slope * part) for operand, slope in node._operands)


@rejected("what the last sweep left is not cleared: a second backward adds to it")
def backward(root):
    root.grad = 1.0
    for node in reversed(topological_order(root)):
        for operand, slope in node._operands:
            operand.grad += slope * node.grad


@rejected("only the inputs are cleared: the nodes in between keep the adjoints of the sweep before")
def backward(root):
    order = topological_order(root)
    for node in order:
        if not node._operands:
            node.grad = 0.0
    root.grad = 1.0
    for node in reversed(order):
        for operand, slope in node._operands:
            operand.grad += slope * node.grad


@rejected("recursion: Python ends it at a depth of 1000, and graphs are deeper")
def topological_order(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for operand, _ in node._operands:
                visit(operand)
            order.append(node)

    visit(root)
    return order


@rejected("level by level from the root is no topological order: a short path overtakes a long one")
class by_level:
    def topological_order(root):
        order, seen, queue = [], {root}, [root]
        for node in queue:
            order.append(node)
            for operand, _ in node._operands:
                if operand not in seen:
                    seen.add(operand)
                    queue.append(operand)
        return order[::-1]


@rejected("the root is to come last: this is the reverse")
class reversed_order:
    def topological_order(root):
        order, seen, stack = [], set(), [(root, False)]
        while stack:
            node, is_ready = stack.pop()
            if is_ready:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((operand, False) for operand, _ in node._operands)
        return order[::-1]

    def backward(root):
        order = topological_order(root)
        for node in order:
            node.grad = 0.0
        root.grad = 1.0
        for node in order:
            for operand, slope in node._operands:
                operand.grad += slope * node.grad


@rejected("an argument that f does not use has a derivative as well: 0.0, in its place")
def grad(f, args):
    variables = [Value(arg) for arg in args]
    root = f(*variables)
    backward(root)
    used = topological_order(root)
    return [variable.grad for variable in variables if variable in used]


@rejected("1 - x gives x - 1, and 2 / x gives x / 2: the reflected operators turn their operands round")
class Value(_Plain):
    def __rsub__(self, other):
        return self - other

    def __rtruediv__(self, other):
        return self / other


@rejected("(xⁿ)' = n xⁿ⁻¹, not n xⁿ")
class Value(_Plain):
    def __pow__(self, other):
        if isinstance(other, Value):
            return (other * self.log()).exp()
        return self._then(self.data**other, mine=other * self.data**other)


@rejected("the exponent is taken for a number: x^y has the derivative x^y log x by y")
class Value(_Plain):
    def __pow__(self, other):
        n = other.data if isinstance(other, Value) else other
        return self._then(self.data**n, mine=n * self.data ** (n - 1) if n else 0.0)


@rejected("powers by way of the logarithm: with a number as exponent x may be negative, or 0")
class Value(_Plain):
    def __pow__(self, other):
        return (self._lift(other) * self.log()).exp()


@rejected("relu has slope 0 at 0")
class Value(_Plain):
    def relu(self):
        return self._then(max(self.data, 0.0), mine=float(self.data >= 0))


@rejected("(e^2x - 1) / (e^2x + 1) overflows where tanh x is 1: math.tanh does not")
class Value(_Plain):
    def tanh(self):
        e = math.exp(2 * self.data)
        t = (e - 1) / (e + 1)
        return self._then(t, mine=1 - t * t)
