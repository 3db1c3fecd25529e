#!/bin/sh
# Run the browser tests, and once more those that failed.  Usage: browse.sh PYTEST [OPTION ...]
set -eu
pytest=$1
shift
"$pytest" -n 2 -m browser "$@" tests/journeys && exit 0
echo "Some browser tests failed: once more."
"$pytest" -m browser --last-failed --last-failed-no-failures none "$@" tests/journeys
