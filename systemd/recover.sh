#!/bin/bash
# Undoes an upgrade that is on trial: the version from before it, with the records from before it if the new version's
# records are not for it. install.sh calls this when the new version is not well, systemd after a power cut in the middle.
# Done again after a power cut in the middle of itself, it comes to the same.
set -euo pipefail

readonly OPT=/opt/textback
readonly TRIAL=$OPT/trial

[ -e "$TRIAL" ] || exit 0
# Lines of NAME=VALUE, written by systemd/appliance.sh: old, new (folders below releases), kept (a copy of the records, or "").
old=$(sed -n 's/^old=//p' "$TRIAL")
new=$(sed -n 's/^new=//p' "$TRIAL")
kept=$(sed -n 's/^kept=//p' "$TRIAL")

# A note that leads nowhere may not take the program away that is in use.
if [ -z "$old" ] || [ ! -x "$OPT/releases/$old/venv/bin/python" ]; then
    rm -f "$TRIAL"
    sync -f "$OPT"
    echo "textback: there is no version '$old' to go back to, what is in use stays"
    exit 0
fi
if [ -n "$kept" ] && [ -e "$kept" ]; then
    cd /
    setpriv --reuid textback --regid textback --init-groups "$OPT/releases/$old/venv/bin/python" -m gateway.cli.upgrading put-back --copy "$kept"
fi
ln -sfn "releases/$old" "$OPT/current.new"
mv -T "$OPT/current.new" "$OPT/current"
sync -f "$OPT"
# The units are links into the current version, and systemd may have read the other one's already.
diff -rq "$OPT/releases/$old/systemd" "$OPT/releases/$new/systemd" >/dev/null || systemctl daemon-reload || true
rm -f "$TRIAL"
sync -f "$OPT"
echo "textback: the upgrade was undone, version $old is back"
