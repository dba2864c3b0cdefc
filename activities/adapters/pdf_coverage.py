"""How much of an attempt was watched, as a report says it."""

from schema.coverage.figure import WORDS, WatchCoverage


def watched(coverage: WatchCoverage | None) -> str:
    """The figure with what was due, sent and analysed, and why some is missing."""
    if coverage is None:
        return "not measured"
    counts = f"{coverage.due} pictures were due, {coverage.sent} sent, {coverage.analysed} analysed"
    asked = f"{coverage.minimum:g} % is asked for" if coverage.minimum else "the exam does not ask for any"
    causes = "; ".join(f"{WORDS[one.cause]}, {one.seconds:.0f} s" for one in coverage.missing)
    return f"{coverage.percent:g} % ({asked}): {counts}." + (f" Missing: {causes}." if causes else "")


def found(late_seconds: float | None) -> str:
    """Whether its rule was judged in time for a proctor to act."""
    if late_seconds is None:
        return "in time"
    return f"{late_seconds:.0f} s after its picture: the rule could not be judged in time, and no proctor could act"
