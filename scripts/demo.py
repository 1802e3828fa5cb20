"""The main job in one command: a network learns a spiral, and a picture shows what it learnt. See --help."""

import sys

from setup import run

run(["-m", "tasou", "demo", *sys.argv[1:]])
