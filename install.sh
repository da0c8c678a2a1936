#!/bin/bash
# Sets Textback up on a Debian machine (12 or 13, Raspberry Pi OS on them).
#
#   ./install.sh demo [OPTIONS]   a short day on this machine, no hardware needed; OPTIONS go to `textback demo`
#                                 (--host 0.0.0.0 shows the page to other machines, --port N)
#   ./install.sh test             everything the tests need, then every check and every test
#   ./install.sh drill            as test, then the long campaigns
#
#   sudo ./install.sh [--yes]     makes this machine a Textback box, or brings the one it is up to this version
#   sudo ./install.sh back [--with-old-records]                  back to the version before
#   sudo ./install.sh uninstall [--keep-data | --remove-data]
#   ./install.sh bundle FILE [--for debian12-arm64]              all that an installation without internet needs, in a file
#   sudo ./install.sh --offline FILE                             installs from such a file
#
# It may be run again at any time: what is already there is kept. `demo` and `test` work as root, or as a user who may use
# sudo; sudo is asked for Debian packages only, and only when one is missing. With CI=true nothing is skipped: a test that
# cannot run fails. --yes asks nothing; nor is anything asked where nobody sits at a terminal.
# Exit code: 0 done, 1 something failed, 2 bad usage.
set -euo pipefail
CALLED_FROM=$PWD
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

# SIPp plays the telephones, socat joins the modem emulator to a terminal, chromium looks at the page.
readonly TEST_PACKAGES=(python3-venv sip-tester chromium socat iproute2 util-linux debian-archive-keyring git shellcheck systemd)
# A booted Debian of its own for each story of the appliance.
readonly DRILL_PACKAGES=(debootstrap systemd-container)
readonly DEMO_PACKAGES=(python3-venv)
readonly EMULATORS=(asterisk16 asterisk22 phonesim)

say() { printf '\n== %s\n' "$*"; }

fail() {
    printf 'install.sh: %s\n' "$1" >&2
    exit "${2:-1}"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "Debian packages are missing and neither root nor sudo is at hand - run as root: $*"
    fi
}

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# A power cut in the middle leaves packages half installed, and apt then refuses everything. Another apt is waited for: a
# machine that was just switched on looks for upgrades by itself.
readonly APT_ANYWAY=(-o DPkg::Lock::Timeout=300 --fix-broken)
finish_packages() { as_root env DEBIAN_FRONTEND=noninteractive dpkg --force-confold --configure -a >/dev/null 2>&1 || true; }

# Debian packages, only the missing ones, with one update of the lists.
need_packages() {
    command -v dpkg-query >/dev/null || fail "this is not a Debian system - Debian 12 or 13 is needed"
    local package missing=()
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    if [ ${#missing[@]} -gt 0 ]; then
        say "Installing Debian packages: ${missing[*]}"
        finish_packages
        as_root apt-get -q update
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -q "${APT_ANYWAY[@]}" install -y --no-install-recommends "${missing[@]}" ||
            fail "could not install ${missing[*]} - this one step needs the internet (apt's own words are above)"
    fi
}

readonly FITS='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

# make_venv EXTRAS: .venv with the pinned versions; EXTRAS is "" or "[test]". One that was moved is made anew: the
# programs in it know their folder. A link to programs of another folder is taken away, and they are left as they are.
make_venv() {
    python3 -c "$FITS" || fail "Python 3.11, 3.12 or 3.13 is needed, this is $(python3 --version) - use Debian 12 or 13"
    if [ -L .venv ] && [ "$(cat .venv/place 2>/dev/null)" != "$PWD" ]; then
        say "$PWD/.venv is a link to programs that are not of this folder: it gets its own"
        rm .venv
    fi
    if ! .venv/bin/python -c "$FITS" 2>/dev/null || [ "$(cat .venv/place 2>/dev/null || pwd)" != "$PWD" ]; then
        say "Making .venv"
        [ ! -L .venv ] || rm .venv # --clear would empty what it leads to
        python3 -m venv --clear .venv || fail "could not make $PWD/.venv - see the words above"
        pwd >.venv/place
    fi
    local stamp
    stamp="$1 $(cat pyproject.toml requirements.txt | sha256sum)"
    if [ "$(cat .venv/installed 2>/dev/null)" != "$stamp" ]; then
        say "Installing Python packages"
        .venv/bin/python -m pip install -q --disable-pip-version-check -c requirements.txt -e ".$1" ||
            fail "could not install the Python packages - this one step needs the internet (pip's own words are above)"
        printf '%s\n' "$stamp" >.venv/installed
    fi
}

# What the tests need. Without CI=true a missing emulator is a warning, and its tests are skipped.
prepare_tests() {
    need_packages "${TEST_PACKAGES[@]}"
    make_venv "[test]"
    local emulator
    for emulator in "${EMULATORS[@]}"; do
        if [ -e "tests/tools/fetch-emulator.sh" ] && ! tests/tools/fetch-emulator.sh "$emulator"; then
            [ "${CI:-}" != true ] || fail "could not get $emulator"
            echo "install.sh: could not get $emulator: its tests will be skipped" >&2
        fi
    done
}

failed=()

# Every check runs, also after one that failed: whoever reads the log sees all there is to mend.
run() {
    say "$*"
    "$@" || failed+=("$*")
}

run_checks() {
    run .venv/bin/ruff check .
    run .venv/bin/ruff format --check .
    run .venv/bin/mypy
    run .venv/bin/lint-imports
    run shellcheck -x install.sh systemd/*.sh .ci/run tests/tools/*.sh
}

# Two halves side by side, as long as each other: what has telephones, serial lines and running gateways, and the rest.
readonly WAITING=(tests/pbx tests/trouble tests/modem tests/durability tests/phonesim tests/asterisk tests/simulator tests/gateway)

run_tests() {
    log=$(mktemp) # Not local, nor is `beside`: the trap reads them when no function is running any more.
    say "pytest ${WAITING[*]}, in the background; its words come at the end"
    .venv/bin/python -m pytest "${WAITING[@]}" >"$log" 2>&1 &
    beside=$!
    trap 'kill "$beside" 2>/dev/null || true; rm -f "$log"' EXIT
    trap 'exit 130' INT TERM
    run .venv/bin/python -m pytest "${WAITING[@]/#/--ignore=}"
    say "pytest ${WAITING[*]}"
    wait "$beside" || failed+=("pytest ${WAITING[*]}")
    cat "$log"
}

close() {
    if [ ${#failed[@]} -gt 0 ]; then
        printf '\n'
        printf 'FAILED: %s\n' "${failed[@]}"
        exit 1
    fi
    say "$1 passed in $SECONDS seconds."
}

# The words that concern a machine of its own; --yes may stand anywhere.
appliance() {
    local word words=()
    # shellcheck source=systemd/appliance.sh
    . systemd/appliance.sh
    # shellcheck source=systemd/bundle.sh
    . systemd/bundle.sh
    for word in "$@"; do
        if [ "$word" = --yes ]; then asked_yes=yes; else words+=("$word"); fi
    done
    case "${words[*]-}" in
        "") install_appliance ;;
        "--offline "?*) install_offline "${words[@]:1}" ;;
        back | "back --with-old-records") back_appliance "${words[@]:1}" ;;
        uninstall | "uninstall --keep-data" | "uninstall --remove-data") uninstall_appliance "${words[@]:1}" ;;
        "bundle "?*) make_bundle "${words[@]:1}" ;;
        *) fail "this is not understood: ${words[*]} - see: ./install.sh --help" 2 ;;
    esac
}

main() {
    case "${1:-}" in
        demo)
            shift
            python3 -c 'import ensurepip, venv' 2>/dev/null || need_packages "${DEMO_PACKAGES[@]}"
            make_venv ""
            exec .venv/bin/textback demo "$@"
            ;;
        test)
            [ $# -eq 1 ] || fail "test takes no options" 2
            prepare_tests
            run_checks
            run_tests
            close "Everything"
            ;;
        drill)
            [ $# -eq 1 ] || fail "drill takes no options" 2
            prepare_tests
            need_packages "${DRILL_PACKAGES[@]}"
            run .venv/bin/python -m pytest -m drill
            close "The drills"
            ;;
        "" | --yes | --offline | back | uninstall | bundle)
            appliance "$@"
            ;;
        -h | --help)
            sed -n '2,/^set -/{/^#/s/^# \{0,1\}//p}' install.sh
            ;;
        *)
            fail "unknown word '$1' - see: ./install.sh --help" 2
            ;;
    esac
}

main "$@"
