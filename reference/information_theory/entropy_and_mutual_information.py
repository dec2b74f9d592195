"""Oracle for entropy_and_mutual_information: the definitions as sums over outcomes, each summed exactly.

The conditional entropy is the average over x, the mutual information the divergence of the joint
distribution from the product of its margins: neither takes differences of entropies.
"""

import math


def entropy(p, base=2.0):
    return math.fsum(-x * math.log(x) for x in p if x > 0) / math.log(base)


def conditional_entropy(pxy, base=2.0):
    terms = []
    for row in pxy.tolist():
        px = math.fsum(row)
        terms += [-x * math.log(x / px) for x in row if x > 0]
    return math.fsum(terms) / math.log(base)


def mutual_information(pxy, base=2.0):
    px, py = [math.fsum(row) for row in pxy.tolist()], [math.fsum(column) for column in pxy.T.tolist()]
    terms = [
        pxy[x, y] * math.log(pxy[x, y] / (px[x] * py[y]))
        for x in range(len(px))
        for y in range(len(py))
        if pxy[x, y] > 0
    ]
    return math.fsum(terms) / math.log(base)


def plugin_entropy(counts, miller_madow=False):
    """log N - Σ c log c / N"""
    counts = [int(c) for c in counts if c]
    N = sum(counts)
    estimate = math.log(N) - math.fsum(c * math.log(c) for c in counts) / N
    return estimate + (len(counts) - 1) / (2 * N) * miller_madow
