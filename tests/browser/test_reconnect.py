"""The server goes away and comes back."""

from collections.abc import Callable
from pathlib import Path

from tests.browser.conftest import Ravine, Service, same


def test_the_page_recovers_by_itself_and_draws_what_was_set_meanwhile(
    visit: Callable[..., Ravine], service: Service, tmp_path: Path
) -> None:
    # The other server has filled the compiler's cache, so that this one need not warm up.
    mortal = Service(tmp_path / "log", RAVINE_WARM_UP="false")
    assert service.address != mortal.address
    try:
        mortal.start()
        ravine = visit(mortal)
        ravine.expected_errors = ("ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET")
        before = ravine.open()
        banner = ravine.page.locator("[data-part=banner]")
        assert banner.is_hidden()
        mortal.kill()
        banner.wait_for(state="visible")
        assert "connection is lost" in banner.inner_text()
        ravine.drag(ravine.slider("rho", run=1), 0.4, 0.7)
        assert same(ravine.paths(), before), "nothing can be drawn yet, and nothing is lost"
        mortal.start()
        banner.wait_for(state="hidden")
        after = ravine.settled()
        assert same(after[2:], before[2:])
        assert not same(after[1:2], before[1:2])
        assert ravine.comparison["runs"][1]["rho"] != ravine.service.catalog["default"]["runs"][1]["rho"]
    finally:
        mortal.stop()
