"""What an author may write: a draft of an exam, and what is wrong with it, by JSON pointer."""

from collections.abc import Iterator
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from schema.exam import Exam, ExamPolicy, Section
from schema.ids import new_id
from schema.incident import Preset, policy_for
from schema.model import Message
from schema.name import clean_title
from schema.policy_check import Complaint, policy_complaints

MOST_QUESTIONS = 1_000


class ExamDraft(Message):
    """An exam's whole content as an author sends it.

    Sections and questions without an id get one. `policy.detection` may name a preset only: thresholds that
    are sent win over the preset's.
    """

    title: Annotated[
        str,
        Field(min_length=1, max_length=200, examples=["Networks 1, winter term"]),
        AfterValidator(clean_title),
    ]
    instructions: Annotated[
        str, Field(max_length=20_000, examples=["Answer all questions. **No** notes."])
    ] = ""
    policy: ExamPolicy = ExamPolicy()
    sections: Annotated[tuple[Section, ...], Field(max_length=100)] = ()

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, data: Any) -> Any:
        return _completed(data) if isinstance(data, dict) else data

    def as_exam(self, exam: Exam) -> Exam:
        """The exam with this content in place of its own."""
        return exam.model_copy(update={name: getattr(self, name) for name in ExamDraft.model_fields})


def complaints(draft: ExamDraft) -> list[Complaint]:
    """What single fields cannot tell: repeated ids, too many questions, and policies that contradict themselves."""
    return [*_repeated_ids(draft), *_titles(draft), *policy_complaints(draft.policy)]


def obstacles(exam: Exam) -> list[Complaint]:
    """What keeps an exam from being published."""
    found = []
    if not exam.questions:
        found.append(("/sections", "an exam needs at least one question; add one"))
    elif exam.points == 0:
        found.append(("/sections", "no question has points; give at least one of them points"))
    empty = [place for place, section in enumerate(exam.sections) if not section.questions]
    found += [(f"/sections/{place}", "this section has no question; add one or remove it") for place in empty]
    return found


def _completed(data: dict[str, Any]) -> dict[str, Any]:
    data = dict(data)
    if isinstance(data.get("sections"), list | tuple):
        data["sections"] = [_section(section) for section in data["sections"]]
    policy = data.get("policy")
    if isinstance(policy, dict) and isinstance(policy.get("detection"), dict):
        data["policy"] = {**policy, "detection": _with_preset(policy["detection"])}
    return data


def _section(section: Any) -> Any:
    if not isinstance(section, dict):
        return section
    section = {"section_id": new_id(), **section}
    if isinstance(section.get("questions"), list | tuple):
        section["questions"] = [
            {"question_id": new_id(), **question} if isinstance(question, dict) else question
            for question in section["questions"]
        ]
    return section


def _with_preset(detection: dict[str, Any]) -> dict[str, Any]:
    preset = detection.get("preset")
    if not isinstance(preset, str) or preset not in list(Preset):
        return detection  # its validation says what is wrong
    return {**policy_for(Preset(preset)).model_dump(), **detection}


def _repeated_ids(draft: ExamDraft) -> Iterator[Complaint]:
    seen: set[UUID] = set()
    for pointer, found in _ids(draft):
        if found in seen:
            yield pointer, "this id occurs before; leave it out to get a new one"
        seen.add(found)
    count = sum(len(section.questions) for section in draft.sections)
    if count > MOST_QUESTIONS:
        yield "/sections", f"there are {count} questions; an exam has at most {MOST_QUESTIONS}"


def _titles(draft: ExamDraft) -> Iterator[Complaint]:
    for place, section in enumerate(draft.sections):
        try:
            clean_title(section.title)
        except ValueError as error:
            yield f"/sections/{place}/title", str(error)


def _ids(draft: ExamDraft) -> Iterator[tuple[str, UUID]]:
    for i, section in enumerate(draft.sections):
        yield f"/sections/{i}/section_id", section.section_id
        for j, question in enumerate(section.questions):
            yield f"/sections/{i}/questions/{j}/question_id", question.question_id
