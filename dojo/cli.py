"""The `kata` command. What pytest has a word for stays pytest's."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from dojo.catalogue import Catalogue, CatalogueError, Kata, find_root, load
from dojo.loading import LoadError, read
from dojo.practice import home
from dojo.practice.home import PracticeError
from dojo.practice.log import Log


class Group(click.Group):
    """Every mistake in the command is one line and exit code 2."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().main(*args, **{**kwargs, "standalone_mode": False})
        except click.exceptions.Abort:
            sys.exit(130)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message())
            sys.exit(2)
        except click.ClickException as error:
            _fail(error.format_message())
        except (CatalogueError, LoadError, PracticeError, OSError) as error:
            _fail(str(error))


def _fail(text: str) -> NoReturn:
    click.echo(f"kata: {text}", err=True)
    sys.exit(2)


def _catalogue() -> Catalogue:
    return load(find_root())


@click.group(cls=Group, invoke_without_command=True)
@click.version_option(package_name="deep-learning-kata", message="%(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """The mathematics of deep learning, as katas: open a stub, make its tests pass."""
    if context.invoked_subcommand is None:
        context.invoke(watch if sys.stdin.isatty() and sys.stdout.isatty() else list_katas)


# --- the map ---------------------------------------------------------------------------------------------------


@main.command("list")
@click.option("--track", help="The katas of a track, in its order.")
@click.option("--json", "as_json", is_flag=True, help="For other programs.")
def list_katas(track: str | None = None, as_json: bool = False) -> None:
    """The map: every kata with its level, its minutes, and how you stand with it."""
    catalogue = _catalogue()
    from dojo.practice.stats import states

    practised = states(Log().records("started", "finished", "green"), catalogue)
    if as_json:
        katas = catalogue.track(track).katas if track else catalogue
        click.echo(json.dumps([_entry(kata, practised[kata.slug]) for kata in katas], indent=2))
        return
    if track:
        groups = [(catalogue.track(track).title, catalogue.track(track).katas)]
    else:
        groups = [(topic.title, topic.katas) for topic in catalogue.topics]
    width = max(len(kata.slug) for kata in catalogue)
    for title, katas in groups:
        click.secho(f"\n{title}", bold=True)
        for kata in katas:
            click.echo(_line(kata, practised[kata.slug], width))
    if catalogue.tracks and not track:
        click.echo(f"\ntracks: {', '.join(each.name for each in catalogue.tracks)}   (kata list --track NAME)")
    following = _next(catalogue)
    click.echo(f"\n{len(catalogue)} katas. Open {following.shown(following.stub)}, then: kata watch {following.slug}")


MARKS = {"solved": ("✓", "green"), "green": ("✓", "green"), "written": ("•", "cyan"), "started": ("~", "yellow")}


def _line(kata: Kata, practised: Any, width: int) -> str:
    """One kata on the map: state, slug, level, minutes, and what practice came to."""
    from dojo.practice.schedule import minutes

    state = _state(kata, practised)
    mark, color = MARKS.get(state, (" ", None))
    name = click.style(f"{mark} {kata.slug:<{width}}", fg=color)
    words = [f"level {kata.level}", f"{kata.minutes:>3} min"]
    words += [kata.backend] if kata.backend == "torch" else []
    words += ["speed"] if kata.performance else []
    words += [f"best {minutes(practised.best)}"] if practised.best is not None else []
    words += [f"last {practised.last:%d %b}"] if practised.last else []
    words += [f"due {practised.due:%d %b}"] if practised.due else []
    return f" {name}  {'  '.join(words)}".rstrip()


def _entry(kata: Kata, practised: Any) -> dict[str, Any]:
    keys = ("slug", "topic", "title", "level", "minutes", "backend", "performance", "area", "requires")
    dates = {"last": practised.last and str(practised.last), "due": practised.due and str(practised.due)}
    state = _state(kata, practised)
    return {**{key: getattr(kata, key) for key in keys}, "state": state, "best": practised.best, **dates}


def _state(kata: Kata, practised: Any = None) -> str:
    """solved (in a drill), green, written (nothing is left to write), started, not started."""
    from dojo.stub import derive

    if practised is not None and practised.state in ("solved", "green"):
        return str(practised.state)
    text = kata.stub.read_text(encoding="utf-8", errors="replace") if kata.stub.is_file() else ""
    if text and "raise NotImplementedError" not in text:
        return "written"
    try:
        return "not started" if text == derive(read(kata.solution).text) else "started"
    except (SyntaxError, ValueError):  # an author is at work on the solution
        return "started"


def _next(catalogue: Catalogue) -> Kata:
    """The first kata, in the map's order, that is not written yet."""
    return next((kata for kata in catalogue if _state(kata) != "written"), next(iter(catalogue)))


@main.command()
@click.argument("slug")
def show(slug: str) -> None:
    """One kata: its data and its statement."""
    import ast

    kata = _catalogue()[slug]
    click.secho(f"{kata.title}  (level {kata.level}, {kata.minutes} min, {kata.backend})", bold=True)
    click.echo(f"write    {kata.shown(kata.stub)}")
    click.echo(f"test     pytest {kata.shown(kata.test)}")
    if kata.requires:
        click.echo(f"requires {', '.join(kata.requires)}")
    if kata.forbids:
        click.echo(f"forbids  {', '.join(kata.forbids)}")
    if kata.interview:
        click.echo(f"asked    {kata.interview}")
    click.echo("\n" + (ast.get_docstring(read(kata.solution).tree) or ""))


@main.command()
@click.argument("slug", required=False)
def watch(slug: str | None) -> None:
    """Save, and see the verdict: SLUG, or the next kata that is not written yet."""
    catalogue = _catalogue()
    from dojo.practice import watch as practice

    sys.exit(practice.watch(catalogue, catalogue[slug] if slug else _next(catalogue), Log()))


# --- practice ----------------------------------------------------------------------------------------------------

_topic = click.option("--topic", help="Only katas of this topic.")
_level = click.option("--level", type=click.IntRange(1, 5), help="Only katas of this level.")


def _chosen(catalogue: Catalogue, topic: str | None, level: int | None, minutes: float | None = None) -> list[Kata]:
    katas = catalogue.topic(topic).katas if topic else tuple(catalogue)
    return [k for k in katas if (level is None or k.level == level) and (minutes is None or k.minutes <= minutes)]


@main.command()
@click.argument("slug", required=False)
@click.option("--next", "next_", is_flag=True, help="What is due, else the next kata not solved yet (the default).")
@click.option("--weak", is_flag=True, help="The kata you remember least.")
@_topic
@_level
@click.option("--minutes", type=float, help="Only katas that take no longer.")
@click.option("--track", help="The next kata of a track.")
@click.option("--resume", is_flag=True, help="Takes up the drill that was left.")
@click.option("--open", "open_", is_flag=True, help="Opens the attempt in your editor.")
def drill(
    slug: str | None, next_: bool, weak: bool, topic: str | None, level: int | None, minutes: float | None,
    track: str | None, resume: bool, open_: bool,
) -> None:  # fmt: skip
    """A kata against the clock, in a new file: SLUG, or what is due."""
    catalogue, log = _catalogue(), Log()
    from datetime import UTC, datetime

    from dojo.practice import drill as drills
    from dojo.practice.screen import Screen
    from dojo.practice.watch import editor, loop

    left = drills.open_attempt(log)
    if resume:
        if left is None:
            _fail("no drill was left without an end: kata drill --next starts one")
        practice = drills.Drill.resumed(catalogue, log, left)
    else:
        if slug:
            kata = catalogue[slug]
        else:
            candidates = catalogue.track(track).katas if track else _chosen(catalogue, topic, level, minutes)
            kata = drills.choose(catalogue, log, candidates, weak)
        if left is not None:
            click.echo(f"a drill of {left.slug} has no end yet: kata drill --resume takes it up")
        practice = drills.Drill(kata, drills.new_file(kata, datetime.now(UTC)), log, kata.minutes)
    click.echo(f"write in {practice.kata.shown(practice.path)}")
    if open_:
        click.launch(str(practice.path)) if not _run(editor(practice.path)) else None
    with Screen() as screen:
        loop(practice, screen)
    ended = practice.attempt_ and practice.attempt_.end
    sys.exit(0 if ended and ended.data.get("solved") else 1)


def _run(command: list[str]) -> bool:
    import subprocess

    try:
        return subprocess.run(command, check=False).returncode == 0
    except OSError as error:
        _fail(f"{command[0]}: {error.strerror}: set $VISUAL or $EDITOR")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For other programs.")
def due(as_json: bool) -> None:
    """What to drill today, the least remembered first."""
    catalogue = _catalogue()
    from dojo.practice import drill as drills

    found = drills.due_now(catalogue, Log())
    if as_json:
        click.echo(json.dumps([one._asdict() for one in found], indent=2))
        return
    for one in found:
        click.echo(f"{one.slug:<32}  {one.retrievability:>4.0%}  {one.reason}")
    if not found:
        click.echo("nothing is due today")


@main.command()
@click.option("--minutes", type=click.FloatRange(min=5), default=45.0, show_default=True, help="How long it takes.")
@_topic
@_level
@click.option("--seed", type=int, help="The same questions again.")
def interview(minutes: float, topic: str | None, level: int | None, seed: int | None) -> None:
    """Katas you have not seen for two weeks, their statement only, one clock for all."""
    catalogue, log = _catalogue(), Log()
    import random

    from dojo.practice import interview as interviews

    seed = random.SystemRandom().randrange(10**6) if seed is None else seed
    katas = interviews.choose(catalogue, log, _chosen(catalogue, topic, level), minutes, seed)
    sys.exit(interviews.hold(catalogue, log, katas, minutes, seed))


@main.command("hand-in")
def hand_in() -> None:
    """Grades the question of the running interview, and answers by category."""
    from dojo.practice import interview as interviews

    said = interviews.hand_in(_catalogue(), Log())
    click.echo(said)
    sys.exit(0 if said.startswith("right") else 1)


@main.command()
@click.option("--html", type=click.Path(path_type=Path), help="A page with plots, in one file (needs matplotlib).")
def stats(html: Path | None) -> None:
    """What practice has come to: times, weak spots, calendar, what will be due."""
    from datetime import UTC, datetime

    from dojo.practice import stats as numbers

    figures = numbers.figures(Log().records(), list(_catalogue()), datetime.now(UTC))
    if html is None:
        import shutil

        click.echo(numbers.text(figures, shutil.get_terminal_size().columns, sys.stdout.isatty()))
        return
    from dojo.practice import page

    html.write_text(page.html(figures), encoding="utf-8")
    click.echo(f"wrote {html}")


@main.command()
@click.argument("file", type=click.File("w", encoding="utf-8"), default="-")
def export(file: Any) -> None:
    """Writes the practice log to FILE, for another machine."""
    click.echo(f"{Log().export(file)} records", err=True)


@main.command("import")
@click.argument("file", type=click.File("r", encoding="utf-8"))
def import_(file: Any) -> None:
    """Takes over the practice log of another machine; nothing is doubled."""
    click.echo(f"{Log().import_(file)} new records")


# --- help ------------------------------------------------------------------------------------------------------


@main.command()
@click.argument("slug")
@click.argument("number", required=False, type=click.IntRange(1, 3))
def hint(slug: str, number: int | None) -> None:
    """The next of three hints: the idea, the equation, nearly the code."""
    kata = _catalogue()[slug]
    log = Log()
    last = max((r.data["number"] for r in log.records("hint") if r.data["slug"] == slug), default=0)
    shown = number or min(last + 1, 3)
    log.append("hint", slug=slug, attempt=None, number=shown)
    click.echo(f"hint {shown} of 3: {kata.hints[shown - 1]}")


@main.command()
@click.argument("slug")
def solution(slug: str) -> None:
    """The worked answer beside mine."""
    kata = _catalogue()[slug]
    from rich.columns import Columns
    from rich.console import Console
    from rich.panel import Panel
    from rich.syntax import Syntax

    console = Console()
    panels = []
    for title, path in (("yours", kata.stub), ("worked", kata.solution)):
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        panels.append(Panel(Syntax(text, "python", word_wrap=True), title=f"{title}: {kata.shown(path)}"))
    if console.width >= 160:
        console.print(Columns(panels, equal=True, expand=True))
    else:
        console.print(panels[1])


@main.command()
@click.argument("slug")
def reset(slug: str) -> None:
    """Puts the stub back. Your text is kept first, and the command says where."""
    kata = _catalogue()[slug]
    from dojo.stub import derive

    fresh = derive(kata.solution.read_text(encoding="utf-8"))
    if kata.stub.is_file():
        if kata.stub.read_bytes() == fresh.encode():
            click.echo(f"{kata.shown(kata.stub)} is the stub already")
            return
        _keep(kata.stub)
    _write(kata.stub, fresh)
    click.echo(f"{kata.shown(kata.stub)} is the stub again")


@main.command()
@click.argument("slug")
@click.option("--impl", default="katas", metavar="TREE", help="What is drawn: katas (default), solutions, or a path.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The file: .svg or .png (default: SLUG.png here)."
)
def plot(slug: str, impl: str, output: Path | None) -> None:
    """The picture of my working code."""
    kata = _catalogue()[slug]
    from dojo.plot import plot as draw
    from dojo.plugin import implementation_path

    path = output or Path(f"{slug}.png")
    program = read(implementation_path(kata, impl))
    try:
        draw(kata, program, path)
    except NotImplementedError:
        _fail(f"{kata.shown(kata.stub)} is not written yet: the picture is drawn by your own code")
    click.echo(f"wrote {path}")
    _show_in_terminal(path)


def _show_in_terminal(path: Path) -> None:
    """Shows a picture where the terminal can: kitty, iTerm2 and WezTerm bring a viewer along."""
    import shutil
    import subprocess

    viewers = {"kitten": ["icat"], "imgcat": [], "wezterm": ["imgcat"], "chafa": []}
    for viewer, arguments in viewers.items():
        if sys.stdout.isatty() and path.suffix == ".png" and shutil.which(viewer):
            subprocess.run([viewer, *arguments, str(path)], check=False)
            return


# --- speed -----------------------------------------------------------------------------------------------------


@main.command()
@click.argument("slug")
@click.option("--impl", default="katas", metavar="TREE", help="What is timed: katas (default), solutions, or a path.")
@click.option("--json", "as_json", is_flag=True, help="For other programs.")
def bench(slug: str, impl: str, as_json: bool) -> None:
    """Mine beside the naive way, the library and the worked answer: ratio, growth, memory."""
    catalogue = _catalogue()
    kata = catalogue[slug]
    from dojo import bench as benchmarks

    sys.exit(benchmarks.table(kata, impl, as_json))


# --- authors ---------------------------------------------------------------------------------------------------


@main.command()
@click.argument("slugs", nargs=-1)
@click.option("--mutants", is_flag=True, help="Also against machine-made mutants of the solution (minutes).")
@click.option("--json", "as_json", is_flag=True, help="For other programs.")
def check(slugs: tuple[str, ...], mutants: bool, as_json: bool) -> None:
    """The author's proof that katas are sound: all of them, or those named."""
    from dojo import check as proof

    catalogue = _catalogue()
    katas = [catalogue[slug] for slug in slugs] or list(catalogue)
    sys.exit(proof.show(katas, mutants, as_json))


@main.command()
@click.argument("slugs", nargs=-1, required=True)
def stub(slugs: tuple[str, ...]) -> None:
    """Derives the stub of a kata from its solution: for authors."""
    from dojo.stub import derive

    catalogue = _catalogue()
    for slug in slugs:
        kata = catalogue[slug]
        try:
            text = derive(kata.solution.read_text(encoding="utf-8"))
        except (ValueError, SyntaxError) as error:
            _fail(f"{kata.shown(kata.solution)}: {error}")
        if kata.stub.is_file() and kata.stub.read_text(encoding="utf-8") != text:
            _keep(kata.stub)
        _write(kata.stub, text)
        click.echo(f"wrote {kata.shown(kata.stub)}")


@main.command()
@click.argument("topic")
@click.argument("slug")
def new(topic: str, slug: str) -> None:
    """A new kata's files, ready to fill."""
    from dojo.template import create

    for path in create(find_root(), topic, slug):
        click.echo(f"wrote {path}")


def _keep(path: Path) -> None:
    """What a learner wrote is never lost: before a file is written over, its text goes to the data folder."""
    digest = home.keep(path.read_bytes())
    click.echo(f"the text of {path.name} is kept in {home.folder() / 'texts' / digest}")


def _write(path: Path, text: str) -> None:
    """All of the text or none of it, whatever happens meanwhile."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
