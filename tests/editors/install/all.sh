#!/bin/sh
# usage: all.sh DIR
# Puts the editors of the tests under DIR: VS Code (code-server, with a node of its own), Neovim, Helix, and what drives
# and checks them. Chromium, Emacs and Vim come from Debian, where this is root on Debian. What cannot be had is said
# aloud, with where its log is; its tests skip.
set -eu
RECIPES=$(cd "$(dirname "$0")" && pwd)
REPOSITORY=$(cd "$RECIPES/../../.." && pwd)
export REPOSITORY
mkdir -p "$1/logs" && cd "$1"

missing() { printf 'test-editors: %s: their tests are skipped\n' "$1" >&2; }

# have NAME WHAT: the folder NAME, made by NAME.sh. It is made anew when its recipe has changed, and is whole or not there.
have() {
    recipe=$(cat "$RECIPES/$1.sh" "$RECIPES/requirements.txt" "$REPOSITORY/requirements-base.txt" | cksum)
    [ "$(cat "$1/.recipe" 2>/dev/null || true)" != "$recipe" ] || return 0
    rm -rf "$1" "$1.new" && mkdir "$1.new"
    if (cd "$1.new" && sh -eu "$RECIPES/$1.sh") >"logs/$1.log" 2>&1 </dev/null; then
        echo "$recipe" >"$1.new/.recipe" && mv "$1.new" "$1"
    else
        rm -rf "$1.new"
        missing "$2 could not be installed: $(tail -n 1 "logs/$1.log") ($PWD/logs/$1.log)"
    fi
}

have python "Playwright and Neovim"
have code-server "VS Code (code-server)"
have helix "Helix"
have stylua "stylua"
have wheels "the server's wheels"

debian=
command -v chromium >/dev/null || debian="$debian chromium"
command -v luacheck >/dev/null || debian="$debian lua-check"
if command -v dpkg-query >/dev/null; then
    for package in fonts-dejavu-core emacs-nox elpa-eglot elpa-markdown-mode vim vim-ale; do
        case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
            *" installed") ;;
            *) debian="$debian $package" ;;
        esac
    done
fi
[ -n "$debian" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    missing "this is not root on Debian, and these are not installed:$debian"
    exit 0
fi
# Old lists name packages that are gone, so they are fetched first.
# shellcheck disable=SC2086  # a list of packages
DEBIAN_FRONTEND=noninteractive sh -euc 'apt-get update -qq
    exec apt-get install -qq -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"' sh $debian \
    >logs/debian.log 2>&1 </dev/null || missing "apt-get could not install$debian ($PWD/logs/debian.log)"
