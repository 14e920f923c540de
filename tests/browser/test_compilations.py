"""Nothing that a slider moves may compile."""

from tests.browser.conftest import Ravine, Service


def test_every_slider_of_the_default_page_moves_without_compiling(ravine: Ravine) -> None:
    ravine.open()
    service = ravine.service
    ravine.drag(ravine.slider("condition"), 0.4, 0.45)
    ravine.settled()  # heights at this page's size are drawn now
    before = service.compilations
    assert before, "the compiler is heard"
    sliders = ravine.page.locator("input[type=range]:not(.scrub):visible")
    assert sliders.count() >= 15
    for place in range(sliders.count()):
        ravine.drag(sliders.nth(place), 0.35, 0.75, moves=4)
    ravine.settled()
    assert service.compilations == before


def test_a_compilation_would_be_noticed(service: Service) -> None:
    before = service.compilations
    runs = [{"optimizer": name, "lr": 0.01} for name in ("adam", "sgd", "adam", "sgd", "adam")]
    service.paths({"problem": {"kind": "surface", "name": "booth"}, "steps": 10, "runs": runs})
    assert service.compilations > before
