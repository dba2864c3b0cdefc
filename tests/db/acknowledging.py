"""A process that stores answers and says which ones are stored, until it is killed."""

import asyncio
import sys
from datetime import timedelta
from uuid import UUID

from activities.adapters.sql.answer_book import SqlAnswerBook
from schema.db.session import Databases
from schema.ids import new_id
from tests.contracts.builder import NOON, an_answer
from tests.db.database import addresses_of


async def main(pattern: str, attempt_id: UUID) -> None:
    book = SqlAnswerBook(Databases.open(addresses_of(pattern)).corrections)
    for number in range(100_000):
        saved = await book.save(
            an_answer(attempt_id, NOON + timedelta(milliseconds=number), question_id=new_id())
        )
        sys.stdout.write(f"{saved.question_id}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], UUID(sys.argv[2])))
