"""Rules that a script writes out where its library has none, or another one by that name.

Each follows the definition in `core/optimizers`, in the same notation. Arguments: the point x, the gradient g, the step
t from 1 on, the learning rate, what the rule keeps, its settings. A rule returns what is added to x, and what it keeps.
Rules that look at the loss in other places have it first, as f: of the step at hand, with its noise.
"""

from core.optimizers.script import ScriptRule

MOMENTUM = ScriptRule('''\
def momentum(x, g, t, lr, v, rho):
    """Momentum whose velocity is kept at rho = 0 too; torch.optim.SGD has none then."""
    v = rho * v + g
    return -lr * v, v
''')

NESTEROV = ScriptRule('''\
def nesterov(x, g, t, lr, v, rho):
    """Nesterov with the learning rate inside the velocity: under a schedule another method than outside."""
    before, v = v, rho * v - lr * g
    return v + rho * (v - before), v
''')

ADAGRAD = ScriptRule('''\
def adagrad(x, g, t, lr, s, eps):
    """AdaGrad with the sum starting at 0 and eps outside the root; optax.adagrad has it inside."""
    s = s + g * g
    return -lr * g / ({np}.sqrt(s) + eps), s
''')

PLAIN_ADAM = ScriptRule(
    '''\
def plain_adam(x, g, t, lr, m, s, beta1, beta2, eps):
    """Adam without the correction for the start at 0, which the library's cannot leave out."""
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g * g
    return -lr * m / ({np}.sqrt(s) + eps), m, s
''',
    ("zeros", "zeros"),
)

NADAM = ScriptRule(
    '''\
def nadam(x, g, t, lr, m, s, beta1, beta2, eps):
    """Nadam with a constant beta1; torch.optim.NAdam warms it up."""
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g * g
    ahead = beta1 * m / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)
    return -lr * ahead / ({np}.sqrt(s / (1 - beta2**t)) + eps), m, s
''',
    ("zeros", "zeros"),
)

AMSGRAD = ScriptRule(
    '''\
def amsgrad(x, g, t, lr, m, s, largest, beta1, beta2, eps):
    """AMSGrad that corrects the second moment first; torch.optim.Adam takes the maximum first."""
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g * g
    largest = {np}.maximum(largest, s / (1 - beta2**t))
    return -lr * m / (1 - beta1**t) / ({np}.sqrt(largest) + eps), m, s, largest
''',
    ("zeros", "zeros", "zeros"),
)

PLAIN_AMSGRAD = ScriptRule(
    '''\
def plain_amsgrad(x, g, t, lr, m, s, largest, beta1, beta2, eps):
    """AMSGrad as Reddi et al. print it, without Adam's correction for the start at 0."""
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g * g
    largest = {np}.maximum(largest, s)
    return -lr * m / ({np}.sqrt(largest) + eps), m, s, largest
''',
    ("zeros", "zeros", "zeros"),
)

RADAM = ScriptRule(
    '''\
def radam(x, g, t, lr, m, s, weight, age, beta1, beta2, eps):
    """RAdam with rho as a mean, which keeps its digits where beta2 is near 1, and eps beside the corrected root."""
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g * g
    weight, age = 1 + beta2 * weight, beta2 * (age + weight)
    most, rho = 2 / (1 - beta2) - 1, 1 + 2 * age / weight
    r = {np}.sqrt((rho - 4) / (most - 4) * (rho - 2) / (most - 2) * most / rho)
    adaptive = r / ({np}.sqrt(s / (1 - beta2**t)) + eps)
    return -lr * m / (1 - beta1**t) * {np}.where(rho > 5, adaptive, 1.0), m, s, weight, age
''',
    ("zeros", "zeros", "zeros", "zeros"),
)

ADABELIEF = ScriptRule(
    '''\
def adabelief(x, g, t, lr, m, s, beta1, beta2, eps):
    """AdaBelief, which PyTorch does not have."""
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * (g - m) ** 2
    return -lr * m / (1 - beta1**t) / ({np}.sqrt(s / (1 - beta2**t)) + eps), m, s
''',
    ("zeros", "zeros"),
)

ADAMAX = ScriptRule(
    '''\
def adamax(x, g, t, lr, m, u, beta1, beta2, eps):
    """Adamax with eps below the line; the libraries add it to |g|, before the maximum."""
    m = beta1 * m + (1 - beta1) * g
    u = {np}.maximum(beta2 * u, {np}.abs(g))
    return -lr * m / (1 - beta1**t) / (u + eps), m, u
''',
    ("zeros", "zeros"),
)

LION = ScriptRule('''\
def lion(x, g, t, lr, m, beta1, beta2):
    """Lion, which PyTorch does not have."""
    return -lr * {np}.sign(beta1 * m + (1 - beta1) * g), beta2 * m + (1 - beta2) * g
''')

YOGI = ScriptRule(
    '''\
def yogi(x, g, t, lr, m, s, beta1, beta2, eps):
    """Yogi, which PyTorch does not have."""
    m = beta1 * m + (1 - beta1) * g
    s = s - (1 - beta2) * {np}.sign(s - g * g) * g * g
    return -lr * m / (1 - beta1**t) / ({np}.sqrt(s / (1 - beta2**t)) + eps), m, s
''',
    ("zeros", "zeros"),
)

NESTEROV_AHEAD = ScriptRule(
    '''\
def nesterov_ahead(f, x, g, t, lr, v, rho):
    """Nesterov's look-ahead form: the gradient is taken where the velocity leads."""
    v = rho * v - lr * {grad}(f)(x + rho * v)
    return v, v
''',
    looks=True,
)

LARS = ScriptRule('''\
def lars(x, g, t, lr, v, rho, trust):
    """LARS, which PyTorch does not have; the point itself is the only layer."""
    size, length = {np}.linalg.norm(x), {np}.linalg.norm(g)
    ratio = {np}.where(size * length > 0, trust * size / length, 1.0)
    v = rho * v + lr * ratio * g
    return -v, v
''')

LAMB = ScriptRule(
    '''\
def lamb(x, g, t, lr, m, s, beta1, beta2, eps, weight_decay):
    """LAMB, which PyTorch does not have; the point itself is the only layer."""
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g * g
    u = m / (1 - beta1**t) / ({np}.sqrt(s / (1 - beta2**t)) + eps) + weight_decay * x
    size, length = {np}.linalg.norm(x), {np}.linalg.norm(u)
    return -lr * {np}.where(size * length > 0, size / length, 1.0) * u, m, s
''',
    ("zeros", "zeros"),
)

LOOKAHEAD = ScriptRule(
    '''\
def lookahead(x, g, t, lr, v, slow, since, rho, share, every):
    """Momentum that goes back towards slow weights every few steps."""
    v = rho * v + g
    ahead = x - lr * v
    since = since + 1
    meet = since >= every
    slow = slow + share * meet * (ahead - slow)
    return ahead + meet * (slow - ahead) - x, v, slow, {np}.where(meet, 0.0, since)
''',
    ("zeros", "{start}", "{np}.zeros(())"),
    whole=("every",),
)

SAM = ScriptRule(
    '''\
def sam(f, x, g, t, lr, v, rho, radius):
    """SAM around momentum: the gradient is taken where the loss is about the worst nearby."""
    norm = {np}.linalg.norm(g)
    uphill = x + radius * g / {np}.where(norm == 0, 1.0, norm)
    v = rho * v + {grad}(f)(uphill)
    return -lr * v, v
''',
    looks=True,
)

SCHEDULE_FREE = ScriptRule(
    '''\
def schedule_free(f, x, g, t, lr, z, weights, beta):
    """Schedule-free SGD whose point is the average x, which the method returns."""
    z = z - lr * {grad}(f)((1 - beta) * z + beta * x)
    weights = weights + lr**2
    return lr**2 / weights * (z - x), z, weights
''',
    ("{start}", "{np}.zeros(())"),
    looks=True,
)

PRODIGY = ScriptRule(
    '''\
def prodigy(x, g, t, lr, growth, far, m, s, total, start, beta1, beta2, eps, first):
    """Prodigy, which PyTorch does not have; the distance d it finds is `first * growth`."""
    d = first * growth
    rate = lr * d * (1 - beta2**t) ** 0.5 / (1 - beta1**t)
    m = beta1 * m + (1 - beta1) * d * g
    s = beta2 * s + (1 - beta2) * (d * g) ** 2
    far = beta2**0.5 * far + growth * rate * (g @ (start - x))
    total = beta2**0.5 * total + growth * rate * g
    size = {np}.abs(total).sum()
    found = {np}.where(size > 0, far / size, 0.0)
    growth = {np}.maximum(growth, found / first)
    return -rate * m / ({np}.sqrt(s) + first * growth * eps), growth, far, m, s, total, start
''',
    ("{np}.ones(())", "{np}.zeros(())", "zeros", "zeros", "zeros", "{start}"),
)

_SOLVED = """\
    (a, b), (c, d) = H
    u, v = g
    return (-lr * {np}.stack([d * u - b * v, a * v - c * u]) / (a * d - b * c),)
"""

NEWTON = ScriptRule(
    '''\
def newton(f, x, g, t, lr, damping):
    """Damped Newton: H step = -lr g, by Cramer's rule."""
    H = {hessian}(f)(x) + damping * {np}.eye(2)
'''
    + _SOLVED,
    (),
    looks=True,
)

ABSOLUTE_NEWTON = ScriptRule(
    '''\
def absolute_newton(f, x, g, t, lr, damping):
    """Damped Newton that counts every curvature, middle ± spread, by its size: saddles repel it."""
    H = {hessian}(f)(x)
    middle = (H[0, 0] + H[1, 1]) / 2
    spread = {np}.sqrt((H[0, 0] - middle) ** 2 + H[0, 1] ** 2)
    high, low = {np}.abs(middle + spread), {np}.abs(middle - spread)
    turn = (high - low) / (2 * {np}.where(spread > 0, spread, 1.0))
    H = turn * (H - middle * {np}.eye(2)) + ((high + low) / 2 + damping) * {np}.eye(2)
'''
    + _SOLVED,
    (),
    looks=True,
)

_LBFGS = '''\
def lbfgs(f, x, g, t, lr, point, slope, S, Y, W):
    """L-BFGS with ten pairs of steps S and changes of the gradient Y that show a curve upwards; W = 1 / s·y."""
    s, y = x - point, g - slope
    bends = s @ y > 1e-6 * {np}.linalg.norm(s) * {np}.linalg.norm(y) + 1e-37  # 1 / s·y must be finite
    S = {np}.where(bends, {np}.concatenate([S[1:], s[None]]), S)
    Y = {np}.where(bends, {np}.concatenate([Y[1:], y[None]]), Y)
    W = {np}.where(bends, {np}.concatenate([W[1:], (1 / {np}.where(bends, s @ y, 1.0))[None]]), W)
    d, shares = g, []
    for i in reversed(range(10)):
        shares.append(W[i] * (S[i] @ d))
        d = d - shares[-1] * Y[i]
    size, norm = W[-1] * (Y[-1] @ Y[-1]), {np}.linalg.norm(g)
    first = {np}.where(norm > 1, 1 / norm, 1.0)
    d = d * {np}.where(size > 0, 1 / {np}.where(size > 0, size, 1.0), first)
    for i in range(10):
        d = d + (shares.pop() - W[i] * (Y[i] @ d)) * S[i]
    length = lr * {np}.ones(())
{search}    return -length * d, x, g, S, Y, W
'''
_SEARCH = """\
    for _ in range(20):  # halve the step until the loss falls by a share of what the slope promises
        enough = f(x) - 1e-4 * length * (g @ d) + 1e-6 * {np}.abs(f(x))
        length = {np}.where(f(x - length * d) <= enough, length, length / 2)
"""
_PAIRS = ("{start}", "zeros", "{np}.zeros((10, 2))", "{np}.zeros((10, 2))", "{np}.zeros(10)")

LBFGS = ScriptRule(_LBFGS.replace("{search}", _SEARCH), _PAIRS, looks=True)
WHOLE_LBFGS = ScriptRule(_LBFGS.replace("{search}", "").replace("lbfgs(", "lbfgs_whole("), _PAIRS, looks=True)
