"""A text may name a response time only if the business has set it."""

import pytest

from gateway.settings import SettingsError
from tests.policy.shop import call, outcomes, shop

STATES = "{business}: sorry we missed your call. What do you need? We answer within 30 minutes. Auto-text, STOP to end."


def open_text(words: str) -> str:
    return f'{{open: "{words} Emergency: text URGENT."}}'


def test_a_response_time_that_nobody_agreed_to_is_refused() -> None:
    with pytest.raises(SettingsError) as caught:
        shop(templates=open_text(STATES))
    (problem,) = caught.value.problems
    assert "promises something" in problem.what
    assert "within 30 minutes" in problem.what


def test_a_response_time_that_the_business_has_set_may_be_named() -> None:
    assert outcomes(shop(texting="{stated_response: 30 min}", templates=open_text(STATES)), call()) == ["open"]


def test_another_response_time_than_the_one_set_is_refused() -> None:
    with pytest.raises(SettingsError):
        shop(texting="{stated_response: 1 h}", templates=open_text(STATES))
