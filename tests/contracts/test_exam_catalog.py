"""ExamCatalog: a version of an exam is found whole, and only that one."""

import pytest

from schema.failures import Failure, FailureType
from tests.contracts.builder import an_exam
from tests.contracts.world import World


async def test_an_exam_comes_back_as_it_was_frozen(world: World) -> None:
    exam = an_exam()
    await world.add_exam(exam)

    assert await world.books.exams.exam(exam.exam_id, 1) == exam


async def test_another_version_is_not_found(world: World) -> None:
    exam = an_exam()
    await world.add_exam(exam)

    with pytest.raises(Failure) as refused:
        await world.books.exams.exam(exam.exam_id, 2)

    assert refused.value.type is FailureType.NOT_FOUND
