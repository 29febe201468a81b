# The formatter of Lua, as WebAssembly.
command -v npm >/dev/null || { echo "npm is not on PATH"; exit 1; }
echo '{"private":true}' >package.json
npm install --no-audit --no-fund --no-save --loglevel=error --ignore-scripts @johnnymorganz/stylua@2.5.2
