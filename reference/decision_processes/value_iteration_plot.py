"""Picture of value_iteration: a maze on slippery ground, its optimal values and the way out."""

import numpy as np

MAZE = """
..........#..........
..####....#....##....
.....#....#....##...G
.....#.........##....
.....#....#..........
..####....#....OOO...
..........#..........
"""
MOVES = ((0, 1), (0, -1), (1, 0), (-1, 0))


def process(maze):
    """(P, R): a step goes as meant with 0.8 and to either side with 0.1; G pays 1, O costs 1, and both end the walk."""
    cells = {(r, c): i for i, (r, c) in enumerate(zip(*np.nonzero(maze != "#"), strict=True))}
    P, R = np.zeros((len(cells), 4, len(cells))), np.zeros((len(cells), 4))
    for (r, c), s in cells.items():
        for a, (down, right) in enumerate(MOVES):
            for (dr, dc), p in (((down, right), 0.8), ((right, down), 0.1), ((-right, -down), 0.1)):
                to = (r + dr, c + dc) if (r + dr, c + dc) in cells else (r, c)
                to = (r, c) if maze[r, c] in "GO" else to
                P[s, a, cells[to]] += p
                if to != (r, c):
                    R[s, a] += p * {"G": 1.0, "O": -1.0}.get(maze[to], 0.0)
    return cells, P, R


def draw(kata, figure):
    maze = np.array([list(line) for line in MAZE.split()])
    cells, P, R = process(maze)
    V, pi, _ = kata.value_iteration(P, R, 0.97)

    values = np.full(maze.shape, np.nan)
    for (r, c), s in cells.items():
        values[r, c] = np.nan if maze[r, c] in "GO" else V[s]
    axes = figure.subplots()
    picture = axes.imshow(values, cmap="viridis", vmin=0.2, vmax=1.2)
    for (r, c), s in cells.items():
        if maze[r, c] in "GO":
            name, colour = {"G": ("+1", "tab:green"), "O": ("-1", "tab:red")}[maze[r, c]]
            axes.text(c, r, name, ha="center", va="center", color=colour, weight="bold")
        else:
            down, right = MOVES[pi[s]]
            start, end = (c - 0.28 * right, r - 0.28 * down), (c + 0.28 * right, r + 0.28 * down)
            axes.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": "white", "lw": 0.9})
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    bar = figure.colorbar(picture, ax=axes, label="V*", shrink=0.7, pad=0.02)
    bar.outline.set_visible(False)
    bar.ax.set_ylim(0.2, 1.0)
