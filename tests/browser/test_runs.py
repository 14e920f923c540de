"""Adding, copying, naming, colouring and removing runs."""

from collections.abc import Callable
from typing import Any

import numpy as np
from playwright.sync_api import WebSocketRoute

from tests.browser.conftest import Ravine, Service, same, until


def menu(ravine: Ravine, run: int, item: str) -> None:
    card = ravine.page.locator(f'article.run[data-run="{run}"]')
    card.locator("summary").click()
    card.get_by_role("button", name=item).click()


def colours(ravine: Ravine) -> list[str]:
    return ravine.page.evaluate(
        "document.querySelectorAll('[data-part=map] .plot')[1].data"
        ".filter(trace => trace.meta.role === 'path').map(trace => trace.line.color.toLowerCase())"
    )


def test_an_added_run_joins_and_the_others_stay(ravine: Ravine) -> None:
    before = ravine.open()
    ravine.page.locator("select[name=add]").select_option("adam")
    after = ravine.settled()
    assert len(after) == 7
    for old, new in zip(before, after, strict=False):
        # Not to the bit: a race of seven is another program than a race of six, and may round otherwise.
        np.testing.assert_allclose(new, old, rtol=1e-3, atol=1e-4)
    assert ravine.comparison["runs"][6]["optimizer"] == "adam"
    assert len(set(colours(ravine))) == 7


def test_every_optimizer_of_the_catalog_can_be_added(ravine: Ravine) -> None:
    ravine.open(ravine.service.catalog["default"] | {"runs": [{"optimizer": "sgd", "lr": 0.01}], "steps": 20})
    names = [entry["name"] for entry in ravine.service.catalog["optimizers"]]
    offered = ravine.page.locator("select[name=add] option").evaluate_all("all => all.map(one => one.value)")
    assert [name for name in offered if name] == names


def test_a_duplicate_walks_the_same_way_in_another_colour(ravine: Ravine) -> None:
    before = ravine.open()
    menu(ravine, 1, "Duplicate")
    after = ravine.settled()
    assert same(after, [before[0], before[1], before[1], *before[2:]])
    assert colours(ravine)[1] != colours(ravine)[2]


def test_a_removed_run_takes_its_path_along(ravine: Ravine) -> None:
    before = ravine.open()
    menu(ravine, 3, "Remove")
    assert same(ravine.settled(), before[:3] + before[4:])
    assert ravine.page.locator("article.run").count() == 5


def test_the_last_run_cannot_be_removed(ravine: Ravine) -> None:
    ravine.open(ravine.service.catalog["default"] | {"runs": [{"optimizer": "sgd", "lr": 0.01}]})
    ravine.page.locator("article.run summary").click()
    assert ravine.page.get_by_role("button", name="Duplicate").is_visible()
    assert not ravine.page.get_by_role("button", name="Remove").count()


def test_a_name_goes_into_the_address_and_an_empty_one_is_the_usual_again(ravine: Ravine) -> None:
    before = ravine.open()
    name = ravine.page.locator("article.run input.name").nth(5)
    usual = name.input_value()
    name.fill("the <b>fast</b> one")
    name.press("Enter")
    assert same(ravine.settled(), before)
    assert ravine.comparison["runs"][5]["label"] == "the <b>fast</b> one"
    assert not ravine.page.locator("article.run b").count(), "a name is text, never markup"
    name.fill("")
    name.press("Enter")
    ravine.settled()
    assert not ravine.comparison["runs"][5].get("label")
    name.blur()
    assert name.input_value() == usual


def test_a_colour_chosen_is_the_colour_drawn_until_it_is_taken_back(ravine: Ravine) -> None:
    before = ravine.open()
    usual = colours(ravine)[0]
    ravine.page.locator('article.run[data-run="0"] summary').click()
    ravine.page.locator('article.run[data-run="0"] input[type=color]').evaluate(
        "field => { field.value = '#123456'; field.dispatchEvent(new Event('change', {bubbles: true})); }"
    )
    assert same(ravine.settled(), before)
    assert ravine.comparison["runs"][0]["color"] == "#123456"
    assert colours(ravine)[0] == "#123456"
    menu(ravine, 0, "Usual colour")
    ravine.settled()
    assert colours(ravine)[0] == usual


def test_a_schedule_brings_its_sliders_and_bends_the_path(ravine: Ravine) -> None:
    before = ravine.open()
    ravine.page.locator('article.run[data-run="0"] select[name=schedule]').select_option("step")
    after = ravine.settled()
    assert not same(after[:1], before[:1])
    assert same(after[1:], before[1:])
    assert ravine.slider("every", run=0).count() == 1


def test_a_name_and_a_colour_are_drawn_without_asking_the_server(ravine: Ravine) -> None:
    sent: list[str | bytes] = []
    ravine.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    before = ravine.open()
    asked = len(sent)
    assert asked
    name = ravine.page.locator("article.run input.name").nth(1)
    name.fill("the ball")
    name.blur()
    run = "document.querySelector('[data-part=curves] .plot')"
    shown = f"{run}.data.some(trace => [trace.text ?? []].flat().some(text => text.trim() === 'the ball'))"
    until(lambda: ravine.page.evaluate(shown), "the new name beside the curve")
    assert same(ravine.settled(), before)
    until(lambda: ravine.comparison["runs"][1].get("label") == "the ball", "the new name in the address")
    assert len(sent) == asked


def test_the_note_about_the_minimum_stays_while_a_slider_moves(ravine: Ravine) -> None:
    ravine.open({"problem": {"kind": "surface", "name": "six_hump_camel"}, "runs": [{"optimizer": "sgd", "lr": 0.01}]})
    note = ravine.page.locator(".chart-note")
    until(lambda: "minimum" in note.inner_text(), "the note")
    ravine.page.locator("input.scrub").fill("5")
    ravine.page.locator("input.scrub").fill("6")
    ravine.page.wait_for_timeout(200)
    assert "minimum" in note.inner_text()


def test_another_surface_takes_away_the_runs_own_values_of_the_first(ravine: Ravine) -> None:
    run = {"optimizer": "sgd", "lr": 0.001, "problem": {"steepness": 20}, "start": [1, 1]}
    ravine.open({"problem": {"kind": "surface", "name": "rosenbrock"}, "runs": [run]})
    ravine.page.locator("select[name=surface]").select_option("himmelblau")
    until(lambda: ravine.comparison["problem"]["name"] == "himmelblau", "the other surface in the address")
    ravine.settled()
    assert not ravine.comparison["runs"][0].get("problem")
    assert not ravine.comparison["runs"][0].get("start")


def test_an_answer_that_comes_after_the_runs_have_changed_is_drawn_on_none_of_them(
    visit: Callable[..., Ravine], service: Service
) -> None:
    ravine = visit(service, fresh=True)
    held: list[Any] = []
    holding = False
    page: list[WebSocketRoute] = []

    def between(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(server.send)
        server.on_message(lambda message: held.append(message) if holding else socket.send(message))
        page.append(socket)

    ravine.page.route_web_socket("**/api/stream", between)
    before = ravine.open()
    holding = True
    ravine.page.locator("select[name=add]").select_option("adam")
    # Frames pass through this test only while it waits on the page.
    until(lambda: ravine.page.wait_for_timeout(30) or held, "the answer with seven runs")
    menu(ravine, 0, "Remove")
    holding = False
    for message in held:
        page[0].send(message)
    for _ in range(20):
        for drawn, own in zip(ravine.paths(), before[1:], strict=False):
            assert len(drawn) < 2 or np.allclose(drawn[: len(own)], own, rtol=1e-3, atol=1e-4)
        ravine.page.wait_for_timeout(20)
    after = ravine.settled()
    assert len(after) == 6


def test_an_added_run_keeps_its_colour_whatever_is_added_or_removed_before_it(ravine: Ravine) -> None:
    ravine.open()
    ravine.page.locator("select[name=add]").select_option("adam")
    ravine.settled()
    second = colours(ravine)[6]
    menu(ravine, 1, "Duplicate")
    ravine.settled()
    assert colours(ravine)[7] == second
    menu(ravine, 2, "Remove")
    ravine.settled()
    assert colours(ravine)[6] == second
    ravine.page.locator("[data-act=theme]").click()
    assert len(set(colours(ravine))) == 7


def test_a_name_with_brackets_is_shown_as_it_is_written(ravine: Ravine) -> None:
    ravine.open()
    name = ravine.page.locator("article.run input.name").nth(1)
    name.fill("a<b>&c")
    name.blur()
    shown = "[...document.querySelectorAll('[data-part=curves] text')].map(text => text.textContent.trim())"
    until(lambda: "a<b>&c" in ravine.page.evaluate(shown), "the name at the curve's end")


def test_a_colour_of_ones_own_is_drawn_on_a_second_run_of_a_kind_too(ravine: Ravine) -> None:
    adam = {"optimizer": "adam", "lr": 0.1}
    ravine.open({"problem": {"kind": "surface", "name": "booth"}, "runs": [adam, adam | {"color": "#12ab34"}]})
    assert colours(ravine)[1] == "#12ab34"


def test_a_schedule_with_steps_of_its_own_drops_where_it_is_told(ravine: Ravine) -> None:
    ravine.open()
    card = ravine.page.locator('article.run[data-run="0"]')
    card.locator("select[name=schedule]").select_option("milestones")
    ravine.settled()
    field = card.locator("input[name=at]")
    field.fill("50, 150")
    field.press("Enter")
    ravine.settled()
    assert ravine.comparison["runs"][0]["schedule"]["at"] == [50, 150]
    ravine.page.locator("[data-chart=lr]").click()
    rates = "document.querySelector('[data-part=curves] .plot').data.find(trace => trace.meta.role === 'curve').y"
    drops = until(lambda: np.flatnonzero(np.diff(ravine.page.evaluate(rates))).tolist(), "the rates are drawn")
    assert drops == [49, 149]
    field.fill("50, x")
    field.press("Enter")
    assert card.locator(".complaint:visible").inner_text()


def test_every_schedule_of_the_catalog_runs(ravine: Ravine) -> None:
    ravine.open()
    chosen = ravine.page.locator('article.run[data-run="0"] select[name=schedule]')
    for entry in ravine.service.catalog["schedules"]:
        chosen.select_option(entry["name"])
        assert len(ravine.settled()) == 6
    assert ravine.page.locator("[data-part=banner]").is_hidden()
