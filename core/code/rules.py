"""Rules that a script writes out where its library has none, or another one by that name.

Each follows the definition in `core/optimizers`, in the same notation. Arguments: the point x, the gradient g, the step
t from 1 on, the learning rate, what the rule keeps, its settings. A rule returns what is added to x, and what it keeps.
"""

from core.code.form import Rule

NESTEROV = Rule('''\
def nesterov(x, g, t, lr, v, rho):
    """Nesterov with the learning rate inside the velocity: under a schedule another method than outside."""
    before, v = v, rho * v - lr * g
    return v + rho * (v - before), v
''')

ADAGRAD = Rule('''\
def adagrad(x, g, t, lr, s, eps):
    """AdaGrad with the sum starting at 0 and eps outside the root; optax.adagrad has it inside."""
    s = s + g * g
    return -lr * g / ({np}.sqrt(s) + eps), s
''')

PLAIN_ADAM = Rule(
    '''\
def plain_adam(x, g, t, lr, m, s, beta1, beta2, eps):
    """Adam without the correction for the start at 0, which the library's cannot leave out."""
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g * g
    return -lr * m / ({np}.sqrt(s) + eps), m, s
''',
    ("zeros", "zeros"),
)

NADAM = Rule(
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

AMSGRAD = Rule(
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

PLAIN_AMSGRAD = Rule(
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

RADAM = Rule(
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

ADABELIEF = Rule(
    '''\
def adabelief(x, g, t, lr, m, s, beta1, beta2, eps):
    """AdaBelief, which PyTorch does not have."""
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * (g - m) ** 2
    return -lr * m / (1 - beta1**t) / ({np}.sqrt(s / (1 - beta2**t)) + eps), m, s
''',
    ("zeros", "zeros"),
)

ADAMAX = Rule(
    '''\
def adamax(x, g, t, lr, m, u, beta1, beta2, eps):
    """Adamax with eps below the line; the libraries add it to |g|, before the maximum."""
    m = beta1 * m + (1 - beta1) * g
    u = {np}.maximum(beta2 * u, {np}.abs(g))
    return -lr * m / (1 - beta1**t) / (u + eps), m, u
''',
    ("zeros", "zeros"),
)

LION = Rule('''\
def lion(x, g, t, lr, m, beta1, beta2):
    """Lion, which PyTorch does not have."""
    return -lr * {np}.sign(beta1 * m + (1 - beta1) * g), beta2 * m + (1 - beta2) * g
''')

YOGI = Rule(
    '''\
def yogi(x, g, t, lr, m, s, beta1, beta2, eps):
    """Yogi, which PyTorch does not have."""
    m = beta1 * m + (1 - beta1) * g
    s = s - (1 - beta2) * {np}.sign(s - g * g) * g * g
    return -lr * m / (1 - beta1**t) / ({np}.sqrt(s / (1 - beta2**t)) + eps), m, s
''',
    ("zeros", "zeros"),
)
