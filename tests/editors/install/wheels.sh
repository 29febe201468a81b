# What the server needs as wheels: to the extension this is "a folder of wheels, without a network". The server's own is
# built by the test that installs from here.
"$REPOSITORY/.venv/bin/python" -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes \
    --only-binary :all: --dest . -r "$REPOSITORY/requirements-base.txt"
