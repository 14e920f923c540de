"""Losses over rows: the label on the map, the batch size by hand, and a batch size of a run's own."""

import pytest

from tests.browser.conftest import Ravine, same, until

RACE = {
    "problem": {"kind": "data", "name": "logistic_regression", "rows": 10_000},
    "steps": 500,
    "runs": [{"optimizer": "sgd", "lr": 5.7}, {"optimizer": "sgd", "lr": 1.0}, {"optimizer": "adam", "lr": 0.076}],
}


def words(ravine: Ravine) -> str:
    return ravine.page.locator("[data-part=map] .map-words").first.text_content() or ""


HEAR = """() => {
  window.heard = [];
  const status = document.querySelector("[data-part=map] [role=status]");
  new MutationObserver(() => heard.push(status.textContent)).observe(status, {childList: true, characterData: true});
}"""


def test_a_map_says_from_how_many_rows_it_is_and_batch_sizes_bend_paths_without_compiling(ravine: Ravine) -> None:
    ravine.open(RACE)
    ravine.page.select_option("select[name=rows]", "1000000")
    seen: list[str] = []
    ravine.page.evaluate(HEAR)

    def label(text: str) -> bool:
        seen.append(words(ravine))
        return text in seen[-1]

    until(lambda: label("sample of"), "the map of a sample")
    until(lambda: label("sample of") and "10,240" not in seen[-1], "a better one", 90)
    ravine.page.select_option("select[name=rows]", "100000")
    until(lambda: label("all 100,000 rows"), "the map of all rows", 90)
    heard = ravine.page.evaluate("heard")
    for text in ("sample of", "all 100,000 rows"):
        assert sum(text in one for one in heard) <= 2, f"numbers on the way are not read aloud: {heard}"
    assert "all 100,000 rows" in heard[-1]
    assert ravine.page.locator("[data-part=map] .map-words").get_attribute("role") is None
    before = ravine.settled()
    compiled = ravine.service.compilations
    ravine.drag(ravine.slider("batch_size"), 0.4, 0.75)
    after = ravine.settled()
    assert not same(before, after)
    assert ravine.comparison["problem"]["batch_size"] > 500
    assert "all 100,000 rows" in words(ravine), "the map is the same"
    assert ravine.service.compilations == compiled
    assert "passes over the data" in (ravine.page.locator("[data-part=cost]").text_content() or "")

    ravine.page.locator("article[data-run='0'] summary").click()
    ravine.page.get_by_role("button", name="Its own batch size").first.click()
    own = ravine.settled()
    assert ravine.comparison["runs"][0]["problem"] == {"batch_size": 1}
    assert not same(own[:1], after[:1])
    assert same(own[1:], after[1:]), "the others keep theirs"
    ravine.field(ravine.slider("batch_size", run=0)).fill("100001")
    ravine.field(ravine.slider("batch_size", run=0)).press("Enter")
    assert "100,000 or less" in (ravine.words(ravine.slider("batch_size", run=0)).text_content() or "")


def test_inputs_as_measured_have_a_window_start_and_rates_of_their_own(ravine: Ravine) -> None:
    ravine.open(RACE)
    ravine.page.select_option("select[name=surface]", "linear_regression")
    ravine.page.select_option("select[name=dataset]", "iris")
    bowl = ravine.settled()
    rate = ravine.comparison["runs"][0]["lr"]
    ravine.page.select_option("select[name=preprocess]", "raw")
    ravine_paths = ravine.settled()
    assert ravine.comparison["runs"][0]["lr"] < rate / 5
    assert not same(bowl, ravine_paths)
    assert "all 150 rows" in words(ravine)


def rule(ravine: Ravine) -> str:
    return ravine.page.locator("article[data-run='0'] .formula").first.text_content() or ""


def options(ravine: Ravine) -> list[str]:
    return ravine.page.evaluate("[...document.querySelector('select[name=surface]').options].map(one => one.value)")


def test_losses_over_rows_have_a_tab_of_their_own_which_is_found_as_it_was_left(ravine: Ravine) -> None:
    ravine.open()
    surfaces = ["formula", *(one["name"] for one in ravine.service.catalog["surfaces"])]
    assert options(ravine) == surfaces
    assert rule(ravine).startswith("x")
    ravine.page.click("a[data-kind=data]")
    until(lambda: options(ravine) == [one["name"] for one in ravine.service.catalog["data"]], "losses over rows alone")
    paths = ravine.settled()
    first = ravine.service.catalog["default_data"]
    assert same(paths, ravine.service.paths(first))
    below = ravine.page.locator("button.below")
    assert not below.is_visible() or below.inner_text() != "The race ⌄", "there is room for it"
    ravine.page.set_viewport_size({"width": 1280, "height": 720})
    until(lambda: below.is_visible() and below.inner_text() == "The race ⌄", "what lies below")
    below.click()
    until(lambda: "race" not in (below.text_content() or ""), "it is there")
    assert ravine.page.get_by_label("Gradient noise").is_visible()
    names = [ravine.page.locator(f"article[data-run='{run}'] input.name").input_value() for run in range(4)]
    assert names == ["SGD", "SGD, 1 row", "SGD, all", "Adam"]
    assert rule(ravine).startswith("w")

    ravine.page.select_option("select[name=surface]", "linear_regression")
    ravine.settled()
    runs = ravine.comparison["runs"]
    assert [run.get("problem") or {} for run in runs] == [run["problem"] for run in first["runs"]], "batches stay"
    entries = {one["name"]: one for one in ravine.service.catalog["data"]}
    rates = [entries[name]["sources"][0]["places"]["standardized"]["rates"]["sgd"] for name in entries]
    logistic, linear = (rates[list(entries).index(name)] for name in ("logistic_regression", "linear_regression"))
    assert runs[1]["lr"] == pytest.approx(first["runs"][1]["lr"] * linear / logistic, rel=0.01), "as long as before"

    left = ravine.comparison
    ravine.page.click("a[data-kind=surface]")
    until(lambda: options(ravine) == surfaces, "surfaces again")
    ravine.settled()
    assert ravine.comparison["problem"]["name"] == "ravine"
    ravine.page.click("a[data-kind=data]")
    ravine.settled()
    assert ravine.comparison == left
    ravine.page.reload()
    ravine.settled()
    assert ravine.page.locator("nav a[aria-current]").get_attribute("data-kind") == "data"


def test_coordinates_are_called_weights(ravine: Ravine) -> None:
    ravine.open(RACE)
    ravine.page.get_by_label("Start w₁").wait_for()
    titles = """() => [...document.querySelectorAll("[data-part=map] .plot")].map(({ layout }) => layout)
      .map(layout => [layout.xaxis.title.text, layout.yaxis.title.text]).at(-1)"""
    until(lambda: ravine.page.evaluate(titles) == ["w₁", "w₂"], "named axes")
    ravine.page.select_option("select[name=chart]", "effective")
    assert "thick: w₁" in (ravine.page.locator(".chart-note").first.text_content() or "")
    ravine.page.click("a[data-kind=surface]")
    ravine.page.get_by_label("Start x").wait_for()
    until(lambda: ravine.page.evaluate(titles) == ["", ""], "no names")


def test_theory_and_the_slice_tell_of_all_rows(ravine: Ravine) -> None:
    """The Hessian of linear regression on centred inputs of variance 1 is twice the identity."""
    problem = {"kind": "data", "name": "linear_regression", "dataset": "iris", "batch_size": 10}
    ravine.open({"problem": problem, "steps": 100, "runs": [{"optimizer": "sgd", "lr": 0.1}]}, view="slice")
    ravine.page.keyboard.press("t")
    told = ravine.page.locator("[data-part=theory]")
    until(lambda: "stable below 1" in told.inner_text(), "the limit")
    assert "κ 1" in told.inner_text()
    assert "steps on all 150 rows" in told.inner_text()
    ravine.slider("batch_size").press("End")
    until(lambda: "steps on all" not in told.inner_text(), "nothing to say of full batches")
    shown = """() => (plot => plot?.data?.find(trace => trace.meta.role === "minima")?.y?.length
      && plot.layout.xaxis.title.text)(document.querySelector(".slice-side .plot"))"""
    assert until(lambda: ravine.page.evaluate(shown), "a star") == "way along the line"
    ravine.page.locator(".slice-side .chip", has_text="Along w₁").click()
    until(lambda: ravine.page.evaluate(shown.replace(".length", ".length >= 0")) == "w₁", "the axis' name")
