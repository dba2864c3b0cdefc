"""One product for all tests of this folder, as `make run` starts it, on the whole stack."""

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from api.demo.mailbox import MaildirMailbox
from schema.db.session import Databases
from tests.product.house import House, Say
from tests.product.product import Product
from tests.product.supervised import READY, Supervised
from tests.stack.full.demo import Played, play
from tests.stack.full.setting import make_databases, settings_on
from tests.stack.running import RunningStack


@pytest.fixture
def say(record_property: Callable[[str, object], None]) -> Say:
    """Tells a figure, which pytest shows at its end."""
    return lambda text: record_property("figure", text)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def house(stack: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    settings = settings_on(stack, tmp_path_factory.mktemp("full"))
    await make_databases(stack, settings)
    databases = Databases.open(settings.database_url_of)
    house = House(Product(settings), databases, MaildirMailbox(stack.var_dir / "mail"))
    async with Supervised.run(settings, "product") as run:
        await run.until_says(READY, within=180)
        await house.engage()
        try:
            yield house
        finally:
            await house.leave()
            await databases.close()


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def played(stack: RunningStack, house: House) -> Played:
    """The demo, once."""
    return await play(stack, house.product.settings)
