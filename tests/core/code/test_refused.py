"""What has no script is told so, by name."""

from typing import Any

import pytest

from core.code import FLAVOURS, Unwritten, script
from core.code.written import _RULES
from core.optimizers.sam import SAM
from core.optimizers.script import ScriptRule
from core.spec import Comparison
from tests.core.code.scripts import comparison


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_network_has_no_script_and_is_told_so(flavour: Any) -> None:
    network = {"problem": {"kind": "network"}, "runs": [{"optimizer": "sgd"}]}
    with pytest.raises(Unwritten) as refused:
        script(Comparison.model_validate(network), flavour)
    assert refused.value.loc == "problem"


@pytest.fixture
def strange(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make SAM an optimizer of another package: one that Ravine does not know how to write."""
    monkeypatch.delitem(_RULES, SAM)


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.usefixtures("strange")
def test_an_optimizer_that_says_no_rule_is_named(flavour: Any) -> None:
    with pytest.raises(Unwritten, match="SAM does not say") as refused:
        script(comparison([{"optimizer": "sgd"}, {"optimizer": "sam"}]), flavour)
    assert refused.value.loc == "runs.1.optimizer"


@pytest.mark.parametrize("name", ["walk", "start", "lookahead"])
@pytest.mark.usefixtures("strange")
def test_a_rule_called_like_something_else_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SAM, "script", lambda self: ScriptRule(f"def {name}(x, g, t, lr, v, rho, radius):\n    pass\n"))
    with pytest.raises(Unwritten, match=f"would be called {name}$"):
        script(comparison([{"optimizer": "lookahead"}, {"optimizer": "sam"}]), "optax")


def test_a_rule_that_is_no_function_is_refused_where_it_is_said() -> None:
    with pytest.raises(ValueError, match="begins with 'def name"):
        ScriptRule("v = rho * v + g")
