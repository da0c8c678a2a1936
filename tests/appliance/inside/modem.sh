#!/bin/bash
# modem.sh plug | unplug: a USB stick of two serial ports, as the kernel sees a real one (dummy_hcd). What it says and hears
# goes through bridge.py to the simulated modem outside, which outlives the machine's power.
set -eu
readonly GADGET=/sys/kernel/config/usb_gadget/stick

make() {
    modprobe -a dummy_hcd libcomposite usb_f_acm cdc_acm
    mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config
    [ ! -d $GADGET ] || return 0
    mkdir $GADGET
    cd $GADGET
    echo 0x12d1 >idVendor
    echo 0x1506 >idProduct
    mkdir strings/0x409 configs/c.1 functions/acm.usb0 functions/acm.usb1
    echo HUAWEI >strings/0x409/manufacturer
    echo 'HUAWEI Mobile' >strings/0x409/product
    echo 867000000000019 >strings/0x409/serialnumber
    ln -s functions/acm.usb0 functions/acm.usb1 configs/c.1/
}

case "$1" in
    plug)
        make
        find /sys/class/udc -mindepth 1 -printf '%f\n' | head -n 1 >$GADGET/UDC
        systemctl is-active -q bridge || systemd-run -q --unit=bridge -p Restart=always -p RestartSec=0.2 python3 /usr/local/lib/bridge.py
        ;;
    unplug) echo '' >$GADGET/UDC ;;
    *) exit 2 ;;
esac
