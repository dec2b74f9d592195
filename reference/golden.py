"""Golden numbers: `python -m reference.golden` writes them all, `--check` fails on drift.

Each `reference/<topic>/<slug>_golden.py` has a function `numbers()`; what it returns lies beside it as
`<slug>_golden.json`. No number of that kind is typed by hand.
"""

import argparse
import importlib.util
import json
import math
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def numbers(script: Path) -> object:
    """What a golden script computes now, as it reads back from JSON."""
    spec = importlib.util.spec_from_file_location(script.stem, script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return json.loads(json.dumps(module.numbers()))


def drifted(now: object, then: object) -> bool:
    """Whether two nests of numbers differ by more than another machine's rounding."""
    if isinstance(now, dict) and isinstance(then, dict):
        return now.keys() != then.keys() or any(drifted(now[key], then[key]) for key in now)
    if isinstance(now, list) and isinstance(then, list):
        return len(now) != len(then) or any(map(drifted, now, then))
    if isinstance(now, float) and isinstance(then, float):
        return not (math.isclose(now, then, rel_tol=1e-10, abs_tol=1e-13) or now == then)
    return now != then


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the numbers differ")
    check = parser.parse_args().check
    sys.path.insert(0, str(HERE.parent))
    status = 0
    for script in sorted(HERE.glob("*/*_golden.py")):
        file, now = script.with_suffix(".json"), numbers(script)
        if not check:
            file.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
        elif not file.is_file() or drifted(now, json.loads(file.read_text(encoding="utf-8"))):
            print(f"{file.relative_to(HERE.parent)}: differs from what {script.name} computes")
            status = 1
    return status


if __name__ == "__main__":
    raise SystemExit(main())
