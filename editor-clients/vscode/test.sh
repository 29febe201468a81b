#!/bin/sh
# Types, style and unit tests of the extension; its packages are installed first where they are not.
set -eu
cd "$(dirname "$0")"
[ -d node_modules ] || npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
npm run --silent check
npm test --silent
