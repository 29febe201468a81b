# VS Code as a server, and a node of its own to run it, from the npm registry.
command -v npm >/dev/null || { echo "npm is not on PATH"; exit 1; }
get() { npm install --no-audit --no-fund --no-save --loglevel=error "$@"; }
echo '{"private":true}' >package.json
# node's own preinstall takes node from the registry; code-server's postinstall would compile.
get node@24.21.0
mv node_modules/node node.kept
get --ignore-scripts code-server@4.139.1
rm -rf node_modules/node && mv node.kept node_modules/node
code=node_modules/code-server/lib/vscode
(cd "$code" && get --ignore-scripts --omit=dev)
(cd "$code/extensions" && get --ignore-scripts --omit=dev)
ln -sfn node_modules "$code/node_modules.asar"
ln -sf code-linux.sh "$code/bin/remote-cli/code-server"
ln -sf browser-linux.sh "$code/bin/helpers/browser.sh"
# 155 MB that no test needs
rm -rf "$code/node_modules/@github/copilot-sdk-linux-x64" "$code/extensions/copilot"
node_modules/node/bin/node --version
