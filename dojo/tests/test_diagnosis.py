"""The mistake that is named is the learner's, or none is."""

import numpy as np

from dojo.catalogue import load
from dojo.contract import Call, Implementation
from dojo.diagnosis import name
from dojo.loading import Program

SQUARED = "this is x squared: right for 0 and 2 only"


def mistake(house, *calls):
    """What is said of calls of `double`, given as argument and result."""
    made = [Call("double", (np.array(x),), {}, np.array(result), returned=True) for x, result in calls]
    return name(load(house.root)["scaling"], made)


def test_a_known_mistake_is_named(house):
    assert mistake(house, ([3.0], [9.0])) == SQUARED
    assert mistake(house, ([2.0], [4.0]), ([3.0], [9.0])) == SQUARED


def test_right_answers_and_unknown_mistakes_are_not(house):
    assert mistake(house, ([3.0], [6.0])) is None
    assert mistake(house, ([3.0], [7.0])) is None
    assert mistake(house, ([3.0], [9.0]), ([4.0], [8.0])) is None


def test_two_that_agree_are_both_named(house):
    house.write(
        "reference/toy/scaling_answers.py",
        (house.root / "reference/toy/scaling_answers.py").read_text()
        + '\n@rejected("x to the power of 2")\ndef double(x):\n    return x**2\n',
    )
    assert mistake(house, ([3.0], [9.0])) == f"{SQUARED}; or: x to the power of 2"


def test_zeros_and_ones_tell_too_little(house):
    assert mistake(house, ([1.0, 0.0], [1.0, 0.0])) is None  # squared, or x itself, or many another
    assert mistake(house, ([np.inf], [np.nan])) is None


def test_random_calls_are_made_again_with_the_generator_they_had():
    text = "def noise(rng): return rng.standard_normal(2)\n"
    program = Program("noise.py", text)
    kata, rng = Implementation(program, program.execute()), np.random.default_rng(0)
    first, second = kata.noise(rng), kata.noise(rng)
    again = [program.execute()["noise"](*call.args) for call in kata.calls]
    assert (again[0] == first).all()
    assert (again[1] == second).all()
