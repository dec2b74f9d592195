"""The figures of practice as one self-contained page: plots by matplotlib, inlined as SVG.

Plots are drawn in stand-in colours, which are then replaced by CSS variables: one drawing serves the
light and the dark page. Text stays text, in the page's own font.
"""

import re
from datetime import date, timedelta
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, Any, Literal

from dojo.practice.home import PracticeError
from dojo.practice.schedule import LAPSE, minutes
from dojo.practice.stats import AHEAD, Drills, Figures

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BEHIND = 28  # days of the heat map before today
TILES = 24  # small multiples at most: those drilled last
INK, FAINT, GRID, GOOD, BAD = "#000001", "#000002", "#000003", "#000004", "#000005"
HEAT = ["#000010", "#000011", "#000012", "#000013", "#000014"]  # forgotten … fresh
SHADES = ["#000020", "#000021", "#000022", "#000023", "#000024"]  # no practice … much
NAMES = dict(zip([INK, FAINT, GRID, GOOD, BAD], ["ink", "faint", "grid", "good", "bad"], strict=True))
NAMES |= {c: f"heat{n}" for n, c in enumerate(HEAT)} | {c: f"shade{n}" for n, c in enumerate(SHADES)}
BANDS = [0.7, 0.8, 0.9, 0.95]  # retrievability between two colours of HEAT; a kata is due below 0.9

STYLE = """
:root { color-scheme: light dark; --page: #f6f5f1; --card: #fff; --ink: #22252b; --faint: #70757f; --grid:
  #e4e2db;
  --good: #1a7f8c; --bad: #d1495b; --heat0: #c8384d; --heat1: #e8825a; --heat2: #f2c879; --heat3: #9ccfc4;
  --heat4: #2a8f97;
  --shade0: #eceae4; --shade1: #b9dfda; --shade2: #7cc3bf; --shade3: #3d9ea0; --shade4: #136a73; }
@media (prefers-color-scheme: dark) { :root { --page: #15171b; --card: #1e2127; --ink: #e6e4de; --faint:
  #9097a3; --grid: #343943;
  --good: #57c4c8; --bad: #f0788a; --heat0: #d8475b; --heat1: #d9764f; --heat2: #cfa552; --heat3: #3f7f7c;
  --heat4: #57c4c8;
  --shade0: #292d35; --shade1: #1d4a50; --shade2: #26717a; --shade3: #3a9fa6; --shade4: #7fe0e0; } }
body { background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; max-width: 1100px;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; margin: 0 } h2 { font-size: 1.1rem; margin: 0 } p { margin: .2rem 0 .8rem; color:
  var(--faint) }
section { background: var(--card); border-radius: 12px; padding: 1.1rem 1.3rem; margin: 1rem 0 }
.two { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)) }
  .two section { margin: 0 }
.tiles { display: grid; gap: 1rem 1.2rem; grid-template-columns: repeat(auto-fill, minmax(190px, 1fr)) }
.big { display: flex; flex-wrap: wrap; gap: 2.5rem; margin: 1.2rem 0 } .big b { display: block; color:
  var(--ink); font-size: 1.9rem; line-height: 1.2 }
.big span { color: var(--faint) } svg { width: 100%; height: auto; display: block }
.wide { overflow-x: auto } .wide svg { min-width: 760px } .tiles div { font-size: .85rem; line-height: 1.35
  } .tiles b { display: block; overflow-wrap: anywhere; font-weight: 500 } .tiles span { color: var(--faint) }
.key { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin: 0 .3em 0 1em }
table { border-collapse: collapse; width: 100% } td, th { padding: .25rem .8rem .25rem 0; text-align: left;
  font-weight: normal }
th { color: var(--faint) } td { border-top: 1px solid var(--grid) } td.n, th.n { text-align: right;
  font-variant-numeric: tabular-nums }
"""


def html(figures: Figures) -> str:
    """The page; it asks nothing of the network."""
    if not figures.calendar:
        return _page("<p>Nothing practised yet. Start with: kata drill --next</p>")
    tiles = sorted(figures.drills, key=lambda one: one.tries[-1].day)[-TILES:]
    shown = [one for one in figures.drills if one in tiles]
    heat = "".join(
        f'<i class="key" style="background:var(--heat{n})"></i>{label}'
        for n, label in enumerate(["under 70 %", "70", "80", "90", "95 % and more"])
    )
    body = [
        _numbers(figures),
        '<div class="two">',
        _section(
            "Days practised",
            "The stronger the colour, the longer; one step is 20 minutes.",
            _calendar(figures),
        ),
        _section("What comes due", f"Katas a day, the {AHEAD} days from today.", _forecast(figures)),
        "</div>",
        _section(
            "Time to green",
            f"Minutes an attempt, the {len(shown)} katas drilled last. Dashed: limit. Cross: not solved.",
            f'<div class="tiles">{"".join(_tile(one) for one in shown)}</div>',
        ),
        _section(
            "What is still there",
            f"The chance of solving each kata: {heat}",
            f'<div class="wide">{_heat(figures)}</div>',
        ),
        '<div class="two">',
        _section("Weak spots", "The chance of failing today, in red what earlier lapses add.", _weak(figures)),
        _section("Checks failed most", "In how many attempts each failed at least once.", _failed(figures)),
        "</div>",
        _section("By topic", "How the first run went, and what help it took.", _topics(figures)),
    ]
    return _page("".join(body))


def _page(body: str) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Practice</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style><h1>Practice</h1>{body}</html>\n"
    )


def _section(title: str, says: str, content: str) -> str:
    return f"<section><h2>{title}</h2><p>{says}</p>{content}</section>"


def _numbers(figures: Figures) -> str:
    month = [day for day in figures.calendar if 0 <= (figures.today - day).days < 28]
    solved = sum(one.best is not None for one in figures.drills)
    numbers = {
        "of the last 28 days practised": len(month),
        "hours in them": f"{sum(figures.calendar[day] for day in month) / 60:.1f}",
        "katas solved in a drill": solved,
        "due today": figures.forecast[0][1],
    }
    shown = "".join(f"<span><b>{n}</b>{label}</span>" for label, n in numbers.items())
    return f'<div class="big">{shown}</div>'


# --- plots


def _axes(width: float, height: float, layout: Literal["constrained"] | None = "constrained") -> "Axes":
    """Bare axes of so many inches, drawn without pyplot and its global state."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise PracticeError("the page needs matplotlib: pip install matplotlib, or leave --html out") from None
    axes = Figure(figsize=(width, height), layout=layout).subplots()
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, colors=FAINT, labelsize=9)
    axes.set_axisbelow(True)
    return axes


def _svg(axes: "Axes", label: str) -> str:
    from matplotlib import rc_context

    out = StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "kata"}):  # the same figures, the same page
        figure: Figure = axes.figure  # type: ignore[assignment]
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    svg = out.getvalue()
    svg = re.sub("#0000[0-9]{2}", lambda found: f"var(--{NAMES[found[0]]})", svg[svg.index("<svg") :])
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font: ([\d.]+px) [^;\"]*", r"font: \1 system-ui, sans-serif", svg)
    used = set(re.findall(r"#([\w-]+)", svg))  # ids that nothing points to would clash between the drawings
    svg = re.sub(r' id="([^"]*)"', lambda found: found[0] if found[1] in used else "", svg)
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(label)}"', 1)


def _tile(one: Drills) -> str:
    axes, limit = _axes(2.6, 1.2, layout=None), one.kata.minutes
    axes.figure.subplots_adjust(left=0.12, right=0.98, bottom=0.06, top=0.96)  # alike in every tile
    most = max(limit, *(t.seconds / 60 for t in one.tries))
    top = 1.15 * min(most, 2 * limit)  # a night left running flattens nothing
    points = [(n, min(t.seconds / 60, top), t.solved) for n, t in enumerate(one.tries, 1)]
    solved, missed = [[p[:2] for p in points if p[2] is wanted] for wanted in (True, False)]
    axes.axhline(limit, color=FAINT, linewidth=1, linestyle=(0, (4, 3)))
    axes.axhline(0, color=GRID, linewidth=1)
    if solved:
        axes.plot(*zip(*solved, strict=True), color=GOOD, marker="o", markersize=5, linewidth=2, clip_on=False)
    if missed:
        axes.plot(
            *zip(*missed, strict=True),
            color=BAD,
            marker="x",
            markersize=6,
            markeredgewidth=2,
            linewidth=0,
            clip_on=False,
        )
    axes.set(xlim=(0.5, max(6, len(points)) + 0.5), ylim=(0, top), xticks=[], yticks=[0, limit])
    best = "not solved yet" if one.best is None else f"best {minutes(one.best)}"
    drawn = _svg(axes, f"{one.kata.slug}: {best}, limit {limit} minutes")
    return f"<div><b>{escape(one.kata.slug)}</b><span>{best}</span>{drawn}</div>"


def _heat(figures: Figures) -> str:
    drills, today = figures.drills, figures.today
    axes = _axes(10.5, 0.6 + 0.24 * len(drills))
    for row, one in enumerate(drills):
        for start, length, color in _bands(one, today):
            axes.broken_barh([(start, length)], (row + 0.1, 0.8), facecolor=color, linewidth=0)
        drilled = [(t.day - today).days + 0.5 for t in one.tries if (today - t.day).days <= BEHIND]
        axes.plot(drilled, [row + 0.5] * len(drilled), color=INK, marker="o", markersize=2.5, linewidth=0)
    axes.axvline(0.5, color=INK, linewidth=1)
    axes.set(xlim=(-BEHIND, AHEAD), ylim=(len(drills), 0), xticks=[n + 0.5 for n in range(-BEHIND, AHEAD, 7)])
    axes.set_xticklabels([_name(today + timedelta(n)) if n else "today" for n in range(-BEHIND, AHEAD, 7)])
    axes.set_yticks([row + 0.5 for row in range(len(drills))], [one.kata.slug for one in drills])
    axes.tick_params(labeltop=True, labelbottom=False)
    return _svg(axes, "Retrievability of each kata by day; a dot is a drill")


def _bands(one: Drills, today: date) -> list[tuple[int, int, str]]:
    """Runs of days of one colour, as (first day from today, days, colour)."""
    runs: list[tuple[int, int, str]] = []
    for n in range(-BEHIND, AHEAD):
        if today + timedelta(n) < one.memory.cards[0][0]:
            continue
        chance = one.memory.retrievability(today + timedelta(n))
        color = HEAT[sum(chance >= limit for limit in BANDS)]
        if runs and runs[-1][2] == color:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1, color)
        else:
            runs.append((n, 1, color))
    return runs


def _calendar(figures: Figures) -> str:
    axes, weeks = _axes(5, 2.1), 18
    first = figures.today - timedelta(figures.today.weekday() + 7 * (weeks - 1))
    for n in range((figures.today - first).days + 1):
        spent = figures.calendar.get(first + timedelta(n))
        shade = 0 if spent is None else min(4, 1 + int(spent // 20))
        axes.broken_barh([(n // 7, 0.84)], (n % 7, 0.84), facecolor=SHADES[shade], linewidth=0)
    months = [n for n in range(weeks) if (first + timedelta(7 * n)).day <= 7]
    axes.set(xlim=(0, weeks), ylim=(7, 0), aspect="equal")
    axes.set_xticks([n + 0.4 for n in months], [f"{first + timedelta(7 * n):%b}" for n in months])
    axes.set_yticks([0.4, 2.4, 4.4], ["Mon", "Wed", "Fri"])
    return _svg(axes, f"{len(figures.calendar)} days practised")


def _forecast(figures: Figures) -> str:
    axes = _axes(5, 2.1)
    counts = [n for _, n in figures.forecast]
    for at, n in enumerate(counts):
        axes.bar(at, n, color=BAD if at == 0 else GOOD, width=0.75)
        axes.text(at, n, str(n or ""), ha="center", va="bottom", color=INK, fontsize=9)
    axes.axhline(0, color=GRID, linewidth=1)
    axes.set(yticks=[], ylim=(0, 1.2 * max(*counts, 1)))
    axes.set_xticks(range(0, AHEAD, 2), ["today", *(_name(day) for day, _ in figures.forecast[2::2])])
    return _svg(axes, "Katas due: " + ", ".join(map(str, counts)))


def _weak(figures: Figures) -> str:
    axes = _axes(5, 0.3 + 0.27 * len(figures.weak))
    for row, memory in enumerate(figures.weak):
        lost, lapses = 1 - memory.retrievability(figures.today), LAPSE * memory.lapses
        axes.barh(row, lost, color=HEAT[2], height=0.7)
        axes.barh(row, lapses, left=lost, color=BAD, height=0.7)
        says = f"{lost:.0%}" + (f", forgotten {memory.lapses}×" if memory.lapses else "")
        axes.text(lost + lapses, row, f" {says}", va="center", color=INK, fontsize=9)
    longest = max(1 - m.retrievability(figures.today) + LAPSE * m.lapses for m in figures.weak)
    axes.set(xlim=(0, 1.7 * max(longest, 0.1)), ylim=(len(figures.weak) - 0.4, -0.6), xticks=[])
    axes.set_yticks(range(len(figures.weak)), [memory.slug for memory in figures.weak])
    return _svg(axes, "Weak spots: " + ", ".join(memory.slug for memory in figures.weak))


def _failed(figures: Figures) -> str:
    return _table(["check", "kata"], ["attempts"], [(f.test, f.slug, f.times) for f in figures.failed[:8]])


def _topics(figures: Figures) -> str:
    rows = [
        (t.name, t.attempts, "-" if t.first_green is None else f"{t.first_green:.0%}", f"{t.hints:.1f}")
        for t in figures.topics
        if t.attempts
    ]
    return _table(["topic"], ["drills", "first run green", "hints a drill"], rows)


def _table(texts: list[str], numbers: list[str], rows: list[tuple[Any, ...]]) -> str:
    kinds = [""] * len(texts) + [' class="n"'] * len(numbers)
    head = "".join(f"<th{kind}>{name}</th>" for kind, name in zip(kinds, texts + numbers, strict=True))
    cells = [
        "".join(f"<td{kind}>{escape(str(cell))}</td>" for kind, cell in zip(kinds, row, strict=True)) for row in rows
    ]
    return f"<table><tr>{head}</tr>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def _name(day: date) -> str:
    return f"{day.day} {day:%b}"
