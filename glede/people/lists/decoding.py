"""Bytes to letters: which encoding a list was written in. UTF-8 and UTF-16 prove themselves; others are weighed."""

import codecs
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHERS: Final = ("cp1252", "mac_roman", "cp865")
"""Windows, old Macs, old DOS programs with Nordic letters: the first that reads as well as any is taken."""
_WEIGHTS: Final = {
    **dict.fromkeys("æøåÆØÅ", 4),
    **dict.fromkeys("äöüÄÖÜéÉñçß", 3),
    **dict.fromkeys("èêëáàâãíìîïóòôõúùûðþýœšžÁÀÈÇÑŠŽ€£§°´’‘“”–—…·«»©®™", 1),
}
_STRANGE: Final = -2
_SAMPLE: Final = 256 * 1024
_MOSTLY: Final = 0.3


def decoded(content: bytes) -> str:
    """Return the text of a list. Every sequence of bytes is some text: what cannot be a letter becomes "\ufffd"."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content.decode(name, errors="replace").replace("\0", "")
    wide = _wide(content[:_SAMPLE])
    if wide:
        return content.decode(wide, errors="replace").replace("\0", "")
    try:
        return content.decode("utf-8").replace("\0", "")
    except UnicodeDecodeError:
        return content.decode(_likeliest(content), errors="replace").replace("\0", "")


def _wide(sample: bytes) -> str:
    """Return the kind of UTF-16 whose every other byte is nothing, or blank."""
    if len(sample) < 4:
        return ""
    pairs = len(sample) // 2
    first, second = sample[0 : pairs * 2 : 2].count(0), sample[1 : pairs * 2 : 2].count(0)
    if second > _MOSTLY * pairs and first < second:
        return "utf-16-le"
    return "utf-16-be" if first > _MOSTLY * pairs else ""


def _likeliest(content: bytes) -> str:
    """Return the encoding in which the bytes beyond ASCII are letters that names are written with."""
    beyond = bytes(byte for byte in content[:_SAMPLE] if byte >= 0x80) or content[-_SAMPLE:]
    return max(_OTHERS, key=lambda name: _weight(beyond.decode(name, errors="replace")))


def _weight(text: str) -> int:
    return sum(_WEIGHTS.get(sign, _STRANGE) for sign in text)
