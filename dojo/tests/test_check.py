"""`kata check` finds what makes a kata unsound. Each fault is put into the small house and must be told."""

import json

import pytest

from dojo.answers import known
from dojo.catalogue import load

FAULTS = {  # name -> (file, text, in its place, what is told)
    "a wrong answer is accepted": (
        "katas/toy/test_scaling.py", "assert_agrees(kata.total", "(lambda *a, **k: None)(kata.total",
        "is wrong and accepted: this is the mean"),
    "a right answer is refused": (
        "katas/toy/test_scaling.py", "x = rng.standard_normal(7)", "x = rng.standard_normal(7)\n    assert kata.program.text.count('sum') < 1",
        "is right and refused by test_total_agrees"),
    "an impostor is accepted": (
        "katas/toy/test_scaling.py", 'assert_agrees(kata.total, reference.total, x, floor=np.abs(x).sum())', "assert kata.total(x) <= 9",
        "an impostor is accepted: total returns zeros"),
    "the solution fails": ("solutions/toy/scaling.py", "return 2 * x", "return 3 * x", "the solution fails test_double_by_hand"),
    "the stub has drifted": ("katas/toy/scaling.py", "2 x, of the shape of x.", "Twice x.", "is not the solution's stub: `kata stub scaling` writes it"),
    "an answer dies at load": (
        "reference/toy/scaling_answers.py", "from dojo.answers import accepted, rejected",
        "from dojo.answers import accepted, rejected\nimport nowhere", "dies before any test runs"),
    "too few answers": (
        "reference/toy/scaling_answers.py", '@rejected("the first', '@accepted("the first', "at least 2 and 5 are wanted"),
    "no rules": ("solutions/toy/scaling.py", "Rules:", "Freedom:", "the statement has no line 'Rules:'"),
    "no docstring": ("solutions/toy/scaling.py", '    """The sum of all entries."""\n', "", "total has no docstring"),
    "a false example": ("solutions/toy/scaling.py", "array([2., 2.])", "array([2., 3.])", "the example of double does not give what it says"),
    "an unknown pattern": ("katas/toy/topic.toml", '"numpy.sum"', '"numpy.summ"', "forbids names what is not there: numpy.summ"),
    "the solution breaks its rules": ("solutions/toy/scaling.py", "np.add.reduce(x, axis=None)", "np.sum(x)", "breaks its own rules"),
    "slow tests": ("katas/toy/test_scaling.py", "x = rng.standard_normal(7)", "x = rng.standard_normal(7)\n    import time\n    while time.process_time() < 1.3: pass", "1 s is the limit; slowest: test_total_agrees"),
}  # fmt: skip


def test_a_sound_kata_is_sound(house):
    run = house.kata("check", "scaling")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "1 of 1 katas sound: 2 right answers accepted, 5 wrong ones" in run.stdout
    assert "test_double_by_hand  caught: this is x squared" in run.stdout


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(house, fault):
    path, before, after, told = FAULTS[fault]
    text = (house.root / path).read_text()
    assert before in text
    house.write(path, text.replace(before, after))
    if path.startswith("solutions") and "stub" not in fault:
        house.kata("stub", "scaling")
    run = house.kata("check", "scaling")
    assert run.returncode == 1
    assert told in run.stdout, run.stdout


def test_a_surviving_mutant_is_told_unless_it_is_known_to_be_equivalent(house):
    run = house.kata("check", "scaling", "--mutants")
    assert run.returncode == 1
    was, now = "return float(np.add.reduce(x, axis=None))", "return float(np.add.reduce(x))"
    assert f"a mutant survives: {was}  ->  {now}" in run.stdout
    answers = (house.root / "reference/toy/scaling_answers.py").read_text()
    known = f'equivalent("{was}", "{now}", "the tests ask for one axis only")\n'
    house.write(
        "reference/toy/scaling_answers.py",
        answers.replace("accepted, rejected", "accepted, equivalent, rejected") + known,
    )
    run = house.kata("check", "scaling", "--mutants")
    assert f"{was}  ->  {now}" not in run.stdout


def test_the_report_is_json_too(house):
    (report,) = json.loads(house.kata("check", "scaling", "--json").stdout)
    assert report["slug"] == "scaling"
    assert report["rejected"] == [5, 5]
    assert len(report["caught"]) == 5


def test_answers_are_the_solution_with_a_function_written_over(house):
    answers = known(load(house.root)["scaling"])
    assert [a.right for a in answers] == [True] * 2 + [False] * 5
    squared = answers[2].program.execute()
    assert squared["double"](3) == 9  # the answer's
    assert squared["total"](squared["np"].ones(2)) == 2.0  # the solution's
