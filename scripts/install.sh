#!/bin/sh
# Make the virtual environment if there is none, and install what a lock file names, then ourselves.
# Usage: install.sh FOLDER LOCK.  PYTHON names the interpreter that makes the environment.
set -eu
folder=$1 lock=$2 python=${PYTHON:-python3}

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Duolog needs Python 3.11 or later; $python is $("$python" --version 2>&1). Set PYTHON to another one." >&2
    exit 1
fi
if [ ! -x "$folder/bin/pip" ]; then
    echo "Making $folder" >&2
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        # Debian and its heirs keep this part of Python in a package of its own.
        if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
            echo "This Python cannot make virtual environments: install its venv package (Debian: apt-get install python3-venv)." >&2
            exit 1
        fi
        apt-get update -qq && apt-get install -y -qq python3-venv
    fi
    "$python" -m venv "$folder"
fi
echo "Installing $lock" >&2
"$folder/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$lock"
"$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps -e .
