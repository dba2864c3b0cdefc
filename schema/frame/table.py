"""The tables of a JPEG: Huffman codes that make sense, and quantisation tables of a whole length (T.81, B.2.4)."""

from functools import lru_cache

from schema.failures import Failure, FailureType

_LENGTHS = 16
_LARGEST_DC = 15


# An encoder writes the same tables into every picture.
@lru_cache(256)
def check_huffman(body: bytes) -> frozenset[tuple[str, int]]:
    """The tables that a DHT segment defines, ("dc" or "ac", number). Raises INVALID."""
    found: set[tuple[str, int]] = set()
    at = 0
    while at < len(body):
        kind, number = body[at] >> 4, body[at] & 15
        counts = body[at + 1 : at + 1 + _LENGTHS]
        values = body[at + 1 + _LENGTHS : at + 1 + _LENGTHS + sum(counts)]
        if (
            kind > 1
            or number > 3
            or len(counts) < _LENGTHS
            or len(values) != sum(counts)
            or len(values) > 256
        ):
            raise broken("a Huffman table is cut off")
        if _is_crowded(counts) or (kind == 0 and any(value > _LARGEST_DC for value in values)):
            raise broken("a Huffman table makes no sense")
        found.add(("ac" if kind else "dc", number))
        at += 1 + _LENGTHS + len(values)
    return frozenset(found)


def _is_crowded(counts: bytes) -> bool:
    """Whether there are more codes than their lengths have room for."""
    code = 0
    for length, count in enumerate(counts, start=1):
        code += count
        if count and code > 1 << length:
            return True
        code <<= 1
    return False


@lru_cache(256)
def check_quantisation(body: bytes) -> frozenset[tuple[str, int]]:
    """The tables that a DQT segment defines, ("q", number). Raises INVALID."""
    found: set[tuple[str, int]] = set()
    at = 0
    while at < len(body):
        precision, number = body[at] >> 4, body[at] & 15
        at += 1 + 64 * (1 + precision)
        if precision > 1 or number > 3 or at > len(body):
            raise broken("a quantisation table is cut off")
        found.add(("q", number))
    return frozenset(found)


def broken(why: str) -> Failure:
    """What is raised for a JPEG that breaks the rules of its kind."""
    return Failure(FailureType.INVALID, f"The picture is a broken JPEG: {why}. Take it again.")
