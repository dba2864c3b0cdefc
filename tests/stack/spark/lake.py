"""The lake in HDFS as another program sees it."""

import json
from typing import Any

import hdfs

from workers.stack.hdfs import USER
from workers.stack.port import Ports


class HdfsLake:
    """`root` is the lake's folder."""

    def __init__(self, ports: Ports, root: str) -> None:
        self.url = f"hdfs://127.0.0.1:{ports.name_node}{root}"
        self._root = root
        self._client = hdfs.InsecureClient(f"http://127.0.0.1:{ports.web_hdfs}", user=USER)

    def names(self, folder: str) -> list[str]:
        """The files below a folder, as names in the lake."""
        if self._client.status(f"{self._root}/{folder}", strict=False) is None:
            return []
        walked = self._client.walk(f"{self._root}/{folder}")
        return [
            f"{path}/{name}".removeprefix(f"{self._root}/") for path, _, names in walked for name in names
        ]

    def lines(self, folder: str) -> list[str]:
        """The lines of all files below a folder."""
        return [line for name in self.names(folder) for line in self.read(name).decode().splitlines()]

    def events(self) -> list[dict[str, Any]]:
        """All events, as often as they stand there. Raises ValueError for a line that is none."""
        return [json.loads(line) for line in self.lines("raw/events")]

    def read(self, name: str) -> bytes:
        with self._client.read(f"{self._root}/{name}") as reader:
            content: bytes = reader.read()
        return content

    def write(self, name: str, content: bytes) -> None:
        self._client.write(f"{self._root}/{name}", content, overwrite=True)

    def delete(self, name: str) -> None:
        self._client.delete(f"{self._root}/{name}", recursive=True)
