"""Pictures of the topic pages: `python -m reference.pictures` draws them all from the worked solutions.

Each `reference/<topic>/<slug>_plot.py` has a function `draw(kata, figure)`. `kata plot SLUG` calls the same function
with the learner's own code.
"""

from dojo.catalogue import find_root, load
from dojo.loading import read
from dojo.plot import plot


def main() -> None:
    for kata in load(find_root()):
        if kata.picture.is_file():
            path = kata.test.with_name(f"{kata.slug}.svg")
            plot(kata, read(kata.solution), path)
            print(kata.shown(path))


if __name__ == "__main__":
    main()
