"""``python -m tasou`` is the command ``tasou``."""

import sys

from tasou.cli import main

if __name__ == "__main__":
    sys.exit(main())
