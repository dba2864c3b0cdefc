"""What is wrong with a field and what to do, in words of ours: a library's sentences are a programmer's."""

from collections.abc import Mapping
from typing import Any

# Problem and advice by pydantic's name of the error, or by how that name begins; `{}` names a bound of the error.
WORDS: dict[str, tuple[str, str]] = {
    "missing": ("this is missing", "add it"),
    "extra_forbidden": ("this is not known here", "leave it out"),
    "json": ("this is not well-formed JSON", "send JSON in UTF-8"),
    "none_required": ("this holds something", "leave it empty"),
    "greater_than_equal": ("this is too small", "choose {ge} or more"),
    "greater_than": ("this is too small", "choose more than {gt}"),
    "less_than_equal": ("this is too large", "choose {le} or less"),
    "less_than": ("this is too large", "choose less than {lt}"),
    "multiple_of": ("this does not fit", "choose a multiple of {multiple_of}"),
    "finite_number": ("this is no number that ends", "write it in digits"),
    "int_from_float": ("this is no whole number", "leave out what stands after the point"),
    "int_parsing_size": ("this is too large", "choose a smaller number"),
    "int": ("this is no whole number", "write it in digits"),
    "float": ("this is no number", "write it in digits"),
    "decimal_max_places": ("this has too many digits after the point", "keep at most {decimal_places}"),
    "decimal_max_digits": ("this has too many digits", "keep at most {max_digits}"),
    "decimal_whole_digits": ("this is too large", "keep at most {whole_digits} digits before the point"),
    "decimal": ("this is no number", "write it in digits"),
    "number_ambiguous": ("this may mean two numbers", "send {first} or {second}"),
    "number_too_long": ("this number is too long", "send at most 15 digits and 15 decimals"),
    "number_unclear": ("this is no number", "send digits, as in 3.14, without a unit"),
    "bool": ("this is neither yes nor no", "send true or false"),
    "string_too_short": ("this is too short", "write {min_length} or more letters or signs"),
    "string_too_long": ("this is too long", "write {max_length} letters and signs or fewer"),
    "string_pattern_mismatch": ("this holds something that is not taken here", "write it as it is described"),
    "string_not_ascii": ("this holds letters that are not taken here", "use a to z and digits"),
    "string_unicode": ("this is no text", "send it in UTF-8"),
    "string": ("this is no text", "send it as a text"),
    "bytes_too_long": ("this is too long", "send {max_length} bytes or fewer"),
    "bytes_too_short": ("this is too short", "send {min_length} bytes or more"),
    "bytes": ("this is no text", "send it as a text"),
    "too_short": ("these are too few", "add up to {min_length} or more"),
    "too_long": ("these are too many", "keep {max_length} or fewer"),
    "enum": ("this is none of the choices", "choose {expected}"),
    "literal_error": ("this is none of the choices", "choose {expected}"),
    "union_tag_not_found": ("its kind is missing", "add its kind"),
    "union_tag_invalid": ("this kind is not known here", "choose one of {expected_tags}"),
    "timezone": ("its time zone is missing", "add the zone: 2026-11-22T09:00:00Z"),
    "datetime_past": ("this is not in the past", "choose an earlier time"),
    "datetime_future": ("this is not in the future", "choose a later time"),
    "datetime": ("this is no date with a time", "write it with a zone: 2026-11-22T09:00:00Z"),
    "date_past": ("this is not in the past", "choose an earlier day"),
    "date_future": ("this is not in the future", "choose a later day"),
    "date": ("this is no date of the calendar", "write the day as 2026-11-22"),
    "time_delta": ("this is no span of time", "write PT2M for two minutes"),
    "time": ("this is no time of day", "write it as 09:00:00"),
    "uuid": ("this names nothing that we know", "go back and choose it again"),
    "url": ("this is no address of a page", "write it as https://example.org/page"),
    "dict": ("this has the wrong shape", "send names with values"),
    "model": ("this has the wrong shape", "send names with values"),
    "dataclass": ("this has the wrong shape", "send names with values"),
    "list": ("this is no list", "send a list"),
    "tuple": ("this is no list", "send a list"),
    "set": ("this is no list", "send a list"),
    "frozen_set": ("this is no list", "send a list"),
}
UNKNOWN = ("this cannot be read", "correct it")
ADDRESS = ("this is no mail address", "write it as name@example.org")
_LEAST_OF_ONE = ("this is empty", "write something")


def words_for(kind: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    """Problem and advice. `facts` are the error's own: bounds, or the ValueError that a shape of ours raised."""
    if kind in {"value_error", "assertion_error"}:
        ours = facts.get("error")
        return (str(ours), "correct it") if ours else ADDRESS
    if kind == "string_too_short" and facts.get("min_length") == 1:
        return _LEAST_OF_ONE
    beginnings = [kind[:end] for end in range(len(kind), 0, -1) if kind[:end] in WORDS]
    problem, advice = WORDS[beginnings[0]] if beginnings else UNKNOWN
    return problem, advice.format_map(_Facts(facts))


class _Facts(dict[str, Any]):
    """A bound that an error does not tell is left open instead of failing the answer."""

    def __missing__(self, name: str) -> str:
        return "…"
