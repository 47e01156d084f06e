"""The image and the compose file say what the program and the newsroom rely on.

Nothing is built or started here: a schema validator and a linter read the files, and
what they take from the program is held against the program.
"""

import re
import shutil
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import requires
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import click
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

from service.cli.main import outspoken
from service.settings import ServiceSettings
from tests.support.paths import ROOT, START_TIMEOUT_S
from tests.support.service import RunningService, environment
from workers.database import open_database
from workers.errors import StorageFailed

SERVICES = ("api", "postgres", "redis", "worker")
OURS = ("api", "worker")
SERVERS = ("postgres", "redis")
SECRET = "/run/secrets/database_password"  # noqa: S105 - the path of one
CONTAINERS = (ROOT / "docs" / "CONTAINERS.md").read_text(encoding="utf-8")
PROGRAMS = Path(sysconfig.get_path("scripts"))


@cache
def compose() -> dict:
    """Return the compose file, anchors merged."""
    return YAML(typ="safe").load(ROOT / "docker-compose.yml")


def service(name: str) -> dict:
    """Return one service of the compose file."""
    return compose()["services"][name]


@cache
def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile as (INSTRUCTION, the rest), continued lines joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    joined = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    lines = (line.split(maxsplit=1) for line in joined.splitlines() if line)
    return [(name, rest) for name, rest in lines]


def image_environment() -> dict[str, str]:
    """Return what ENV sets in the image that is kept."""
    kept = max(at for at, (name, _) in enumerate(instructions()) if name == "FROM")
    settings = [rest for name, rest in instructions()[kept:] if name == "ENV"]
    return dict(pair.split("=", 1) for rest in settings for pair in rest.split())


def sources() -> list[str]:
    """Return what the Dockerfile copies from this folder."""
    copies = [rest.split() for name, rest in instructions() if name == "COPY"]
    local = [words[:-1] for words in copies if not words[0].startswith("--from=")]
    return [source for words in local for source in words]


def redis_options() -> dict[str, str]:
    """Return the options of the Redis server."""
    command = service("redis")["command"]
    return {
        name.removeprefix("--"): value
        for name, value in zip(command[::2], command[1::2], strict=True)
    }


def megabytes(size: str) -> int:
    """Return a size as Docker and Redis write it, in MB."""
    number, unit = re.fullmatch(r"(\d+)([mg])b?", size.lower()).groups()
    return int(number) * {"m": 1, "g": 1024}[unit]


@pytest.mark.parametrize(
    "checker",
    [
        "check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml",
        "hadolint Dockerfile",
    ],
)
def test_compose_file_and_dockerfile_pass_their_linters(checker: str) -> None:
    program, *arguments = checker.split()
    linted = subprocess.run(
        [PROGRAMS / program, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_pulled_images_are_pinned_to_a_series_that_gets_only_fixes() -> None:
    defaults = dict(rest.split("=") for name, rest in instructions() if name == "ARG")
    pulled = [defaults["PYTHON_IMAGE"], service("redis")["image"]]
    assert all(re.fullmatch(r"[a-z]+:\d+\.\d+[a-z0-9.-]*", image) for image in pulled)
    # A series of PostgreSQL has one number; another Debian may sort differently.
    assert re.fullmatch(r"postgres:\d+-[a-z]+", service("postgres")["image"])
    bases = [rest.split()[0] for name, rest in instructions() if name == "FROM"]
    assert bases == ["${PYTHON_IMAGE}"] * 2


def test_no_service_escapes_these_tests() -> None:
    assert sorted(compose()["services"]) == list(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_containers_run_without_privileges(name: str) -> None:
    hard = service(name)
    assert hard["read_only"] is True
    assert hard["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in hard["security_opt"]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", hard["user"]), "root, or a name"
    assert hard["deploy"]["resources"]["limits"].keys() == {"cpus", "memory", "pids"}
    assert not hard.keys() & {"privileged", "cap_add", "pid", "ipc", "network_mode"}
    assert all(not mount.startswith(("/", ".")) for mount in hard["volumes"])


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_can_write_temporary_files_and_comes_back(name: str) -> None:
    """Also a voice that is compiled where no cache can be written: 90 MB."""
    place, *others = service(name)["tmpfs"]
    assert place == "/tmp:size=128m"  # noqa: S108 - the mount
    socket = ["/var/run/postgresql:size=1m"]
    assert others == (socket if name == "postgres" else [])
    assert service(name)["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_a_health_check(name: str) -> None:
    shell, *command = service(name)["healthcheck"]["test"]
    assert shell == "CMD"
    assert command


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_is_published_beyond_this_machine(name: str) -> None:
    for port in service(name).get("ports", []):
        host = port.rsplit(":", 2)[0].strip("[]")
        assert host != port, "without an address it is every address"
        assert ip_address(host).is_loopback
    assert ("ports" in service(name)) == (name == "api")


@pytest.mark.parametrize("name", [*SERVERS, "worker"])
def test_servers_and_workers_have_no_outside_network(name: str) -> None:
    networks = compose()["networks"]
    assert all(networks[name].get("internal") for name in service(name)["networks"])


def test_redis_keeps_what_it_accepted() -> None:
    options = redis_options()
    assert options["appendonly"] == "yes"
    assert options["appendfsync"] in {"everysec", "always"}
    assert options["maxmemory-policy"] == "noeviction"
    assert service("redis")["volumes"] == ["queue:/data"]
    assert "queue" in compose()["volumes"]


def test_redis_has_room_to_rewrite_its_file() -> None:
    limit = service("redis")["deploy"]["resources"]["limits"]["memory"]
    assert megabytes(limit) > 2 * megabytes(redis_options()["maxmemory"])


@pytest.mark.parametrize("name", OURS)
def test_the_queue_is_the_redis_of_this_file(name: str) -> None:
    address = urlsplit(service(name)["environment"]["OUTSPOKEN_REDIS_URL"])
    assert (address.scheme, address.hostname, address.port) == ("redis", "redis", 6379)
    assert set(service(name)["networks"]) & set(service("redis")["networks"])


@pytest.mark.parametrize("name", OURS)
def test_the_database_is_the_postgresql_of_this_file(name: str) -> None:
    address = urlsplit(service(name)["environment"]["OUTSPOKEN_DATABASE_URL"])
    given = service("postgres")["environment"]
    assert (address.scheme, address.hostname) == ("postgresql", "postgres")
    assert address.username == given["POSTGRES_USER"]
    assert address.path == f"/{given['POSTGRES_DB']}"
    assert set(service(name)["networks"]) & set(service("postgres")["networks"])


@pytest.mark.parametrize("name", OURS)
def test_the_api_and_the_workers_wait_for_both_servers(name: str) -> None:
    healthy = {"condition": "service_healthy"}
    assert service(name)["depends_on"] == dict.fromkeys(SERVERS, healthy)


@pytest.mark.parametrize("name", OURS)
def test_the_password_of_the_database_is_read_from_the_secret(name: str) -> None:
    address = service(name)["environment"]["OUTSPOKEN_DATABASE_URL"]
    assert urlsplit(address).password is None
    assert not Path(SECRET).exists()
    with pytest.raises(StorageFailed, match=f"{SECRET}.* cannot be read"):
        open_database(address)


def test_no_password_is_in_the_compose_file() -> None:
    assert service("postgres")["environment"]["POSTGRES_PASSWORD_FILE"] == SECRET
    given = {
        setting: value
        for name in SERVICES
        for setting, value in service(name).get("environment", {}).items()
    }
    secrets = [name for name in given if re.search("PASSWORD|SECRET|TOKEN", name)]
    assert secrets == ["POSTGRES_PASSWORD_FILE"]
    for value in given.values():
        assert urlsplit(value).password is None


def test_the_secret_is_a_file_that_neither_git_nor_the_image_gets() -> None:
    name = Path(SECRET).name
    users = [user for user in SERVICES if name in service(user).get("secrets", [])]
    assert users == [*OURS[:1], "postgres", *OURS[1:]]
    assert compose()["secrets"].keys() == {name}
    (file,) = compose()["secrets"][name].values()
    git = ["git", "check-ignore", "--quiet", file]
    assert subprocess.run(git, cwd=ROOT, check=False).returncode == 0
    assert not any(file.removeprefix("./").startswith(sent) for sent in sources())
    # The command that creates it, for users of both containers.
    assert f"install -m 644 /dev/stdin {file.removeprefix('./')}" in CONTAINERS


def test_postgresql_keeps_its_files_on_a_volume_and_asks_for_the_password() -> None:
    assert service("postgres")["volumes"] == ["database:/var/lib/postgresql/data"]
    assert "database" in compose()["volumes"]
    options = service("postgres")["environment"]["POSTGRES_INITDB_ARGS"].split()
    assert options == ["--auth-host=scram-sha-256", "--data-checksums"]
    # Each connection is a process: PostgreSQL's own default, and some of its own.
    assert service("postgres")["deploy"]["resources"]["limits"]["pids"] > 100 + 16


def test_the_health_check_of_postgresql_waits_for_the_end_of_initialisation() -> None:
    """Until then a server listens on the socket only."""
    check = service("postgres")["healthcheck"]["test"]
    assert check[check.index("-h") + 1] == "127.0.0.1"


def test_the_health_check_of_a_worker_is_an_option_of_it() -> None:
    _, program, verb, option = service("worker")["healthcheck"]["test"]
    assert program == "outspoken"
    command = outspoken.get_command(click.Context(outspoken), verb)
    assert option in {name for known in command.params for name in known.opts}


def test_the_api_and_the_workers_share_one_data_folder() -> None:
    assert [service(name)["volumes"] for name in OURS] == [["data:/data"]] * 2
    assert "data" in compose()["volumes"]
    folders = {service(name)["environment"]["OUTSPOKEN_DATA"] for name in OURS}
    assert folders == {"/data"} == {image_environment()["OUTSPOKEN_DATA"]}


def test_the_api_and_the_workers_are_one_image_and_one_user() -> None:
    assert service("api")["image"] == service("worker")["image"]
    assert service("api")["build"] == service("worker")["build"] == "."
    kept = [rest for name, rest in instructions() if name == "USER"][-1]
    assert {service(name)["user"] for name in OURS} == {kept}
    uid, gid = kept.split(":")
    owner = f"--owner {uid} --group {gid} --mode 0700 /data"
    assert any(name == "RUN" and owner in rest for name, rest in instructions())


@pytest.mark.parametrize("name", OURS)
def test_every_setting_is_one_and_has_a_value_it_takes(name: str) -> None:
    given = image_environment() | service(name)["environment"]
    settings = {
        key.removeprefix("OUTSPOKEN_").lower(): value
        for key, value in given.items()
        if key.startswith("OUTSPOKEN_")
    }
    assert settings.keys() <= ServiceSettings.model_fields.keys()
    ServiceSettings(_env_file=None, **settings)


def test_the_api_listens_where_its_port_is_published() -> None:
    given = service("api")["environment"]
    assert ip_address(given["OUTSPOKEN_HOST"]).is_unspecified
    (published,) = service("api")["ports"]
    assert published.rsplit(":", 1)[1] == given["OUTSPOKEN_PORT"]


def test_a_worker_makes_as_many_narrations_as_it_has_processors() -> None:
    limit = service("worker")["deploy"]["resources"]["limits"]["cpus"]
    assert service("worker")["environment"]["OUTSPOKEN_WORKER_PROCESSES"] == limit


def test_entry_points_of_the_containers_exist() -> None:
    assert ("ENTRYPOINT", '["outspoken"]') in instructions()
    (verb,) = service("worker")["command"]
    assert verb in outspoken.lazy_commands
    python, flag, module = service("api")["entrypoint"]
    assert (python, flag) == ("python", "-m")
    assert find_spec(f"{module}.__main__")


def test_a_worker_has_time_to_finish() -> None:
    # Docker's own default, ten seconds, would cut most articles off.
    assert int(service("worker")["stop_grace_period"].removesuffix("s")) >= 60


def test_onnxruntime_telemetry_is_off() -> None:
    switch = "ORT_DISABLE_TELEMETRY"
    assert image_environment()[switch] == "1"
    assert service("worker").get("environment", {}).get(switch, "1") == "1"
    folder = Path(find_spec("onnxruntime").origin).parent / "capi"
    (library,) = folder.glob("onnxruntime_pybind11_state*")
    assert switch.encode() in library.read_bytes(), "it goes by another name now"


class Unready(BaseHTTPRequestHandler):
    """A service that lives and cannot work."""

    def do_GET(self) -> None:
        """Answer 503 to who asks whether it is ready, 200 to the others."""
        self.send_response(503 if self.path == "/readyz" else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(name="unready")
def _unready() -> Iterator[int]:
    """The port of a service that is not ready."""
    with HTTPServer(("127.0.0.1", 0), Unready) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def healthy(port: int) -> bool:
    """Run the API's health check against a port, behind a proxy that is dead."""
    shell, python, *arguments = service("api")["healthcheck"]["test"]
    assert (shell, python) == ("CMD", "python")
    asked = subprocess.run(
        [sys.executable, *arguments],
        env=environment(port=str(port)) | {"http_proxy": "http://127.0.0.1:9"},
        capture_output=True,
        timeout=START_TIMEOUT_S,
        check=False,
    )
    return asked.returncode == 0


def test_the_health_check_passes_a_service_that_is_ready(
    service: RunningService,
) -> None:
    assert healthy(urlsplit(service.address).port)


def test_the_health_check_fails_a_service_that_is_not(unready: int) -> None:
    assert not healthy(unready)


def test_nothing_is_sent_but_what_the_image_copies() -> None:
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [rule for rule in rules if not rule.startswith("#")]
    sent = [rule.removeprefix("!") for rule in rules if rule.startswith("!")]
    assert rules[0] == "*"
    assert sorted(sent) == sorted(sources())
    assert all((ROOT / source).exists() for source in sources())


def test_everything_is_installed_by_hash() -> None:
    commands = [rest for name, rest in instructions() if name == "RUN"]
    installs = [step for rest in commands for step in rest.split("&&") if "pip" in step]
    ours = [
        step for step in installs if step.endswith("--no-deps --no-index dist/*.whl")
    ]
    others = [step for step in installs if step not in ours]
    assert len(ours) == 1
    assert len(others) == 2
    assert all(" --require-hashes -r " in step for step in others)


def test_the_build_backend_is_pinned_with_all_it_needs() -> None:
    script = re.search(r"sed -nE '(.+?)'", (ROOT / "Dockerfile").read_text())[1]
    pinned = subprocess.run(
        ["sed", "-nE", script, ROOT / "requirements-dev.lock"],  # noqa: S607 - POSIX
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    needed, seen = ["hatchling"], set[str]()
    while needed:
        name = canonicalize_name(needed.pop())
        if name not in seen:
            seen.add(name)
            needs = [Requirement(line) for line in requires(name) or []]
            needed += [
                need.name
                for need in needs
                if not need.marker or need.marker.evaluate({"extra": ""})
            ]
    found = re.findall(r"^([a-z-]+)==\S+ \\\n    --hash=sha256:", pinned, re.MULTILINE)
    assert set(found) == seen


def test_the_image_gets_every_file_of_the_program(tmp_path: Path) -> None:
    packages = [source for source in sources() if (ROOT / source).is_dir()]
    ignored = shutil.ignore_patterns("__pycache__")
    for source in sources():
        if source in packages:
            shutil.copytree(ROOT / source, tmp_path / source, ignore=ignored)
        else:
            shutil.copy(ROOT / source, tmp_path)
    commands = " ".join(rest for name, rest in instructions() if name == "RUN")
    build = re.search(r"python (-m hatchling build .+?) &&", commands)[1].split()
    subprocess.run(
        [sys.executable, *build], cwd=tmp_path, capture_output=True, check=True
    )
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    held = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = [path for package in packages for path in (tmp_path / package).rglob("*")]
    assert held == {
        path.relative_to(tmp_path).as_posix() for path in files if path.is_file()
    }
