"""MariaDB Galera: three nodes that replicate synchronously."""

import shutil
import subprocess
import sys
from pathlib import Path

import aiomysql

from schema.db.schemas import METADATA
from workers.part import Part
from workers.product import Probe
from workers.stack.account import account_for
from workers.stack.debian import program, require
from workers.stack.engine import Member, Say, Unprepared
from workers.stack.grastate import Position, allow_bootstrap, recovered_position, written_position
from workers.stack.port import HOST, Ports
from workers.stack.settings import StackSettings
from workers.stack.template import fill

NODES = (1, 2, 3)
USER = "proctorwise"
PROGRAMS = {
    "mariadbd": "mariadb-server",
    "mariadb-install-db": "mariadb-server",
    "wsrep_sst_rsync": "mariadb-server",
    "rsync": "rsync",
    "lsof": "lsof",
}
PROVIDER = Path("/usr/lib/galera/libgalera_smm.so")
# As in node.cnf, which is not read yet when the databases are made.
LETTERS = "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
LONGEST_SOCKET_PATH = 107  # sun_path, less its closing zero


class Galera:
    """Three servers with the six schemas and one account, which may also make schemas `proctorwise_…`."""

    name = "galera"

    def __init__(self, settings: StackSettings) -> None:
        self._settings = settings
        self._ports = Ports(settings.port_offset)
        self._home = settings.var_dir / "galera"
        self._account = account_for("mysql")

    def prepare(self, say: Say) -> None:
        """Packages, an empty database for each node, and the choice of the node that begins the cluster."""
        require(PROGRAMS, say)
        self._home.mkdir(parents=True, exist_ok=True)
        for node in NODES:
            self._configure(node)
        first = self._data(NODES[0])
        if not (first / "mysql").exists():
            say("galera: making the databases")
            self._install(first)
            for node in NODES[1:]:
                shutil.rmtree(self._data(node), ignore_errors=True)
                shutil.copytree(first, self._data(node))
        self._choose_first()
        self._account.own(self._home)

    def members(self) -> tuple[Member, ...]:
        return tuple(self._member(node) for node in NODES)

    def _member(self, node: int) -> Member:
        command = (sys.executable, "-u", "-m", "workers.stack.galera_node", str(self._configuration(node)),
                   str(self._bootstrap_mark), str(node), str(self._ports.offset))  # fmt: skip
        port, cluster = self._ports.galera_sql(node), self._ports.galera_cluster(node)
        ports = (port, cluster, cluster + 1, cluster + 2)
        address = f"mysql+aiomysql://{USER}:…@{HOST}:{port}/proctorwise_{{schema}}?charset=utf8mb4"
        return Member(Part(f"galera-{node}", command, stop_within=30), address, ports, self._probe(port))

    def _probe(self, port: int) -> Probe:
        password = self._settings.galera_password.get_secret_value()

        async def is_ready() -> bool:
            try:
                link = await aiomysql.connect(
                    host=HOST, port=port, user=USER, password=password, connect_timeout=2
                )
            except (aiomysql.Error, OSError):
                return False
            try:
                return await _sees_everyone(link)
            except aiomysql.Error:
                return False
            finally:
                await link.ensure_closed()

        return is_ready

    def _configure(self, node: int) -> None:
        socket = self._home / f"node-{node}.sock"
        if len(str(socket)) > LONGEST_SOCKET_PATH:
            raise Unprepared(f"{socket} is too long for a socket; choose a shorter STACK_VAR_DIR")
        temporary = self._home / f"node-{node}.tmp"
        temporary.mkdir(exist_ok=True)
        cluster = self._ports.galera_cluster(node)
        fill(
            "galera/node.cnf", self._configuration(node), node=node, user=self._account.name, data=self._data(node),
            socket=socket, tmp=temporary, sql=self._ports.galera_sql(node), provider=PROVIDER, cluster=cluster,
            transfer=cluster + 1, full_transfer=cluster + 2,
            peers=",".join(f"{HOST}:{self._ports.galera_cluster(peer)}" for peer in NODES),
        )  # fmt: skip

    def _install(self, data: Path) -> None:
        unfinished = data.with_name(f"{data.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        command = (
            program("mariadb-install-db"), "--no-defaults", f"--datadir={unfinished}", f"--user={self._account.name}",
            "--auth-root-authentication-method=socket", f"--auth-root-socket-user={self._account.name}",
            "--skip-test-db", "--innodb-log-file-size=32M", f"--extra-file={self._accounts()}",
        )  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Unprepared(f"mariadb-install-db failed:\n{done.stdout}{done.stderr}")
        unfinished.rename(data)

    def _accounts(self) -> Path:
        password = self._settings.galera_password.get_secret_value().replace("\\", "\\\\").replace("'", "''")
        script = fill("galera/accounts.sql", self._home / "accounts.sql", user=USER, password=password)
        with script.open("a", encoding="utf-8") as file:
            file.writelines(f"CREATE DATABASE proctorwise_{schema} {LETTERS};\n" for schema in METADATA)
        return script

    def _choose_first(self) -> None:
        """All nodes are down here: the one that has the most write sets begins, whatever it thinks of itself."""
        positions = {node: self._position(node) for node in NODES}
        first = max(NODES, key=lambda node: (positions[node].sequence, -node))
        for node in NODES:
            (self._data(node) / "gvwstate.dat").unlink(missing_ok=True)
        allow_bootstrap(self._data(first))
        self._bootstrap_mark.write_text(f"{first}\n", encoding="utf-8")

    def _position(self, node: int) -> Position:
        known = written_position(self._data(node))
        return known or recovered_position(program("mariadbd"), self._configuration(node), self._account)

    @property
    def _bootstrap_mark(self) -> Path:
        return self._home / "begins"

    def _configuration(self, node: int) -> Path:
        return self._home / f"node-{node}.cnf"

    def _data(self, node: int) -> Path:
        return self._home / f"node-{node}"


async def _sees_everyone(link: aiomysql.Connection) -> bool:
    async with link.cursor() as cursor:
        await cursor.execute(
            "SHOW STATUS WHERE variable_name IN ('wsrep_ready', 'wsrep_cluster_size', 'wsrep_local_state_comment')"
        )
        status = {str(name): str(value) for name, value in await cursor.fetchall()}
    return status == {
        "wsrep_ready": "ON",
        "wsrep_cluster_size": str(len(NODES)),
        "wsrep_local_state_comment": "Synced",
    }
