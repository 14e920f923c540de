"""From tree to LaTeX: the formula as it was typed, with no more parentheses than it needs."""

import ast

from core.problems.expression.functions import FUNCTIONS

_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(5)


def latex(node: ast.expr, outside: int = _SUM) -> str:
    """Write an accepted node; in parentheses if it binds more loosely than what stands around it."""
    text, own = _written(node)
    return text if own >= outside else rf"\left({text}\right)"


def _written(node: ast.expr) -> tuple[str, int]:
    """Return a node's LaTeX and how tightly it binds."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return _written_number(number)
        case ast.Name(id=name):
            return _written_name(name), _ATOM
        case ast.UnaryOp(op=op, operand=operand):
            return ("-" if isinstance(op, ast.USub) else "+") + latex(operand, _SIGN), _SIGN
        case ast.BinOp(left=left, op=op, right=right):
            return _written_operation(left, op, right)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _written_call(name, [latex(argument) for argument in arguments])
        case _:
            raise TypeError("a node that was never accepted")


def _written_number(number: float) -> tuple[str, int]:
    digits, _, exponent = (str(number) if isinstance(number, int) else f"{number:.12g}").partition("e")
    return (rf"{digits} \cdot 10^{{{int(exponent)}}}", _PRODUCT) if exponent else (digits, _ATOM)


def _written_name(name: str) -> str:
    if name == "pi":
        return r"\pi"
    return name if len(name) == 1 else rf"\mathrm{{{name.replace('_', ' ')}}}"


def _written_operation(left: ast.expr, op: ast.operator, right: ast.expr) -> tuple[str, int]:
    match op:
        case ast.Add():
            return f"{latex(left)} + {latex(right, _PRODUCT)}", _SUM
        case ast.Sub():
            return f"{latex(left)} - {latex(right, _PRODUCT)}", _SUM
        case ast.Mult():
            first, second = latex(left, _PRODUCT), latex(right, _POWER)
            dot = r"\cdot" if second[0].isdigit() else r"\,"
            return f"{first} {dot} {second}", _PRODUCT
        case ast.Div():
            return rf"\frac{{{latex(left)}}}{{{latex(right)}}}", _PRODUCT
        case _:
            return rf"{latex(left, _ATOM)}^{{{latex(right)}}}", _POWER


def _written_call(name: str, arguments: list[str]) -> tuple[str, int]:
    inside = ", ".join(arguments)
    if name == "sqrt":
        return rf"\sqrt{{{inside}}}", _ATOM
    if name == "abs":
        return rf"\left|{inside}\right|", _ATOM
    if name == "exp":
        return rf"e^{{{inside}}}", _POWER
    return rf"{FUNCTIONS[name].latex}\left({inside}\right)", _POWER
