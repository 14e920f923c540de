"""The script of a comparison, put together."""

from collections.abc import Mapping
from math import floor

from numpy import float32

from core.code import expression, optax, pytorch, rows, schedules
from core.code.form import Dialect, Flavour, Needs, Rate, Sheet, Unwritten, Walk, call, number, quoted
from core.code.written import written
from core.noise import SAMPLES, Noise
from core.optimizers import Optimizer
from core.problems.data.base import DataProblem
from core.problems.expression import Expression
from core.problems.planar import Planar
from core.spec import Comparison, Point, Run

_DIALECTS: Mapping[Flavour, Dialect] = {"optax": optax.DIALECT, "pytorch": pytorch.DIALECT}


def script(comparison: Comparison, flavour: Flavour) -> str:
    """Write a comparison as a script that runs without Ravine and walks the same paths.

    Args:
        comparison: on a problem of two parameters: a formula, or a loss over rows.
        flavour: the library that it uses.

    Returns:
        Python, a line break at the end. Run it, and `paths` has the iterates of every run by its name; it prints where
        each one ends.

    Raises:
        Unwritten: there is no script of this problem, or of one of its optimizers or schedules.
    """
    problem = comparison.resolve()
    formula = problem.as_expression() if isinstance(problem, Planar) else None
    dialect, sheet = _DIALECTS[flavour], Sheet()
    if isinstance(problem, DataProblem):
        loss = rows.write(problem, dialect, _batched(comparison), sheet)
    elif isinstance(problem, Planar) and formula is not None:
        numbers = {name: problem.numbers()[name] for name in formula.parameters}
        loss = _loss(comparison, formula, numbers, dialect, sheet)
    else:
        raise Unwritten("problem", "Only a loss of two parameters can be copied as code, a formula or one over rows")
    runs = [_run(comparison, index, dialect, sheet) for index in range(len(comparison.runs))]
    for noise in [comparison.noise, *(run.noise for run in comparison.runs)]:
        if noise is not None and noise.kind in SAMPLES:
            sheet.need(noise.kind, dialect.draws[noise.kind])
    parts = [
        _imports(dialect, sheet),
        *sheet.functions.values(),
        loss,
        _setting(comparison, sheet),
        dialect.walk(_needs(comparison, sheet)),
        "\n".join(runs),
    ]
    head = f'"""{_title(comparison, problem)}\n\nNeeds: pip install {_packages(dialect, sheet)}\n"""\n\n'
    return head + "\n\n\n".join(part.strip("\n") for part in parts) + "\n"


def _packages(dialect: Dialect, sheet: Sheet) -> str:
    more = {"numpy as np": "numpy", "sklearn.datasets": "scikit-learn"}
    wanted = [*dialect.packages.split(), *(name for module, name in more.items() if module in sheet.imports)]
    return " ".join(dict.fromkeys(wanted))


def _title(comparison: Comparison, problem: Planar) -> str:
    count = len(comparison.runs)
    return f"{type(problem).title}: {count} run{'s' if count > 1 else ''} of {comparison.steps} steps."


def _imports(dialect: Dialect, sheet: Sheet) -> str:
    """Write the imports: the standard library's, and the others."""
    others = sorted({*dialect.imports, *(sheet.imports - {"math"})})
    blocks = [["math"] if "math" in sheet.imports else [], others]
    return "\n\n".join("\n".join(f"import {name}" for name in names) for names in blocks if names)


def _loss(
    comparison: Comparison, formula: Expression, numbers: Mapping[str, float], dialect: Dialect, sheet: Sheet
) -> str:
    """Write the loss, a function of the point; the problem's numbers are arguments with defaults."""
    body = expression.write(
        formula, [{**numbers, **run.problem} for run in comparison.runs], dialect.names["np"], sheet
    )
    arguments = ", ".join(["point", *(f"{name}={number(value)}" for name, value in numbers.items())])
    return f"def loss({arguments}):\n    x, y = point\n{body}"


def _setting(comparison: Comparison, sheet: Sheet) -> str:
    """Write what all runs share."""
    lines = [f"start = {_point(comparison.origin())}", f"steps = {comparison.steps}"]
    kind = _kind(comparison)
    if kind is not None:
        lines += [f"sigma = {_sigma(comparison.noise)}", f"draw = {kind}"]
    if _batched(comparison):
        lines.append(f"size = {comparison.resolve().numbers()['batch_size']:.0f}  # rows that a step looks at")
    if _random(comparison):
        seeds = f"  # the first of {comparison.seeds}: count on for the others" if comparison.seeds > 1 else ""
        lines.append(f"seed = {comparison.seed}{seeds}")
    if sheet.scheduled:
        lines.append("t = np.arange(steps)")
    return "\n".join([*lines, "paths = {}"])


def _kind(comparison: Comparison) -> str | None:
    """Return the kind of noise that runs have which say nothing, or else the first that any has; None without noise."""
    kinds = [noise.kind for noise in [comparison.noise, *(run.noise for run in comparison.runs)] if noise is not None]
    return next((kind for kind in kinds if kind in SAMPLES), None)


def _batched(comparison: Comparison) -> bool:
    """Say whether any run looks at some of the rows in a step."""
    problem = comparison.resolve()
    if not isinstance(problem, DataProblem):
        return False
    return any(run.problem.get("batch_size", problem.batch_size) < problem.rows for run in comparison.runs)


def _random(comparison: Comparison) -> bool:
    return _kind(comparison) is not None or _batched(comparison)


def _sigma(noise: Noise) -> str:
    return number(max(noise.strengths()))


def _needs(comparison: Comparison, sheet: Sheet) -> Needs:
    own = {name for run in comparison.runs for name in _own(comparison, run)}
    return Needs(
        _kind(comparison) is not None,
        sheet.looks,
        _batched(comparison),
        tuple(name for name in ("start", "sigma", "draw", "seed", "loss", "size") if name in own),
    )


def _own(comparison: Comparison, run: Run) -> dict[str, str]:
    """Return what a run has of its own, as arguments."""
    own: dict[str, str] = {}
    kind = _kind(comparison)
    if run.start is not None:
        own["start"] = _point(run.start)
    if run.noise is not None and kind is not None:
        own["sigma"] = _sigma(run.noise)
        if run.noise.kind in SAMPLES and run.noise.kind != kind:
            own["draw"] = run.noise.kind
    if run.seed is not None and _random(comparison):
        own["seed"] = str(run.seed)
    if isinstance(comparison.resolve(), DataProblem):
        if "batch_size" in run.problem and _batched(comparison):
            own["size"] = f"{run.problem['batch_size']:.0f}"
    elif run.problem:
        numbers = ", ".join(f"{name}={number(value)}" for name, value in run.problem.items())
        own["loss"] = f"lambda point: loss(point, {numbers})"
    return own


def _made(optimizer: Optimizer, rate: Rate, dialect: Dialect, sheet: Sheet, where: str) -> str:
    """Write the expression that makes an optimizer: the library's, or one of a rule that is written out."""
    library = dialect.forms.get(type(optimizer))
    text = library(optimizer, rate) if library else None
    if text is not None:
        return text
    rule = written(optimizer)
    if rule is None:
        raise Unwritten(where, f"{type(optimizer).title} does not say how a script writes it")
    sheet.need(rule.name, _filled(rule.text, dialect))
    sheet.need(*dialect.written)
    if rule.looks:
        sheet.need(*dialect.looking)
        sheet.looks = True
    maker, _ = dialect.looking if rule.looks else dialect.written
    settings = {name: value for name, value in optimizer.numbers().items() if name != "lr"}
    settings |= {name: floor(float32(settings[name])) for name in rule.whole}  # float32, as the loop has it
    return call(maker, *dialect.given, rule.name, rate.text, *rule.kept, **settings)


def _run(comparison: Comparison, index: int, dialect: Dialect, sheet: Sheet) -> str:
    """Write one run."""
    run = comparison.runs[index]
    rule = run.rule()
    at, later = (run.fork.at, run.fork.values) if run.fork and run.fork.at < comparison.steps else (0, {})
    turn = (at, later["lr"]) if "lr" in later else None
    rates = schedules.rates(run.schedule, run.lr, turn, f"runs.{index}.schedule")
    changes, other = rates is not None, {name: value for name, value in later.items() if name != "lr"}
    rate = Rate(dialect.scheduled if changes and dialect.scheduled else number(run.lr), changes, bool(other))
    where = f"runs.{index}.optimizer"
    text = _made(rule, rate, dialect, sheet, where)
    if other:
        text = f"{dialect.forked[0]}({at}, {text}, {_made(rule.model_copy(update=other), rate, dialect, sheet, where)})"
    if changes:
        sheet.imports.add("numpy as np")
        sheet.scheduled = True
        if dialect.scheduled:
            sheet.need(*dialect.helper)
    if other:
        sheet.need(*dialect.forked)
    own = _own(comparison, run)
    made_there = _filled(text, dialect, own.get("start", "start"))
    line = dialect.run(Walk(quoted(_names(comparison)[index]), made_there, changes, own))
    return f"\nrates = {rates}\n{line}" if changes else line


def _filled(text: str, dialect: Dialect, start: str = "") -> str:
    """Put the library's names, and where a run starts, into a text."""
    for name, value in dialect.names.items():
        text = text.replace(f"{{{name}}}", value)
    return text.replace("{start}", f"{dialect.names['array']}({start})")


def _names(comparison: Comparison) -> list[str]:
    """Return a name for each run, no two the same."""
    names: list[str] = []
    for run in comparison.runs:
        name = run.label or type(run.rule()).title
        count = 2
        while (unique := name if name not in names else f"{name} {count}") in names:
            count += 1
        names.append(unique)
    return names


def _point(point: Point) -> str:
    return f"[{number(point[0])}, {number(point[1])}]"
