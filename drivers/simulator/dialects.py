"""How modem families differ on the wire. Each entry is data; the sources are named beside it.

Sources: ModemManager plugins and tests, chan_dongle, gammu and python-gsmmodem issues, vendors' AT manuals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Dialect:
    """One family's habits. Line templates take {number}, {ton}, {validity}, {clock}, {seconds}."""

    name: str
    maker: str
    model: str
    revision: str = "1.0"
    eol: str = "\r\n"
    prompt: str = "\r\n> "
    unknown: str = "ERROR"
    clip: str = '+CLIP: "{number}",{ton},"",,"",{validity}'
    clip_withheld: str = '+CLIP: "",128,"",,"",1'
    clip_plus: bool = True  # False: type 145 without the "+"
    missed: tuple[str, ...] = ("NO CARRIER",)  # the caller gave up
    ended: tuple[str, ...] = ("NO CARRIER",)  # an answered call is over
    begun: tuple[str, ...] = ()  # the modem answered a call
    dialled: tuple[str, ...] = ()  # behind the OK of ATD
    alerting: tuple[str, ...] = ()  # it rings at the other end
    connected: tuple[str, ...] = ()  # who was called has answered
    busy: tuple[str, ...] = ("BUSY",)
    not_answered: tuple[str, ...] = ("NO ANSWER",)
    refused_call: tuple[str, ...] = ("NO CARRIER",)  # the network does not put the call through
    noise: tuple[str, ...] = ()  # unsolicited status lines, in turn
    noise_every_s: float = 0.0
    boot: tuple[tuple[float, str], ...] = ()  # (seconds after power-up, line)
    boot_garbage: bytes = b""
    boot_busy_s: float = 0.0  # SIM busy after power-up
    refused: frozenset[str] = frozenset()
    report_modes: tuple[int, ...] = (0, 1, 2)  # <ds> values AT+CNMI takes
    cdsi_lies: bool = False  # +CDSI names SM index 0 while the report lies in SR
    memories: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({"SM": 20, "ME": 100, "SR": 20}))
    first_index: int = 0
    memory_full: str = ""  # said when a text finds no room
    flood: str = ""  # repeated until AT+CPMS? is asked
    flood_every_s: float = 0.2
    clcc_alpha: bool = False
    lte: bool = True
    cmgs: str = "+CMGS: {ref}"
    answers_esc: str = "OK"
    clock_in_utc: bool = False  # +CCLK shows UTC, with the local zone behind it
    own_clock: frozenset[str] = frozenset()  # the vendor's own commands that show the network's time
    reset_s: float = 0.3  # AT+CFUN=1,1: time until it is back


_GENERIC = Dialect("generic", "Simulated", "SIM-1", first_index=1)

DIALECTS: Mapping[str, Dialect] = MappingProxyType(
    {
        dialect.name: dialect
        for dialect in (
            _GENERIC,
            replace(
                _GENERIC,
                name="huawei",
                maker="huawei",
                model="E3372",
                own_clock=frozenset({"^NWTIME"}),
                revision="21.180.01.00.00",
                unknown="COMMAND NOT SUPPORT",  # chan_dongle at_response.c
                clip='+CLIP: "{number}",{ton},,,,{validity}',  # MU509
                clip_withheld='+CLIP: "",128,,,,1',
                missed=("^CEND:1,0,104,16", "NO CARRIER"),
                ended=("^CEND:1,{seconds},104,16", "NO CARRIER"),
                begun=("^CONN:1,0",),
                dialled=("^ORIG:1,0",),
                alerting=("^CONF:1",),
                connected=("^CONN:1,0",),
                busy=("^CEND:1,0,27,17", "BUSY"),
                not_answered=("^CEND:1,0,29,18", "NO ANSWER"),
                refused_call=("^CEND:1,0,64,34", "NO CARRIER"),
                noise=(
                    "^RSSI:17",
                    '^HCSQ:"LTE",54,51,171,28',
                    "^BOOT:20064612,0,0,0,75",
                    "^MODE:5,4",
                    "^SRVST:2",
                    "^RSSI:18",
                ),  # all day unless AT^CURC=0
                noise_every_s=3.0,
                first_index=0,  # E303/E3531: gammu#490
                memory_full='^SMMEMFULL: "SM"',  # asterisk-chan-dongle#47
                refused=frozenset({"+CTZU", "+CTZR", "+CSMS", "+CNUM", "+CPBS", "+CPBR"}),
                memories=MappingProxyType({"SM": 20, "ME": 50, "SR": 10}),
            ),
            replace(
                _GENERIC,
                name="huawei_em770w",  # an old one: the number stands without quotes
                maker="huawei",
                model="EM770W",
                revision="11.126.10.03.00",
                unknown="COMMAND NOT SUPPORT",
                clip="+CLIP:{number},{ton},,,,{validity}",
                clip_withheld="+CLIP:,128,,,,1",
                missed=("^CEND:1,0,104,16",),
                ended=("^CEND:1,{seconds},104,16",),
                begun=("^CONN:1,0",),
                dialled=("^ORIG:1,0",),
                alerting=("^CONF:1",),
                connected=("^CONN:1,0",),
                busy=("^CEND:1,0,27,17",),
                not_answered=("^CEND:1,0,29,18",),
                refused_call=("^CEND:1,0,64,34",),
                noise=("^RSSI:12", "^MODE:3,3"),
                noise_every_s=3.0,
                first_index=0,
                lte=False,
                refused=frozenset({"+CTZU", "+CTZR", "+CEREG", "+CPBS", "+CPBR"}),
                memories=MappingProxyType({"SM": 20, "ME": 50}),
            ),
            replace(
                _GENERIC,
                name="quectel",
                maker="Quectel",
                model="EC25",
                revision="EC25AFAR06A07M4G",
                boot=((0.05, "RDY"), (0.1, "+CPIN: READY"), (0.15, "+QUSIM: 1"), (0.2, "+QIND: SMS DONE")),
                clock_in_utc=True,  # with AT+CTZU=1, by the vendor's manual
                own_clock=frozenset({"+QLTS"}),
                cdsi_lies=True,  # asterisk-chan-quectel#75
                first_index=0,
                memories=MappingProxyType({"SM": 25, "ME": 255, "SR": 20}),
            ),
            replace(
                _GENERIC,
                name="sim7600",
                maker="SIMCOM INCORPORATED",
                model="SIMCOM_SIM7600G-H",
                revision="LE20B04SIM7600G22",
                eol="\r\r\n",  # ModemManager plugins/simtech
                missed=("MISSED_CALL: {clock} {number}", "NO CARRIER"),
                ended=("VOICE CALL: END: {seconds:06d}", "NO CARRIER"),
                begun=("VOICE CALL: BEGIN",),
                connected=("VOICE CALL: BEGIN",),
                busy=("BUSY",),
                not_answered=("NO ANSWER",),
                boot=((0.05, "RDY"), (0.1, "+CPIN: READY"), (0.15, "SMS DONE"), (0.2, "PB DONE")),
                first_index=0,
                report_modes=(0, 2),  # Qualcomm: offers 1, refuses it (ModemManager mm-broadband-modem.c)
            ),
            replace(
                _GENERIC,
                name="sim7670",
                maker="SIMCOM INCORPORATED",
                model="SIM7670G-MNGV",
                revision="A131B01A7670M7",
                prompt="\r\n>\r\n",  # gammu#1176
                boot=((0.05, "*ATREADY: 1"), (0.1, "+CPIN: READY"), (0.15, "SMS DONE")),
                first_index=0,
            ),
            replace(
                _GENERIC,
                name="sim800",
                maker="SIMCOM_Ltd",
                model="SIMCOM_SIM800L",
                revision="1418B05SIM800L24",
                clip='+CLIP: "{number}",{ton},"",0,"",{validity}',
                clip_withheld='+CLIP: "",128,"",0,"",1',  # babca#24
                boot=(
                    (0.1, "RDY"),
                    (0.15, "+CFUN: 1"),
                    (0.2, "+CPIN: READY"),
                    (0.3, "Call Ready"),
                    (0.35, "SMS Ready"),
                ),
                boot_garbage=b"\xff\x00\xc3\x1e\xe9IIII\xff",
                boot_busy_s=0.25,
                noise=("UNDER-VOLTAGE WARNNING",),  # the modem's own spelling
                noise_every_s=7.0,
                clcc_alpha=True,
                lte=False,
                refused=frozenset({"+CEREG"}),
                memories=MappingProxyType({"SM": 10, "ME": 20}),
            ),
            replace(
                _GENERIC,
                name="zte",
                maker="ZTE INCORPORATED",
                model="MF190",
                revision="BD_P671A2V1.0.0B05",
                flood="+ZUSIMR:2",  # ModemManager plugins/zte
                noise=("+ZPASR: UMTS", '+ZDONR: "Simulated",310,260,"CS_PS","ROAM_OFF"'),
                noise_every_s=5.0,
                busy=("HANGUP: 17",),
                not_answered=("HANGUP: 18",),
                refused_call=("HANGUP: 34",),
                missed=("HANGUP: 1",),  # python-gsmmodem's table only
                ended=("HANGUP: 1",),
                first_index=0,
                lte=False,
                refused=frozenset({"+CEREG", "+CTZU"}),
                memories=MappingProxyType({"SM": 20, "ME": 100, "SR": 10}),
            ),
        )
    }
)
