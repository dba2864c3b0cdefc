"""Apache Kafka in KRaft mode: broker and controller in one process."""

import asyncio
import base64
import subprocess
import uuid
from pathlib import Path

from workers.part import Part
from workers.stack.engine import Member, Say, Unprepared
from workers.stack.jar import Jars
from workers.stack.java import java
from workers.stack.port import HOST, Ports
from workers.stack.settings import StackSettings
from workers.stack.template import fill

# Kafka's protocol: an ApiVersions request (key 18, version 0) from a client without a name, number 1.
ASK_VERSIONS = bytes.fromhex("0000000a 0012 0000 00000001 ffff".replace(" ", ""))


class Kafka:
    """One broker. Topics appear when they are first written to, with three partitions."""

    name = "kafka"

    def __init__(self, settings: StackSettings) -> None:
        self._settings = settings
        self._ports = Ports(settings.port_offset)
        self._jars = Jars(self.name, settings)
        self._home = settings.var_dir / "kafka"

    def prepare(self, say: Say) -> None:
        self._jars.prepare(say)
        fill("kafka/log4j2.properties", self._home / "log4j2.properties")
        fill("kafka/server.properties", self._properties, data=self._home / "data",
             port=self._ports.kafka, controller=self._ports.kafka_controller)  # fmt: skip
        if not (self._home / "data" / "meta.properties").exists():
            say("kafka: formatting the storage")
            self._format()

    def members(self) -> tuple[Member, ...]:
        command = self._java("kafka.Kafka", str(self._properties))
        ports = (self._ports.kafka, self._ports.kafka_controller)
        return (Member(Part("kafka", command), f"{HOST}:{self._ports.kafka}", ports, self._is_ready),)

    def _format(self) -> None:
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        command = self._java("kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(self._properties))
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode:
            raise Unprepared(f"Kafka's storage could not be formatted:\n{done.stdout}{done.stderr}")

    def _java(self, main: str, *arguments: str) -> tuple[str, ...]:
        classpath = (f"{self._jars.folder}/*",)
        options = (f"-Dlog4j2.configurationFile={self._home / 'log4j2.properties'}",)
        return java(self._settings, classpath, main, *arguments, options=options)

    async def _is_ready(self) -> bool:
        """The broker opens its port last; what answers there says which protocol it speaks."""
        try:
            reader, writer = await asyncio.open_connection(HOST, self._ports.kafka)
            writer.write(ASK_VERSIONS)
            size = int.from_bytes(await asyncio.wait_for(reader.readexactly(4), 3))
            answer = await asyncio.wait_for(reader.readexactly(size), 3)
            writer.close()
        except (OSError, EOFError, TimeoutError):
            return False
        number, trouble = answer[:4], answer[4:6]
        return number == b"\x00\x00\x00\x01" and trouble == b"\x00\x00"

    @property
    def _properties(self) -> Path:
        return self._home / "server.properties"
