"""Stories of people who change settings on the page: saved and in use, refused with the field, and never over somebody else's."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.commands.settingsdesk import Desk
from gateway.core.sheets import Saved
from gateway.ports.settings import SettingsDesk
from gateway.settings import SettingsError, load
from gateway.settings.edit.first import first_text, unconfigured
from gateway.settings.edit.hidden import STARS
from gateway.supervisor import Gateway, running
from tests.gateway.test_taking_in import free_port

CONFIG = """\
# The shop in Lakewood.
business:
  name: Miller Heating & Air # as on the van
  trade: hvac
  timezone: America/New_York
  area_code: "216"
  owner_cell: "+12165550190"
lines:
  main: {{number: "+12165550100"}}
hours:
  mon: &day ["08:00-17:00"]
  tue: *day
  # Wednesday is for the warehouse.
  wed: []
remote: {{pin: "8153"}}
page: {{port: {port}}}
state: {state}
"""


class Shop:
    def __init__(self, gateway: Gateway, file: Path) -> None:
        self.gateway, self.file = gateway, file
        self.desk: SettingsDesk = gateway.desk

    async def save(
        self, sheet: str, by: str = "page:Ann", mark: str | None = None, owner: bool = False, **typed: str
    ) -> Saved:
        form = {path.replace("__", "."): [words] for path, words in typed.items()}
        mark = (await self.desk.sheet(sheet)).mark if mark is None else mark
        return await self.desk.save(sheet, form, mark, by, owner)

    @property
    def hours(self) -> list[int]:
        return [len(windows) for windows in self.gateway.dispatcher.business.hours.weekly]

    async def history(self) -> list[str]:
        rows = await self.gateway.store.read(
            lambda db: db.execute("SELECT what FROM history WHERE subject = 'box:settings' ORDER BY id").fetchall()
        )
        return [row["what"] for row in rows]


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    file = tmp_path / "gateway.yaml"
    file.write_text(CONFIG.format(port=free_port(), state=tmp_path / "state"))
    file.chmod(0o600)
    async with running(Gateway(load(file))) as gateway:
        yield Shop(gateway, file)


async def test_opening_hours_are_saved_in_use_and_in_the_history(shop: Shop) -> None:
    before = shop.file.read_text()

    saved = await shop.save("hours", hours__wed="08:00-12:00, 13:00-17:00")

    assert (saved.done, saved.say, saved.exchanged) == (True, "Saved and in use.", ())
    assert shop.hours == [1, 1, 2, 0, 0, 0, 0]
    assert shop.file.read_text() == before.replace("wed: []", 'wed: ["08:00-12:00", "13:00-17:00"]')
    assert await shop.history() == ["page:Ann: Opening hours: Wednesday"]
    [version] = await shop.desk.versions()
    assert (version.by, version.say) == ("page:Ann", "Opening hours: Wednesday")
    assert not (await shop.desk.standing()).changed


async def test_what_cannot_be_is_said_at_its_field_and_nothing_is_saved(shop: Shop) -> None:
    before = shop.file.read_text()

    saved = await shop.save("hours", hours__wed="8-5", hours__thu="17:00-17:00")

    assert [problem.path for problem in saved.problems] == ["hours.wed", "hours.thu"]
    assert "'08:00-17:00'" in saved.problems[0].remedy
    assert shop.file.read_text() == before
    assert shop.hours == [1, 1, 0, 0, 0, 0, 0]
    assert await shop.desk.versions() == []


async def test_two_people_who_change_different_things_both_succeed(shop: Shop) -> None:
    mark = (await shop.desk.sheet("hours")).mark

    first, second = await asyncio.gather(
        shop.save("hours", mark=mark, hours__wed="08:00-12:00"),
        shop.save("notifications", by="page:Mike", mark=mark, notifications__digest_at="17:30"),
    )

    assert first.done
    assert second.done
    assert shop.hours == [1, 1, 1, 0, 0, 0, 0]
    assert shop.gateway.dispatcher.business.notifications.digest_at is not None


async def test_two_people_who_change_the_same_thing_are_told_of_each_other(shop: Shop) -> None:
    mark = (await shop.desk.sheet("hours")).mark
    await shop.save("hours", mark=mark, hours__wed="08:00-12:00")

    with pytest.raises(ValueError, match=r"changed by Ann while you had the page open.*nothing of yours was saved"):
        await shop.save("hours", by="page:Mike", mark=mark, hours__wed="09:00-12:00")

    assert '"08:00-12:00"' in shop.file.read_text()


async def test_an_owners_sheet_is_not_for_the_office(shop: Shop) -> None:
    with pytest.raises(ValueError, match="only an owner"):
        await shop.save("authority", authority__book="request")

    assert (await shop.save("authority", owner=True, authority__book="ask")).done


async def test_a_file_that_was_changed_by_hand_is_never_overwritten_and_can_be_taken_in(shop: Shop) -> None:
    mark = (await shop.desk.sheet("hours")).mark
    by_hand = shop.file.read_text().replace("name: Miller Heating & Air", "name: Miller & Daughters")
    shop.file.write_text(by_hand)

    for drawn in (mark, (await shop.desk.sheet("hours")).mark):
        with pytest.raises(ValueError, match="changed by hand"):
            await shop.save("hours", mark=drawn, hours__wed="08:00-12:00")
    assert shop.file.read_text() == by_hand
    assert (await shop.desk.standing()).changed

    assert (await shop.desk.take_in("page:Mike")).done
    assert shop.gateway.dispatcher.business.name == "Miller & Daughters"
    assert (await shop.save("hours", hours__wed="08:00-12:00")).done


async def test_a_broken_file_is_shown_with_its_problems_and_mended_on_the_page(shop: Shop) -> None:
    good = shop.file.read_text()
    shop.file.write_text(good.replace("wed: []", 'wed: ["25:00-26:00"]'))

    standing = await shop.desk.standing()
    assert [problem.path for problem in standing.problems] == ["hours.wed"]
    assert [problem.path for problem in (await shop.desk.take_in("page:Mike")).problems] == ["hours.wed"]
    raw = await shop.desk.raw()
    saved = await shop.desk.save_raw(raw.text.replace('["25:00-26:00"]', '["08:00-12:00"]'), raw.mark, "page:Mike")

    assert saved.done
    assert shop.hours == [1, 1, 1, 0, 0, 0, 0]


async def test_the_whole_file_is_edited_without_showing_its_secrets(shop: Shop) -> None:
    raw = await shop.desk.raw()
    assert "8153" not in raw.text
    assert STARS in raw.text

    saved = await shop.desk.save_raw(
        raw.text.replace("trade: hvac", "trade: plumbing").replace("\n", "\r\n"), raw.mark, "page:Mike"
    )

    assert saved.done
    assert 'pin: "8153"' in shop.file.read_text()
    assert "\r" not in shop.file.read_text()
    assert shop.gateway.dispatcher.business.trade == "plumbing"
    with pytest.raises(ValueError, match="while you had the page open"):
        await shop.desk.save_raw(raw.text, raw.mark, "page:Ann")
    [version] = await shop.desk.versions()
    assert "8153" not in await shop.desk.former(version.key)


async def test_a_former_version_comes_back(shop: Shop) -> None:
    before = shop.file.read_text()
    await shop.save("hours", hours__wed="08:00-12:00")
    [version] = await shop.desk.versions()

    saved = await shop.desk.restore(version.key, (await shop.desk.raw()).mark, "page:Mike")

    assert saved.done
    assert shop.file.read_text() == before
    assert shop.hours == [1, 1, 0, 0, 0, 0, 0]
    assert [each.by for each in await shop.desk.versions()] == ["page:Mike", "page:Ann"]
    with pytest.raises(ValueError, match="not kept"):
        await shop.desk.restore("../gateway", saved.mark, "page:Mike")


async def test_a_text_is_judged_while_it_is_typed(shop: Shop) -> None:
    good = await shop.desk.preview(
        "templates.open", "{business}: sorry we missed your call. How can we help? Auto-text, STOP to end."
    )
    assert (good.segments, good.costly, good.errors) == (1, False, ())
    assert good.text.startswith("Miller Heating & Air: sorry")

    bad = await shop.desk.preview("templates.open", "Hi! We call you back in 5 minutes 😀")
    assert bad.costly
    assert any("STOP" in problem.say + problem.remedy for problem in bad.errors)
    assert shop.gateway.dispatcher.business.templates["open"] not in (good.text, bad.text)


async def test_a_disk_that_refuses_leaves_everything_as_it_was(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    before = shop.file.read_text()
    with monkeypatch.context() as patch:
        patch.setattr("gateway.settings.edit.keeping.os.fsync", full)
        with pytest.raises(ValueError, match="disk is full"):
            await shop.save("hours", hours__wed="08:00-12:00")

    assert shop.file.read_text() == before
    assert shop.hours == [1, 1, 0, 0, 0, 0, 0]
    assert (await shop.save("hours", hours__wed="08:00-12:00")).done


async def test_the_first_configuration_is_written_once_and_the_box_goes_by_it(tmp_path: Path) -> None:
    nothing = unconfigured(tmp_path / "etc" / "gateway.yaml", f":{free_port()}", str(tmp_path / "state"))
    async with running(Gateway(nothing)) as gateway:
        desk: Desk = gateway.desk
        with pytest.raises(ValueError, match="no configuration yet"):
            await desk.sheet("hours")
        business = {"name": "Acme Plumbing", "timezone": "Nowhere", "trade": "plumbing"}
        answers = {"business": business, "line": {"number": "12"}, "hours": {"mon_from": "8"}}
        refused = await desk.write_first(first_text(answers, nothing), "page:Mike")
        assert [problem.path for problem in refused.problems] == ["business.timezone", "lines.main.number", "hours.mon"]
        assert not nothing.source.exists()

        business["timezone"] = "America/Chicago"
        answers = {"business": business, "line": {"number": "+12165550100"}}
        saved = await desk.write_first(first_text(answers, nothing), "page:Mike")

        assert saved.done
        assert gateway.dispatcher.business.name == "Acme Plumbing"
        assert not gateway.settings.setup
        assert load(nothing.source).mark == gateway.settings.mark
        assert (await desk.sheet("hours")).mark == gateway.settings.mark
        with pytest.raises(ValueError, match="already"):
            await desk.write_first(first_text(answers, nothing), "page:Mike")


def test_a_page_address_that_is_none_is_refused(tmp_path: Path) -> None:
    assert unconfigured(tmp_path, "0.0.0.0:9000").page.port == 9000
    assert unconfigured(tmp_path, "[::1]:9000").page.host == "::1"
    assert unconfigured(tmp_path, "box.local").page.host == "box.local"
    for wrong in ("http://x:1", "x:99999", "a b", ":"):
        with pytest.raises(SettingsError, match="no address"):
            unconfigured(tmp_path, wrong)


async def test_many_who_save_and_look_at_once_get_their_turn_one_after_the_other(shop: Shop) -> None:
    days = {"wed": "08:00-12:00", "thu": "09:00-12:00", "fri": "10:00-12:00", "sat": "11:00-12:00"}
    mark = (await shop.desk.sheet("hours")).mark

    saved, _ = await asyncio.gather(
        asyncio.gather(
            *(
                shop.save("hours", by=f"page:{day}", mark=mark, **{f"hours__{day}": hours})
                for day, hours in days.items()
            )
        ),
        asyncio.gather(*(shop.desk.sheet(key) for key in ("texts", "people", "hours"))),
    )

    assert all(each.done for each in saved)
    assert shop.hours == [1, 1, 1, 1, 1, 1, 0]
    assert len(await shop.history()) == len(await shop.desk.versions()) == len(days)
    assert load(shop.file).business == shop.gateway.dispatcher.business
