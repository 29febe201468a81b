# Helix of a newer Debian, run by that Debian's own loader from this folder: nothing of the system is changed.
command -v apt-get >/dev/null || { echo "Helix comes from Debian's packages, and this is not Debian"; exit 1; }
[ "$(dpkg --print-architecture)" = amd64 ] || { echo "the recipe for Helix is for amd64"; exit 1; }
mkdir -p lists/partial cache/archives/partial
keys=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [signed-by=$keys] http://deb.debian.org/debian trixie main" >sources.list
debian() {
    apt-get -qq -o Dir::Etc::sourcelist="$PWD/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$PWD/lists" \
        -o Dir::Cache="$PWD/cache" -o APT::Sandbox::User="$(id -un)" "$@"
}
debian update
debian download hx libc6 libgcc-s1
for package in *.deb; do dpkg -x "$package" root; done
rm -rf lists cache ./*.deb
cat >hx <<'END'
#!/bin/sh
root=$(dirname "$(readlink -f "$0")")/root
libraries=$root/usr/lib/x86_64-linux-gnu
export HELIX_RUNTIME="$root/usr/lib/hx/runtime"
exec "$libraries/ld-linux-x86-64.so.2" --library-path "$libraries" "$root/usr/lib/hx/hx" "$@"
END
chmod +x hx
./hx --version
