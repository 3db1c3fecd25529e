"""`python -m duolog.app`: the server as a child process of the demo or the benchmark.

People start it with `duolog serve`.
"""

import os
import sys

from duolog.app.config import ConfigError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "duolog.app.settings")
    try:
        from duolog.app.serve import serve
        from duolog.app.settings import CONFIG

        serve("127.0.0.1", CONFIG.port)
    except ConfigError as error:
        sys.exit(str(error))
