"""`python -m gateway.cli`, as `textback`."""

import sys

from gateway.cli.main import main

sys.exit(main())
