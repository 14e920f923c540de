"""What a run has of its own: a start that is dragged by its own ring, a seed, noise."""

import numpy as np
import pytest

from tests.browser.conftest import Ravine, same, until

RACE = {
    "problem": {"kind": "surface", "name": "ravine"},
    "steps": 60,
    "runs": [{"optimizer": "sgd", "lr": 0.3}, {"optimizer": "momentum", "lr": 0.1}],
}
PLACE = """([x, y]) => {
    const plot = document.querySelectorAll("[data-part=map] .js-plotly-plot")[1];
    const { left, top } = plot.getBoundingClientRect();
    const { xaxis, yaxis, margin, width, height } = plot.layout;
    const [xs, ys] = [xaxis.range, yaxis.range];
    return [left + margin.l + (width - margin.l - margin.r) * (x - xs[0]) / (xs[1] - xs[0]),
            top + margin.t + (height - margin.t - margin.b) * (ys[1] - y) / (ys[1] - ys[0])];
}"""


def give(ravine: Ravine, run: int, what: str) -> None:
    """Choose from a run's menu what it is to have of its own."""
    card = ravine.page.locator(f".run[data-run='{run}']")
    card.locator("summary").click()
    card.get_by_role("button", name=what, exact=True).click()


def test_a_run_is_given_its_own_start_and_is_dragged_by_its_own_ring(ravine: Ravine) -> None:
    before = ravine.open(RACE)
    give(ravine, 1, "Its own start")
    assert same(ravine.settled(), before)
    for name in ("start_x", "start_y"):
        field = ravine.page.locator(f"input[name={name}][data-run='1']")
        assert field.evaluate("field => field.clientWidth") > 60
    mouse = ravine.page.mouse
    mouse.move(*ravine.page.evaluate(PLACE, before[1][0].tolist()))
    mouse.down()
    mouse.move(*ravine.page.evaluate(PLACE, [-4.0, 1.0]), steps=4)
    mouse.up()
    first, second = ravine.settled()
    assert second[0] == pytest.approx([-4.0, 1.0], abs=0.05)
    assert same([first], [before[0]])
    (rings,) = ravine.marks("start")
    np.testing.assert_allclose(rings, [first[0], second[0]], rtol=1e-5)
    # The ring that all share still moves only those without one of their own.
    mouse.click(*ravine.page.evaluate(PLACE, [1.0, 2.0]))
    moved = ravine.settled()
    assert moved[0][0] == pytest.approx([1.0, 2.0], abs=0.05)
    assert same([moved[1]], [second])
    ravine.page.get_by_role("button", name="The start that all share").click()
    assert same([path[:1] for path in ravine.settled()], [moved[0][:1]] * 2)


def test_runs_differ_in_noise_and_seed_alone(ravine: Ravine) -> None:
    before = ravine.open(RACE)
    give(ravine, 0, "Its own noise")
    after = ravine.settled()
    assert not same([after[0]], [before[0]])
    assert same([after[1]], [before[1]])
    ravine.drag(ravine.slider("scale", 0), 0.1, 0.6)
    louder = ravine.settled()
    assert not same([louder[0]], [after[0]])
    give(ravine, 0, "Its own seed")
    other = ravine.settled()
    assert ravine.comparison["runs"][0]["seed"] == 1
    assert not same([other[0]], [louder[0]])
    field = ravine.page.locator("input[name=seed][data-run='0']")
    assert field.evaluate("field => field.clientWidth") > 60
    field.fill("-3")
    field.press("Enter")
    until(lambda: ravine.page.locator("#seed-0-words").inner_text() == "0 or more", "the field says what is allowed")
