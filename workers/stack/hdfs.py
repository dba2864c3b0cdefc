"""HDFS: one name node and two data nodes, reached by WebHDFS."""

import secrets
import subprocess
from pathlib import Path

import httpx

from workers.part import Part
from workers.product import Probe
from workers.stack.engine import Member, Say, Unprepared
from workers.stack.jar import Jars
from workers.stack.java import java
from workers.stack.port import HOST, Ports
from workers.stack.settings import StackSettings
from workers.stack.template import fill

USER = "proctorwise"
DATA_NODES = (1, 2)
SERVER = "org.apache.hadoop.hdfs.server"
NAME_NODE = f"{SERVER}.namenode.NameNode"
DATA_NODE = f"{SERVER}.datanode.DataNode"
# Who starts the name node is HDFS's superuser, whatever the machine calls them.
ENVIRONMENT = {"HADOOP_USER_NAME": USER}


class Hdfs:
    """Files in two copies; the account `proctorwise` owns everything."""

    name = "hdfs"

    def __init__(self, settings: StackSettings) -> None:
        self._settings = settings
        self._ports = Ports(settings.port_offset)
        self._jars = Jars(self.name, settings)
        self._home = settings.var_dir / "hdfs"

    def prepare(self, say: Say) -> None:
        self._jars.prepare(say)
        self._configure()
        if not (self._names / "current" / "VERSION").exists():
            say("hdfs: formatting the name node")
            self._format()

    def members(self) -> tuple[Member, ...]:
        address = f"http://{HOST}:{self._ports.web_hdfs}/webhdfs/v1/?user.name={USER}"
        ports = (self._ports.name_node, self._ports.web_hdfs)
        names = Part("hdfs-name", self._java(NAME_NODE), ENVIRONMENT)
        return (
            Member(names, address, ports, self._takes_writes()),
            *(self._data_node(node) for node in DATA_NODES),
        )

    def _data_node(self, node: int) -> Member:
        port = self._ports.data_node(node)
        own = {
            "dfs.datanode.data.dir": f"file://{self._home / f'data-{node}'}",
            "dfs.datanode.address": f"{HOST}:{port}",
            "dfs.datanode.http.address": f"{HOST}:{port + 10}",
            "dfs.datanode.ipc.address": f"{HOST}:{port + 20}",
            "dfs.datanode.http.internal-proxy.port": str(port + 30),
        }
        options = [word for key, value in own.items() for word in ("-D", f"{key}={value}")]
        part = Part(f"hdfs-data-{node}", self._java(DATA_NODE, *options), ENVIRONMENT)
        ports = tuple(range(port, port + 40, 10))
        return Member(part, f"http://{HOST}:{port + 10}/jmx", ports, self._is_known(f"{HOST}:{port}"))

    def _configure(self) -> None:
        secret = self._home / "signature-secret"
        if not secret.exists():
            secret.parent.mkdir(parents=True, exist_ok=True)
            secret.write_text(secrets.token_hex(32), encoding="utf-8")
        fill("hdfs/core-site.xml", self._conf / "core-site.xml", rpc=self._ports.name_node, secret=secret,
             tmp=self._home / "tmp")  # fmt: skip
        fill("hdfs/hdfs-site.xml", self._conf / "hdfs-site.xml", rpc=self._ports.name_node,
             http=self._ports.web_hdfs, names=self._names)  # fmt: skip
        fill("hdfs/log4j.properties", self._conf / "log4j.properties")
        for pages in ("hdfs", "datanode"):
            # The artifacts have no web pages, and the servers want the folders.
            (self._conf / "webapps" / pages).mkdir(parents=True, exist_ok=True)

    def _format(self) -> None:
        command = self._java(NAME_NODE, "-format", "-nonInteractive", "-force")
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode:
            raise Unprepared(
                f"the name node could not be formatted:\n{done.stdout[-2_000:]}{done.stderr[-2_000:]}"
            )

    def _java(self, main: str, *arguments: str) -> tuple[str, ...]:
        classpath = (self._conf, f"{self._jars.folder}/*")
        return java(self._settings, classpath, main, *arguments)

    def _takes_writes(self) -> Probe:
        async def is_ready() -> bool:
            bean = await self._bean("NameNodeInfo")
            return bean is not None and not bean["Safemode"]

        return is_ready

    def _is_known(self, data_address: str) -> Probe:
        async def is_ready() -> bool:
            bean = await self._bean("NameNodeInfo")
            return bean is not None and f'"xferaddr":"{data_address}"' in bean["LiveNodes"]

        return is_ready

    async def _bean(self, name: str) -> dict[str, str] | None:
        address = f"http://{HOST}:{self._ports.web_hdfs}/jmx"
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=3) as client:
                answer = await client.get(address, params={"qry": f"Hadoop:service=NameNode,name={name}"})
        except httpx.HTTPError:
            return None
        beans: list[dict[str, str]] = answer.json()["beans"] if answer.is_success else []
        return beans[0] if beans else None

    @property
    def _conf(self) -> Path:
        return self._home / "conf"

    @property
    def _names(self) -> Path:
        return self._home / "names"
