"""Whether a text asks for no more texts, in whatever words (47 CFR 64.1200(a)(10): any reasonable means counts).

A lone keyword is read by `gateway.core.keywords` before anything else. Here are the wordings of everyday language, and
the things that sound like them and are none: stopping a leak, cancelling an appointment, "can you stop by".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

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
            r"(?:take|get|remove|delete|erase|drop|scrub|wipe|strike|pull|cross)(?: \w+){0,3} (?:off|from|out of)(?: \w+){0,2} (?:list|lists|contacts?|system|database|texts?|messages|records)",
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
            r"(?:not|rather not) (?:to )?(?:receive|get|have) (?:\w+ ){1,6}(?:any longer|any ?more)\b",
            r"\bi (?:already |just )?said stop\b(?=\W*$|[.!,])|who(?:'?s| is) (?:this|dis)\W+stop\W*$|go away|f+u*c*k* off|piss off|buzz off|bugger off|screw off",
            r"s[ .-]t[ .-]o[ .-]p\b|(?<=[.!?,;] )stop\b(?=[ .!]*$)|^\W*(?:just |please |ok |okay |pls |plz |now )+stop\b(?=[ .!]*$)|(?:tell|told|ask|asked) (?:you|u|ya|yall|y\'all)(?: \w+){0,2} to stop\b(?=[ .!]*$)|tell (?:them|it|him|her|(?:the |this |your )?(?:computer|machine|system|robot|bot|office))(?: to)? stop (?:writ|text|send|messag)\w*|please (?:to )?not (?:to )?send(?= ?[.,!]|$| me| more| to this)",
            r"(?:quit|done|enough|stop|finished) w(?:/|ith)? ?(?:the |all |these |your )+(?:text|txt|messag|msg)\w*|no more of (?:these|them|those|this|your)|opt me out|(?:asked|want|need|like) to be (?:removed|taken off)|may ?be as well not send|may as well not send|go bother \w+",
            r"(?:not|never|n'?t|rather not|dont|no) (?:\w+ ){0,3}(?:hear|hearing|get|getting|receive) (?:\w+ ){0,3}(?:from (?:you|y'?all|this (?:number|company)|your company|this)|texts?|messages)|knock it off|leave (?:me|us) (?:be|alone)|(?:block|forget|delete|lose) me\b|\bcease\b|(?:nobody|no one|only) (?:else |family |but \w+ )?(?:gets? to|can|may) (?:write|text|message)",
            r"(?:phone )?calls only\b|call only\b|email only\b|no texts?\b(?! (?:from|back|yet|or calls? (?:from|back)))|(?:tired|sick) of (?:these|this|your|the) (?:text|messag|bot)\w*|(?:do not|don'?t|dont) (?:need|want) (?:any )?(?:more )?of (?:these|this|them)|(?:forget|lose|delete|drop) (?:this|my) number|(?:do not|don'?t|dont|not) (?:be )?sen(?:d|ding|t) (?:\w+ ){0,4}(?:anything|another|any more|any ?thing (?:further|else))|not (?:on )?this (?:line|number) (?:please|pls)",
            r"s[aá]quen(?:me|nos) de|b[oó]rr(?:e|en)(?:me|nos|la|lo)?\b(?: ya)?(?: de)?|no (?:kiero|quiero|qiero|kero) (?:mas )?(?:textos?|mensajes?|mensajitos?|msjs?|msgs?)|por texto no\b|mensajes no\b|no (?:me )?pueden estar escribiendo|no autorizo|no (?:escriban|manden|vuelvan a (?:escribir|mandar))|elimin\w+ (?:de|mi)|ya estuvo (?:bueno )?(?:de|con)|no me (?:esten|estes) (?:molestando|escribiendo|mandando)|(?:solo|nomas|puras) llamadas",
            r"^\W*(?:stop|stopp)\b(?! (?:by|in|at|over|the|and|work\w*|it from|leak\w*|here))|^\W*(?:stop|quit)(?: ya| porfa\w*| por favor| mijo)|send no further|(?:kindly )?(?:desist|refrain from)|(?:telephone|phone|mail|letters?) only|(?:rather not|don'?t wish to|dont wish to|do not wish to) (?:\w+ ){0,2}(?:receive|get|hear|text|communicate|discuss)|rather you (?:didn'?t|did not|not) (?:send|text)|no (?:more |mas )(?:texts?|mensaj\w+|msgs?)|so no more\b|no further ones|(?:cost|charge)s? (?:me )?(?:\w+ ){0,2}(?:cents|a text|each|per|by the message|apiece)",
            r"(?:take|get|remove) (?:me|my (?:cell |phone )?number|this number|us) (?:off|from) (?:of )?(?:this|whatever|these|here)|(?:take|remove) (?:this number|my number|\d[\d -]{6,14}) (?:off|out|from)|quit sending to|dont do it again|(?:done|finished) with these|(?:don'?t|dont|do not) need (?:u|you) texting|not (?:want|like) (?:a )?robot|does not consent|no electronic messages|every time i .{3,40} a robot texts|text me (?:one more|1 more|again and)|tcpa|stp txting",
            r"(?:ya )?p[aá]re(?:n)?le (?:a|con)|basta ya|dejen?(?:me)? (?:ya )?de (?:estar )?(?:fregando|fregar|chingar|estar)|b[oó]rra(?:me|nos)|unsuscrib\w*|mensajes? (?:de texto )?no (?:quiero|me gust\w+|por favor)|yo no soy de mensajes|no me interesa,? (?:ya )?no",
            r"knock (?:off|it off with) (?:the |these |those |all )*(?:text|messag|msg)\w*|(?:quit|stop|no more) sending (?:them|these|those|this|me)\b|(?:future|further|any more|no more) communications?\b|(?:text\w*|messages?) (?:is|are) (?:not for (?:me|us)|unwelcome|unwanted|not welcome)|(?:block|report)\w* (?:\w+ ){0,3}(?:if|next time) (?:u|you|ya|y'?all) (?:ever )?(?:text|messag|write)|leave (?:me|us|my \w+) (?:off|out) (?:of )?(?:these|the|your|this) (?:text|messag)\w*|(?:get|take) me of (?:this|these|the)\b|no more automated\b|this typing\b|\bmute (?:me|this|my number)\b|take (?:me|this (?:#|number|num)|my (?:cell|phone|number)) off(?: (?:the |your |these )?(?:reminders?|texts?|messages|blasts?))?(?= ?[.,!]|$| pls| please)|(?:killing|draining|eating) my battery\b|sunset the (?:text|messag)\w*",
            r"no m[aá]?s? ?m(?:en)?sjs?\b|no more m(?:en)?sjs?\b|sin (?:mas )?(?:textos?|mensajes?|msjs?)\b(?= ?[.,!]|$| porque| por)|no (?:me |nos )?mandar(?:me|nos)? (?:mas )?(?:recados?|mensajes?|textos?|msjs?)\b|^\W*(?:revoc\w+|parale|parenle)\W*$",
            r"no more (?:dings?|buzz\w*|beeps?|pings?|notifications?|alerts?)\b|(?:be|was|were|as) (?:the |our )?(?:very )?last (?:of (?:these|them)|one of these|texts?|messages?|exchange)|consent (?:is )?(?:hereby )?(?:revoked|withdrawn)|(?:revoke|withdraw)\w* (?:my |any |all )?consent",
            r"\b(?:please|pls|plz) stop\b(?=[ .!]*$)|blow\w* (?:me|us) up\b|(?:erase|unlist) (?:me|us)\b|(?:lose|forget) the number\b|(?:want|get|let me) off (?:of )?(?:this|these|the (?:list|texts?|messages?))(?: (?:thing|list|chain|texts?))?\b",
            r"(?:not|never|n'?t|no longer) (?:going to (?:be )?|gonna (?:be )?|be )?read(?:ing)? (?:any ?more |these |your |this |those |no more )+(?:text|messag|msg)\w*|(?:take|get|pull|remove|leave) (?:me|us|my (?:cell |phone )?number) (?:off|out)(?: of)? (?:there|the thread|this (?:here )?(?:text\w*|thing|thread))|block(?:ed|in|ing)? (?:yall|y'all|you|u|ya)\b|text\w* (?:cost|costs) (?:me )?(?:money|extra)",
            r"(?:no need|(?:do not|don'?t|dont) (?:need|have)|y'?all can quit|not) (?:to )?(?:write|text|message|follow(?:ing)? up|check(?:ing)? (?:on|in))\b[^.!?]{0,25}\b(?:any ?more|again|here|back|now)|(?:quit|stop|enough|end) (?:the )?(?:ding|beep|buzz|ping|blow|holler|blast)\w*|make it the last one|hush it\b|scratch me off|(?:lemme|let me|leave me) alone|talk or nothing",
            r"(?:nothing|anything) (?:to|on|at) (?:this|my) (?:phone|number|cell)\b|on this phone,? nothing|(?:do not|don'?t|dont|not) send (?:to this|it here|me no|here)|send it nothin\w*|(?:text|txt|messag)\w* (?:is |are )?no good for me|please,? no (?:more )?(?:text|messag|msg)\w*|(?:have|get|fixin\w*) [^.!?]{0,25}\bblock (?:ye|you|y'?all|u|ya)\b|blocked (?:n|and|&) reported|^\W*(?:nah|no|ok|okay|ya|pls|yo|hey|man|dude)?,? ?stop\W*$",
            r"numb?e?r out of (?:your|yr|ur|the) (?:machine|system|computer|phone)|(?:right|write|wrote) me (?:again|nothing|no more|any ?more)|not write (?:me )?back",
            # Spanish
            r"(?:los|las|te|l[eo]s?) (?:voy|vamos) a bloquear|s[aá]quen?(?:me|l[oae]s?|nos) de (?:ah[ií]|es[eoa]|est[eoa]|la lista|su)|me dan? de baja|ni (?:un|otro) mensaje|m[aá]ndenl[oae]s? a otro",
            r"no (?:es necesario|hace falta|hay necesidad de)(?: que)? (?:me |nos )?(?:vuelvan a |sigan? )?(?:escrib|mand|text|contest)\w*|no me (?:contest|respond)\w+ por (?:texto|mensaje|aqui)|\btextos? no\b",
            r"cese[ns]?\b|ni un (?:solo )?(?:mensaje|texto)|(?:retir|quit)\w+ (?:mi|este) (?:numero|telefono|celular)|dej\w+ de usar (?:este|mi) (?:numero|telefono)|ya (?:par[ae]n?le|no (?:me )?mande[ns]?)\b",
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
            r"(?:can'?t|cant|cannot|can not|unable to|no puedo) (?:\w+ ){0,2}(?:text|message|txt|send|textear|mandar)",
            r"no me (?:han|ha|habian) (?:contact\w*|escrit\w*|llam\w*|respond\w*|contest\w*|mand\w*|envi\w*)",
            r"nadie me (?:ha |contact\w*|escrib\w*|mand\w*|llam\w*)",
        )
    )
    + r")"
)  # fmt: skip


# Words that leave no doubt: the keyword as the first sentence, or the wish for no more texts in so many words.
_PLAIN = re.compile(
    r"^\W*(?:stop|stopp|stpo|sotp|stp|unsub\w*|opt ?out|alto|basta)(?: it| please| pls| plz| now| texting| this)* ?[.!]"
    r"|\b(?:"
    + "|".join(
        (
            r"(?:please|pls|plz) stop\b(?=[ .!]*$)|opt me out|unsubscribe me(?= ?[.,!]|$| please| pls| now| asap| from (?:this|these|text|all|your texts|the texts))",
            r"(?:do not|don'?t|dont|never|not) (?:ever )?(?:text|txt|message|msg|contact) (?:me|us|this (?:number|phone|device)|my (?:cell|phone|number))(?: (?:again|any ?more|ever|please|pls))*(?= ?[.,!]|$| (?:i|it|im|just|this|call|or)\b)",
            r"(?:stop|quit|cease) (?:with |w/? ?)?(?:the |all |these |those |your |sending (?:me )?|auto |automated )*(?:text\w*|txt\w*|messag\w*|msgs?)(?! (?:my (?:tenant|husband|wife|mom|dad)|him\b|her\b|them\b))",
            r"(?<!you )(?<!they )(?<!she )(?<!he )(?:do not|don'?t|dont|never) (?:text|txt|write)(?= ?[,;.!]|$)(?!,? ?(?:it|down))",
            r"(?<!n't )(?<!nt )(?<!not )(?<!never )(?:take|get|remove|delete|erase|drop) (?:me|us|my (?:number|phone|cell|name)|this (?:number|phone)) (?:off|from|out of) (?:of )?(?:your|ur|the|this|these|all|any|whatever) (?:call |calling |text |texting |contact |phone |mailing )?(?:lists?|texts?|messages|system|database|computer|contacts|records)(?! (?:for|of people))",
            r"no more (?:of (?:these|those|them|your) ?)?(?:auto |automated )?(?:texts?|txts?|texting|messages?|msgs?)(?! (?:after|before|until|till|about|at night|during|past|on))",
            r"(?:ya )?no me (?:text\w+|escrib\w+|mand\w+ (?:mas )?(?:mensajes|textos|msj\w*|nada))(?= ?[.,!]|$| por| porfa| mas)|(?<!no )(?:dejen?|paren?) de (?:estar(?:me)? )?(?:mand|escrib|text|envi|molest)\w*|(?:denme|deme|dame|quiero darme|dar) de baja(?= ?[.,!]|$| por| porfa| ya| de (?:los|estos|sus) (?:mensajes|textos))",
        )
    )
    + r")"
)  # fmt: skip
# Asks for texts in so many words, takes an opt-out back, or marks a text of ours.
_WELCOME = re.compile(
    r"^\W*(?:liked|loved|disliked|emphasized|laughed at|questioned|reacted\b.{0,12}) (?:to )?[\"'\u00ab]"
    r"|^\W*stop\W+(?:no,? )?(?:wait|sorry(?=\W+\w)|never ?mind|oops)"
    r"|\b(?:"
    + "|".join(
        (
            r"(?:do not|don'?t|dont|never) (?:ever )?(?:stop|quit) (?:the )?(?:text|send|messag|updat)\w*",
            r"(?:can|could|may|please|ahead and|ok to|okay to|free to|start) (?:send(?:ing)? |text(?:ing)? |messag\w+ |writ\w+ )(?:\w+ ){0,5}again",
            r"mistake\W+text again\b|i'?d (?:actually |really |still )?(?:like|want) (?:them|those) back\b",
            r"(?:do not|don'?t|dont|never) un ?sub\w* (?:me|us)\b",
            r"if i (?:text|reply|send|say|write|put) [\"']?stop\b|(?:keep|leave|put) (?:me|us) on (?:your|the|this) list\b|si quiero que me (?:mand|escrib|text)\w*|sin querer puse",
            r"(?:turn|put|switch|sign|get)\w* (?:\w+ ){0,4}back on\b|resum\w* (?:\w+ )?(?:text|messag|send|notif)\w*|(?:do not|don'?t|dont) drop me\b|texts? back on\b|text only\b|(?:do not|don'?t|dont) (?:take|remove|delete) (?:(?:my|this) (?:number|name)|me (?:off|from))|(?:said|says|it says|thinks) (?:i|you) (?:\w+ )?opted out|opted out (?:in error|by (?:accident|mistake))",
            r"(?:start|resume|restart|begin|send|bring back) (?:me )?(?:the |your |my |those |these )?(?:te?xts?|messages?)(?: to me)? (?:again|back)\b",
            r"(?:i'?d|i would|i do|we'?d|we would) (?:actually |really |still )?(?:like|want) (?:to (?:get|keep getting) )?(?:the|your|my) (?:te?xts?|messages?)"
            r"(?! (?:to |be )?(?:stop|end|off|gone|over))",
            r"(?<!no )(?<!nunca )(?<!jamas )(?:(?:ya )?pueden?|quiero que|si) (?:me )?(?:volver a |vuelvan? a )?(?:mand|envi|escrib)\w+ (?:otra vez|de nuevo|los (?:textos|mensajes))",
            r"los mensajes si\b|\bi do (?:still )?want (?:(?:the|your|these|those) (?:te?xts?|messages?)|(?:them|these)(?= ?[.!,]|$))|put (?:me|us) bak on\b|no (?:me|nos) quiten? de la lista\b",
        )
    )
    + r")"
)  # fmt: skip
# What is said of texts, and is no wish of the writer most of the time.
_OTHERWISE = re.compile(
    r"\b(?:"
    + "|".join(
        (
            r"(?:text\w*|messages?|them) (?:are|is) (?:fine|ok|okay|good|great)\b|(?<!n't )(?<!nt )(?<!not )(?<!never )(?:just |only )text me\b|(?<!n't )(?<!nt )(?<!not )(?<!never )(?<!nobody )(?<!no one )text me (?:instead|back|about|when|the)\b|(?:solo|nomas|mejor) (?:por )?(?:texto|mensaje)s?(?= ?[.,!]|$| por)|(?<!no )(?<!nunca )(?<!no me )(?<!no nos )(?<!nunca me )(?<!que me )(?<!que nos )vuelvan? a (?:mandar|escribir|textear)\w*",
            r"(?:esta linea|este (?:numero|telefono|buzon)|this (?:number|line|mailbox|inbox)) (?:no|does ?n[o']t|is not|cannot|isn'?t) (?:recibe|acepta|recieve|receive|accept|monitor|able)\w*",
            r"(?:text|texts|messages?|notifications?) (?:will|are) (?:not )?(?:be )?(?:delivered|silenced|monitored|read)|not receiving notifications|driving",
            r"(?:told|tell(?! (?:them|it|him|her|(?:the |this |your )?(?:computer|machine|system|robot|bot|people|guys|office))\b)|(?<!\bi )said|says|reply|saying|texting me|texted me|yes or|respond)(?: \w+){0,2} [\"']?stop\b(?! (?:with|text|send|messag|msg|all|these|the))",
            r"(?<!no )(?<!not )(?:te?xt(?:ing|s)?|messag(?:e|es|ing)) (?:is|are|works?|would be) (?:way |much |a lot )?(?:better|best|easier|easiest)\b|(?<!not )prefer (?:a )?te?xts?\b|(?<!no )(?<!no me )(?<!nunca )(?:escribanme|escribame|escribeme|textee?nme)\b|mensaje por favor",
            r"stop sending (?:me |us )?(?:the |my |your |more )?(?:invoices?|bills?|statements?|letters|mail|estimates?|quotes?|e-?mails?|facturas?)\b|stop sending (?:la|el|al|a la|los|las) \w+|^\W*stop,? (?:do ?n[o']?t|dont|do not) come\b|\bnot (?:the|these|your) te?xts\b",
            r"no te?xts? (?:btwn|btw|between|before|after(?! (?:this|that|today|now))|past|during|from \d|until|till|at night)|^\W*stop off\b|lose my number if\b|\bstop call\w*(?: me)?\W+te?xt\b",
            r"off (?:the|your) (?:next |this )?(?:mon|tues|wednes|thurs|fri|satur|sun)day(?:'?s)? (?:list|schedule|route)",
            r"no more (?:texts?|messages?) (?:after|before|past|until|till|at night)",
            # Of people who are sent, and of somebody else who does not text.
            r"(?:quit|stop|keep) sending (?:me |us )?(?:(?:a|an|the|another|different|new|that|this|these|those|same|young) )*(?:guys?|man|men|dudes?|techs?|technicians?|crews?|kids?|people|person|boys?|plumber|electrician|painter|cleaner|girl|lady|woman|fella)\b",
            r"no (?:me |nos )?(?:mand|envi)\w+ (?:mas )?(?:al\b|a (?:ese|esa|este|esta|la|los|las|otr[ao]|ningun\w*|nadie|tu|su)\b)",
            r"(?:she|he|they|mom|dad|mother|father|wife|husband|grandma|grandpa) (?:does ?n'?t|doesnt|dont|don'?t|can'?t|cant) (?:\w+ )?text\b",
        )
    )
    + r")"
)  # fmt: skip
# A machine says so of itself; a person who writes it may still want no texts.
_ON_THE_ROAD = re.compile(r"driving")
_STOP_SIGN = re.compile(r"\W*[🛑⛔]\W*")
_ONE_WORD = frozenset(("stop", "quit", "cancel", "remove", "revoke", "unsubscribe", "optout"))
LONGEST_SLIP = 14  # letters
_SLIPS = frozenset(
    "sopt stap endd enddd eend detengase detenganse cancela fin salir cncel cancl cansel edn stoo stob stup srop stopm revocar parale parenle stp sto stpo sotp tsop stopo stpp dtop atop stip stol stoped estop unsubcribe unsuscribe unsubscibe unsubsribe unscribe".split()
)


class Wish(StrEnum):
    """How a text speaks of getting texts."""

    PLAIN = "plain"  # no doubt: no more of them
    LIKELY = "likely"  # words that mean it most of the time
    OTHERWISE = "otherwise"  # speaks of texts in words that are no wish most of the time, or is written by a machine
    WELCOME = "welcome"  # asks for them, in so many words
    NOT_SAID = "not said"


@dataclass(frozen=True, slots=True)
class Said:
    """A wish with the words that tell it."""

    wish: Wish
    words: str = ""


@lru_cache(maxsize=16)  # asked for several times in reading one text
def wish(text: Folded) -> Said:
    """Whether a text asks for no more texts, and how plainly."""
    lone = "".join(char for char in text.plain if char.isalpha())
    if lone_keyword(text.sent) is Keyword.STOP or lone in _SLIPS or _is_slip(lone) or _STOP_SIGN.fullmatch(text.sent):
        return Said(Wish.PLAIN, text.sent.strip())
    if match := _WELCOME.search(text.plain):
        return Said(Wish.WELCOME, text.sent[match.start() : match.end()])
    if (match := _OTHERWISE.search(text.plain)) and not (
        _ON_THE_ROAD.fullmatch(match.group()) and (_PLAIN.search(text.plain) or opted_out(text))
    ):
        return Said(Wish.OTHERWISE, text.sent[match.start() : match.end()])
    words = opted_out(text)
    if match := _PLAIN.search(text.plain):
        if words is not None or match.start() == 0:
            return Said(Wish.PLAIN, text.sent[match.start() : match.end()].strip())
        return Said(Wish.LIKELY, text.sent[match.start() : match.end()])
    return Said(Wish.NOT_SAID) if words is None else Said(Wish.LIKELY, words)


def _is_slip(lone: str) -> bool:
    """Whether a single word is a keyword with a letter held down or two letters swapped: "stoppppp", "qiut", "unsbuscribe"."""
    if re.sub(r"(.)\1+", r"\1", lone) in _ONE_WORD:
        return True
    swaps = (lone[:at] + lone[at + 1] + lone[at] + lone[at + 2 :] for at in range(min(len(lone), LONGEST_SLIP) - 1))
    return any(swapped in _ONE_WORD for swapped in swaps)


@lru_cache(maxsize=16)
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
