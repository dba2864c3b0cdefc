"""Directory: people by id and by role."""

import pytest

from activities.ports import Contact
from schema.failures import Failure, FailureType
from schema.ids import new_id
from tests.contracts.world import World


def a_person(name: str) -> Contact:
    return Contact(new_id(), f"{name}@school.example", name.title(), "Europe/Athens", "el")


async def test_a_person_is_found_whole(world: World) -> None:
    ada = a_person("ada")
    await world.add_person(ada, "student")

    assert await world.books.directory.contact(ada.person_id) == ada


async def test_a_stranger_is_not_found(world: World) -> None:
    with pytest.raises(Failure) as refused:
        await world.books.directory.contact(new_id())

    assert refused.value.type is FailureType.NOT_FOUND


async def test_a_role_finds_everyone_who_has_it_and_is_not_disabled(world: World) -> None:
    ada, ben, cy = a_person("ada"), a_person("ben"), a_person("cy")
    await world.add_person(ada, "grader", "proctor")
    await world.add_person(ben, "proctor")
    await world.add_person(cy, "proctor", is_disabled=True)

    found = await world.books.directory.with_role("proctor")

    assert {person.display_name for person in found} == {"Ada", "Ben"}
    assert await world.books.directory.with_role("author") == []
