"""The map in the README: `python -m reference.map` writes it from the catalogue, between its two marks."""

import re

from dojo.catalogue import find_root, load

MARKS = r"(<!-- map -->\n).*?(<!-- end of map -->)"


def lines():
    """A table row for each topic: its page, its katas in order; speed marks a performance kata."""
    yield "| topic | katas |"
    yield "|---|---|"
    for topic in load(find_root()).topics:
        katas = ", ".join(f"`{kata.slug}`{' ⏱' if kata.performance else ''}" for kata in topic.katas)
        yield f"| [{topic.title}](katas/{topic.name}/) | {katas} |"


def main() -> None:
    path = find_root() / "README.md"
    text = path.read_text(encoding="utf-8")
    table = "\n".join(lines())
    text = re.sub(MARKS, lambda found: f"{found[1]}{table}\n{found[2]}", text, flags=re.DOTALL)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
