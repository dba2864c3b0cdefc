"""Every port of the native stack, in one table that moves as a whole."""

from dataclasses import dataclass

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports, each moved by `offset`. Nodes are numbered from 1."""

    offset: int = 0

    def galera_sql(self, node: int) -> int:
        return 13_305 + node + self.offset

    def galera_cluster(self, node: int) -> int:
        """Group communication; the next port is for incremental, the one after for full state transfer."""
        return 14_557 + 10 * node + self.offset

    @property
    def kafka(self) -> int:
        return 19_092 + self.offset

    @property
    def kafka_controller(self) -> int:
        return 19_093 + self.offset

    @property
    def name_node(self) -> int:
        return 18_020 + self.offset

    @property
    def web_hdfs(self) -> int:
        return 19_870 + self.offset

    def data_node(self, node: int) -> int:
        """Data; then follow, ten apart, HTTP, RPC and the inner proxy."""
        return 18_860 + node + self.offset

    @property
    def spark_master(self) -> int:
        return 17_077 + self.offset

    @property
    def spark_master_page(self) -> int:
        return 17_078 + self.offset

    def spark_worker(self, node: int) -> int:
        return 17_080 + node + self.offset

    def spark_worker_page(self, node: int) -> int:
        return 17_090 + node + self.offset

    @property
    def smtp(self) -> int:
        return 11_025 + self.offset

    @property
    def product(self) -> int:
        """Where the product's API listens when it runs on this stack (`stack env`)."""
        return 18_000 + self.offset

    @property
    def temporal(self) -> int:
        return 17_233 + self.offset

    @property
    def temporal_ui(self) -> int:
        return 18_233 + self.offset

    @property
    def airflow(self) -> int:
        """The API server, with Airflow's screens."""
        return 18_380 + self.offset

    @property
    def airflow_scheduler(self) -> int:
        """Where the scheduler says that it is well."""
        return 18_381 + self.offset

    @property
    def airflow_database(self) -> int:
        """PostgreSQL, for Airflow alone."""
        return 15_432 + self.offset
