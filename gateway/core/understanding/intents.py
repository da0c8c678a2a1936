"""What a text wants, out of what the trained part holds for likely.

An appointment is called off or moved, and a wrong number told, in words that say so: a plain text about work is never taken
for that by a guess, for then nothing would be asked, and the job would wait or be lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from typing import Final

SURE: Final = 0.5  # of the whole: no words are needed then
LIKELY: Final = 0.2  # of the whole: who is taken for no customer gets no answer
NO_CUSTOMER: Final = frozenset({"spam", "vendor_or_sales", "job_seeker"})
IN_WORDS: Final = frozenset(
    {"opt_in", "price_question", "human_request"}
)  # however sure: nobody is taken for it without words
NO_WORK: Final = frozenset({"unclear", "opt_in", "yes"})  # a text that names trouble in the house is none of these
SAYS: Final = {
    "price_question": re.compile(
        r"much|mch\b|pric|presi|preci|cost|charg|\bfees?\b|quot|estim|[$?%#]|\brates?\b|expens|che[ae]p|afford|budget|bal+ ?park|runs?\b"
        r"|set (?:me|us)|looking at|\bpa(?:y|id)|free|financ|deal|discount|cuant|kuant|cuest|cobr|cost|\bsale|vale|valor|caro|barat|presup"
        r"|cotiz|pag|gratis|what|wh?at'?s\b|\bque\b|worth|money|bucks?|dollars?|dinero|lana|damage|numb|numer|figure|hourly|flat|minimum|waive"
        r"|bid\b|wallet|spend|total|card|insur|tell|know|save|bill|hundred|thousand|grand\b|\bhm\b|a como|affirm|klarna|break|alcanz|beat"
        r"|match|splurge|hurt|extra|honest|rough|more\b|out of my misery|straight"
    ),
    "human_request": re.compile(
        r"person|human|dispatch|\bform\b|some(?:one|body)|any(?:one|body)|real|talk|speak|agent|represent|\brep\b|manager|superv|owner|employee"
        r"|staff|\bbot|robot|machine|software|comput|people|automat|\bauto\b|responder|soul|voice|lad(?:y|ies)\b|\bgals?\b|put .{0,30}\bon\b"
        r"|connect|transfer|through to|conver|correspond|get me|desk|h?abl[aeo]|alguien|duen|propiet|encargad|operador|maquina|call|llam"
        r"|office|oficina|ponme|pong|comuni|senor|cristiano|carne y hueso"
    ),
    "opt_in": re.compile(
        r"start|again|unstop|resum|opt|back on|sign|turn|volv|vuelv|otra vez|de nuevo|reanud|activ|suscrib"
    ),
    "no": re.compile(
        r"^\W*(?:no+|nope|nah|na)\W*$|^no(?:pe)?[,.! ]+(?:thank|thx|ty|gracias|im|i'm|we|i )|thank|gracias|else|already|ya\b|need|want"
        r"|necesit|ocup|interes|never ?mind|\bset\b|dislike|declin|pass|chang|found|encontr|hired|went|another|otr[ao]|contrat|good|care"
        r"|fixed|arregl|n't|not |anymore|any more|forget|friend|cousin|husband|son|neighbor|hij[ao]|espos|primo|cancel|mejor|did it"
    ),
    "wrong_number": re.compile(
        r"wrong|mist|misdial|error|number|not me|(?:did ?n'?t|did not|never|have ?n'?t) (?:call|dial|phone|ring|contact)|not (?:call|look)"
        r"|who|didnt|looking for|meant (?:to|for)|equivoc|confund|no (?:te|le|les|los|yo|fui|era)|quien|yo no|numero|marqu|llam"
    ),
    "cancel_appointment": re.compile(
        r"cancel|call(?:ing)? (?:it |this |that )?off|no longer|not (?:come|coming|gonna|going|need)|don'?t (?:come|need|want|send|bother)"
        r"|won'?t (?:need|be)|can'?t (?:make|do|keep)|off (?:of )?(?:the|your|my) |scratch|skip|(?:pull|back) out|withdraw|drop|forget"
        r"|never ?mind|remove|strike|changed? (?:my|our) mind|rain ?check|instead|stop|ya no|no (?:vengan?|va|voy|vamos|podr|puedo)"
        r"|quit[ae]|kit[ae]|olvid|suspend|anul|dej[ae]|mejor no|someone else|somebody else|hold off|put .{0,12}on hold"
    ),
    "reschedule": re.compile(
        r"resched|re-sched|mov(?:e|ing)|chang(?:e|ing)|push|switch|swap|bump|postpone|delay|another|different|instead|later|earlier"
        r"|sooner|make it|running|can'?t (?:make|do|be)|won'?t be|not (?:mon|tue|wed|thu|fri|sat|sun|today|tomorrow|come|home|work)"
        r"|cambi|muev|mover|mover|otro dia|otra|en lugar|en vez|mejor|pospon|atras|adelant|reagend|reprogram|aplaz|rather|pull .{0,12}up"
        r"|actually|put (?:me|us)|pong|swing|slide|shift|no (?:venga|puedo|voy|vamos)|forgot|something came up|conflict|call(?:ed)? in"
    ),
}


def likeliest(guess: Mapping[str, float], plain: str, never: Set[str] = frozenset()) -> str:
    """The intent of a text whose folded words are `plain`; `guess` holds positive weights in any scale.

    `never` are intents that the text cannot have.
    """
    total = sum(guess.values()) or 1.0
    for name in sorted(guess.keys() - never, key=lambda name: -guess[name]):
        share = guess[name] / total
        if name in NO_CUSTOMER and share < LIKELY:
            continue
        sure = share >= SURE and name not in IN_WORDS
        if name not in SAYS or sure or SAYS[name].search(plain):
            return name
    return max(guess, key=lambda name: guess[name])
