"""What keeps values from having the form of a journey, as codes: which field, and what belongs there. Pure.

The schema's own sentences are English and speak of schemas; a code is told in the reader's language instead.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

Fault = tuple[list[Any], str]
"""Where a fault lies, as keys and numbers from the top, and its code."""

KINDS = {"object": "group", "array": "list", "string": "text", "integer": "number", "boolean": "yes_no"}
CLOCK = "^([01]"
"""How the pattern of an hour begins."""


def shape_faults(errors: Iterable["ValidationError"]) -> Iterator[Fault]:
    """Yield what each error of the schema amounts to; of several forms that are allowed, the one that was meant."""
    for error in errors:
        meant = _meant(error) if error.validator == "oneOf" else []
        if meant:
            yield from shape_faults(meant)
        else:
            for code in _CODES.get(str(error.validator), _other)(error):
                yield list(error.absolute_path), code


def _meant(error: "ValidationError") -> list["ValidationError"]:
    """Return the errors of the form that fits best: the one that lacks and has too much the least."""
    forms: dict[Any, list[ValidationError]] = {}
    for one in error.context or ():
        forms.setdefault(one.schema_path[0], []).append(one)
    return min(forms.values(), key=lambda found: sum(one.validator in _FIELDS for one in found), default=[])


_FIELDS = {"required", "additionalProperties"}


def _missing(error: "ValidationError") -> Iterator[str]:
    lacks = [name for name in cast("Any", error.validator_value) if name not in cast("Any", error.instance)]
    # One error is raised for each field that is missing, and each says its name first.
    yield from (f"missing:{name}" for name in lacks if error.message.startswith(repr(name)))


def _stranger(error: "ValidationError") -> Iterator[str]:
    schema, instance = cast("Any", error.schema), cast("Any", error.instance)
    allowed = schema["properties"]
    for name in instance:
        if name not in allowed:
            close = get_close_matches(str(name), [one for one in allowed if one not in instance], n=1)
            yield f"mistyped:{name}>{close[0]}" if close else f"stranger:{name}"


def _pattern(error: "ValidationError") -> Iterator[str]:
    yield "not_an_hour" if str(error.validator_value).startswith(CLOCK) else f"wrong_form:{error.instance}"


def _kind(error: "ValidationError") -> Iterator[str]:
    # An hour without quotes is a number to YAML: 15:00 is 900.
    is_hour = str(cast("Any", error.schema).get("pattern", "")).startswith(CLOCK)
    yield "not_an_hour" if is_hour else f"kind:{KINDS[str(error.validator_value)]}"


def _one_reason(error: "ValidationError") -> Iterator[str]:
    names = [name for form in cast("Any", error.validator_value) for name in form.get("required", ())]
    yield f"only_one:{', '.join(names)}"


def _other(error: "ValidationError") -> Iterator[str]:
    yield f"wrong_form:{error.instance}"


def _says(name: str, value: Callable[[Any], Any] = lambda given: given) -> Callable[["ValidationError"], Iterator[str]]:
    def code(error: "ValidationError") -> Iterator[str]:
        yield f"{name}:{value(error.validator_value)}"

    return code


_CODES: Mapping[str, Callable[["ValidationError"], Iterator[str]]] = {
    "required": _missing,
    "additionalProperties": _stranger,
    "pattern": _pattern,
    "oneOf": _one_reason,
    "type": _kind,
    "enum": _says("not_one_of", lambda allowed: ", ".join(map(str, allowed))),
    "const": _says("not_one_of", lambda value: {True: "true", False: "false"}.get(value, value)),
    "minimum": _says("at_least"),
    "maximum": _says("at_most"),
    "minItems": _says("too_few"),
    "maxItems": _says("too_many"),
    "minProperties": _says("too_few"),
    "minLength": _says("empty"),
    "maxLength": _says("too_long"),
    "uniqueItems": _says("twice_in_list"),
}
