"""What the compose file's configuration files name is what the product names."""

import re
import subprocess
from base64 import urlsafe_b64decode
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from schema.db.schemas import METADATA
from schema.queue import SearchName
from tests.deploy.composition import Composition

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
FILE = Composition.read((ROOT / "docker-compose.yml").read_text(encoding="utf-8"), ROOT)
SCRIPTS = sorted(DEPLOY.rglob("*.sh"))

# What the image's entry point gives the scripts that it sources.
ENTRY_POINT = """
docker_sql_escape_string_literal() { printf '%s' "${1//\\'/\\\\\\'}"; }
docker_process_sql() { cat; }
"""


def environment(service: str) -> dict[str, str]:
    return dict(FILE.services[service]["environment"])


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: str(path.relative_to(DEPLOY)))
def test_scripts_can_be_read_by_their_shell(script: Path) -> None:
    shell = "sh" if script.read_text(encoding="utf-8").startswith("#!/bin/sh") else "bash"

    done = subprocess.run((shell, "-n", script), capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_the_first_start_makes_the_six_databases_and_the_accounts(tmp_path: Path) -> None:
    program = f'{ENTRY_POINT}\n. "{DEPLOY / "galera" / "initdb.sh"}"'
    surroundings = {
        "PATH": "/usr/bin:/bin", "DATABASE_PASSWORD": "it's", "GALERA_NODE": "galera-1", "GALERA_FIRST": "galera-1",
        "GALERA_BORN": str(tmp_path / "born"),
    }  # fmt: skip

    sql = subprocess.run(
        ("bash", "-euc", program), env=surroundings, capture_output=True, text=True, check=True
    ).stdout

    made = re.findall(r"CREATE DATABASE IF NOT EXISTS (\w+) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;", sql)
    assert made == [f"proctorwise_{schema}" for schema in METADATA]
    assert "IDENTIFIED BY 'it\\'s';" in sql
    assert r"GRANT ALL ON `proctorwise\_%`.* TO proctorwise@'%';" in sql
    assert (tmp_path / "born").exists()


def test_only_the_first_node_says_that_a_cluster_was_born(tmp_path: Path) -> None:
    program = f'{ENTRY_POINT}\n. "{DEPLOY / "galera" / "initdb.sh"}"'
    surroundings = {
        "PATH": "/usr/bin:/bin", "DATABASE_PASSWORD": "x", "GALERA_NODE": "galera-2", "GALERA_FIRST": "galera-1",
        "GALERA_BORN": str(tmp_path / "born"),
    }  # fmt: skip

    subprocess.run(("bash", "-euc", program), env=surroundings, capture_output=True, check=True)

    assert not (tmp_path / "born").exists()


def test_the_namespace_is_made_as_the_product_wants_it() -> None:
    made, product = environment("temporal-namespace"), environment("worker-lifecycle")

    assert made["TEMPORAL_SEARCH_NAMES"].split() == [name.value for name in SearchName]
    assert made["TEMPORAL_NAMESPACE"] == product["TEMPORAL_NAMESPACE"]
    assert made["TEMPORAL_RETENTION_DAYS"] == product["TEMPORAL_RETENTION_DAYS"]


def test_the_balancer_knows_the_nodes_and_asks_whether_each_is_synced() -> None:
    text = (DEPLOY / "haproxy" / "haproxy.cfg").read_text(encoding="utf-8")
    sent = [bytes.fromhex(found) for found in re.findall(r"send-binary (\w+)", text)]

    servers = re.findall(r"^  server (\S+) (\S+):3306", text, re.MULTILINE)
    assert [name for name, host in servers if name == host] == environment("galera-1")["GALERA_PEERS"].split()
    sign_in, query = b"".join(sent[:2]), b"".join(sent[2:])
    assert int.from_bytes(sign_in[:3], "little") == len(sign_in) - 4
    assert sign_in[-10:] == b"balancer\0\0"
    assert int.from_bytes(query[:3], "little") == len(query) - 4
    assert query[5:] == b"SHOW STATUS LIKE 'wsrep_local_state'"


def test_hdfs_is_configured_for_the_services_that_there_are() -> None:
    values = {}
    for name in ("core-site.xml", "hdfs-site.xml"):
        for node in ElementTree.parse(DEPLOY / "hadoop" / name).getroot():  # noqa: S314 - our own file
            values[node.findtext("name")] = node.findtext("value")
    nodes = [name for name in FILE.services if name.startswith("datanode-")]
    mounted = {mount.target for name, mount in FILE.mounts() if name in {"namenode", *nodes}}

    assert values["fs.defaultFS"] == "hdfs://namenode:8020"
    assert environment("api")["HDFS_URL"] == f"http://{values['dfs.namenode.http-address']}"
    assert int(values["dfs.replication"] or 0) == len(nodes)
    assert {f"file://{target}" for target in mounted} == {
        values["dfs.namenode.name.dir"],
        values["dfs.datanode.data.dir"],
    }
    assert all(FILE.services[name]["hostname"] == name for name in ("namenode", *nodes))


def test_the_lake_is_the_same_folder_for_everybody() -> None:
    folder, product, jobs = (
        environment("hdfs-folder"),
        environment("worker-io"),
        environment("airflow-scheduler"),
    )

    assert folder == {name: product[name] for name in ("HDFS_ROOT", "HDFS_USER")}
    assert jobs["SPARK_LAKE_URL"] == f"hdfs://namenode:8020{product['HDFS_ROOT']}"
    assert jobs["HADOOP_USER_NAME"] == product["HDFS_USER"]


def test_kafkas_storage_has_a_name_that_it_takes() -> None:
    name = environment("kafka")["CLUSTER_ID"]

    assert len(urlsafe_b64decode(f"{name}==")) == 16


def test_temporals_limits_can_be_read() -> None:
    limits = yaml.safe_load((DEPLOY / "temporal" / "dynamic.yaml").read_text(encoding="utf-8"))

    assert all(isinstance(values, list) and "value" in values[0] for values in limits.values())
