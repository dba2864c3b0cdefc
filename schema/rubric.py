"""A grader's marks along a rubric: each criterion once, 0 to its points."""

from decimal import Decimal, localcontext

from schema import explanation as say
from schema.exam import Essay, Exam
from schema.failures import Failure, FailureType
from schema.grading import CriterionMark, ItemMark
from schema.marking import EXACT, PLACES
from schema.review import EssayVerdict, Verdict


def essay_of(exam: Exam, question_id: object) -> Essay:
    """The essay with this id (a UUID or its text). Raises NOT_FOUND."""
    for question in exam.questions:
        if isinstance(question, Essay) and str(question.question_id) == str(question_id):
            return question
    said = f"version {exam.version} of this exam has no such essay"
    raise Failure(FailureType.NOT_FOUND, said, exam_id=exam.exam_id, question_id=str(question_id))


def mark_essay(question: Essay, verdict: Verdict) -> ItemMark:
    """What the verdict earns. Raises INVALID, naming the place, when it does not fit the rubric."""
    if not isinstance(verdict, EssayVerdict):
        said = f"an essay is decided by points per criterion, not by a verdict of kind {verdict.kind!r}"
        raise Failure(FailureType.INVALID, said, field="/verdict/kind")
    _check(question, verdict)
    texts = {criterion.key: (criterion.text, criterion.points) for criterion in question.rubric}
    with localcontext(EXACT):
        earned = sum((given.earned for given in verdict.marks), Decimal(0)).quantize(PLACES)
    return ItemMark(
        question_id=question.question_id,
        earned=earned,
        points=question.points,
        explanation=say.graded(verdict, texts),
        by="grader",
    )


def _check(question: Essay, verdict: EssayVerdict) -> None:
    points = {criterion.key: criterion.points for criterion in question.rubric}
    seen: set[str] = set()
    for place, given in enumerate(verdict.marks):
        trouble = _trouble(given, points, seen)
        if trouble:
            raise Failure(FailureType.INVALID, trouble, field=f"/verdict/marks/{place}")
        seen.add(given.key)
    missing = [key for key in points if key not in seen]
    if missing:
        said = f"not marked yet: {say.listed(missing)}; give each criterion its points, 0 included"
        raise Failure(FailureType.INVALID, said, field="/verdict/marks")


def _trouble(given: CriterionMark, points: dict[str, Decimal], seen: set[str]) -> str:
    if given.key not in points:
        return f"the rubric has no criterion {given.key!r}; it has {say.listed(points)}"
    if given.key in seen:
        return f"criterion {given.key!r} is marked twice; mark it once"
    if not 0 <= given.earned <= points[given.key]:
        most = say.plain(points[given.key])
        return f"criterion {given.key!r} has {most} points, {say.plain(given.earned)} were given; give 0 to {most}"
    return ""
