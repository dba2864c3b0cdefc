"""Every fault of docker-compose.yml that we know how to see, each in words."""

from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

from tests.deploy.composition import Composition, Service, needs
from tests.deploy.dockerfile import Dockerfile
from tests.deploy.pin import pinned_tag
from tests.deploy.variable import setting_names, variables_of

OWN = "proctorwise/"
LOCAL = "local"
DONE, HEALTHY = "service_completed_successfully", "service_healthy"
SECRETS = ("PASSWORD", "SECRET", "TOKEN", "KEY", "KEYS")
MAY_BE_EMPTY = {"SMTP_PASSWORD"}  # a mail server without an account
# Their images write their configuration where they run.
WRITING = {
    "kafka",
    "temporal",
    "temporal-ui",
    "airflow-init",
    "airflow-api",
    "airflow-scheduler",
    "airflow-dags",
}
# Their images' own account is an ordinary one; its number is not ours to name.
UNPRIVILEGED = {"apache/kafka", "temporalio/server", "temporalio/ui"}
# What Airflow's tasks read besides the settings of product and jobs.
OF_JOBS = {"HADOOP_USER_NAME", "PROCTORWISE_FIRST_DAY"}
OURS = {"proctorwise/api", "proctorwise/worker", "proctorwise/ml"}


def faults(file: Composition) -> list[str]:
    """All of them; none is what we want."""
    checks = (
        images,
        ports,
        volumes,
        files,
        dependencies,
        networks,
        health,
        limits,
        rights,
        variables,
        environment,
    )
    return [fault for check in checks for fault in check(file)]


def images(file: Composition) -> Iterator[str]:
    """An exact tag, the one the repository pins where it pins one; ours are built by exactly one service."""
    built: dict[str, str] = {}
    for name, service in file.services.items():
        image, _, tag = service["image"].rpartition(":")
        if "build" in service:
            if service["image"] in built:
                yield f"{name} builds {service['image']}, and so does {built[service['image']]}"
            built[service["image"]] = name
        if image.startswith(OWN):
            if tag != LOCAL:
                yield f"{name}: an image of ours is tagged {LOCAL}, not {tag}"
        elif not image or not any(letter.isdigit() for letter in tag):
            yield f"{name}: {service['image']} names no exact version"
        elif (expected := pinned_tag(image, file.root)) is not None and not tag.startswith(expected):
            yield f"{name}: {image} is {tag}, and the repository pins {expected}"
    wanted = {service["image"] for service in file.services.values() if service["image"].startswith(OWN)}
    yield from (f"nobody builds {image}" for image in sorted(wanted - set(built)))


def ports(file: Composition) -> Iterator[str]:
    """On loopback, each once, and only where the network leads out."""
    taken: dict[str, str] = {}
    for name, service in file.services.items():
        for port in service.get("ports", ()):
            host, _, rest = str(port).rpartition(":")[0].rpartition(":")
            if not host or not ip_address(host).is_loopback:
                yield f"{name}: port {port} is not on loopback alone"
            if rest in taken:
                yield f"{name}: port {rest} is {taken[rest]}'s already"
            taken[rest] = name
            if all((file.networks.get(net) or {}).get("internal") for net in service.get("networks", ())):
                yield f"{name}: a port is published from an internal network, where Docker opens none"


def volumes(file: Composition) -> Iterator[str]:
    """Declared and used."""
    used = {mount.source for _, mount in file.mounts() if mount.is_volume}
    yield from (f"volume {name} is used and not declared" for name in sorted(used - file.volumes))
    yield from (f"volume {name} is declared and not used" for name in sorted(file.volumes - used))


def files(file: Composition) -> Iterator[str]:
    """What is mounted or built from is there."""
    for name, mount in file.mounts():
        if not mount.is_volume and not (file.root / mount.source).is_file():
            yield f"{name}: {mount.source} is mounted and not there"
    for name, service in file.services.items():
        if "build" in service and not _dockerfile(file.root, service).is_file():
            yield f"{name}: {service['build']['dockerfile']} is not there"


def dependencies(file: Composition) -> Iterator[str]:
    """Targets exist, can meet their condition, and stand in no circle."""
    for name, service in file.services.items():
        for target, wish in needs(service).items():
            if target not in file.services:
                yield f"{name} depends on {target}, which is not there"
                continue
            other = file.services[target]
            if wish["condition"] == HEALTHY and "healthcheck" not in other:
                yield f"{name} waits until {target} is healthy, and it has no health check"
            if (wish["condition"] == DONE) != (other.get("restart") == "no"):
                yield f"{name} waits for {target} by {wish['condition']}, and its restart is {other.get('restart')}"
    yield from (f"{name} depends on itself in the end" for name in file.services if _reaches(file, name))


def _reaches(file: Composition, name: str) -> bool:
    seen: set[str] = set()
    ahead = list(needs(file.services[name]))
    while ahead:
        target = ahead.pop()
        if target not in seen:
            seen.add(target)
            ahead += needs(file.services.get(target, {}))
    return name in seen


def networks(file: Composition) -> Iterator[str]:
    """Everybody is in one, all are declared; databases and brokers have no way out."""
    for name, service in file.services.items():
        chosen = service.get("networks") or []
        if not chosen:
            yield f"{name} is in no network of ours"
        yield from (f"{name}: network {net} is not declared" for net in chosen if net not in file.networks)


def health(file: Composition) -> Iterator[str]:
    """A health check each, except for what ends by itself."""
    for name, service in file.services.items():
        if (service.get("restart") == "no") == ("healthcheck" in service):
            yield f"{name}: what stays up needs a health check, and what ends by itself cannot have one"


def limits(file: Composition) -> Iterator[str]:
    """Processor and memory."""
    for name, service in file.services.items():
        given = ((service.get("deploy") or {}).get("resources") or {}).get("limits") or {}
        if not {"cpus", "memory"} <= set(given):
            yield f"{name} has no limits of cpus and memory"


def rights(file: Composition) -> Iterator[str]:
    """No root, no capability, no new privileges, no writing into the image."""
    for name, service in file.services.items():
        image = service["image"].rpartition(":")[0]
        user = str(service.get("user", _account(file.root, service["image"], file)))
        if user.partition(":")[0] in {"0", "root", ""} and image not in UNPRIVILEGED:
            yield f"{name} runs as root"
        if service.get("privileged") or service.get("cap_add") or service.get("cap_drop") != ["ALL"]:
            yield f"{name} keeps capabilities"
        if "no-new-privileges:true" not in service.get("security_opt", ()):
            yield f"{name} may gain privileges"
        if bool(service.get("read_only")) == (name in WRITING):
            yield f"{name}: its image is to be read-only, unless it is named as one that cannot be"


def _account(root: Path, image: str, file: Composition) -> str:
    """The account that our Dockerfile ends with."""
    for service in file.services.values():
        if service["image"] == image and "build" in service and _dockerfile(root, service).is_file():
            return Dockerfile.read(_dockerfile(root, service)).user
    return ""


def _dockerfile(root: Path, service: Service) -> Path:
    return Path(root, service["build"]["context"], service["build"]["dockerfile"])


def variables(file: Composition) -> Iterator[str]:
    """What the file asks for stands in deploy/env.example, and nothing else does; secrets have no default."""
    listed = variables_of(file.root / "deploy" / "env.example")
    asked = {name for name, _ in file.variables()}
    yield from (f"${{{name}}} is not in deploy/env.example" for name in sorted(asked - set(listed)))
    yield from (
        f"{name} of deploy/env.example is asked for by nobody" for name in sorted(set(listed) - asked)
    )
    for name, rest in sorted(file.variables()):
        if name.endswith(SECRETS) and name not in MAY_BE_EMPTY:
            if not rest.startswith(":?"):
                yield f"{name} is a secret and has a default"
            elif listed.get(name):
                yield f"{name} has a value in deploy/env.example"
        elif rest.startswith(":-") and listed.get(name, "") != rest[2:]:
            yield f"{name} is {rest[2:]!r} here and {listed.get(name)!r} in deploy/env.example"


def environment(file: Composition) -> Iterator[str]:
    """Each name that our processes get is a setting: a typo would be ignored without a word."""
    known = setting_names(file.root)
    for name, given in file.environments():
        if file.services[name]["image"].rpartition(":")[0] in OURS:
            yield from (f"{name}: {key} is no setting of the product" for key in sorted(set(given) - known))
        if file.services[name]["image"].startswith("proctorwise/airflow"):
            further = {key for key in given if not key.startswith("AIRFLOW_")} - known - OF_JOBS
            yield from (f"{name}: {key} is no setting of product or jobs" for key in sorted(further))
