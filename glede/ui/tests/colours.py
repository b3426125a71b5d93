"""Colour arithmetic for the tests: oklch to sRGB, contrast, distance, and three kinds of colour blindness."""

import re
from math import cos, dist, radians, sin

Rgb = tuple[float, float, float]  # linear light, 0 to 1

# Machado, Oliveira and Fernandes 2009, severity 1.0
BLINDNESS = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
_OKLCH = re.compile(r"oklch\(([\d.]+)% ([\d.]+) ?([\d.]*)")


def from_oklch(words: str) -> Rgb:
    found = _OKLCH.match(words)
    assert found, words
    light, chroma, hue = float(found[1]) / 100, float(found[2]), radians(float(found[3] or 0))
    return from_oklab((light, chroma * cos(hue), chroma * sin(hue)))


def from_oklab(lab: tuple[float, float, float]) -> Rgb:
    light, a, b = lab
    root = (
        light + 0.3963377774 * a + 0.2158037573 * b,
        light - 0.1055613458 * a - 0.0638541728 * b,
        light - 0.0894841775 * a - 1.2914855480 * b,
    )
    x, y, z = (value**3 for value in root)
    return (
        4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
        -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
        -0.0041960863 * x - 0.7034186147 * y + 1.7076147010 * z,
    )


def to_oklab(rgb: Rgb) -> tuple[float, float, float]:
    r, g, b = rgb
    x, y, z = (
        max(0.0, value) ** (1 / 3)
        for value in (
            0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b,
            0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b,
            0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b,
        )
    )
    return (
        0.2104542553 * x + 0.7936177850 * y - 0.0040720468 * z,
        1.9779984951 * x - 2.4285922050 * y + 0.4505937099 * z,
        0.0259040371 * x + 0.7827717662 * y - 0.8086757660 * z,
    )


def from_hex(code: str) -> Rgb:
    bytes_ = [int(code[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    r, g, b = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in bytes_)
    return r, g, b


def to_hex(rgb: Rgb) -> str:
    gamma = (
        12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055 for v in (min(1.0, max(0.0, v)) for v in rgb)
    )
    return "#" + "".join(f"{round(value * 255):02X}" for value in gamma)


def mix(first: Rgb, share: float, second: Rgb) -> Rgb:
    """Mix in oklab, as color-mix() does: ``share`` of the first."""
    pairs = zip(to_oklab(first), to_oklab(second), strict=True)
    light, a, b = (one * share + other * (1 - share) for one, other in pairs)
    return from_oklab((light, a, b))


def contrast(first: Rgb, second: Rgb) -> float:
    bright, dark = sorted((0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2] for c in (first, second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def seen_as(rgb: Rgb, kind: str) -> Rgb:
    r, g, b = (sum(weight * value for weight, value in zip(row, rgb, strict=True)) for row in BLINDNESS[kind])
    return r, g, b


def distance(first: Rgb, second: Rgb) -> float:
    """Return the distance in OKLab, times 100."""
    return 100 * dist(to_oklab(first), to_oklab(second))
