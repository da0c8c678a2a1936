"""What a text is to the conversation it comes into, where that is more than what it says by itself.

The reading sees one text and nothing of what went before. "hello?" is a greeting, "so someone will be here at 8 then" asks
whether what was requested is so, and nobody thanks us without a word of thanks.
"""

from __future__ import annotations

import re

from gateway.core.conversation.lead import Lead, Stage
from gateway.core.conversation.moves import GREETING, JOBS, QUESTION
from gateway.core.understanding.folded import fold
from gateway.core.understanding.reader import Reading

STRANGERS = frozenset({"spam", "vendor_or_sales", "job_seeker"})
_GREETING = re.compile(
    r"\W*(?:(?:hi|hey|hello|helo|yo|hola|alo|bueno|buenas?|buenos|dias|tardes|noches|good|morning|afternoon|evening|again|there|is|are|you|u|any(?:one|body)"
    r"|some(?:one|body)|hay|alguien|ahi|estan?|otra vez)\b\W*)+"
)
_THANKS = re.compile(
    r"than[kx]|thx|tks|\bty\b|gra[cs]ias|apprec|great|perfect|\bo?kk?\b|okay|okey|cool|sounds|will do|got it|gotcha|awesome|excelen|listo"
    r"|vale\b|\bbien\b|\bsale\b|no (?:problem|worries)|\bnp\b|liked|loved|laughed|emphasi|good|nice|bless|\bdios\b|amable|wonderful"
    r"|alright|fine|de nada|welcome|best|amazing|\bya\b|bueno|genial|sure|right on|\by(?:es|ep|eah)\b|happy|love|gust"
)
# Who names a line of our menu wants it done, unless he says that he does it himself.
_SELLS = re.compile(
    r"\bjobs?\b|hir(?:e|ing)|\bwork for\b|trabaj|empleo|contratan|resume|apply|\bwe (?:offer|sell|supply|do|are|have|specialize)"
    r"|our (?:company|product|rep)"
    r"|\d ?%|discount|wholesale|https?:|www\.|\.com\b|@|ofrecemos|vendemos|somos|leads|marketing|seo\b|subcontract|partner|inventory"
)
_ABOUT_IT = re.compile(
    r"\b(?:booked|book|confirm\w*|scheduled?|all set|set for|on the (?:schedule|books|list|calendar)|coming|comes?|be (?:here|there|out)"
    r"|arriv\w+|show(?:ing)? up|right|correct|verdad|cierto|agendad[oa]|apuntad[oa]|anotad[oa]|vienen?|vendran?|van? a venir|llegan?"
    r"|quedamos|queda|news|updates?|word|heard|hear|novedad\w*|noticias?|saben algo|que paso|still|todavia|long|soon|when|cuando"
    r"|get (?:my|the) (?:text|message))\b"
)
_ASKS = re.compile(r"\?|^\W*(?:ok(?:ay)? |y )?(?:so|entonces)\b|\b(?:then|right|correct|verdad|entonces)\W*$")
_OTHER_MATTERS = frozenset(
    {"reschedule", "cancel_appointment", "complaint", "opt_out", "wrong_number", "human_request", "help", "opt_in"}
)


def meaning(lead: Lead, reading: Reading, body: str) -> str:
    """The intent of the text in this conversation; GREETING and QUESTION beside those of the reading.

    QUESTION: the caller asks what became of what the box has noted; it is neither a wish nor an answer.
    """
    plain = fold(body).plain
    if reading.intent == "opt_out" or reading.life_safety or reading.urgency == "emergency":
        return reading.intent
    if _GREETING.fullmatch(plain):
        return GREETING
    if lead.asked and reading.intent == "wrong_number" and any((reading.zip, reading.city, reading.street_address)):
        return "unclear"  # who puts a ZIP code right speaks of an error, too
    if lead.asked and reading.intent == "thanks_ack" and re.search(r"[a-z0-9]", plain) and not _THANKS.search(plain):
        return "unclear"
    if reading.intent in STRANGERS and reading.service is not None and not _SELLS.search(plain):
        return "new_service"
    if lead.stage in (Stage.COMPLETE, Stage.HANDED_OVER) and _asks_about_it(lead, reading, plain):
        return QUESTION
    return reading.intent


def _asks_about_it(lead: Lead, reading: Reading, plain: str) -> bool:
    """Whether somebody who has been told that his matter is noted asks about just that."""
    if reading.intent in _OTHER_MATTERS or lead.facts == type(lead.facts)():
        return False
    if reading.intent == "status_question" and lead.intent in JOBS:
        return True
    return bool(_ASKS.search(plain) and _ABOUT_IT.search(plain))
