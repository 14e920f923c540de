"""A formula of one's own: typed, shown, wrong and mended, shared by its address."""

from tests.browser.conftest import Ravine, same, until


def type_instead(ravine: Ravine, text: str) -> None:
    """Replace what stands in the field, key by key."""
    field = ravine.page.locator("textarea[name=expression]")
    field.click()
    field.press("ControlOrMeta+a")
    ravine.page.keyboard.type(text)


def turn_to_own(ravine: Ravine) -> None:
    ravine.open()
    ravine.page.locator("select[name=surface]").select_option("formula")
    until(lambda: ravine.comparison["problem"]["kind"] == "formula", "the address holds a formula")


def test_a_typed_formula_is_drawn_shared_and_comes_back(ravine: Ravine) -> None:
    turn_to_own(ravine)
    before = ravine.settled()
    type_instead(ravine, "(x - 1)^2 + 3*y^2 - 2")
    until(lambda: ravine.comparison["problem"]["expression"] == "(x - 1)^2 + 3*y^2 - 2", "the address follows")
    after = ravine.settled()
    assert not same(after, before)
    assert ravine.marks("minima")[0].tolist() == [[1, 0]]
    assert ravine.page.locator(".formula-written math").count() >= 1
    assert ravine.page.get_by_text("proposed for this formula").is_visible(), "the start that moved by itself"
    assert "1 minimum" in ravine.page.locator(".formula-found summary").inner_text()
    focus = "document.activeElement.name + document.activeElement.selectionStart"
    assert ravine.page.evaluate(focus) == "expression21", "the caret stays where it was"
    ravine.page.reload()
    assert same(ravine.settled(), after)
    assert ravine.page.locator("textarea[name=expression]").input_value() == "(x - 1)^2 + 3*y^2 - 2"
    ravine.page.locator("select[name=surface]").select_option("saddle")
    ravine.settled()
    ravine.page.locator("select[name=surface]").select_option("formula")
    until(
        lambda: ravine.comparison["problem"].get("expression") == "(x - 1)^2 + 3*y^2 - 2", "the formula as it was left"
    )


def test_an_error_points_at_the_character_and_the_picture_stays(ravine: Ravine) -> None:
    ravine.expected_errors = ("422",)
    turn_to_own(ravine)
    before = ravine.settled()
    field = ravine.page.locator("textarea[name=expression]")
    type_instead(ravine, "x^2 + 10*sin(q)")
    mark = ravine.page.locator(".formula-where mark")
    until(lambda: mark.count() and mark.inner_text() == "q", "the character that is wrong is marked")
    assert "'q' is unknown" in ravine.page.locator("#formula-words").inner_text()
    assert field.get_attribute("aria-invalid") == "true"
    assert same(ravine.paths(), before)
    assert ravine.comparison["problem"]["expression"] == "x^2 + 10*sin(y)"
    for key in ("ArrowLeft", "Backspace", "x", "Enter"):
        field.press(key)
    until(lambda: ravine.comparison["problem"]["expression"] == "x^2 + 10*sin(x)", "the address follows")
    mark.wait_for(state="hidden")
    assert field.get_attribute("aria-invalid") is None
    field.fill("x+" * 5000 + "y")
    until(lambda: "too long" in ravine.page.locator("#formula-words").inner_text(), "it says so")
    words, above = ravine.page.locator("#formula-words").bounding_box(), field.bounding_box()
    assert words
    assert above
    assert words["y"] - above["y"] < 250, "what is wrong stands in sight of the field"
    field.fill("5")
    until(lambda: "flat" in ravine.page.locator(".formula-found summary").inner_text(), "no point has a slope")
    field.fill("x^2 + 10*sin(x)")
    until(lambda: ravine.comparison["problem"]["expression"] == "x^2 + 10*sin(x)", "the address follows")
    assert not same(ravine.settled(), before)


def test_a_window_is_chosen_and_proposed_again_and_a_hole_is_said(ravine: Ravine) -> None:
    turn_to_own(ravine)
    ravine.page.get_by_role("button", name="x^2 - log(x) + y^2").click()
    until(lambda: "log" in ravine.comparison["problem"]["expression"], "the example")
    ravine.settled()
    ravine.page.get_by_text("undefined in part of the map").wait_for(state="visible")
    edge = ravine.page.locator("input[name=x_from]")
    edge.fill("0.5")
    edge.press("Enter")
    until(lambda: ravine.comparison["problem"].get("domain", [[0]])[0][0] == 0.5, "the domain is in the address")
    ravine.settled()
    ravine.page.locator("[data-act=propose]").click()
    until(lambda: "domain" not in ravine.comparison["problem"], "the proposed one is not")
    assert float(edge.input_value()) < 0


def test_an_embed_shows_a_formula(ravine: Ravine) -> None:
    turn_to_own(ravine)
    expected = ravine.settled()
    ravine.page.goto(ravine.address.replace("/?", "/embed?"))
    until(lambda: same(ravine.paths(), expected), "the embed draws the same paths")
