"""A program for tests: prints the names of its environment variables as JSON; with an argument it then waits."""

import json
import os
import sys
import time

if __name__ == "__main__":
    sys.stdout.write(json.dumps({"names": sorted(os.environ), "done": True}) + "\n")
    sys.stdout.flush()
    if sys.argv[1:]:
        time.sleep(600)
