"""Opening the page."""

from tests.browser.conftest import Ravine


def test_the_first_picture_shows_six_paths_and_the_address_holds_them(ravine: Ravine) -> None:
    paths = ravine.open()
    assert len(paths) == 6
    assert all(len(path) > 100 for path in paths)
    assert ravine.comparison == ravine.service.catalog["default"]


def test_every_path_begins_at_the_start_and_the_heights_lie_below(ravine: Ravine) -> None:
    paths = ravine.open()
    (start,) = ravine.marks("start")
    assert all((path[0] == start[0]).all() for path in paths)
    (shown,) = ravine.page.evaluate(
        "[...document.querySelectorAll('[data-part=map] .plot')].flatMap(plot => plot.data)"
        ".filter(trace => trace.meta.role === 'heat').map(trace => [trace.z.length, trace.z[0].length])"
    )
    assert min(shown) > 20


def test_the_chart_shows_the_loss_of_every_run(ravine: Ravine) -> None:
    ravine.open()
    lines = ravine.page.evaluate(
        "document.querySelector('[data-part=curves] .plot').data.filter(trace => trace.meta.role === 'curve')"
        ".map(trace => trace.y.length)"
    )
    assert lines == [ravine.comparison["steps"] + 1] * 6
