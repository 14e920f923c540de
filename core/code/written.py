"""Which rule a script writes out for an optimizer, where the library does not have it."""

from collections.abc import Callable, Mapping
from typing import Any

from core.code import rules
from core.optimizers.adabelief import AdaBelief
from core.optimizers.adagrad import AdaGrad
from core.optimizers.adam import Adam
from core.optimizers.adamax import Adamax
from core.optimizers.amsgrad import AMSGrad
from core.optimizers.base import Optimizer
from core.optimizers.lamb import LAMB
from core.optimizers.lars import LARS
from core.optimizers.lbfgs import LBFGS
from core.optimizers.lion import Lion
from core.optimizers.lookahead import Lookahead
from core.optimizers.momentum import Momentum
from core.optimizers.nadam import Nadam
from core.optimizers.nesterov import Nesterov
from core.optimizers.newton import Newton
from core.optimizers.prodigy import Prodigy
from core.optimizers.radam import RAdam
from core.optimizers.sam import SAM
from core.optimizers.schedule_free import ScheduleFree
from core.optimizers.script import ScriptRule
from core.optimizers.yogi import Yogi

_RULES: Mapping[type[Any], ScriptRule] = {
    Momentum: rules.MOMENTUM,
    AdaGrad: rules.ADAGRAD,
    Adam: rules.PLAIN_ADAM,  # libraries lack the one without the correction alone
    Nadam: rules.NADAM,
    RAdam: rules.RADAM,
    AdaBelief: rules.ADABELIEF,
    Adamax: rules.ADAMAX,
    Lion: rules.LION,
    Yogi: rules.YOGI,
    LARS: rules.LARS,
    LAMB: rules.LAMB,
    Lookahead: rules.LOOKAHEAD,
    SAM: rules.SAM,
    ScheduleFree: rules.SCHEDULE_FREE,
    Prodigy: rules.PRODIGY,
}
_SWITCHED: Mapping[type[Any], Callable[[Any], ScriptRule]] = {
    Nesterov: lambda o: rules.NESTEROV_AHEAD if o.form == "look_ahead" else rules.NESTEROV,
    AMSGrad: lambda o: rules.AMSGRAD if o.bias_correction else rules.PLAIN_AMSGRAD,
    Newton: lambda o: rules.ABSOLUTE_NEWTON if o.curvature == "absolute" else rules.NEWTON,
    LBFGS: lambda o: rules.LBFGS if o.line_search else rules.WHOLE_LBFGS,
}
"""Those whose rule is another as a switch stands."""


def written(optimizer: Optimizer) -> ScriptRule | None:
    """Return the rule that a script writes out; of an optimizer from another package, the one that it says."""
    kind = type(optimizer)
    return _SWITCHED[kind](optimizer) if kind in _SWITCHED else _RULES.get(kind) or optimizer.script()
