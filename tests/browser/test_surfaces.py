"""Choosing a surface, and light or dark."""

from tests.browser.conftest import Ravine, same, until


def test_another_surface_starts_where_it_says_and_shows_its_own_sliders(ravine: Ravine) -> None:
    ravine.open()
    ravine.page.locator("select[name=surface]").select_option("rosenbrock")
    paths = ravine.settled()
    (entry,) = [entry for entry in ravine.service.catalog["surfaces"] if entry["name"] == "rosenbrock"]
    assert ravine.comparison["problem"]["name"] == "rosenbrock"
    assert all(path[0].tolist() == [float(f) for f in paths[0][0]] for path in paths)
    assert paths[0][0].tolist() == [float(value) for value in paths[0][0].dtype.type(entry["start"])]
    assert not ravine.slider("condition").count()
    for parameter in entry["parameters"]:
        assert ravine.slider(parameter["name"]).count() == 1
    (minima,) = ravine.marks("minima")
    assert minima.tolist() == [[1, 1]]


def test_surfaces_can_be_walked_through_one_after_another(ravine: Ravine) -> None:
    ravine.open()
    for name in ("saddle", "himmelblau", "plateau", "ravine"):
        ravine.page.locator("select[name=surface]").select_option(name)
        assert len(ravine.settled()) == 6
    assert ravine.page.locator("[data-part=banner]").is_hidden()


def test_noise_shakes_every_path_and_its_scale_has_a_slider(ravine: Ravine) -> None:
    before = ravine.open()
    ravine.page.locator("select[name=noise]").select_option("gaussian")
    after = ravine.settled()
    assert not any(same([old], [new]) for old, new in zip(before, after, strict=True))
    ravine.drag(ravine.slider("scale"), 0.3, 0.8)
    assert not same(ravine.settled(), after)


def test_the_theme_turns_stays_and_moves_no_path(ravine: Ravine) -> None:
    before = ravine.open()
    theme = "document.documentElement.dataset.theme"
    first = ravine.page.evaluate(theme)
    background = "getComputedStyle(document.body).backgroundColor"
    colour = ravine.page.evaluate(background)
    ravine.page.locator("[data-act=theme]").click()
    second = ravine.page.evaluate(theme)
    assert {first, second} == {"light", "dark"}
    until(lambda: ravine.page.evaluate(background) != colour, "the page changes its colour")
    assert same(ravine.settled(), before)
    ravine.page.reload()
    ravine.settled()
    assert ravine.page.evaluate(theme) == second


def test_the_page_begins_as_dark_as_the_system(visit, service) -> None:
    ravine = visit(service, color_scheme="dark")
    ravine.open()
    assert ravine.page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_surface_comes_back_as_it_was_left_by_the_list_and_by_the_history(ravine: Ravine) -> None:
    ravine.open()
    ravine.drag(ravine.slider("condition"), 0.5, 0.7)
    before = ravine.settled()
    left = ravine.comparison
    chosen = ravine.page.locator("select[name=surface]")
    chosen.focus()
    chosen.select_option("himmelblau")
    assert not same(ravine.settled(), before)
    assert chosen.evaluate("list => list === document.activeElement"), "the keyboard stays where it was"
    ravine.page.wait_for_timeout(1100)  # quicker choices are one step in the history
    chosen.select_option("ravine")
    assert same(ravine.settled(), before)
    ravine.page.go_back()
    until(lambda: ravine.comparison["problem"]["name"] == "himmelblau", "the surface before")
    ravine.page.go_back()
    until(lambda: ravine.comparison["problem"] == left["problem"], "the first one as it was left")
    assert same(ravine.settled(), before)
