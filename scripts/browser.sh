#!/bin/sh
# Install Debian's Chromium for the browser tests where there is none and we may.
# Without it those tests skip with a reason, but fail where CI=true.
set -eu
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then exit 0; fi
done
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "No Chromium here: the browser tests will be skipped (Debian: apt-get install chromium)." >&2
    if [ "${CI:-}" = true ]; then exit 1; fi
    exit 0
fi
echo "Installing Chromium for the browser tests"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
