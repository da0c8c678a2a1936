#!/bin/bash
# fetch-emulator.sh asterisk16 | asterisk22 | phonesim
#
# Unpacks a real telephone system or the modem emulator, with every library it needs, under .cache/NAME/root (250-380 MB,
# about 10 s each). Nothing is installed: a private apt resolves the closure against an empty package list, dpkg -x unpacks
# it, and the program is later started through the unpacked ld.so. No root rights, no chroot, no maintainer scripts.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."

readonly KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

case "${1:-}" in
    asterisk16)
        suite=bullseye # the last Debian with chan_sip and Macro()
        packages=(asterisk asterisk-modules asterisk-voicemail asterisk-core-sounds-en-gsm)
        ;;
    asterisk22)
        suite=sid # the only Debian that carries it
        packages=(asterisk asterisk-core-sounds-en-gsm)
        ;;
    phonesim)
        suite=sid # from 2.1-2 on; older builds answer otherwise
        packages=(ofono-phonesim)
        ;;
    *)
        echo "usage: fetch-emulator.sh asterisk16 | asterisk22 | phonesim" >&2
        exit 2
        ;;
esac

target=$PWD/.cache/$1
[ ! -e "$target/ok" ] || exit 0
echo "Fetching $1 into .cache/$1"
rm -rf "$target"
mkdir -p "$target"/{lists/partial,cache/archives/partial,root}

# The archive's address, as this machine's own apt knows it.
# shellcheck disable=SC2016 # $(REPO_URI) is apt's own
archive=$(apt-get indextargets --format '$(REPO_URI)' | grep -E '/debian/?$' | sort | uniq -c | sort -rn | awk 'NR==1{print $2}')
if [ -z "$archive" ]; then
    echo "fetch-emulator.sh: this machine's apt knows no Debian archive - run apt-get update" >&2
    exit 1
fi
: >"$target/status"
echo "deb [signed-by=$KEYRING] $archive $suite main" >"$target/sources.list"

private_apt() {
    apt-get -qq -o Dir::State::Lists="$target/lists" -o Dir::State::status="$target/status" \
        -o Dir::Etc::SourceList="$target/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::Etc::PreferencesParts=/dev/null -o Dir::Cache="$target/cache" \
        -o Dir::Cache::pkgcache="" -o Dir::Cache::srcpkgcache="" -o APT::Sandbox::User="$(id -un)" \
        -o Acquire::Languages=none -o Acquire::Check-Valid-Until=false -o Acquire::Retries=3 -o Debug::NoLocking=1 "$@"
}
private_apt update
private_apt install -y --no-install-recommends --download-only "${packages[@]}" >/dev/null
for package in "$target"/cache/archives/*.deb; do
    dpkg -x "$package" "$target/root"
done
rm -rf "$target/cache" "$target/lists"
sounds=$target/root/usr/share/asterisk/sounds
if [ -d "$sounds" ] && [ ! -e "$sounds/en" ]; then
    ln -s en_US_f_Allison "$sounds/en" # a maintainer script would have done it
fi
touch "$target/ok"
