"""The `kata` command as one types it: what it prints, its exit codes, and that no text is ever lost."""

import json
import sys
from pathlib import Path

import pytest

BAD = {
    "a wrong slug": (("show", "scalin"), "no kata is called 'scalin': did you mean scaling?"),
    "a wrong command": (("wach",), "No such command 'wach'"),
    "a wrong option": (("list", "--jsn"), "No such option"),
    "no slug": (("hint",), "Missing argument 'SLUG'"),
    "hint 7": (("hint", "scaling", "7"), "7 is not in the range 1<=x<=3"),
    "a wrong topic": (("drill", "--topic", "toys"), "no topic is called 'toys': there are toy"),
    "nothing fits": (("drill", "--minutes", "1"), "no kata fits these options"),
    "nothing to resume": (("drill", "--resume"), "no drill was left without an end"),
    "no interview": (("hand-in",), "no interview is running: kata interview starts one"),
    "no benchmark": (("bench", "scaling"), "scaling has no benchmark"),
    "no picture": (("plot", "scaling"), "scaling has no picture"),
    "no such tree": (("bench", "scaling", "--impl", "/nowhere"), "scaling has no benchmark"),
    "no such file": (("import", "nowhere.jsonl"), "nowhere.jsonl"),
    "a kata that exists": (("new", "toy", "scaling"), "kata scaling exists already: solutions/toy/scaling.py"),
    "a name with a dash": (("new", "toy", "zoom-in"), "topics and slugs are snake_case"),
}


@pytest.mark.parametrize("mistake", BAD)
def test_a_mistake_is_one_line_and_exit_code_2(house, mistake):
    command, line = BAD[mistake]
    run = house.kata(*command)
    assert run.returncode == 2, run.stdout + run.stderr
    assert line in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stderr.strip().count("\n") == 0


def test_outside_a_repository_of_katas_the_one_installed_is_taken(house, tmp_path_factory):
    house.root = tmp_path_factory.mktemp("elsewhere")
    assert house.kata("list").returncode == 0


def test_list_is_plain_where_stdout_is_no_terminal(house):
    run = house.kata("list")
    assert "scaling" in run.stdout
    assert "\x1b" not in run.stdout
    assert "1 katas. Open katas/toy/scaling.py, then: kata watch scaling" in run.stdout


def test_list_as_json_has_the_fields_other_programs_read(house):
    (entry,) = json.loads(house.kata("list", "--json").stdout)
    wanted = {"slug", "topic", "title", "level", "minutes", "backend", "performance", "area", "requires", "state"}
    assert wanted <= entry.keys()
    assert entry["state"] == "not started"


def test_state_follows_the_file(house):
    def state():
        return json.loads(house.kata("list", "--json").stdout)[0]["state"]

    house.stub.write_text(house.stub.read_text() + "\n# mine\n")
    assert state() == "started"
    house.stub.write_text((house.root / "solutions/toy/scaling.py").read_text())
    assert state() == "written"


def test_kata_alone_prints_the_map_where_there_is_no_terminal(house):
    assert house.kata().stdout == house.kata("list").stdout


def test_hints_come_one_after_the_other(house):
    said = [house.kata("hint", "scaling").stdout for _ in range(4)]
    assert [text.strip() for text in said] == [
        "hint 1 of 3: think of twice",
        "hint 2 of 3: 2 x",
        "hint 3 of 3: return 2 * x",
        "hint 3 of 3: return 2 * x",
    ]
    assert "think of twice" in house.kata("hint", "scaling", "1").stdout


def test_reset_keeps_the_text_first(house):
    stub = house.stub.read_text()
    house.stub.write_text("my hours of work")
    run = house.kata("reset", "scaling")
    assert run.returncode == 0
    assert house.stub.read_text() == stub
    kept = next(line.rpartition(" ")[2] for line in run.stdout.splitlines() if "kept in" in line)
    assert Path(kept).read_text() == "my hours of work"


def test_reset_brings_a_deleted_stub_back(house):
    stub = house.stub.read_text()
    house.stub.unlink()
    assert house.kata("reset", "scaling").returncode == 0
    assert house.stub.read_text() == stub


def test_reset_writes_nothing_where_the_text_cannot_be_kept(house):
    (house.root / "home").write_text("a file where the data folder belongs")
    house.stub.write_text("my hours of work")
    run = house.kata("reset", "scaling")
    assert run.returncode == 2
    assert house.stub.read_text() == "my hours of work"


def test_new_makes_files_that_are_ready_to_fill(house):
    run = house.kata("new", "toy", "zooming")
    assert run.returncode == 0
    for path in ("solutions/toy/zooming.py", "katas/toy/test_zooming.py", "reference/toy/zooming_answers.py"):
        assert (house.root / path).is_file()


def test_a_broken_solution_is_one_line(house):
    house.write("solutions/toy/scaling.py", "def double(x:\n")
    run = house.kata("stub", "scaling")
    assert run.returncode == 2
    assert "solutions/toy/scaling.py" in run.stderr
    assert "Traceback" not in run.stderr


def test_no_command_loads_torch_to_print_the_map(house):
    code = "import sys\nfrom dojo.cli import main\ntry: main(['list'])\nexcept SystemExit: pass\nprint('torch' in sys.modules)"
    run = house._run(sys.executable, "-c", code)
    assert run.stdout.strip().endswith("False")
