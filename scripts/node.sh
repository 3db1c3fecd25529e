#!/bin/sh
# Install the clients from npm that the simulator is tried with.  Usage: node.sh FOLDER
# Without Node the test of them skips with a reason, but fails where CI=true.
set -eu
if ! command -v npm >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Node.js for the clients from npm"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null
fi
if command -v npm >/dev/null; then
    npm ci --prefix "$1" --silent --no-audit --no-fund
else
    echo "No Node.js here: the test of jira.js will be skipped (Debian: apt-get install nodejs npm)." >&2
    [ "${CI:-}" != true ]
fi
