"""The exam of the demo: its policy, and the questions as an author would import them."""

from typing import Any

POLICY: dict[str, Any] = {
    "duration": "PT30M",
    "pass_mark": "50",
    "shuffle_questions": True,
    "shuffle_options": True,
    "admission": "proctor",
    "release": "manual",
    "appeal_window": "PT3S",  # so that the archive is written while we look
    "frame_interval": "PT1S",
}

QUESTIONS = """\
// Imported by the demo; one question of every kind.
::Capital:: What is the capital of Portugal? {
  =Lisbon#Right, since 1255.
  ~Porto#The second largest city.
  ~Coimbra#The capital until 1255.
}

::Primes:: Which of these are prime? {
  ~%50%2
  ~%50%13
  ~%-50%21
  ~%-50%91
}

::Boiling:: At sea level water boils at 100 degrees Celsius. {T}

::Pi:: Give pi to two decimals. {#3.14:0.005}

::Clocks:: Why may two clocks that agree today disagree tomorrow? {}
"""

ANSWERS: dict[str, Any] = {
    "Capital": "Lisbon",
    "Primes": ("2", "13"),
    "Boiling": True,
    "Pi": "3.14",
    "Clocks": "Every oscillator drifts, each at its own rate, and temperature changes that rate.",
}

ESSAY_SHARE = "0.5"


def draft(title: str) -> dict[str, Any]:
    """The body of a new exam."""
    return {"title": title, "instructions": "Answer all questions.", "policy": POLICY, "sections": []}


def answer_to(question: dict[str, Any]) -> dict[str, Any]:
    """What the demo's student answers to a question of the paper."""
    html = question["html"]
    title = next(name for name, words in _WORDS.items() if words in html)
    wanted = ANSWERS[title]
    kind = question["kind"]
    if kind == "true_false":
        return {"kind": "truth", "value": wanted}
    if kind == "numeric":
        return {"kind": "number", "value": wanted}
    if kind == "essay":
        return {"kind": "text", "text": wanted}
    texts = (wanted,) if isinstance(wanted, str) else wanted
    chosen = [option["key"] for option in question["options"] if _plain(option["html"]) in texts]
    return {"kind": "choice", "chosen": chosen}


_WORDS = {
    "Capital": "capital of Portugal",
    "Primes": "are prime",
    "Boiling": "water boils",
    "Pi": "pi to two",
    "Clocks": "two clocks",
}


def _plain(html: str) -> str:
    return html.replace("<p>", "").replace("</p>", "").strip()
