"""The geometry of the Iris: ten slanted blades on a square of 40, clockwise from twelve o'clock."""

from functools import cache
from math import cos, radians, sin

BLADES = 10
_CENTRE = 20.0

# Corners and curve points of the first blade, in the order in which the outline visits them.
_BLADE = ((21.55, 1.46), (29.64, 4.09), (28.32, 8.0), (27.18, 12.2), (24.21, 10.27), (23.0, 5.71))
_HAIR = ((21.15, 0.83), (30.34, 3.82), (30.12, 4.39), (29.89, 4.96), (21.46, 2.06), (21.31, 1.45))
_TICK = ((21.15, 0.83), (30.34, 3.82), (29.83, 5.28), (29.28, 6.72), (21.99, 3.92), (21.62, 2.37))

# shape: points, outer and inner radius of its arcs, width of the stroke that rounds its corners
_SHAPES = {"blade": (_BLADE, 18.6, 10.6), "hair": (_HAIR, 19.2, 18), "tick": (_TICK, 19.2, 16.2)}
STROKES = {"blade": "1", "hair": ".3", "tick": ".6"}


def _turned(point: tuple[float, float], place: int) -> str:
    angle = radians(360 / BLADES * place)
    x, y = point[0] - _CENTRE, point[1] - _CENTRE
    return f"{_CENTRE + x * cos(angle) - y * sin(angle):.2f} {_CENTRE + x * sin(angle) + y * cos(angle):.2f}"


@cache
def outline(shape: str, first: int, count: int) -> str:
    """Return the SVG path of ``count`` segments of ``shape`` (blade, hair, tick) from place ``first`` (0 is twelve)."""
    points, outer, inner = _SHAPES[shape]
    parts = []
    for place in range(first, first + count):
        a, b, c, d, e, f = (_turned(point, place) for point in points)
        parts.append(f"M{a}A{outer} {outer} 0 0 1 {b}Q{c} {d}A{inner} {inner} 0 0 0 {e}Q{f} {a}Z")
    return "".join(parts)
