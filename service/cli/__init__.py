"""The command line: one file per command, each translating to one call.

Data goes to stdout, everything else to stderr.  Exit codes: 0 done, 1 failed, 2 wrong
usage.  An error is one sentence that says what to do.
"""

from service.cli.main import main

__all__ = ["main"]
