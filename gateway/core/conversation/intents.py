"""What a text is to the conversation it comes into, where that is more than what it says by itself.

The reading sees one text and nothing of what went before. "hello?" is a greeting, "so someone will be here at 8 then" asks
whether what was requested is so, and nobody thanks us without a word of thanks.
"""

from __future__ import annotations

import re

from gateway.core.conversation.arrivals import asks_when
from gateway.core.conversation.calltimes import names_time
from gateway.core.conversation.lead import Fact, Facts, Lane, Lead, Stage
from gateway.core.conversation.moves import GREETING, JOBS, QUESTION
from gateway.core.conversation.pieces import only_facts
from gateway.core.understanding.folded import fold
from gateway.core.understanding.intents import SAYS
from gateway.core.understanding.reader import Reading

STRANGERS = frozenset({"spam", "vendor_or_sales", "job_seeker"})
_GREETING = re.compile(
    r"\W*(?:(?:hi|hey|hello|helo|yo|hola|alo|bueno|buenas?|buenos|dias|tardes|noches|good|morning|afternoon|evening|again|there|is|are|you|u|any(?:one|body)"
    r"|some(?:one|body)|hay|alguien|ahi|estan?|otra vez)\b\W*)+"
)
_NEEDS_HELP = re.compile(
    r"\W*(?:(?:hi|hello|hey|i|we|please|really|some|need|want|could use|necesito|ocupo)\W+)+(?:help|ayuda)\W*(?:please\W*|por favor\W*)?"
)
_SIGNALS = re.compile(
    "[\U0001f525\U0001f4a7\U0001f4a6\U0001f30a\u26a1\U0001f198\U0001f6a8\U0001f4a8\U0001f692]"
)  # fire, water, lightning, alarm
_LETTER = re.compile(r"[a-z0-9]")
_THANKS = re.compile(
    r"than[kx]|thx|tks|\bty\b|gra[cs]ias|apprec|great|perfect|\bo?kk?\b|okay|okey|cool|sounds|will do|got it|gotcha|awesome|excelen|listo"
    r"|vale\b|\bbien\b|\bsale\b|no (?:problem|worries)|\bnp\b|liked|loved|laughed|emphasi|good|nice|bless|\bdios\b|amable|wonderful"
    r"|alright|fine|de nada|welcome|best|amazing|\bya\b|bueno|genial|sure|right on|\by(?:es|ep|eah)\b|happy|love|gust"
)
_PRAISES = re.compile(
    r"great|good|love|wonderful|delight|amazing|happy|excelen|perfect|nice|best|awesome|beautiful|works|fixed|came|sent|did|quedo|qued[oa]n|bonit"
    r"|encant|content|feliz|arregl|vin(?:o|ieron)|hicieron"
)
# Who names a line of our menu wants it done, unless he says that he does it himself.
_LOOKS_FOR_WORK = re.compile(r"\bjobs?\b|hir(?:e|ing)|\bwork for\b|trabaj|empleo|contratan|resume|apply")
_SELLS = re.compile(
    r"\bwe (?:offer|sell|supply|do|are|have|specialize)|\bour (?:company|product|rep)|\d ?%|discount|wholesale|https?:|www\.|\.com\b|@"
    r"|ofrecemos|vend(?:o|emos)\b|somos|leads|marketing|seo\b|subcontract|partner|inventory|hiring"
)
_ABOUT_IT = re.compile(
    r"\b(?:booked|book|confirm\w*|scheduled?|all set|set for|on the (?:schedule|books|list|calendar)|coming|comes?|be (?:here|there|out)"
    r"|arriv\w+|show(?:ing)? up|right|correct|verdad|cierto|agendad[oa]|apuntad[oa]|anotad[oa]|vienen?|vendran?|van? a venir|llegan?"
    r"|quedamos|queda|news|updates?|word|heard|hear|novedad\w*|noticias?|saben algo|que paso|still|todavia|long|soon|when|cuando"
    r"|get (?:my|the) (?:text|message))\b"
)
_ASKS = re.compile(r"\?|^\W*(?:ok(?:ay)? |y )?(?:so|entonces)\b|\b(?:then|right|correct|verdad|entonces)\W*$")
# Who waits in an emergency and hears of nobody.
_WAITS = re.compile(
    r"\b(?:any(?:one|body)|some(?:one|body)|he|she|they|you(?: guys)?|tech\w*|help)\b[^.!]{0,25}"
    r"\b(?:coming|comin|come|comes|here|there|on (?:the|his|her|their|your) way|show(?:s|ing)? up|call(?:ing|s)?)\b[^.!]*\?"
    r"|\b(?:is|are|will) (?:any(?:one|body)|some(?:one|body)|he|she|they|you(?: guys)?)\b[^.!?]{0,20}"
    r"\b(?:coming|comin|come|there|on (?:the|his|her|their|your) way)\b"
    r"|\b(?:nobody|no ?one|noone|nadie)\b[^.!?]{0,20}\b(?:call\w*|came|come|here|show\w*|answer\w*|respond\w*"
    r"|me (?:ha )?(?:llam|marc|contest)\w*|llama|llamo|ha (?:llam|veni|lleg|contest)\w*|viene|vino|llega|llego|contesta|responde)\b"
    r"|\bstill (?:waiting|here|no ?(?:one|body))\b|\bhow (?:much )?long(?:er)?\b|\bwhere (?:are|r) (?:you|u|they)\b"
    r"|\balguien\b[^.!?]{0,15}\b(?:venir|viene|vienen|llega|llamar|llama)\b|\b(?:sigo|seguimos|estoy|estamos|todavia) esperando\b"
    r"|\bcuanto (?:tiempo|falta|mas|tarda\w*|se tarda\w*)\b|\b(?:a que hora|cuando) (?:viene|vienen|llega|llegan)\b|\b(?:ya|si) vienen\b"
    r"|\bvan a venir\b"
)
# Somebody who names a line of the menu for the first time is taken for anything but a customer with a job only where he
# says so: else nothing would be asked, and the job would wait or be lost.
_NEVER = re.compile(r"(?!)")
_SAYS_SO = {
    "unclear": _NEVER,
    "yes": _NEVER,
    "photo_only": _NEVER,
    "thanks_ack": _PRAISES,
    "spam": _SELLS,
    "vendor_or_sales": _SELLS,
    "job_seeker": _LOOKS_FOR_WORK,
    "cancel_appointment": SAYS["cancel_appointment"],
    "reschedule": SAYS["reschedule"],
    "human_request": SAYS["human_request"],
    "existing_customer": re.compile(
        r"\blast\b|y'?all|again|still|warrant|invoice|quote|estimate|\bbill|account|customer|appoint|\bappt|schedul|already|\bplan\b|member"
        r"|\byou (?:guys |all )?(?:did|came|installed|fixed|put|painted|cleaned|replaced|built|serviced|quoted|sent|gave|were|told|said)"
        r"|\byour (?:guys?|tech|crew|team|cleaners?|girls?|man|people|work)|previous|before|usual|regular|we have|paid|pay|deposit|signed"
        r"|contract|permit|chang|\bcode\b|\bkeys?\b|claim|insurance|hicieron|instal(?:aron|o\b)|pusieron|arreglaron|vin(?:o|ieron)|garant|factura|client|cita"
        r"|otra vez|cotiz|recibo|pagu|todavia|\bya\b|siempre|ustedes|su (?:tecnico|gente)"
    ),
}
_AT_LENGTH = frozenset({"cancel_appointment", "reschedule", "human_request", "existing_customer"})
_FEW = 8  # words
_SAY_LITTLE = frozenset({"unclear", "help", "human_request", "booking_request", "yes", "no", "opt_in"})
_OTHER_MATTERS = frozenset(
    {"reschedule", "cancel_appointment", "complaint", "opt_out", "wrong_number", "human_request", "help", "opt_in"}
)


def meaning(lead: Lead, reading: Reading, body: str) -> str:
    """The intent of the text in this conversation; GREETING and QUESTION beside those of the reading.

    QUESTION: the caller asks what became of what the box has noted; it is neither a wish nor an answer.
    """
    plain = fold(body).plain
    hears_nothing = lead.lane is Lane.ESCALATE and _WAITS.search(plain) is not None
    if hears_nothing and not reading.life_safety and reading.intent != "opt_out":
        return QUESTION
    if reading.intent == "opt_out" or reading.life_safety or reading.urgency == "emergency":
        return reading.intent
    signals = _SIGNALS.search(body) is not None and not _LETTER.search(plain)
    if (
        _GREETING.fullmatch(plain)
        or _NEEDS_HELP.fullmatch(plain)
        or (signals and lead.facts == Facts() and not lead.asked)
    ):
        return GREETING
    if reading.intent in _SAY_LITTLE and wishes_another_time(lead, body):
        return "call_me_back" if lead.call is not None else "reschedule"
    if lead.asked and reading.intent not in JOBS and tells_facts(lead, reading, body):
        return "unclear"
    if lead.asked and reading.intent == "wrong_number" and any((reading.zip, reading.city, reading.street_address)):
        return "unclear"  # who puts a ZIP code right speaks of an error, too
    if lead.asked and reading.intent == "thanks_ack" and re.search(r"[a-z0-9]", plain) and not _THANKS.search(plain):
        return "unclear"
    if reading.intent == "human_request" and (asks_when(body) or _only_guessed("human_request", plain)):
        return "new_service" if reading.service is not None and lead.facts.service is None else "unclear"
    if reading.service is not None and lead.facts.service is None and _only_guessed(reading.intent, plain):
        return "new_service"
    if lead.stage in (Stage.COMPLETE, Stage.HANDED_OVER) and _asks_about_it(lead, reading, plain):
        return QUESTION
    return reading.intent


def wishes_another_time(lead: Lead, body: str) -> bool:
    """Whether a caller who was told what is noted, a call or a request, names a time in few words.

    "actually today would be better" is a wish only where it is known what it speaks of.
    """
    promised = lead.call is not None and not lead.call_kept
    requested = lead.call is None and lead.stage is Stage.COMPLETE and lead.intent in JOBS
    return (
        (promised or requested)
        and len(body.split()) <= _FEW
        and not _ASKS.search(fold(body).plain)
        and names_time(body)
    )


def tells_facts(lead: Lead, reading: Reading, body: str) -> bool:
    """Whether a text is nothing but places, times and a name: an answer, whatever it reads like by itself."""
    known = (reading.city, reading.street_address, reading.zip, reading.name)
    return only_facts(fold(body), known, asked=lead.question == Fact.NAME and reading.intent != "thanks_ack")


def _only_guessed(intent: str, plain: str) -> bool:
    """Whether nothing in the words says what the reading took the text for. Of an existing job people tell in many words."""
    if intent in _AT_LENGTH and len(plain.split()) > _FEW:
        return False
    return intent in _SAYS_SO and not _SAYS_SO[intent].search(plain)


def _asks_about_it(lead: Lead, reading: Reading, plain: str) -> bool:
    """Whether somebody who has been told that his matter is noted asks about just that."""
    if reading.intent in _OTHER_MATTERS or lead.facts == type(lead.facts)():
        return False
    if reading.intent == "status_question" and lead.intent in JOBS:
        return True
    return bool(_ASKS.search(plain) and _ABOUT_IT.search(plain))
