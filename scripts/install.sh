#!/bin/sh
# Install Inspector from this kit, without network: sudo ./install.sh [--panel kiosk] [--help]
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
want=$(sed -n 's/.*"python": "\([0-9.]*\)".*/\1/p' "$here/kit.json")
for python in "python$want" python3; do
    if command -v "$python" >/dev/null 2>&1; then
        exec "$python" -B "$here/install.py" "$@"
    fi
done
echo "install: this kit needs Python $want: apt-get install python$want" >&2
exit 2
