# Read by install.sh: the appliance on a machine of its own - installed, upgraded, taken back, removed.
#
# /opt/textback/releases/NAME   one version each: program, its Python packages, its unit; never changed once it is `complete`
# /opt/textback/current         a link to the one in use; changing it is one step, so a power cut leaves the old or the new one
# /opt/textback/trial           there while a new version has yet to show that it is well; recover.sh goes back by it
# /etc/textback, /var/lib/textback   configuration and records, of the user `textback`
#
# An upgrade touches nothing that runs until the new version is built, has read the configuration and has brought a copy of
# the records up to date. Then: stop, keep a copy of the records, write `trial`, change `current`, start, look, remove `trial`.
# shellcheck shell=bash

readonly OPT=/opt/textback ETC=/etc/textback VAR=/var/lib/textback
readonly APPLIANCE_PACKAGES=(python3 python3-venv avahi-daemon openssl udev)
readonly SOURCES=(gateway drivers web config systemd install.sh pyproject.toml requirements.txt README.md LICENSE)
readonly KEEP_RELEASES=3
readonly CLOCK_UNITS=(textback-clock.path textback-clock.service) # set the machine's clock on the gateway's word
readonly WELL_WITHIN_S=${TEXTBACK_WELL_WITHIN_S:-90} # a Pi 4 takes some 5 s to start; a card that has to be checked, a minute
readonly SETTLE_S=5                                  # a version that ends again at once has done so by then

asked_yes=no
pip_options=() # for an installation without network
release=

# Every step is named before it begins. TEXTBACK_STOP_AT=NAME ends there as a power cut would: the tests use it.
step() {
    say "$2"
    [ "${TEXTBACK_STOP_AT:-}" != "$1" ] || { echo "stopped at $1"; sync; kill -STOP $$; }
}

ask() { # ask QUESTION: yes without a person at the terminal, or with --yes
    [ "$asked_yes" = no ] && [ -t 0 ] || return 0
    local answer
    read -r -p "$1 [Y/n] " answer
    [[ ! "$answer" =~ ^[nN] ]]
}

# ---- the machine

check_machine() {
    [ "$(id -u)" -eq 0 ] || fail "this needs root - run: sudo ./install.sh${1:+ $1}" 2
    command -v dpkg-query >/dev/null || fail "this is not a Debian system - use Debian 12 or 13, or Raspberry Pi OS on them"
    local id version arch
    id=$(. /etc/os-release && echo "${ID:-}")
    version=$(. /etc/os-release && echo "${VERSION_ID:-}")
    arch=$(dpkg --print-architecture)
    case "$id:$version" in
        debian:12 | debian:13 | raspbian:12 | raspbian:13) ;;
        *) fail "this is $id $version - use Debian 12 or 13, or Raspberry Pi OS on them" ;;
    esac
    case "$arch" in
        amd64 | arm64 | armhf) ;;
        *) fail "there is no Textback for $arch - use an amd64, arm64 or armhf machine" ;;
    esac
    [ -d /run/systemd/system ] || fail "systemd does not run here, and it is what starts Textback after a power cut - install on a booted machine"
    if grep -qE '(^| )(overlayroot=[^d]|boot=overlay)' /proc/cmdline || { [ "$(findmnt -no FSTYPE / 2>/dev/null)" = overlay ] && ! systemd-detect-virt -cq; }; then
        fail "the disk of this machine forgets everything at a reboot (overlay file system), and Textback would text people again - switch that off first: sudo raspi-config, Performance Options, Overlay File System, No; then reboot and run this again"
    fi
}

need_room() { # need_room FOLDER MEBIBYTES
    local free
    mkdir -p "$1"
    free=$(df -Pm "$1" | awk 'NR==2 {print $4}')
    [ "$free" -ge "$2" ] || fail "$1 has $free MiB free, $2 MiB are needed - delete files or use a larger card"
}

alone() { # One installer at a time.
    exec 9>/run/textback-install
    flock -n 9 || fail "another install.sh is at work on this machine - wait for it"
}

# A power cut leaves there what install_offline had unpacked. To be called when nobody else installs.
sweep_unpacked() { rm -rf /var/tmp/textback-install.*; }

# ---- one version

# The name says what is in it: version, content, Python. The same sources give the same name, so nothing is built twice.
release_name() {
    local version content python
    version=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml | head -n 1)
    content=$(sources | sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-10)
    python=$(python3 -c 'import sys; print("py%d%d" % sys.version_info[:2])')
    echo "$version-$content-$python"
}

# A configuration with its secrets may lie in a checkout: it is no part of a version.
sources() {
    find "${SOURCES[@]}" -type f -not -path '*/__pycache__/*' -not -path 'config/gateway.yaml*' -not -name '*.pyc' -print0
}

stage() { # stage FOLDER: the sources alone
    mkdir -p "$1"
    { sources && find gateway -type l -print0; } | tar -c --null -T - | tar -x -C "$1" --no-same-owner
}

build_release() {
    local folder=$OPT/releases/$release
    if [ -e "$folder/complete" ] && "$folder/venv/bin/python" -c pass 2>/dev/null; then
        return
    fi
    step build "Building version $release"
    need_room "$OPT" 400
    rm -rf "$folder" "$OPT/staged"
    mkdir -p "$folder"
    stage "$OPT/staged"
    local what="$OPT/staged[appliance]"
    [ ${#pip_options[@]} -eq 0 ] || what="textback[appliance]" # the bundle has it built
    if ! { python3 -m venv "$folder/venv" &&
        "$folder/venv/bin/python" -m pip install -q --disable-pip-version-check --no-cache-dir "${pip_options[@]}" -c requirements.txt "$what"; }; then
        rm -rf "$folder" "$OPT/staged"
        fail "could not install the Python packages (pip's own words are above) - this step needs the internet, or a bundle: see ./install.sh --help"
    fi
    cp -r "$OPT/staged/systemd" "$OPT/staged/install.sh" "$OPT/staged/pyproject.toml" "$OPT/staged/requirements.txt" "$folder/"
    rm -rf "$OPT/staged"
    "$folder/venv/bin/textback" --version >/dev/null || fail "the new version does not start - nothing was changed; please report the words above"
    sync -f "$OPT"
    step complete "Version $release is built"
    touch "$folder/complete"
    sync -f "$OPT"
}

as_textback() { (cd / && setpriv --reuid textback --regid textback --init-groups "$@"); }

# inside RELEASE STEP...: a step of gateway.cli.upgrading, as the gateway's own user.
inside() {
    local python=$OPT/releases/$1/venv/bin/python
    shift
    as_textback "$python" -m gateway.cli.upgrading "$@"
}

# ---- the machine's side: user, folders, units, rules. All of it may be done again at any time.

make_user() {
    step user "User, folders"
    getent group textback >/dev/null || groupadd --system textback
    getent passwd textback >/dev/null ||
        useradd --system --gid textback --home-dir "$VAR" --no-create-home --shell /usr/sbin/nologin --comment "Textback gateway" textback
    usermod -aG dialout textback
    install -d -m 0755 "$OPT" "$OPT/releases"
    install -d -o textback -g textback -m 0750 "$ETC" "$VAR"
    install -d -o textback -g textback -m 0700 "$VAR/upgrade"
    chown -R textback:textback "$ETC" "$VAR" # also what was made by hand before
}

put() { # put SOURCE TARGET: a file of ours; whole at every moment. True when it has changed.
    ! cmp -s "$1" "$2" || return 1
    mkdir -p "$(dirname "$2")"
    install -m 0644 "$1" "$2.new"
    mv "$2.new" "$2"
}

host_files() {
    step host "Units, modem rules, journal, watchdog"
    local from=$OPT/releases/$1/systemd
    install -m 0755 "$from/recover.sh" "$OPT/recover.sh.new"
    mv "$OPT/recover.sh.new" "$OPT/recover.sh"
    put "$from/textback-recover.service" /etc/systemd/system/textback-recover.service || true
    if put "$from/host/78-textback-modem.rules" /etc/udev/rules.d/78-textback-modem.rules && [ -e /run/udev/control ]; then
        udevadm control --reload || true
        udevadm trigger --subsystem-match=tty --subsystem-match=usb || true
    fi
    if put "$from/host/journald.conf" /etc/systemd/journald.conf.d/90-textback.conf; then
        systemctl restart systemd-journald || true
    fi
    if [ -e /dev/watchdog ]; then
        if put "$from/host/watchdog.conf" /etc/systemd/system.conf.d/90-textback.conf; then systemctl daemon-reexec || true; fi
    else
        echo "This machine has no hardware watchdog (/dev/watchdog): if it hangs, nobody restarts it."
    fi
    put "$from/host/avahi.service" /etc/avahi/services/textback.service || true
    # Records elsewhere (`state:` in the configuration) have to be named: the service sees all other folders read-only.
    local state
    state=$(inside "$1" state)
    rm -f /etc/systemd/system/textback.service.d/state.conf
    if [ "$state" != "$VAR" ]; then
        mkdir -p /etc/systemd/system/textback.service.d
        printf '[Unit]\nRequiresMountsFor=%s\n[Service]\nReadWritePaths=%s\n' "$state" "$state" >/etc/systemd/system/textback.service.d/state.conf
    fi
    ln -sfn "$OPT/current/venv/bin/textback" /usr/local/bin/textback
    sync -f /etc
}

# The services are links into the current version: program and unit change in the same step. An earlier one may not have all.
link_unit() {
    local unit clock=known units=/etc/systemd/system
    [ -e $units/textback-clock.path ] || clock=new
    for unit in textback.service textback-clock.service; do
        ln -sfn "$OPT/current/systemd/$unit" "$units/$unit.new"
        mv -T "$units/$unit.new" "$units/$unit"
    done
    if [ -e "$OPT/current/systemd/textback-clock.path" ]; then
        put "$OPT/current/systemd/textback-clock.path" $units/textback-clock.path || true # no link: disabling takes links away
    else
        systemctl -q disable --now textback-clock.path 2>/dev/null || true
        rm -f $units/textback-clock.path $units/textback-clock.service
    fi
    systemctl daemon-reload
    systemctl -q enable textback.service textback-recover.service
    [ -e $units/textback-clock.path ] || return 0
    if [ "$clock" = new ]; then # whoever has disabled it since does not want it
        systemctl -q enable --now textback-clock.path || true
    else
        systemctl try-restart textback-clock.path || true
    fi
}

use() { # use RELEASE
    ln -sfn "releases/$1" "$OPT/current.new"
    mv -T "$OPT/current.new" "$OPT/current"
    sync -f "$OPT"
}

# write_trial OLD NEW KEPT: on the disk as a whole, or not there. KEPT is a copy of the records, or "".
write_trial() {
    printf 'old=%s\nnew=%s\nkept=%s\n' "$@" >"$OPT/trial.new"
    sync -f "$OPT"
    mv "$OPT/trial.new" "$OPT/trial"
    sync -f "$OPT"
}

current() { basename "$(readlink "$OPT/current" 2>/dev/null)" 2>/dev/null || true; }

# ---- from one version to another

# well: starts the service and waits until it says that it is ready, its page opens, and it stays so.
well() {
    systemctl reset-failed textback.service 2>/dev/null || true
    systemctl --no-block restart textback.service
    inside "$1" healthy --within "$WELL_WITHIN_S" >/dev/null || return 1
    sleep "$SETTLE_S"
    if [ "$(systemctl is-active textback.service)" != active ]; then
        echo "the service is $(systemctl is-active textback.service), not active"
        return 1
    fi
    inside "$1" healthy --within 10 >/dev/null
}

words_of_service() { journalctl -q -u textback.service -n 15 --no-pager -o cat 2>/dev/null | sed 's/^/    /' || true; }

# What has to be true before anything that runs is touched.
rehearse() {
    local tried
    step rehearse "Trying version $1 on the configuration and on a copy of the records"
    if [ -e "$ETC/gateway.yaml" ] && ! as_textback "$OPT/releases/$1/venv/bin/textback" check --config "$ETC/gateway.yaml" >/dev/null; then
        fail "version $1 cannot use the configuration (its words are above) - mend it on the page or in $ETC/gateway.yaml and run this again; nothing was changed, $(what_runs)"
    fi
    schema_changes=no
    database=$(inside "$1" database) || fail "version $1 cannot read the configuration; nothing was changed, $(what_runs)"
    [ -n "$database" ] || return 0
    need_room "$VAR/upgrade" $(($(du -m "$database" | cut -f 1) * 3 + 20))
    tried=$(inside "$1" rehearse --copy "$VAR/upgrade/rehearsal.sqlite3") ||
        fail "version $1 cannot take over the records (its words are above); nothing was changed, $(what_runs)${2:-}"
    [ "${tried% *}" = "${tried#* }" ] || schema_changes=yes
}

what_runs() {
    local now
    now=$(current)
    if [ -n "$now" ]; then echo "version $now goes on"; else echo "nothing runs yet"; fi
}

change_to() { # change_to NEW, from what is current
    local new=$1 old kept=
    old=$(current)
    rehearse "$new"
    step stop "Changing from $old to $new"
    systemctl stop textback.service
    if [ -n "$database" ]; then
        step keep "Keeping a copy of the records"
        kept=$VAR/upgrade/before-$new.sqlite3
        if ! inside "$new" keep --copy "$kept"; then
            systemctl start textback.service
            fail "the records could not be copied (see above); nothing was changed, version $old goes on"
        fi
    fi
    step trial "Writing down what to go back to"
    # Records that both versions can use stay as they are when we go back: what was written meanwhile is in them.
    write_trial "$old" "$new" "$([ "$schema_changes" = no ] || echo "$kept")"
    step swap "Version $new takes over"
    use "$new"
    link_unit
    step start "Starting it"
    if well "$new"; then
        step settled "Version $new is well"
        rm -f "$OPT/trial"
        sync -f "$OPT"
        printf '%s\n' "$old" >"$OPT/releases/$new/after"
        return 0
    fi
    echo
    echo "The last words of the service:"
    words_of_service
    go_back "$old" "$new"
}

go_back() {
    step back "Version $2 is not well: going back to $1"
    systemctl stop textback.service || true
    "$OPT/recover.sh"
    link_unit
    host_files "$1"
    if well "$1"; then
        fail "version $2 was not well and was taken back: version $1 runs again with its records, as before - please report the words above"
    fi
    echo "The last words of the service:"
    words_of_service
    fail "version $2 was not well, and version $1 does not come up either - see: journalctl -u textback"
}

finish_interrupted() {
    [ -e "$OPT/trial" ] || return 0
    say "An earlier upgrade was interrupted: undoing it first"
    systemctl stop textback.service || true
    "$OPT/recover.sh"
    link_unit
    systemctl start textback.service
}

prune() { # The newest KEEP_RELEASES versions stay, whatever is in use among them; so do two copies of the records.
    local name
    find "$OPT/releases" -mindepth 1 -maxdepth 1 -printf '%T@ %f\n' | sort -rn | tail -n "+$((KEEP_RELEASES + 1))" | cut -d ' ' -f 2- | while read -r name; do
        [ "$name" = "$(current)" ] || [ "$name" = "$(cat "$OPT/releases/$(current)/after" 2>/dev/null)" ] || rm -rf "$OPT/releases/${name:?}"
    done
    find "$VAR/upgrade" -name 'before-*.sqlite3' -printf '%T@ %p\n' | sort -rn | tail -n +3 | cut -d ' ' -f 2- | xargs -r rm -f
}

# ---- the words of install.sh

install_appliance() { # with pip's options where there is no network
    pip_options=("$@")
    check_machine
    [ -d gateway ] || fail "the sources of a version are not here - run install.sh of the version that you want to install" 2
    alone
    ask "This makes this machine a Textback box: program in $OPT, configuration in $ETC, records in $VAR. Go on?" || exit 1
    [ ${#pip_options[@]} -gt 0 ] || need_packages "${APPLIANCE_PACKAGES[@]}"
    python3 -c "$FITS" || fail "Python 3.11, 3.12 or 3.13 is needed, this is $(python3 --version) - use Debian 12 or 13"
    make_user
    finish_interrupted
    release=$(release_name)
    build_release
    local old
    old=$(current)
    if [ -n "$old" ] && [ "$old" != "$release" ] && [ -x "$OPT/releases/$old/venv/bin/python" ]; then
        change_to "$release"
        host_files "$release"
        prune
    else
        rehearse "$release"
        host_files "$release"
        step swap "Putting version $release in its place"
        use "$release"
        link_unit
        step start "Starting it"
        if ! well "$release"; then
            echo "The last words of the service:"
            words_of_service
            fail "it is installed and does not come up - see: journalctl -u textback"
        fi
    fi
    next_steps
}

next_steps() {
    say "Textback $release runs. Open its page on a phone or PC of the office:"
    TEXTBACK_PAGE=$(sed -n 's/^Environment=TEXTBACK_PAGE=//p' "$OPT/current/systemd/textback.service") inside "$release" address || true
    if [ ! -e "$ETC/gateway.yaml" ]; then
        echo "Do it now: whoever opens it first makes himself its owner, and its steps lead you to the first text."
    fi
    if systemctl -q is-active ufw firewalld nftables 2>/dev/null; then
        echo "A firewall runs here. If the page does not open, let the office's network in at port 8080 (with ufw: sudo ufw allow from 192.168.0.0/16 to any port 8080 proto tcp)."
    fi
    systemctl -q is-active ModemManager 2>/dev/null && echo "ModemManager runs here and has been told to leave modems alone; unplug the modem and plug it in again once."
    echo "Upgrade: run install.sh of a newer version. Back to the version before: sudo $OPT/current/install.sh back"
}

back_appliance() { # back [--with-old-records]: to the version before this one
    check_machine back
    alone
    finish_interrupted
    local now before kept
    now=$(current)
    before=$(cat "$OPT/releases/$now/after" 2>/dev/null || true)
    [ -e "$OPT/releases/${before:-none}/complete" ] || fail "no earlier version is kept here - run install.sh of the version that you want"
    release=$before
    if [ "${1:-}" = --with-old-records ]; then
        kept=$VAR/upgrade/before-$now.sqlite3
        [ -e "$kept" ] || fail "the records from before version $now are not kept any more"
        ask "Version $before comes back with the records from $(date -r "$kept" '+%Y-%m-%d %H:%M'); what came since is kept aside. Go on?" || exit 1
        systemctl stop textback.service
        write_trial "$before" "$now" "$kept"
        "$OPT/recover.sh"
        link_unit
        well "$before" || fail "version $before does not come up - see: journalctl -u textback"
    else
        rehearse "$before" " - to go back with the records from before the upgrade: sudo $OPT/current/install.sh back --with-old-records"
        change_to "$before"
    fi
    host_files "$before"
    next_steps
}

uninstall_appliance() { # uninstall [--keep-data|--remove-data]
    [ "$(id -u)" -eq 0 ] || fail "this needs root - run: sudo ./install.sh uninstall" 2
    alone
    local data=${1:-}
    if [ -z "$data" ]; then
        data=--keep-data
        if [ "$asked_yes" = no ] && [ -t 0 ]; then
            read -r -p "Remove the records and the configuration too? Who said STOP would be forgotten. [y/N] " answer
            [[ ! "$answer" =~ ^[yY] ]] || data=--remove-data
        fi
    fi
    say "Removing Textback"
    systemctl -q disable --now textback.service textback-recover.service "${CLOCK_UNITS[@]}" 2>/dev/null || true
    rm -f "${CLOCK_UNITS[@]/#//etc/systemd/system/}" /etc/systemd/system/textback.service /etc/systemd/system/textback-recover.service /usr/local/bin/textback \
        /etc/udev/rules.d/78-textback-modem.rules /etc/systemd/journald.conf.d/90-textback.conf \
        /etc/systemd/system.conf.d/90-textback.conf /etc/avahi/services/textback.service \
        /etc/systemd/system/textback.service.d/state.conf /etc/systemd/system/textback.service.d/lan-only.conf
    rmdir /etc/systemd/system/textback.service.d 2>/dev/null || true
    systemctl daemon-reload || true
    udevadm control --reload 2>/dev/null || true
    cd /
    sweep_unpacked
    rm -rf "$OPT"
    local said="Removed. The configuration is in $ETC and the records in $VAR: install.sh takes them up again."
    if [ "$data" = --remove-data ]; then
        rm -rf "$ETC" "$VAR"
        ! getent passwd textback >/dev/null || userdel textback
        ! getent group textback >/dev/null || groupdel textback
        said="Removed, with records and configuration. Debian packages that other programs may use were left."
    fi
    sync # who reads that it is gone may pull the plug
    echo "$said"
}
