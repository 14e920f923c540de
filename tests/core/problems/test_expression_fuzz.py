"""Tens of thousands of formulas, grown by a grammar and thrown together from bytes: read and computed, or refused."""

import random
import time

import jax
import jax.numpy as jnp
import numpy as np

from core.problems.expression import FUNCTIONS, MAX_LENGTH, Expression, ExpressionError

COUNT = 20_000
X, Y = np.array([0.7, -1.3, 0.0]), np.array([-0.4, 2.1, 0.0])
INSIDE = ("Traceback", "site-packages", " at 0x", "core.", "numpy", "jax", "ast.", "__", "File ", "object")
"""What no message may speak of, unless the text did."""


def grown(draw: random.Random, depth: int) -> str:
    """Return a formula by its grammar."""
    if depth == 0 or draw.random() < 0.15:
        return draw.choice(["x", "y", "pi", "e", "2", "0", "3.5", ".25", "1e-3", "10", "7"])
    kind = draw.random()
    if kind < 0.55:
        left, right = grown(draw, depth - 1), grown(draw, depth - 1)
        bare, wrapped = f"{left} {draw.choice('+-*/')} {right}", f"({left}){draw.choice('*/^')}({right})"
        return bare if draw.random() < 0.5 else wrapped
    if kind < 0.7:
        return f"({grown(draw, depth - 1)})^{draw.choice(['2', '3', '-1', '0.5', '1.5', '-2', '0', '64', '65'])}"
    if kind < 0.8:
        return f"-{grown(draw, depth - 1)}"
    name = draw.choice(list(FUNCTIONS))
    return f"{name}({', '.join(grown(draw, depth - 1) for _ in range(FUNCTIONS[name].arguments))})"


def broken(draw: random.Random, text: str) -> str:
    """Return a text with a few characters added, removed or replaced."""
    letters = list(text)
    for _ in range(draw.randint(1, 3)):
        place = draw.randrange(len(letters) + 1)
        letters[place : place + draw.randint(0, 2)] = draw.choice(["", *"(),^*x_.e9’"])
    return "".join(letters)


def bytes_of(draw: random.Random) -> str:
    """Return what some bytes are read as."""
    return draw.randbytes(draw.randint(0, 40)).decode(draw.choice(["latin-1", "utf-8", "utf-16", "cp1252"]), "replace")


def outcome(text: str) -> Expression | ExpressionError:
    try:
        return Expression(text)
    except ExpressionError as error:
        return error


def checked(text: str) -> bool:
    """Read a text, and say whether it is a formula; whatever it is, nothing else may come of it."""
    found = outcome(text)
    if isinstance(found, Expression):
        assert found.evaluate_numpy(x=X, y=Y).shape == X.shape
        assert outcome(found.shape).numbers == (1.0,) * len(found.numbers)
        return True
    assert 1 <= found.column <= min(len(text), MAX_LENGTH) + 1
    said = str(found)
    assert len(said) < 300 + len(text)
    assert not [word for word in INSIDE if word in said and word not in text]
    return False


def test_grown_formulas_are_computed_and_broken_ones_refused():
    draw = random.Random(0)
    texts = [grown(draw, draw.randint(1, 5)) for _ in range(COUNT // 2)]
    begun = time.process_time()
    sound = sum(checked(text) for text in texts)
    for text in texts:
        checked(broken(draw, text))
    assert sound > 0.97 * len(texts)  # the others are too large or too deep
    assert time.process_time() - begun < 60


def test_any_bytes_are_read_or_refused():
    draw = random.Random(1)
    begun = time.process_time()
    for _ in range(COUNT):
        checked(bytes_of(draw))
    assert time.process_time() - begun < 30


def test_jax_computes_what_numpy_does():
    """Some dozens in one program of 64 bits."""
    draw = random.Random(2)
    found: list[Expression] = []
    while len(found) < 48:
        one = outcome(grown(draw, 3))
        if isinstance(one, Expression) and ("x" in one.text or "y" in one.text):
            found.append(one)
    with jax.enable_x64(True):
        numbers = [one.numbers for one in found]
        both = jax.jit(lambda x, y, numbers: [one.evaluate(n, x=x, y=y) for one, n in zip(found, numbers, strict=True)])
        values = both(jnp.asarray(X[:2]), jnp.asarray(Y[:2]), numbers)
    for one, value in zip(found, values, strict=True):
        exact = one.evaluate_numpy(x=X[:2], y=Y[:2])
        tame = np.isfinite(exact) & (np.abs(exact) < 1e12)
        np.testing.assert_allclose(np.asarray(value)[tame], exact[tame], rtol=1e-8, atol=1e-9, err_msg=one.text)
