"""Writes docs/catalog.md from the registries: `.venv/bin/python docs/generate.py`. A test holds the two together."""

from pathlib import Path
from typing import Any, get_args

from core.catalog import catalog
from core.problems.network import Network

TARGET = Path(__file__).resolve().parent / "catalog.md"
HEAD = """# Catalog

Everything that a comparison can name. This page is written by `docs/generate.py` from the definitions themselves, which
are also what `GET /api/catalog` answers. *Slider* is the range that the page offers, *valid* what is accepted from a
link or the API; in the formulas x are the parameters, g is the gradient and α the learning rate.
"""
SIGNS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}


def page() -> str:
    """Return the whole page."""
    entries = catalog()
    parts = [HEAD]
    for title, key in (
        ("Optimizers", "optimizers"),
        ("Schedules of the learning rate", "schedules"),
        ("Gradient noise", "noises"),
        ("Surfaces", "surfaces"),
        ("Losses over rows of data", "data"),
        ("Networks", "networks"),
    ):
        parts += [f"## {title}\n", *(definition(entry) for entry in entries[key])]
    parts += [choices(), "## Data sets\n", *(dataset(entry) for entry in entries["datasets"])]
    return "\n".join(parts)


def definition(entry: dict[str, Any]) -> str:
    """Return one definition: name, what it teaches, formula, parameters, where it comes from."""
    blocks = [f"### {entry['title']} · `{entry['name']}`", entry.get("teaches") or entry.get("about") or ""]
    if entry["formula"]:
        blocks.append(mathematics(entry["formula"]))
    if "sources" in entry:
        blocks.append(sets(entry["sources"]))
    if "domain" in entry:
        blocks.append(place(entry))
    if entry["parameters"] or "lists" in entry:
        blocks.append(table(entry["parameters"], entry.get("lists", [])))
    blocks += [turned(one) for one in entry.get("switches", [])]
    blocks.append(f"*{entry['source']}*" if entry["source"] else "")
    return "\n\n".join(block for block in blocks if block) + "\n"


def place(entry: dict[str, Any]) -> str:
    """Return where a surface lies, where runs start, and its minima."""
    (left, right), (bottom, top) = entry["domain"]
    start = ", ".join(number(value) for value in entry["start"])
    text = f"x from {number(left)} to {number(right)}, y from {number(bottom)} to {number(top)}; starts at ({start})."
    minima = entry.get("minima") or []
    if not minima:
        return f"{text} No minimum."
    deepest = min(minima, key=lambda minimum: round(minimum[2], 4))  # the first of those that rounding alone parts
    word = "Minimum" if len(minima) == 1 else f"{len(minima)} known minima, the deepest"
    return f"{text} {word} {found(deepest[2])} at ({found(deepest[0])}, {found(deepest[1])})."


def sets(sources: list[dict[str, Any]]) -> str:
    """Return the data sets of a problem, a row each."""
    rows = ["| `dataset` | rows | what is predicted from what | source |", "| --- | --- | --- | --- |"]
    for one in sources:
        *features, target = one["axes"]
        most = f"1 … {one['rows']:,}" if one["generated"] else f"{one['rows']:,}"
        told = f"{one['title']}: {target} from {' and '.join(features)}"
        rows.append(f"| `{one['name']}` | {most} | {told} | {one['source'] or 'drawn'} |")
    return "\n".join(rows)


def table(parameters: list[dict[str, Any]], lists: list[dict[str, Any]]) -> str:
    """Return the parameters, a row each, then the lists of whole numbers, which no slider moves."""
    rows = ["| parameter | | default | slider | valid | meaning |", "| --- | --- | --- | --- | --- | --- |"]
    for one in parameters:
        scale = ", logarithmic" if one["scale"] == "log" else ""
        slider = f"{number(one['min'])} … {number(one['max'])}{scale}"
        rows.append(row(one, number(one["default"]), slider, valid(one) or "any number"))
    for one in lists:
        default = ", ".join(number(value) for value in one["default"]) or "none"
        rows.append(row(one, default, "none", f"up to {one['most']} whole numbers {valid(one)}".rstrip()))
    return "\n".join(rows)


def row(one: dict[str, Any], default: str, slider: str, accepted: str) -> str:
    """Return the row of one parameter."""
    cells = (f"`{one['name']}`", f"$`{one['symbol']}`$", default, slider, accepted, one["meaning"])
    return f"| {' | '.join(cells)} |"


def turned(one: dict[str, Any]) -> str:
    """Return one switch: its values, what it means, and the formulas that follow from it."""
    values = ", ".join(f"`{option['value']}` ({option['title']})" for option in one["options"]) or "`true`, `false`"
    blocks = [f"Switch `{one['name']}`, {values}; default {word(one['default'])}. {one['meaning']}."]
    for other in one["formulas"]:
        blocks += [f"With {word(other['value'])}:", mathematics(other["formula"])]
    return "\n\n".join(blocks)


def word(value: bool | str) -> str:
    """Return a value of a switch as it stands in a comparison."""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def mathematics(lines: list[str]) -> str:
    """Return a formula; a fenced block, because a dollar sign would have Markdown read backslashes first."""
    return "```math\n" + " \\\\\n".join(lines) + "\n```"


def valid(one: dict[str, Any]) -> str:
    """Return the bounds of a parameter."""
    return ", ".join(f"{SIGNS[bound]} {number(value)}" for bound, value in one["valid"].items())


def dataset(entry: dict[str, Any]) -> str:
    """Return one data set."""
    rest = entry["rows"] - entry["train_rows"]
    return (
        f"### {entry['title']} · `{entry['name']}`\n\n"
        f"{entry['train_rows']:,} rows to train on, {rest:,} to test on; {entry['features']} numbers a row, "
        f"{entry['classes']} classes.\n\n*{entry['source']}*\n"
    )


def number(value: float) -> str:
    """Return a number as it was declared."""
    mantissa, _, exponent = f"{value:.6g}".partition("e")
    return mantissa.replace("-", "−") + (f"e{int(exponent)}" if exponent else "")


def found(value: float) -> str:
    """Return a number that was computed: four decimals, and what rounding leaves of a zero is 0."""
    return number(round(value, 4) + 0.0)


def choices() -> str:
    """Return what is chosen about a network beside its numbers: structure, for which a program is compiled."""
    rows = ["| field | default | one of | meaning |", "| --- | --- | --- | --- |"]
    for name, field in Network.model_fields.items():
        if name == "kind" or name in Network.number_fields():
            continue
        allowed = ", ".join(f"`{value}`" for value in get_args(field.annotation) if isinstance(value, str))
        default = list(field.default) if isinstance(field.default, tuple) else field.default
        rows.append(f"| `{name}` | `{default}` | {allowed} | {field.description or ''} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
