"""Whether an answer is one that the question can take: its kind, its options, its length."""

from schema import explanation as say
from schema.exam import Essay, MultipleChoice, Question, SingleChoice
from schema.failures import Failure, FailureType
from schema.grading import AnswerValue, ChoiceAnswer, TextAnswer

KIND_OF = {
    "single_choice": "choice",
    "multiple_choice": "choice",
    "true_false": "truth",
    "numeric": "number",
    "essay": "text",
}


def check_answer(question: Question, value: AnswerValue | None) -> None:
    """Raises INVALID with a pointer. None takes an answer back, and a choice of nothing is one too."""
    if value is None:
        return
    wanted = KIND_OF[question.kind]
    if value.kind != wanted:
        said = f"this question takes a {wanted}, not a {value.kind}; send kind {wanted!r}"
        raise Failure(FailureType.INVALID, said, field="/value/kind")
    if isinstance(value, ChoiceAnswer) and isinstance(question, SingleChoice | MultipleChoice):
        _check_choice(question, value)
    if isinstance(value, TextAnswer) and isinstance(question, Essay):
        _check_length(question, value)


def _check_choice(question: SingleChoice | MultipleChoice, value: ChoiceAnswer) -> None:
    keys = {option.key for option in question.options}
    for place, key in enumerate(value.chosen):
        if key not in keys:
            said = f"this question has no option {key!r}; it has {say.listed(sorted(keys))}"
            raise Failure(FailureType.INVALID, said, field=f"/value/chosen/{place}")
    if len(set(value.chosen)) != len(value.chosen):
        raise Failure(FailureType.INVALID, "an option is chosen twice; send each once", field="/value/chosen")
    if isinstance(question, SingleChoice) and len(value.chosen) > 1:
        said = f"this question takes one option, {len(value.chosen)} were sent; send one"
        raise Failure(FailureType.INVALID, said, field="/value/chosen")


def _check_length(question: Essay, value: TextAnswer) -> None:
    if len(value.text) > question.max_characters:
        said = f"the text has {len(value.text)} characters, {question.max_characters} are allowed; shorten it"
        raise Failure(FailureType.INVALID, said, field="/value/text")
