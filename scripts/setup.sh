#!/bin/sh
# Set-up of a checkout: checks the prerequisites, then installs the npm packages once per lock file.
set -eu
cd "$(dirname "$0")/.."
command -v npm >/dev/null 2>&1 || { echo "bootwarden: npm is missing: install Node.js 20 or later with npm 10 or later." >&2; exit 69; }
cmp -s package-lock.json node_modules/.lock-installed && exit 0
echo "Installing npm packages (about 20 s) ..." >&2
npm ci --no-audit --no-fund --loglevel=error >&2
cp package-lock.json node_modules/.lock-installed
