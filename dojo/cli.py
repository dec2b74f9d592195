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
            return super().main(*args, **kwargs, standalone_mode=False)
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
@click.option("--json", "as_json", is_flag=True, help="For other programs.")
def list_katas(as_json: bool) -> None:
    """The map: every kata with its level, its minutes, and how you stand with it."""
    catalogue = _catalogue()
    if as_json:
        click.echo(json.dumps([_entry(kata) for kata in catalogue], indent=2))
        return
    width = max(len(kata.slug) for kata in catalogue)
    for topic in catalogue.topics:
        click.secho(f"\n{topic.title}", bold=True)
        for kata in topic.katas:
            state = _state(kata)
            mark = {"not started": " ", "started": "~", "written": "*"}[state]
            speed = "  speed" if kata.performance else ""
            torch = "  torch" if kata.backend == "torch" else ""
            click.echo(f" {mark} {kata.slug:<{width}}  level {kata.level}  {kata.minutes:>3} min{torch}{speed}")
    first = next(iter(catalogue))
    click.echo(f"\n{len(catalogue)} katas. Open {first.shown(_next(catalogue).stub)}, then: kata watch {_next(catalogue).slug}")


def _entry(kata: Kata) -> dict[str, Any]:
    keys = ("slug", "topic", "title", "level", "minutes", "backend", "performance", "area", "requires")
    return {**{key: getattr(kata, key) for key in keys}, "state": _state(kata)}


def _state(kata: Kata) -> str:
    """How far the learner's file is: not started, started, written (nothing is left to write)."""
    from dojo.stub import derive

    text = kata.stub.read_text(encoding="utf-8", errors="replace") if kata.stub.is_file() else ""
    if text and "raise NotImplementedError" not in text:
        return "written"
    return "not started" if text == derive(read(kata.solution).text) else "started"


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
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file: .svg or .png (default: SLUG.png here).")
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
