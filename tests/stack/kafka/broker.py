"""A real Kafka broker of the tests' own, on a free port, that can be killed and started again on its files."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

CLUSTER_ID = "cHJvY3Rvcndpc2UtdGVzdA"
READY_WITHIN_SECONDS = 90.0
JAVA = ("java", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")

PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs={folder}/data
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
"""


def jars() -> Path:
    """The folder of Kafka's jars: STACK_KAFKA_JARS, or the newest that the native stack has prepared."""
    if named := os.environ.get("STACK_KAFKA_JARS"):
        return Path(named).expanduser()
    cache = Path(os.environ.get("STACK_CACHE_DIR", "~/.cache/proctorwise")).expanduser() / "jars"
    prepared = [
        path.parent for path in cache.glob("kafka-*/kafka_2.13-*.jar") if path.parent.suffix != ".new"
    ]
    if not prepared:
        raise FileNotFoundError(
            f"Kafka's jars are not in {cache}: start the native stack once (docs/stack.md)"
        )
    return max(prepared, key=lambda folder: folder.stat().st_mtime)


class Broker:
    """Broker and controller in one process (KRaft)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port, controller = _free_ports()
        self._process: subprocess.Popen[bytes] | None = None
        self.bootstrap = f"127.0.0.1:{self._port}"
        self._properties = folder / "server.properties"
        self._properties.write_text(
            PROPERTIES.format(port=self._port, controller=controller, folder=folder), encoding="utf-8"
        )
        format_ = ("kafka.tools.StorageTool", "format", "--standalone", "-t", CLUSTER_ID, "-c")
        subprocess.run(self._java(*format_, str(self._properties)), check=True, capture_output=True)

    def start(self) -> None:
        """Returns once it answers."""
        with (self._folder / "broker.log").open("ab") as log:
            command = self._java("kafka.Kafka", str(self._properties))
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not _answers(self._port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self._folder / "broker.log").read_text(encoding="utf-8")[-4000:])
            time.sleep(0.2)

    def kill(self) -> None:
        """By SIGKILL: nothing is flushed, nobody is told."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _java(self, *arguments: str) -> tuple[str, ...]:
        return (*JAVA, "-cp", f"{jars()}/*", *arguments)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        for found in (one, two):
            found.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
