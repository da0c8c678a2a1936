"""Files of contacts as other programs write them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.contactfiles import cards, table
from gateway.core.contactfiles.entry import ContactFile, Entry, NotRead, gather, kinds_in, tidy_name
from gateway.core.policy import ContactKind
from gateway.core.sheetcells import safe_cell

DANA, SUPPLY = "+13035550199", "+13035550170"


def read(data: bytes | str, kind: ContactKind | None = ContactKind.CUSTOMER) -> ContactFile:
    text = table.decoded(data if isinstance(data, bytes) else data.encode())
    rows = cards.read(text) if cards.looks_so(text) else table.read(text)
    return gather(rows, "US", "303", kind)


def told(file: ContactFile) -> list[tuple[str, str, str]]:
    return [(each.name, each.number, " ".join(sorted(each.kinds))) for each in file.entries]


PLAIN = "Name,Phone,Kind\nDana Whitfield,(303) 555-0199,customer\nPipe Supply,303.555.0170,Vendor; VIP\n"


@pytest.mark.parametrize(
    "data",
    [
        PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace(",", ";").replace("Vendor; VIP", '"Vendor; VIP"'),
        PLAIN.replace(",", "\t"),
        "sep=|\n" + PLAIN.replace(",", "|"),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.replace("Name,Phone,Kind", "Nombre,Teléfono móvil,Categoría").encode("cp1252"),
        PLAIN.replace("Name,Phone,Kind", "\n\nCustomer Name,Mobile Phone,Group"),
        PLAIN.replace("Name,Phone,Kind\n", ""),
    ],
)
def test_one_list_in_every_dress(data):
    assert told(read(data)) == [("Dana Whitfield", DANA, "customer"), ("Pipe Supply", SUPPLY, "vendor vip")]


def test_outlook_writes_a_person_in_many_columns():
    data = (
        '"First Name","Middle Name","Last Name","Company","Business Fax","Business Phone","Home Phone","Mobile Phone","Categories"\n'
        '"Dana","","Whitfield","","303-555-0111","","303-555-0198","303-555-0199",""\n'
        '"","","","Pipe Supply","","(303) 555-0170 x12","","","Vendors"\n'
    )
    assert told(read(data)) == [
        ("Dana Whitfield", "+13035550198", "customer"),
        ("Dana Whitfield", DANA, "customer"),
        ("Pipe Supply", SUPPLY, "vendor"),
    ]


def test_google_puts_several_numbers_and_labels_into_one_cell():
    data = (
        "First Name,Last Name,Organization Name,Labels,Phone 1 - Label,Phone 1 - Value\n"
        "Dana,Whitfield,,* myContacts ::: VIP,Mobile,+1 303-555-0199 ::: 3035550198\n"
    )
    assert told(read(data)) == [("Dana Whitfield", DANA, "vip"), ("Dana Whitfield", "+13035550198", "vip")]


def test_spanish_names_of_columns_and_letters():
    data = "Nombre;Apellidos;Móvil;Grupo\nJosé;Núñez Ibáñez;303 555 0199;Cliente\n".encode("cp1252")
    assert told(read(data)) == [("José Núñez Ibáñez", DANA, "customer")]


def test_the_same_number_becomes_one_contact():
    file = read("Name,Phone,Kind\n,3035550199,vip\nDana,1-303-555-0199,customer\nDana W,+13035550199,\n", None)
    assert told(file) == [("Dana", DANA, "customer vip")]
    assert file.joined == 1
    assert file.refused[0].why == "it is not said what this number is"


def test_what_is_not_understood_is_told_row_by_row():
    file = read("Name,Phone\nDana,3035550199\nEve,12\nBob,\nPrivate,anonymous\n\nZoe,not a number\n")
    assert [(each.place, each.why) for each in file.refused] == [
        (3, "this is no telephone number"),
        (4, "there is no telephone number"),
        (5, "this is no telephone number"),
        (7, "this is no telephone number"),
    ]
    assert len(file.entries) == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("", "nothing in this file"),
        ("\n\n", "nothing in this file"),
        ("Name,Address\nDana,812 Alder St\n", "no column of this file is called Phone"),
        ("Name,Phone\n" + "x," * 400, "too much in it"),
        ('Name,Phone\n"' + "x" * 200_000, "cannot be read as CSV"),
        (b"PK\x03\x04" + bytes(range(256)), "Phone"),
        ("BEGIN:VCARD", ""),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data, sentence):
    if sentence:
        with pytest.raises(NotRead, match=sentence):
            read(data)
    else:
        assert not read(data).entries


def test_a_file_with_too_many_numbers_is_refused(monkeypatch):
    monkeypatch.setattr("gateway.core.contactfiles.entry.MOST_ENTRIES", 3)
    with pytest.raises(NotRead, match="take it in parts"):
        read("Phone\n" + "".join(f"30355501{n:02}\n" for n in range(9)))


@pytest.mark.parametrize(
    "card",
    [
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN:Núñez;José\r\nTEL;CELL:303-555-0199\r\nTEL;WORK;FAX:303-555-0111\r\nEND:VCARD\r\n",
        "BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Jos=C3=A9 N=C3=BA=\r\n=C3=B1ez\r\n"
        "TEL;CELL:3035550199\r\nEND:VCARD\r\n",
        "BEGIN:VCARD\nVERSION:3.0\nFN:José \n Núñez\nitem1.TEL;type=CELL;type=pref:+1 (303) 555-0199\nitem1.X-ABLabel:x\nEND:VCARD\n",
        'BEGIN:VCARD\nVERSION:4.0\nFN:José Núñez\nTEL;VALUE=uri;TYPE="voice,cell":tel:+1-303-555-0199;ext=12\nEND:VCARD\n',
        "begin:vcard\nfn:José Núñez\nPHOTO;ENCODING=b;TYPE=JPEG:AAAA\n AAAA\ntel:3035550199\nend:vcard\n",
    ],
)
def test_a_card_of_every_version(card):
    assert told(read(card)) == [("José Núñez", DANA, "customer")]


def test_a_card_says_its_kinds_and_escapes():
    card = "BEGIN:VCARD\nVERSION:3.0\nFN:Ortiz\\, Sons\\; Co\\nX\nTEL:3035550170\nCATEGORIES:Vendor,VIP\nEND:VCARD\n"
    assert told(read(card)) == [("Ortiz, Sons; Co X", SUPPLY, "vendor vip")]


WORDS = st.text(max_size=90).map(tidy_name)
ENTRIES = st.builds(
    Entry,
    st.integers(0, 9999).map(lambda n: f"+1303555{n:04}"),
    WORDS.filter(lambda name: name.strip("=+-@＝＋－＠' ") == name),
    st.frozensets(st.sampled_from(list(ContactKind)[:6]), min_size=1),
)


@given(st.lists(ENTRIES, max_size=8, unique_by=lambda entry: entry.number))
def test_what_is_exported_comes_back(entries):
    text = "".join(cards.written(entries))
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    if entries:
        back = gather(cards.read(text), "US", "303")
        assert [each.number for each in back.entries] == [each.number for each in entries]
        assert [each.name for each in back.entries] == [each.name or each.number for each in entries]


@given(st.text(max_size=400))
def test_no_text_breaks_the_reader(text):
    for data in (text, "BEGIN:VCARD\n" + text, "Name,Phone\n" + text):
        with contextlib.suppress(NotRead):
            assert isinstance(read(data.encode("utf-8", "replace")), ContactFile)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(data):
    with contextlib.suppress(NotRead):
        assert isinstance(read(data), ContactFile)


@pytest.mark.parametrize("name", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "－2"])
def test_a_formula_in_a_name_comes_back_from_a_spreadsheet_as_a_name(name):
    assert str(safe_cell(tidy_name(name))).startswith("'")
    assert tidy_name(str(safe_cell(tidy_name(name)))) == tidy_name(name)


def test_kinds_are_found_in_many_words():
    assert kinds_in("Do not text / Proveedor") == {ContactKind.NO_AUTOTEXT, ContactKind.VENDOR}
    assert kinds_in("my friends") == frozenset()
