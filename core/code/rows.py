"""A loss over rows as code: where the rows come from, what is made of them, and the loss of a batch of them."""

from collections.abc import Mapping

from core.code.form import Dialect, Sheet, Unwritten
from core.problems.data.base import DataProblem
from core.problems.data.linear_regression import LinearRegression
from core.problems.data.logistic_regression import LogisticRegression
from core.problems.data.neuron import Neuron

_NORMALS = '''\
def normals(shape, stream):
    """Draw standard normal numbers, of each stream always the same."""
    return np.random.default_rng([2024, stream]).standard_normal(shape, np.float32)
'''
_UNIFORMS = '''\
def uniforms(shape, stream):
    """Draw numbers from 0 to 1, of each stream always the same."""
    return np.random.default_rng([2024, stream]).random(shape, np.float32)
'''
_GENERATED: Mapping[tuple[type[DataProblem], str], str] = {
    (LinearRegression, "generated"): """\
x = 2.5 + normals((n, 1), 1)
y = 0.8 * x[:, 0] - 0.5 + 0.6 * normals((n, 1), 2)[:, 0]""",
    (LogisticRegression, "generated"): """\
x = normals((n, 2), 3)
y = uniforms(n, 4) < 1 / (1 + np.exp(1.6 * x[:, 1] - 2.4 * x[:, 0]))
x = x * [2.0, 0.5] + 1.0""",
    (LogisticRegression, "correlated"): """\
x = normals((n, 2), 5)
x = np.column_stack([x[:, 0], 0.95 * x[:, 0] + (1 - 0.95**2) ** 0.5 * x[:, 1]])
y = uniforms(n, 6) < 1 / (1 + np.exp(-2.4 * x[:, 0] - 0.6 * x[:, 1]))""",
    (Neuron, "generated"): """\
x = normals((n, 2), 7)
y = np.tanh(2.0 * x[:, 0] - 1.2 * x[:, 1]) * np.where(uniforms(n, 8) < 0.1, -1, 1)
y = (1 + y) / 2
x = x * [2.0, 0.5] + 1.0""",
}
_PETALS = """\
x, _ = sklearn.datasets.load_iris(return_X_y=True)
x, y = x[:, 2:3], x[:, 3]  # length and width of petals"""
_IRIS = """\
x, y = sklearn.datasets.load_iris(return_X_y=True)
x, y = x[50:, 2:4], y[50:] - 1  # petals of versicolor and virginica, which is 1"""
_BREAST_CANCER = """\
x, y = sklearn.datasets.load_breast_cancer(return_X_y=True)
x, y = x[:, :2], 1 - y  # mean radius and texture; malignant is 1"""
_DIABETES = """\
x, y = sklearn.datasets.load_diabetes(return_X_y=True, scaled=False)
x, y = x[:, 2:3], y / 100  # body mass index"""
_SHIPPED: Mapping[tuple[type[DataProblem], str], str] = {
    (LinearRegression, "iris"): _PETALS,
    (LinearRegression, "diabetes"): _DIABETES,
    (LogisticRegression, "iris"): _IRIS,
    (LogisticRegression, "breast_cancer"): _BREAST_CANCER,
    (Neuron, "iris"): _IRIS,
    (Neuron, "breast_cancer"): _BREAST_CANCER,
}
_SHUFFLED = """\
order = np.random.default_rng(0).permutation(len(x))[:n]
x, y = x[order], y[order]"""
_STANDARDIZED = """\
mean, deviation = x.mean(axis=0, dtype=float), x.std(axis=0, dtype=float)
x = (x - mean) / np.where(deviation > 0, deviation, 1)"""
_LOSSES: Mapping[type[DataProblem], str] = {
    LinearRegression: "{np}.mean((z - y) ** 2)",
    LogisticRegression: "{np}.mean({np}.logaddexp({np}.zeros_like(z), z) - y * z)",
    Neuron: "{np}.mean(({np}.tanh(z) - y) ** 2)",
}


def write(problem: DataProblem, dialect: Dialect, batched: bool, sheet: Sheet) -> str:
    """Write the loss, a function of the point and of rows, which are all unless it is given others.

    Args:
        problem: whose loss.
        dialect: what it is written in.
        batched: whether steps look at some of the rows.
        sheet: gets what it needs.

    Raises:
        Unwritten: this loss, or where these rows come from, has no form as code.
    """
    loss = _LOSSES.get(type(problem))
    table = _table(problem, sheet)
    if loss is None or table is None:
        raise Unwritten("problem.name", f"There is no form as code of {type(problem).title} on these rows")
    sheet.imports.add("numpy as np")
    sheet.need("table", table)
    if batched:
        sheet.need("batches", dialect.batches)
    names = dialect.names
    return "\n".join(
        [
            f"rows = {names['array']}(table({problem.rows}))",
            "",
            "",
            "def loss(point, rows=rows):",
            '    """Return the mean over rows."""',
            "    x1, x2, y = rows.T",
            "    z = point[0] * x1 + point[1] * x2",
            f"    return {loss.format(np=names['np'])}",
        ]
    )


def _table(problem: DataProblem, sheet: Sheet) -> str | None:
    """Write the function that makes the rows; None where they come from elsewhere."""
    key = type(problem), problem.dataset
    parts: list[str]
    if key in _SHIPPED:
        sheet.imports.add("sklearn.datasets")
        parts = [_SHIPPED[key], _SHUFFLED]
    elif key in _GENERATED:
        parts = [_GENERATED[key]]
        for name, text in (("normals", _NORMALS), ("uniforms", _UNIFORMS)):
            if f"{name}(" in parts[0]:
                sheet.need(name, text)
    else:
        return None
    parts += [_STANDARDIZED] if problem.preprocess == "standardized" else []
    parts += ["y = 2 * y - 1"] if problem.signed else []
    columns = "x, np.ones(n), y" if problem.intercept else "x, y"
    parts.append(f"return np.column_stack([{columns}]).astype(np.float32)")
    body = "\n".join(parts).replace("\n", "\n    ")
    what = "a feature, 1 for the intercept, the target" if problem.intercept else "two features, the target"
    return f'def table(n):\n    """Return n rows: {what}."""\n    {body}'
