"""`python -m clinic`: the command line of the clinic."""

from __future__ import annotations

import sys

from clinic.commands.command_line import main

if __name__ == "__main__":
    sys.exit(main())
