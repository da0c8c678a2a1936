# Read by install.sh after appliance.sh: a file with everything for a machine without internet, and the installation from it.
#
# It is a tar archive: the sources of this version, and below bundle/ every Python wheel, every Debian package with what it
# needs, the target's name, and a checksum for each of them.
# shellcheck shell=bash

# make_bundle FILE [--for TARGET]: TARGET is debian12-arm64 and the like; this machine's when left out.
make_bundle() {
    local file=$1 target work
    here=$(host_target)
    target=$here
    if [ "${2:-}" = --for ] && [ $# -eq 3 ]; then target=$3; elif [ $# -ne 1 ]; then fail "use: ./install.sh bundle FILE [--for debian12-arm64]" 2; fi
    [[ "$target" =~ ^debian1[23]-(amd64|arm64|armhf)$ ]] || fail "'$target' is no target - use debian12 or debian13, and amd64, arm64 or armhf: debian12-arm64" 2
    case "$file" in
        /*) ;;
        *) file=${CALLED_FROM:-$PWD}/$file ;;
    esac
    need_packages python3-venv
    work=$(mktemp -d -p /var/tmp textback.XXXXXX) # /tmp is memory on Debian 13
    # shellcheck disable=SC2064 # the folder of now
    trap "rm -rf '$work'" EXIT
    stage "$work/textback"
    mkdir -p "$work/textback/bundle/wheels" "$work/textback/bundle/debs"
    echo "$target" >"$work/textback/bundle/target"
    bundle_wheels "$target" "$work"
    bundle_debs "$target" "$work"
    (cd "$work/textback" && find . -type f -not -name checksums -print0 | sort -z | xargs -0 sha256sum >bundle/checksums)
    tar -c -C "$work/textback" --owner=0 --group=0 . >"$file.part"
    mv "$file.part" "$file"
    say "$file ($(du -h "$file" | cut -f 1)) is for $target. There: tar xf ${file##*/} ./install.sh ./systemd && sudo ./install.sh --offline ${file##*/}"
}

host_target() {
    local version
    version=$(. /etc/os-release && echo "${VERSION_ID:-}")
    echo "debian$version-$(dpkg --print-architecture)"
}

bundle_wheels() {
    local python platform work=$2 pip tags=() tag
    say "Python packages for $1"
    python3 -m venv "$work/venv"
    pip=("$work/venv/bin/python" -m pip)
    export PIP_DISABLE_PIP_VERSION_CHECK=1
    # Our own, and what it is built with, for a package without a wheel of its own.
    cp -a "$work/textback" "$work/build"
    "${pip[@]}" wheel -q --no-deps -w "$work/textback/bundle/wheels" "$work/build" || fail "could not build the wheel of Textback - see pip's words above"
    case "$1" in
        debian12-*) python=311 ;;
        *) python=313 ;;
    esac
    case "$1" in
        *-amd64) platform=x86_64 ;;
        *-arm64) platform=aarch64 ;;
        *) platform=armv7l ;;
    esac
    for tag in 2014 _2_17 _2_28 _2_31 _2_34 _2_35 _2_36; do
        tags+=(--platform "manylinux${tag}_$platform")
    done
    tags+=(--python-version "$python" --implementation cp --abi "cp$python" --abi abi3 --abi none)
    local own source=()
    own=$(find "$work/textback/bundle/wheels" -name 'textback-*.whl')
    if [ "$platform" = armv7l ]; then
        # PyYAML has no wheel for it and needs no compiler: built there, from its source.
        "${pip[@]}" download -q --no-deps --no-binary pyyaml -d "$work/textback/bundle/wheels" "$(grep -i '^pyyaml==' requirements.txt)" || fail "could not get PyYAML"
        "${pip[@]}" download -q --only-binary=:all: --platform any --python-version "$python" -d "$work/textback/bundle/wheels" "setuptools>=77,<90" wheel cython || fail "could not get setuptools"
        python3 - "$own" "$work/names" <<'PY'
import re, sys, zipfile
wheel, out = sys.argv[1:]
meta = next(n for n in zipfile.ZipFile(wheel).namelist() if n.endswith(".dist-info/METADATA"))
text = zipfile.ZipFile(wheel).read(meta).decode()
needs = [n.split(";")[0].strip() for n in re.findall(r"^Requires-Dist: (.*)$", text, re.M) if "extra ==" not in n or re.search("extra == .appliance.$", n)]
open(out, "w").write("\n".join(n for n in needs if not n.lower().startswith("pyyaml")) + "\n")
PY
        source=(-r "$work/names")
    else
        source=("${own}[appliance]")
    fi
    "${pip[@]}" download -q --only-binary=:all: "${tags[@]}" -c requirements.txt -d "$work/textback/bundle/wheels" "${source[@]}" ||
        fail "could not get the Python packages for $1 - this needs the internet (pip's own words are above)"
}

# Debian packages of the target, whatever this machine is: a private apt resolves them against an empty list of packages.
bundle_debs() {
    local suite=bookworm arch=${1#*-} work=$2/apt archive keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    case "$1" in debian13-*) suite=trixie ;; esac
    say "Debian packages for $1"
    [ -e "$keyring" ] || need_packages debian-archive-keyring
    # shellcheck disable=SC2016 # $(REPO_URI) is apt's own
    archive=$(apt-get indextargets --format '$(REPO_URI)' | grep -E '/debian/?$' | sort | uniq -c | sort -rn | awk 'NR==1{print $2}')
    mkdir -p "$work"/{lists/partial,cache/archives/partial}
    : >"$work/status"
    echo "deb [signed-by=$keyring] ${archive:-http://deb.debian.org/debian} $suite main" >"$work/sources.list"
    private_apt() {
        apt-get -qq -o Dir::State::Lists="$work/lists" -o Dir::State::status="$work/status" -o APT::Architecture="$arch" \
            -o APT::Architectures::="$arch" -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
            -o Dir::Etc::PreferencesParts=/dev/null -o Dir::Cache="$work/cache" -o Dir::Cache::pkgcache="" \
            -o Dir::Cache::srcpkgcache="" -o APT::Sandbox::User=root -o Acquire::Languages=none -o Debug::NoLocking=1 "$@"
    }
    { private_apt update && private_apt install -y --no-install-recommends --download-only "${APPLIANCE_PACKAGES[@]}" >/dev/null; } ||
        fail "could not get the Debian packages for $1 - this needs the internet (apt's own words are above)"
    cp "$work"/cache/archives/*.deb "$2/textback/bundle/debs/"
    local deb
    for deb in "$2"/textback/bundle/debs/*.deb; do # the index by which the target's apt knows them
        dpkg-deb -f "$deb"
        printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "${deb##*/}" "$(stat -c %s "$deb")" "$(sha256sum "$deb" | cut -d ' ' -f 1)"
    done >"$2/textback/bundle/debs/Packages"
}

# install_offline FILE: the version in the file, with the packages in the file; the network is not asked.
install_offline() {
    [ $# -eq 1 ] || fail "use: sudo ./install.sh --offline FILE" 2
    check_machine "--offline $1"
    local file=$1 work
    case "$file" in
        /*) ;;
        *) file=${CALLED_FROM:-$PWD}/$file ;;
    esac
    [ -f "$file" ] || fail "there is no file $file"
    alone
    sweep_unpacked
    need_room /var/tmp 500
    work=$(mktemp -d -p /var/tmp textback-install.XXXXXX)
    # shellcheck disable=SC2064 # the folder of now
    trap "rm -rf '$work'" EXIT
    say "Looking at $file"
    tar -x -C "$work" -f "$file" --no-same-owner 2>/dev/null || fail "$file is no whole bundle - copy it again"
    (cd "$work" && sha256sum --quiet -c bundle/checksums >/dev/null 2>&1) || fail "$file is damaged or no bundle - copy it again, or make it again with: ./install.sh bundle FILE"
    [ "$(cat "$work/bundle/target")" = "$(host_target)" ] ||
        fail "$file is for $(cat "$work/bundle/target"), this machine is $(host_target) - make one with: ./install.sh bundle FILE --for $(host_target)"
    install_debs "$work/bundle/debs"
    cd "$work" || exit 1
    install_appliance --no-index --find-links "$work/bundle/wheels"
}

# The packages of the bundle are an archive of their own, from which apt takes what this machine lacks.
install_debs() {
    local work package missing=()
    for package in "${APPLIANCE_PACKAGES[@]}"; do
        is_installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "Installing Debian packages from the bundle: ${missing[*]}"
    work=$(dirname "$1")/apt
    mkdir -p "$work"/{lists,archives}/partial
    echo "deb [trusted=yes] file:$1 ./" >"$work/sources.list"
    bundled_apt() {
        DEBIAN_FRONTEND=noninteractive apt-get -q -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
            -o Dir::State::Lists="$work/lists" -o Dir::Cache::Archives="$work/archives" -o Dir::Cache::pkgcache="" \
            -o Dir::Cache::srcpkgcache="" -o APT::Sandbox::User=root "$@"
    }
    finish_packages
    { bundled_apt update && bundled_apt "${APT_ANYWAY[@]}" install -y --no-install-recommends "${missing[@]}"; } ||
        fail "could not install the Debian packages of the bundle (apt's own words are above)"
}
