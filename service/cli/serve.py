"""`outspoken serve`: the whole service on one machine."""

from pathlib import Path

import click

from service.settings import read_settings
from service.supervisor import run_supervisor
from workers.logs import configure_logs


@click.command()
@click.option("--host", help="Where to listen; default 127.0.0.1.")
@click.option("--port", type=click.IntRange(0, 65535), help="Default 8000; 0: any.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of what is kept.")
def serve(host: str | None, port: int | None, data: Path | None) -> None:
    """Run the API, a worker and, unless OUTSPOKEN_REDIS_URL is set, a queue.

    Prints one line with the address when it is ready; Ctrl-C ends everything.

    Example: outspoken serve --port 8000
    """
    given = {"host": host, "port": port, "data": data}
    chosen = {name: value for name, value in given.items() if value is not None}
    settings = read_settings(**chosen)
    configure_logs("serve", settings.log_level)
    run_supervisor(
        settings, lambda address: click.echo(f"Outspoken is ready: {address}/")
    )
