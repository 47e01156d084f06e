"""`python -m service.cli` is `outspoken`."""

from service.cli import main

main()
