"""Forking: a slider moved at a step changes what comes after it, and the old future stays as a ghost."""

import numpy as np

from tests.browser.conftest import Ravine, same, until

RACE = {
    "problem": {"kind": "surface", "name": "ravine"},
    "steps": 80,
    "runs": [{"optimizer": "sgd", "lr": 0.3}, {"optimizer": "momentum", "lr": 0.1, "rho": 0.9}],
}
AT = 30


def drawn(ravine: Ravine) -> list[np.ndarray]:
    """Return the whole path of every run: up to the playhead and beyond it."""
    return [np.concatenate([path, rest[1:]]) for path, rest in zip(ravine.paths(), ravine.marks("ghost"), strict=True)]


def agrees(ravine: Ravine) -> bool:
    return same(drawn(ravine), ravine.service.paths(ravine.comparison))


def test_a_slider_moved_at_a_step_bends_the_future_alone(ravine: Ravine) -> None:
    before = ravine.open(RACE)
    places = [ravine.slider("rho", 1).bounding_box()]
    ravine.page.locator(".scrub").fill(str(AT))
    ravine.page.keyboard.press("f")
    assert ravine.page.get_by_text(f"from step {AT} on").is_visible()
    compiled = ravine.service.compilations
    ravine.drag(ravine.slider("rho", 1), 0.9, 0.4)
    until(lambda: ravine.comparison["runs"][1].get("fork"), "the address holds the fork")
    until(lambda: agrees(ravine), "the map shows the fork")
    assert ravine.page.get_by_text(f"Forked at step {AT}").is_visible()
    places.append(ravine.slider("rho", 1).bounding_box())
    assert places[0] == places[1], "nothing moves under a hand"
    first, second = drawn(ravine)
    fork = ravine.comparison["runs"][1]["fork"]
    assert fork["at"] == AT
    assert set(fork["values"]) == {"rho"}
    assert ravine.comparison["runs"][1]["rho"] == 0.9
    assert same([first, second[: AT + 1]], [before[0], before[1][: AT + 1]])
    assert np.abs(second[AT + 1 :] - before[1][AT + 1 :]).max() > 0.01
    assert ravine.service.compilations == compiled
    (future,) = until(lambda: ravine.marks("forked"), "the old future is drawn")
    np.testing.assert_allclose(future, before[1][AT:], rtol=1e-6)
    # The fork goes on being shaped where it was made, wherever the playhead is and whatever is switched on.
    ravine.page.keyboard.press("f")
    ravine.page.locator(".scrub").fill("50")
    ravine.drag(ravine.slider("rho", 1), 0.4, 0.6)
    until(lambda: ravine.comparison["runs"][1]["fork"]["values"] != fork["values"], "the address holds the new fork")
    assert ravine.comparison["runs"][1]["fork"]["at"] == AT


def test_a_fork_survives_the_address_and_is_taken_back(ravine: Ravine) -> None:
    runs = [RACE["runs"][0], RACE["runs"][1] | {"fork": {"at": AT, "values": {"rho": 0.2, "lr": 0.3}}}]
    ravine.open(RACE | {"runs": runs})
    until(lambda: ravine.marks("forked"), "the old future is drawn")
    assert float(ravine.field(ravine.slider("rho", 1)).input_value()) == 0.2
    assert ravine.page.get_by_text("until then α 0.1, ρ 0.9").is_visible()
    ravine.page.get_by_role("button", name="Take the fork back").click()
    paths = ravine.settled()
    assert same(paths, ravine.service.paths(RACE))
    assert not ravine.marks("forked")
    assert float(ravine.field(ravine.slider("rho", 1)).input_value()) == 0.9


def test_every_fork_has_its_ghost_and_it_begins_where_the_start_was_moved_to(ravine: Ravine) -> None:
    before = ravine.open(RACE)
    ravine.page.locator(".scrub").fill(str(AT))
    ravine.page.keyboard.press("f")
    ravine.drag(ravine.slider("rho", 1), 0.9, 0.4)
    until(lambda: len(ravine.marks("forked")) == 1, "one ghost")
    ravine.drag(ravine.slider("lr", 0), 0.5, 0.3)
    first, second = until(lambda: len(found := ravine.marks("forked")) == 2 and found, "two ghosts")
    np.testing.assert_allclose(first, before[0][AT:], rtol=1e-6)
    np.testing.assert_allclose(second, before[1][AT:], rtol=1e-6)
    ravine.page.mouse.move(700, 300)
    ravine.page.mouse.down()
    ravine.page.mouse.move(620, 240, steps=8)
    ravine.page.mouse.up()
    until(lambda: agrees(ravine), "paths from the new start")
    alone = [{key: value for key, value in run.items() if key != "fork"} for run in ravine.comparison["runs"]]
    wanted = ravine.service.paths(ravine.comparison | {"runs": alone})
    ghosts = until(lambda: len(found := ravine.marks("forked")) == 2 and found, "two ghosts again")
    for ghost, path in zip(ghosts, wanted, strict=True):
        np.testing.assert_allclose(ghost, path[AT:], rtol=1e-6)


def test_a_fork_belongs_to_its_surface(ravine: Ravine) -> None:
    forked = [RACE["runs"][0] | {"fork": {"at": AT, "values": {"lr": 0.05}}}]
    paths = ravine.open(RACE | {"runs": forked})
    ravine.page.locator("select[name=surface]").select_option("booth")
    ravine.settled()
    assert not ravine.comparison["runs"][0].get("fork")
    ravine.page.locator("select[name=surface]").select_option("ravine")
    assert same(ravine.settled(), paths)
