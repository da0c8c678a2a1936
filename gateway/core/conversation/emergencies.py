"""What the caller of an emergency hears: the truth about the alert once it is known, and what is asked with it and behind it."""

from __future__ import annotations

from dataclasses import replace

from gateway.core.conversation.asking import ask, wanted_in_emergency
from gateway.core.conversation.lead import Alert, Lead, Stage
from gateway.core.conversation.moves import GREETING, QUESTION, Answer, Say
from gateway.core.conversation.office import ConversationRules
from gateway.core.outbound import Purpose


def after_alert(lead: Lead, fate: Alert, rules: ConversationRules, *, covered: bool, asks: bool = True) -> Answer:
    """The truth for the caller once it is known what became of the alert; with it the first question of an emergency.

    `covered`: somebody is on call for it. `asks` False: the truth alone.
    """
    lead = replace(lead, alert=fate)
    match fate:
        case Alert.TOLD if not covered:
            say = Say(Purpose.ANSWER, "not_covered")
        case Alert.TOLD:
            wanted = wanted_in_emergency(lead, rules) if asks else None
            if wanted is not None and lead.automatic < rules.most_texts:
                lead = replace(lead, asked=(*lead.asked, wanted), question=wanted)
                say = Say(Purpose.QUESTION, f"alert_sent_ask_{wanted}")
            else:
                say = Say(Purpose.ANSWER, "alert_sent")
        case Alert.UNSURE:
            say = Say(Purpose.ANSWER, "alert_unsure")
        case _:
            say = Say(Purpose.ANSWER, "alert_failed")
    if say.template in lead.said:
        return Answer(lead)
    return Answer(replace(lead, said=lead.said | {say.template}, automatic=lead.automatic + 1), say)


def after_acknowledged(lead: Lead, by: str, name: str, rules: ConversationRules, *, asks: bool = True) -> Answer:
    """What the caller hears when somebody has said that he has the emergency; with it the first question, where none was asked.

    `by` is who has it in the office's words, `name` the one that callers read, "" where there is none. `asks` as above.
    """
    lead = replace(lead, taken_by=by, taker=name, nobody=False, alert=Alert.TOLD)
    wanted = wanted_in_emergency(lead, rules) if asks else None
    if wanted is not None and lead.automatic < rules.most_texts:
        lead = replace(lead, asked=(*lead.asked, wanted), question=wanted)
        say = Say(Purpose.QUESTION, f"alert_seen_ask_{wanted}")
    else:
        say = Say(Purpose.ANSWER, "alert_seen")
    return Answer(replace(lead, said=lead.said | {say.template}, automatic=lead.automatic + 1), say)


def after_nobody(lead: Lead) -> Answer:
    """What the caller hears when everybody was told of his emergency, and nobody has it."""
    lead = replace(lead, nobody=True)
    if "alert_nobody" in lead.said:
        return Answer(lead)
    say = Say(Purpose.ANSWER, "alert_nobody")
    return Answer(replace(lead, said=lead.said | {say.template}, automatic=lead.automatic + 1), say)


def in_emergency(lead: Lead, heard: str, before: Lead, rules: ConversationRules) -> tuple[Lead, Say | None]:
    """The first question of an emergency goes with the truth about the alert (`after_alert`); here come the others.

    Who tells more of it is answered, whatever is left to ask: what he adds goes to the owner too.
    """
    if lead.alert not in (Alert.TOLD, Alert.UNSURE):
        return lead, None
    wanted = wanted_in_emergency(lead, rules)
    if wanted is not None and lead.automatic < rules.most_texts:
        return ask(lead, wanted)
    lead = replace(lead, stage=Stage.COMPLETE)
    if lead.automatic >= rules.most_texts:
        return lead, None
    if heard in (QUESTION, GREETING, "status_question"):
        return lead, Say(Purpose.ANSWER, "cannot_say_when")
    return lead, Say(Purpose.ANSWER, "added") if before.news else None
