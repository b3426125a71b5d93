"""On which line of a file a fault of its journey stands. Pure."""

from typing import Any

import yaml

from glede.kernel import plain


def lines_of(text: str, problems: list[tuple[str, str]]) -> list[int]:
    """Return the line of each problem, from 1; 0 where the text is no YAML and none can be named."""
    try:
        top = plain.nodes(text)
    except plain.NotYaml as error:
        mark = getattr(error, "problem_mark", None)
        return [mark.line + 1 if mark else 0] * len(problems)
    return [_line(top, path, code) for path, code in problems]


def _line(node: Any, path: str, code: str) -> int:
    """Walk down as far as the path leads; what is missing stands on the line of what it is missing from."""
    kind, _colon, what = code.partition(":")
    steps = path.split("/") if path else []
    if kind in {"stranger", "mistyped"}:
        steps.append(what.partition(">")[0])
    if kind == "row_twice":
        steps.append(what)
    line = node.start_mark.line if node else 0
    for step in steps:
        found = _below(node, step)
        if found is None:
            break
        line, node = found
    return int(line) + 1


def _below(node: Any, step: str) -> tuple[int, Any] | None:
    """Return the line and the node of one step: a field, a row by its own number, or the n-th of a list."""
    if isinstance(node, yaml.MappingNode):
        fields = {key.value: (key, value) for key, value in node.value}
        if step in fields:
            key, value = fields[step]
            return key.start_mark.line, value
        # A text is called by its occasion, language and channel, which stand one step further down.
        return _below(fields["wording"][1], step) if "wording" in fields else None
    if isinstance(node, yaml.SequenceNode):
        own = [one for one in node.value if _number(one) == step]
        nth = node.value[int(step)] if not own and step.isdecimal() and int(step) < len(node.value) else None
        found = own[-1] if own else nth
        return (found.start_mark.line, found) if found else None
    return None


def _number(node: Any) -> str:
    fields = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value.value for key, value in fields if key.value == "row"), "")
