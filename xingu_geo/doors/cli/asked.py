"""What every command that runs a study may be asked: the study's options, written once.

Comes in: what was typed. Goes out: :class:`Asked`, the study and the place it speaks of.
Must not know: any computation.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated, Concatenate, ParamSpec, TypeVar, get_type_hints

import typer

from xingu_geo.doors.cli import options
from xingu_geo.ground.base.errors import XinguError

if TYPE_CHECKING:
    from xingu_geo.places.place.place import Place
    from xingu_geo.study.run.spec import Study

Method = Annotated[str | None, typer.Option("--method", help="综合方法 · weighted_sum, weighted_product, owa, topsis…")]
Risk = Annotated[float | None, typer.Option("--risk", min=0, max=1, help="owa 的风险态度 · 0 cautious … 1 bold")]
Missing = Annotated[str | None, typer.Option("--missing", help="缺数据的地块 · exclude | worst | confidence")]
Without = Annotated[list[str] | None, typer.Option("--without-rule", help="暂不采用的规则 · leave a rule out")]

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Asked:
    """The study's options as typed, None where not; the help of each is the command line's."""

    project: options.Project = None
    study: options.StudyFile = None
    layers: options.Layers = None
    my_layers: options.MyLayers = None
    capacity: options.CapacityOption = None
    case: options.Case = None
    changes: options.Set = None
    phase: options.Phase = None
    preset: options.Preset = None
    weights: options.Weight = None
    method: Method = None
    risk: Risk = None
    missing: Missing = None
    without: Without = None


def asks_study(command: Callable[Concatenate[Asked, P], R]) -> Callable[P, R]:
    """``command(asked, …)`` as a command that takes every option of :class:`Asked` in place of its first parameter."""
    own = inspect.signature(command, eval_str=True)
    hints = get_type_hints(Asked, include_extras=True)
    shared = {field.name: (hints[field.name], field.default) for field in fields(Asked)}
    parameters = [parameter.replace(kind=parameter.KEYWORD_ONLY) for parameter in list(own.parameters.values())[1:]]
    parameters += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint)
        for name, (hint, default) in shared.items()
    ]

    @functools.wraps(command)
    def _run(*_: P.args, **typed: P.kwargs) -> R:
        return command(Asked(**{name: typed.pop(name) for name in shared}), **typed)  # type: ignore[call-arg, arg-type]

    _run.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
    _run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return _run


def study_of(asked: Asked, place: Place) -> Study:
    """The study of ``--study`` (else the defaults), with every option that was typed laid over it.

    Another project drops the figures set for the first; a preset replaces all weights, single weights typed beside it
    come on top.

    Raises
    ------
    XinguError
        ``assignment_wrong``, ``unknown_preset``, and what the study's validation says of a value.
    """
    from xingu_geo.ground.base.specs import validated
    from xingu_geo.study.run.spec import Study, read_study, weights_of_preset

    base = read_study(asked.study) if asked.study else Study()
    typed = base.model_dump()
    if asked.project is not None and asked.project != base.project.type:
        typed["project"] = {"type": asked.project}
    typed["project"] |= _given(type=asked.project, capacity=asked.capacity, case=asked.case)
    typed["project"]["set"] = typed["project"].get("set", {}) | assignments(asked.changes, option="--set")
    if asked.preset is not None:
        typed["weights"] = dict(weights_of_preset(asked.preset, place.tables))
    typed["weights"] |= assignments(asked.weights, option="--weight")
    typed |= _given(phase=asked.phase, method=asked.method, risk=asked.risk, missing=asked.missing)
    typed["skip_rules"] = (*typed["skip_rules"], *(asked.without or ()))
    return validated(Study, typed, file=asked.study.name if asked.study else "--study")


def place_of(asked: Asked) -> Place:
    """The place of ``--layers`` (else the shipped one), with ``--my-layers`` laid over it."""
    return options.place_of(asked.layers, asked.my_layers)


def assignments(typed: Sequence[str] | None, *, option: str) -> dict[str, float]:
    """``["a=1", "b=2"]`` as numbers by name; raises ``assignment_wrong``."""
    assigned = {}
    for item in typed or ():
        name, equals, figure = item.partition("=")
        try:
            assigned[name.strip()] = float(figure)
        except ValueError as error:
            raise XinguError("assignment_wrong", option=option, typed=item) from error
        if not equals:
            raise XinguError("assignment_wrong", option=option, typed=item)
    return assigned


def _given(**typed: object) -> dict[str, object]:
    return {name: value for name, value in typed.items() if value is not None}
