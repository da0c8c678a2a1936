"""Whether a text asks for no more texts, in whatever words (47 CFR 64.1200(a)(10): any reasonable means counts).

A lone keyword is read by `gateway.core.keywords` before anything else. Here are the wordings of everyday language, and
the things that sound like them and are none: stopping a leak, cancelling an appointment, "can you stop by".
"""

from __future__ import annotations

import re

from gateway.core.keywords import Keyword, lone_keyword
from gateway.core.understanding.folded import Folded

_TEXTS = r"(?:text\w*|txt\w*|messag\w*|msgs?|sms|contact\w*|bother\w*|spam\w*|harass\w*|writ\w*|bug\w*|pester\w*|blow\w* up my phone)"
_NO_MORE = re.compile(
    r"\b(?:"
    + "|".join(
        (
            rf"(?:stop|quit|cease|enough|done|no more|end|halt)(?: (?:with|of))?(?: (?:the|all|these|those|this|your|any|sending|sending me|automated|auto|robo|bot))* {_TEXTS}",
            r"stop(?: all)? (?:communication|contact|notifications|alerts|everything being sent|sending)",
            rf"(?:please |pls |plz )?(?:do not|don'?t|dont|never|no longer|not)(?: (?:you|ever|want|wish|need|wanna|care|like|to|get|receive|have|be|any|anymore|any more|more|send|me|these|this|your|the|automated|auto))* {_TEXTS}(?! (?:back )?(?:until|till|before|after|right now|when|while|if|yet|at night|that|about the))",
            r"(?:do not|don'?t|dont) (?:contact|text|message|txt|write|msg) (?:me|us|this (?:number|phone)|my (?:cell|phone|number))",
            r"no (?:more |mas )?(?:texts?|texting|txts?|messages?|msgs?|sms|mensajes?|textos?)(?: (?:please|pls|plz|porfa\w*|por favor|ever|again))?(?: ?[.!]|$| to (?:me|this))",
            r"(?:take|get|remove|delete|erase|drop|scrub|wipe)(?: \w+){0,3} (?:off|from|out of)(?: \w+){0,2} (?:list|lists|contacts?|system|database|texts?|messages|records)",
            r"(?:remove|delete|unsubscribe|unsub|opt)(?: me| my (?:number|phone|cell|name)| us| this (?:number|phone)| out)(?=$| ?[.,!]| from| please| pls| now| of| immediately| asap| off)(?! of the (?:house|car))",
            r"(?:i(?:'d| would)? (?:like|want|wish) to |i want to be |i'?m |please |can i |let me |how do i )?(?:opt(?:ed|ing)?|unsubscribe|unsub)(?:[- ]out| me| from)",
            r"un ?sub\w*|unscribe|opt[ -]?out|stopall|stop all\b",
            r"(?:lose|forget|delete|erase|remove|block) (?:my|this) (?:number|digits|info|contact)",
            r"leave (?:me|us|my (?:phone|number)) (?:alone|be|out of)",
            r"(?:i )?(?:did not|didn'?t|never) (?:opt(?:ed)? in|sign(?:ed)? up|subscrib\w*|consent\w*|agree\w*|ask(?:ed)? (?:for|to (?:be|get|receive)) (?:this|these|any|texts?|texted|messages))",
            r"(?:phone )?calls? only(?: please| pls)?(?: ?[.!,]|$|,? no)|only (?:call|phone)(?: me)?(?: please)?(?: ?[.!]|$|,? (?:no|don'?t|do not))|(?:call|phone) (?:me )?(?:only|instead)(?: ?[.!,]? )(?:no|don'?t|do not|stop|never) (?:text|txt)\w*",
            r"(?:i )?(?:don'?t|dont|do not) (?:do|use|read|like|get|accept|want) (?:texts?|texting|text messages|sms)",
            r"(?:get|stay) (?:off|out of|away from) (?:of )?my (?:phone|cell|inbox|life)",
            r"(?:not|no longer) interested(?:,| and|\.)? (?:in |please |pls |so )?(?:stop|remove|don'?t|no more|lose|take|delete|getting)",
            r"(?:reporting|report) (?:you|this)(?: \w+){0,3} (?:spam|ftc|fcc)|(?:do not call|dnc) (?:list|registry)|tcpa|illegal to text",
            r"(?:cancel|end|stop|kill|discontinue) (?:my |the |this |these |your )?(?:subscription|text(?:s|ing)?(?: (?:service|alerts|messages))?|messages|alerts|notifications|auto ?texts?)",
            r"go away|f+u+c*k* off|piss off|buzz off|bugger off|screw off",
            r"s ?[.-]? ?t ?[.-]? ?o ?[.-]? ?p\b(?=[ .!]*$)",
            # Spanish
            r"(?:no|ya no|nunca|jamas|dej\w+ de|par[ae]n? de|basta de|alto a(?:l| los)?|favor de no|cancel\w+|dej\w+)(?: (?:me|nos|le|quiero|queremos|deseo|mas|que|recibir|seguir|sigan|siga|manden|mande|envien|envie|vuelva[ns]? a|por favor|porfavor|los|sus|estos|esos|tantos))* (?:mand\w*|envi\w*|escrib\w*|text(?:e\w*|o\w*)|mensaj\w*|contact\w*|molest\w*|sms|recib\w*)",
            r"(?:quit|borr|sac|elimin|remuev|remov|tach|dar?|den|dene)\w*(?:me|nos|n)? (?:me )?(?:de baja|(?:de|mi numero|este numero)(?: (?:de|la|su|sus|esta|las|los|el))*(?: (?:lista|listas|contactos|sistema|mensajes|base))?)(?=$| ?[.,!]| por| porfa)",
            r"(?:dar(?:me)?|den(?:me)?|quiero|deme) (?:de )?baja|darme de baja|no mas (?:mensajes|textos|msj\w*|sms)?(?= ?[.!]|$| por)|dejen? de (?:molestar|mandar|escribir|enviar|textear)\w*|dejen(?:me)? en paz|dejame en paz|no me (?:molest|escrib|text|mand|contact)\w*|solo (?:llamadas|por telefono|llame\w*)(?=$| ?[.,!]|,? no)|prefiero llamadas,? no (?:mensajes|textos)|ya no me (?:escrib|mand|text|molest)\w*|no (?:autorice|pedi|solicite) (?:estos|esto|mensajes|que me)",
        )
    )
    + r")"
)  # fmt: skip
_LOOKS_LIKE = re.compile(
    r"\b(?:"
    + "|".join(
        (
            r"(?:don'?t|dont|do not|no) (?:forget|hesitate|worry|bother (?:coming|calling|with the|about|sending (?:anyone|someone|a))|need to (?:call|text|contact))",
            r"(?:stop|stopp?ing) (?:by|in|over|at|on your way|here)\b",
            r"(?:don'?t|dont|do not|no) (?:contact|text|message|txt|call)(?: me)? (?:my|the|her|his) (?:husband|wife|landlord|tenant|mom|dad|neighbor|insurance|boss)",
            r"(?:haven'?t|have not|hasn'?t|didn'?t|did not|never|not|don'?t|no) (?:\w+ ){0,3}(?:text|message|contact|hear|get|got|received|recibi\w*)(?:ed|s|d)? (?:me |us )?(?:back|a (?:text|message|call|reply|response)|from you|the (?:text|message|photo|quote|estimate|invoice))",
            r"(?:liked|loved|disliked|emphasized|laughed at|questioned|reacted)\b",
            r"(?:reply|text|txt|respond|send) (?:with )?[\"']?stop[\"']? (?:to|2)\b",
            r"(?:don'?t|dont|do not|no) (?:have|see|want) (?:any )?(?:messages?|texts?) (?:on|from|saved)",
            r"(?:can'?t|cant|cannot|unable to|no puedo) (?:\w+ ){0,2}(?:text|message|txt|send|textear|mandar)",
            r"no me (?:han|ha|habian) (?:contact\w*|escrit\w*|llam\w*|respond\w*|contest\w*|mand\w*|envi\w*)",
            r"nadie me (?:ha |contact\w*|escrib\w*|mand\w*|llam\w*)",
        )
    )
    + r")"
)  # fmt: skip


def opted_out(text: Folded) -> str | None:
    """The words by which a text asks for no more texts; None when it does not ask."""
    if lone_keyword(text.sent) is Keyword.STOP:
        return text.sent.strip()
    match = _NO_MORE.search(text.plain)
    if match is None:
        return None
    around = text.plain[max(0, match.start() - 12) : match.end() + 25]
    if _LOOKS_LIKE.search(around):
        rest = text.plain[match.end() :]
        again = _NO_MORE.search(rest)
        if again is None or _LOOKS_LIKE.search(rest[max(0, again.start() - 12) : again.end() + 25]):
            return None
    return text.sent[match.start() : match.end()]
