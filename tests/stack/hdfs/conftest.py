"""The stack's HDFS, and a store on it with a root of its own for each test."""

from datetime import timedelta

import pytest

from activities.adapters.hdfs import HdfsStore
from schema.ids import new_id
from tests.stack.running import RunningStack

USER = "proctorwise"


@pytest.fixture(scope="session")
def hdfs_url(stack: RunningStack) -> str:
    return f"http://127.0.0.1:{stack.ports.web_hdfs}"


@pytest.fixture
def root() -> str:
    return f"/test/{new_id()}"


@pytest.fixture
def store(hdfs_url: str, root: str) -> HdfsStore:
    return HdfsStore(hdfs_url, USER, root, patience=timedelta(seconds=90))


@pytest.fixture
def tree(store: HdfsStore) -> HdfsStore:
    return store
