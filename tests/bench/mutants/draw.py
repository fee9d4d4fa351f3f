"""Which mistakes are made: Cosmic Ray finds them all, chance draws some, a place at most once.

Left out is what changes nothing that a test could see, or what no program could start with:

- annotations, aliases of types, decorators, the arguments of classes (``frozen=True``);
- what only words an exception, and ``__repr__``;
- operators that are no counterparts: ``a + b`` becomes ``a - b``, not ``a ** b``, which is a
  ``TypeError`` for nearly everything that we add;
- what cannot be made: a star in a list of parameters is no multiplication.
"""

import ast
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cosmic_ray.commands import init
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec

Span = tuple[tuple[int, int], tuple[int, int]]
"""From and to, each a line from 1 and a column from 0, counted in characters."""

_BINARY = ("Add_Sub", "Sub_Add", "Mul_Add", "Div_Mul", "FloorDiv_Mul", "Mod_FloorDiv", "Pow_Mul")
_SETS = ("BitOr_BitAnd", "BitAnd_BitOr", "BitXor_BitAnd", "LShift_RShift", "RShift_LShift")
_COMPARISONS = (
    *("Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is"),
    *("Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt"),
)
NOT_ALL_OF = ("ReplaceBinaryOperator", "ReplaceComparisonOperator", "RemoveDecorator")
"""Of these only the counterparts: Cosmic Ray replaces an operator by every other one."""
COUNTERPARTS = frozenset(
    {
        *(f"ReplaceBinaryOperator_{name}" for name in (*_BINARY, *_SETS)),
        *(f"ReplaceComparisonOperator_{name}" for name in _COMPARISONS),
    }
)


def drawn(modules: list[Path], count: int, seed: int) -> list[MutationSpec]:
    """``count`` mutants of ``modules`` in the order of the code; a seed draws the same again."""
    by_place: dict[tuple[str, Span], list[MutationSpec]] = defaultdict(list)
    for mutant in _worth_trying(modules):
        place = (mutant.module_path.as_posix(), (mutant.start_pos, mutant.end_pos))
        by_place[place].append(mutant)
    chance = random.Random(seed)
    places = sorted(by_place)
    chosen = sorted(chance.sample(places, min(count, len(places))))
    return [chance.choice(by_place[place]) for place in chosen]


def _worth_trying(modules: list[Path]) -> Iterator[MutationSpec]:
    left_out = {path: list(_left_out(path.read_text(encoding="utf-8"))) for path in modules}
    with use_db(":memory:", WorkDB.Mode.create) as work:
        init(modules, work, {})
        mutants = [mutant for item in work.work_items for mutant in item.mutations]
    for mutant in sorted(mutants, key=lambda it: (it.operator_name, it.occurrence)):
        is_left_out = any(
            start <= mutant.start_pos and mutant.end_pos <= end
            for start, end in left_out[mutant.module_path]
        )
        if not is_left_out and _is_counterpart(mutant) and _can_be_made(mutant):
            yield mutant


def _is_counterpart(mutant: MutationSpec) -> bool:
    operator = mutant.operator_name.removeprefix("core/")
    return operator in COUNTERPARTS or not operator.startswith(NOT_ALL_OF)


def _can_be_made(mutant: MutationSpec) -> bool:
    """Whether Cosmic Ray can make it: it replaces ``KeyError``, and fails at ``json.Error``."""
    if not any(kind in mutant.operator_name for kind in ("BinaryOperator", "Exception")):
        return True
    operator = get_operator(mutant.operator_name)(**mutant.operator_args)
    code = mutant.module_path.read_text(encoding="utf-8")
    try:
        ast.parse(mutate_code(code, operator, mutant.occurrence))
    except (SyntaxError, AttributeError):
        return False
    return True


def _left_out(source: str) -> Iterator[Span]:
    """The parts of ``source`` in which no mistake is made."""
    lines = [line.encode() for line in source.splitlines()]

    def place(line: int, byte: int) -> tuple[int, int]:
        """As Cosmic Ray counts: ``ast`` counts columns in bytes."""
        return line, len(lines[line - 1][:byte].decode())

    for node in ast.walk(ast.parse(source)):
        for part in filter(None, _silent_parts(node)):
            start = place(part.lineno, part.col_offset)
            yield start, place(part.end_lineno, part.end_col_offset)


def _silent_parts(node: ast.AST) -> Iterator[Any]:
    """The nodes under ``node`` that tests cannot see; None where there is none."""
    match node:
        case ast.arg() | ast.AnnAssign():
            yield node.annotation
        case ast.ClassDef():
            yield from (*node.decorator_list, *node.keywords)
        case ast.FunctionDef(name="__repr__" | "__str__"):
            yield node
        case ast.FunctionDef():
            yield from (*node.decorator_list, node.returns)
        case ast.Assign(value=ast.BinOp(op=ast.BitOr())) if _is_of_names(node.value):
            yield node.value
        case ast.Raise():
            yield node.exc


def _is_of_names(part: ast.expr) -> bool:
    """Whether it is an alias as ``Arrive | Depart``."""
    if isinstance(part, ast.BinOp):
        return _is_of_names(part.left) and _is_of_names(part.right)
    return isinstance(part, ast.Name | ast.Attribute | ast.Constant)
