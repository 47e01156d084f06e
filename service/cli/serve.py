"""`outspoken serve`: run the whole service on one machine."""

from pathlib import Path

import click

from service.settings import read_settings
from service.supervisor import run_supervisor
from workers.logs import configure_logs


@click.command()
@click.option("--host", help="Address to listen on; default 127.0.0.1.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Port; default 8000, 0 for a free one.",
)
@click.option("--data", type=click.Path(path_type=Path), help="Data folder.")
def serve(host: str | None, port: int | None, data: Path | None) -> None:
    """Run the API, a worker and, unless OUTSPOKEN_REDIS_URL is set, a Redis.

    Prints one line with the address when it is ready.  Ctrl-C stops everything.

    Example: outspoken serve --port 8000
    """
    options = {"host": host, "port": port, "data": data}
    overrides = {name: value for name, value in options.items() if value is not None}
    settings = read_settings(**overrides)
    configure_logs("serve", settings.log_level)
    run_supervisor(
        settings, lambda address: click.echo(f"Outspoken is ready: {address}/")
    )
