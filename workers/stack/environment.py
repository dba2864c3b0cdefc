"""The product's settings for the running stack, as a shell reads them: `eval "$(python -m workers stack env)"`."""

import shlex
from collections.abc import Callable, Collection
from urllib.parse import quote_plus

from workers.stack.galera import NODES
from workers.stack.galera import USER as GALERA_USER
from workers.stack.hdfs import USER as HDFS_USER
from workers.stack.port import HOST, Ports
from workers.stack.settings import StackSettings

Told = dict[str, str]

LAKE = "/lake"


def environment(members: Collection[str], settings: StackSettings) -> Told:
    """What each running engine means for the product, by the name of its first member, and a place of its own."""
    ports = Ports(settings.port_offset)
    told = {
        "VAR_DIR": str(settings.var_dir / "product"),
        "API_PORT": str(ports.product),
        "PUBLIC_URL": f"http://localhost:{ports.product}",
        "INTERNAL_API_URL": f"http://{HOST}:{ports.product}",
    }
    for member, means in _MEANING.items():
        if member in members:
            told |= means(settings)
    return told


def as_shell(told: Told) -> str:
    """One `export` a line."""
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in told.items())


def _galera(settings: StackSettings) -> Told:
    ports = Ports(settings.port_offset)
    password = quote_plus(settings.galera_password.get_secret_value())
    hosts = ",".join(f"{HOST}:{ports.galera_sql(node)}" for node in NODES)
    return {"DATABASE_URL": f"mysql+aiomysql://{GALERA_USER}:{password}@{hosts}/{{schema}}?charset=utf8mb4"}


def _kafka(settings: StackSettings) -> Told:
    ports = Ports(settings.port_offset)
    return {
        "KAFKA_BOOTSTRAP": f"{HOST}:{ports.kafka}",
        "KAFKA_PARTITIONS": "3",
        "ENABLE_KAFKA_CONSUMER": "true",
    }


def _hdfs(settings: StackSettings) -> Told:
    ports = Ports(settings.port_offset)
    return {
        "USE_LOCAL_STORAGE": "false",
        "HDFS_URL": f"http://{HOST}:{ports.web_hdfs}",
        "HDFS_USER": HDFS_USER,
        "HDFS_ROOT": LAKE,
        # So that somebody who tries it sees events arrive; one object a minute is for many students.
        "LAKE_FLUSH": "PT5S",
        "SPARK_LAKE_URL": f"hdfs://{HOST}:{ports.name_node}{LAKE}",
    }


def _spark(settings: StackSettings) -> Told:
    return {"SPARK_MASTER": f"spark://{HOST}:{Ports(settings.port_offset).spark_master}"}


def _mail(settings: StackSettings) -> Told:
    ports = Ports(settings.port_offset)
    return {
        "USE_MOCK_SENDERS": "false",
        "SMTP_HOST": HOST,
        "SMTP_PORT": str(ports.smtp),
        "SMTP_TLS": "none",
        # Read by the demo's people, who have no other way to the mails.
        "DEMO_MAILDIR": str(settings.var_dir / "mail"),
    }


def _temporal(settings: StackSettings) -> Told:
    ports = Ports(settings.port_offset)
    return {
        "TEMPORAL_EMBEDDED": "false",
        "TEMPORAL_ADDRESS": f"{HOST}:{ports.temporal}",
        "TEMPORAL_UI_URL": f"http://localhost:{ports.temporal_ui}",
    }


_MEANING: dict[str, Callable[[StackSettings], Told]] = {
    "galera-1": _galera,
    "kafka": _kafka,
    "hdfs-name": _hdfs,
    "spark-master": _spark,
    "mail": _mail,
    "temporal": _temporal,
}
