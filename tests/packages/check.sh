#!/usr/bin/env bash
# check.sh BUILD COMPILER VERSION: tries the Debian packages of the build tree BUILD as those would who install them: lintian reads
# them, somebody builds programs with what is in them, and an administrator starts the server.
set -euo pipefail
build=$1 compiler=$2 version=$3
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
build=$(realpath "$build")
work=$build/check
rm -rf "$work"
root=$work/root
mkdir -p "$root"

say() { printf '\ncheck of the packages: %s\n' "$*"; }

say "what lintian says"
as_root=()
((EUID != 0)) || as_root=(--allow-root) # which lintian refuses otherwise
lintian "${as_root[@]}" --no-cfg --display-info --info --fail-on error,warning,info "$build"/packages/*.deb

say "what they hold"
for package in "$build"/packages/*.deb; do
  printf '%s: %s\n' "$(basename "$package")" "$(dpkg-deb -f "$package" Depends)"
  dpkg-deb --extract "$package" "$root"
done
libraries=$(dirname "$(find "$root" -name libregistry_core.so)")

say "a program that finds the package by CMake"
options=(-G Ninja "-DCMAKE_CXX_COMPILER=$compiler" "-Dregistry_ROOT=$root/usr" -DCMAKE_BUILD_TYPE=Release)
cmake -S tests/consumer -B "$work/consumer" "${options[@]}"
cmake --build "$work/consumer"
"$work/consumer/consumer"
readelf --dynamic "$work/consumer/consumer" | grep --quiet 'NEEDED.*libregistry_actors[.]so[.]'

say "one that finds it by pkg-config"
tests/consumer/pkg_config.sh "$compiler" "$libraries/pkgconfig" "$version"

say "an example of the documents"
cp -r "$root/usr/share/doc/libregistry-dev/examples" "$work/examples"
cmake -S "$work/examples" -B "$work/examples/build" "${options[@]}"
cmake --build "$work/examples/build" --target hello
"$work/examples/build/hello"

say "the program that tries the package of Conan"
cmake -S cmake/packaging/conan/test_package -B "$work/hello" "${options[@]}"
cmake --build "$work/hello"
[[ $("$work/hello/hello") == 'good morning' ]]

say "the programs"
export LD_LIBRARY_PATH=$libraries
for page in "$root"/usr/share/man/man?/*.gz; do
  gunzip --stdout "$page" >"$work/$(basename "$page" .gz)"
done
tests/packages/manual_pages.py "$root/usr/bin/registry-chat" "$work/registry-chat.8"
tests/packages/manual_pages.py "$root/usr/bin/registry-dispatch" "$work/registry-dispatch.1" worker submit status
tests/packages/programs_test.py "$root/usr/bin" "$root/etc/registry"

say "the units"
mkdir "$work/units"
for unit in "$root"/usr/lib/systemd/system/*.service; do
  sed "s#=/usr/bin/#=$root/usr/bin/#" "$unit" >"$work/units/$(basename "$unit")"
done
systemd-analyze verify --man=no "$work/units/registry-chat.service" "$work/units/registry-dispatch-worker@.service"
systemd-analyze security --offline=true --threshold=30 "$work/units/registry-chat.service" | tail -n 1
systemd-analyze security --offline=true --threshold=45 "$work/units/registry-dispatch-worker@.service" | tail -n 1
say "all is well"
