"""The engines of the stack by name."""

from collections.abc import Callable, Iterable

from workers.stack.airflow import Airflow
from workers.stack.engine import Engine, Unprepared
from workers.stack.galera import Galera
from workers.stack.hdfs import Hdfs
from workers.stack.kafka import Kafka
from workers.stack.mail import Mail
from workers.stack.settings import StackSettings
from workers.stack.spark import Spark
from workers.stack.temporal import Temporal

ENGINES: dict[str, Callable[[StackSettings], Engine]] = {
    "galera": Galera,
    "kafka": Kafka,
    "hdfs": Hdfs,
    "spark": Spark,
    "mail": Mail,
    "temporal": Temporal,
    "airflow": Airflow,
}


def chosen(names: Iterable[str], settings: StackSettings) -> tuple[Engine, ...]:
    """The engines named, in the order of the catalogue; all when none is named. Raises Unprepared."""
    wanted = set(names) or set(ENGINES)
    if unknown := sorted(wanted - set(ENGINES)):
        raise Unprepared(f"no engine is called {', '.join(unknown)}; there are {', '.join(ENGINES)}")
    return tuple(make(settings) for name, make in ENGINES.items() if name in wanted)
