#!/bin/sh
# Run the browser tests, and once more those that failed.  Usage: browse.sh PYTEST [OPTION ...]
set -eu
pytest=$1
shift
"$pytest" -n 2 "$@" tests/journeys && exit 0
echo "Some browser tests failed: once more."
"$pytest" --last-failed --last-failed-no-failures none "$@" tests/journeys
