"""The wordings by which `optouts` tells how a text speaks of getting texts: regular expressions, one wording a line."""

from __future__ import annotations

from gateway.core.understanding.first_names import FIRST_NAMES

_TEXTS = r"(?:text\w*|txt\w*|messag\w*|msgs?|sms|contact\w*|bother\w*|spam\w*|harass\w*|writ\w*|bug\w*|pester\w*|blow\w* up my phone)"
# What somebody will do who gets another text.
_OR_ELSE = (
    r"(?:su(?:e|ing)|report\w*|lawyers?|attorney|police|cops|ftc|fcc|block\w*|find out|see what happens|court|regret)\b"
)
_O_SI_NO = r"(?:demand\w*|report\w*|bloque\w*|acus\w*|policia|abogad\w*)\b"
_GO_ON = (
    rf"keep (?:on )?(?:te?xtin[g']?|messag\w+|writing|bothering|spamming)\b[^.!?\n]{{0,30}}\b(?:and|n|or|i'?ll|i'?m|i|we)\b[^.!?\n]{{0,30}}\b{_OR_ELSE}",
    r"te?xt (?:me|us)\b[^.!?\n]{0,30}\b(?:and|or)\b[^.!?\n]{0,20}\b(?:su(?:e|ing)|report\w*|lawyer|attorney)\b",
    rf"s[ií]gan? (?:mandando|escribiendo|enviando|texteando|molestando)\b[^.!?\n]{{0,30}}\by\b[^.!?\n]{{0,25}}\b{_O_SI_NO}",
)
# Behind what is not to be sent: texts are not meant beside it, nor the way that it comes.
_NO_TEXTS = r"(?![^.!?]{0,30}\b(?:te?xt\w*|txt\w*|messag\w*|msgs?|sms|everything)\b| (?:to|on) (?:this|my) (?:phone|cell|number)\b)"
_NI_TEXTOS = r"(?![^.!?]{0,20}\b(?:(?:ni|y|o|tampoco) (?:\w+ )?(?:mensaj|te?xt|msj)|por (?:mensaj|te?xt|msj)\w*\b(?!,? (?:\w+ )?mand)))"
_NAMES = "|".join(sorted(FIRST_NAMES))
# What stands between a "not" and them: "don't want to get any more texts".
_BETWEEN = r"(?: (?:you|ever|want|wish|need|wanna|care|like|to|get|receive|have|be|any|anymore|any more|more|send|me|these|this|your|the|automated|auto))*"
_NOT_NOW = r"(?! (?:back )?(?:until|till|before|after|right now|when|while|if|yet|at night|that|about the))"
# The same in Spanish.
_NO_MAS = r"(?:no|ya no|nunca|jamas|dej\w+ de|par[ae]n? de|basta de|alto a(?:l| los)?|favor de no|cancel\w+|dej\w+)"
_ENTRE = r"(?: (?:me|nos|le|quiero|queremos|deseo|mas|que|recibir|seguir|sigan|siga|manden|mande|envien|envie|vuelva[ns]? a|por favor|porfavor|los|sus|estos|esos|tantos))*"
_TEXTOS = r"(?:mand\w*|envi\w*|escrib\w*|text(?:e\w*|o\w*)|mensaj\w*|contact\w*|molest\w*|sms|recib\w*)"
# "quitenme de la lista"
_QUITEN = r"(?:quit|borr|sac|elimin|remuev|remov|tach|dar?|den|dene)\w*(?:me|nos|n)? (?:me )?"
_LISTA = r"(?: (?:de|la|su|sus|esta|las|los|el))*(?: (?:lista|listas|contactos|sistema|mensajes|base))?"
_Y_YA = r"(?=$| ?[.,!]| por| porfa)"

# No more texts, most of the time.
NO_MORE = (
    # texts shall end
    *_GO_ON,
    r"(?:can|may|could) i (?:please )?be (?:removed|taken off)(?= from| (?:this|your|the)|[ .!?]*$)",
    r"(?:lose|drop|delete|erase|forget) mine\b",
    rf"(?:stop|quit|cease|enough|done|no more|end|halt)(?: (?:with|of))?(?: (?:the|all|these|those|this|your|any|sending|sending me|automated|auto|robo|bot))* {_TEXTS}",
    r"stop(?: all)? (?:communication|contact|notifications|alerts|everything being sent|sending)",
    rf"(?:please |pls |plz )?(?:do not|don'?t|dont|never|no longer|not){_BETWEEN} {_TEXTS}{_NOT_NOW}",
    r"stopall",
    r"stop all\b",
    r"(?:cancel|end|stop|kill|discontinue) (?:my |the |this |these |your )?(?:subscription|text(?:s|ing)?(?: (?:service|alerts|messages))?|messages|alerts|notifications|auto ?texts?)",
    r"\bi (?:already |just )?said stop\b(?=\W*$|[.!,])",
    r"\bi (?:said|told (?:you|u|y'?all)) stop\b[^.!?]{0,20}\b(?:and|but) (?:you|u)\b",
    r"told (?:you|u|y'?all) stop\b(?=[ .!]*$)",
    r"who(?:'?s| is) (?:this|dis)\W+stop\W*$",
    r"(?<=[.!?,;] )stop\b(?=[ .!]*$)",
    r"^\W*(?:just |please |ok |okay |pls |plz |now )+stop\b(?=[ .!]*$)",
    r"(?:tell|told|ask|asked) (?:you|u|ya|yall|y\'all)(?: \w+){0,2} to stop\b(?=[ .!]*$)",
    r"please (?:to )?not (?:to )?send(?= ?[.,!]|$| me| more| to this)",
    r"(?:quit|done|enough|stop|finished) w(?:/|ith)? ?(?:the |all |these |your )+(?:text|txt|messag|msg)\w*",
    r"may ?be as well not send",
    r"may as well not send",
    r"knock it off",
    r"\bcease\b",
    r"^\W*(?:stop|stopp)\b(?! (?:by|in|at|over|the|and|work\w*|it from|leak\w*|here))",
    r"^\W*(?:stop|quit)(?: ya| porfa\w*| por favor| mijo)",
    r"send no further",
    r"rather you (?:didn'?t|did not|not) (?:send|text)",
    r"quit sending to",
    r"(?:done|finished) with these",
    r"knock (?:off|it off with) (?:the |these |those |all )*(?:text|messag|msg)\w*",
    r"(?:quit|stop|no more) sending (?:them|these|those|this|me)\b",
    r"(?:be|was|were|as) (?:the |our )?(?:very )?last (?:of (?:these|them)|one of these|texts?|messages?|exchange)",
    r"\b(?:please|pls|plz) stop\b(?=[ .!]*$)",
    r"(?:no need|(?:do not|don'?t|dont) (?:need|have)|y'?all can quit|not) (?:to )?(?:write|text|message|follow(?:ing)? up|check(?:ing)? (?:on|in))\b[^.!?]{0,25}\b(?:any ?more|again|here|back|now)",
    r"(?:quit|stop|enough|end) (?:the )?(?:ding|beep|buzz|ping|blow|holler|blast)\w*",
    r"make it the last one",
    r"(?:do not|don'?t|dont|not) send (?:to this|it here|me no|here)",
    r"send it nothin\w*",
    r"^\W*(?:nah|no|ok|okay|ya|pls|yo|hey|man|dude)?,? ?stop\W*$",
    r"(?:retir|quit)\w+ (?:mi|este) (?:numero|telefono|celular)",
    # no texts are wanted
    r"un ?sub\w*",
    r"unscribe",
    r"(?:i )?(?:don'?t|dont|do not) (?:do|use|read|like|get|accept|want) (?:texts?|texting|text messages|sms)",
    r"(?:reporting|report) (?:you|this)(?: \w+){0,3} (?:spam|ftc|fcc)",
    r"tcpa",
    r"(?:not|rather not) (?:to )?(?:receive|get|have) (?:\w+ ){1,6}(?:any longer|any ?more)\b",
    r"go away",
    r"f+u*c*k* off",
    r"piss off",
    r"buzz off",
    r"bugger off",
    r"screw off",
    r"s[ .-]t[ .-]o[ .-]p\b",
    r"no more of (?:these|them|those|this|your)",
    r"go bother \w+",
    r"leave (?:me|us) (?:be|alone)",
    r"(?:nobody|no one|only) (?:else |family |but \w+ )?(?:gets? to|can|may) (?:write|text|message)",
    r"(?:tired|sick) of (?:these|this|your|the) (?:text|messag|bot)\w*",
    r"(?:do not|don'?t|dont) (?:need|want) (?:any )?(?:more )?of (?:these|this|them)",
    r"(?:do not|don'?t|dont|not) (?:be )?sen(?:d|ding|t) (?:\w+ ){0,4}(?:anything|another|any more|any ?thing (?:further|else))",
    r"b[oó]rr(?:e|en)(?:me|nos|la|lo)?\b(?: ya)?(?: de)?",
    r"(?:kindly )?(?:desist|refrain from)",
    r"(?:rather not|don'?t wish to|dont wish to|do not wish to) (?:\w+ ){0,2}(?:receive|get|hear|text|communicate|discuss)",
    r"so no more\b",
    r"no further ones",
    r"(?:cost|charge)s? (?:me )?(?:\w+ ){0,2}(?:cents|a text|each|per|by the message|apiece)",
    r"dont do it again",
    r"(?:don'?t|dont|do not) need (?:u|you) texting",
    r"no electronic messages",
    r"text me (?:back )?(?:one more|1 more|again and)",
    r"stp txting",
    r"b[oó]rra(?:me|nos)",
    r"unsuscrib\w*",
    r"(?:future|further|any more|no more) communications?\b",
    r"(?:text\w*|messages?) (?:is|are) (?:not for (?:me|us)|unwelcome|unwanted|not welcome)",
    r"leave (?:me|us|my \w+) (?:off|out) (?:of )?(?:these|the|your|this) (?:text|messag)\w*",
    r"(?:get|take) me of (?:this|these|the)\b",
    r"no more automated\b",
    r"this typing\b",
    r"(?:killing|draining|eating) my battery\b",
    r"sunset the (?:text|messag)\w*",
    r"no m[aá]?s? ?m(?:en)?sjs?\b",
    r"no more m(?:en)?sjs?\b",
    r"^\W*(?:revoc\w+|parale|parenle)\W*$",
    r"no more (?:dings?|buzz\w*|beeps?|pings?|notifications?|alerts?)\b",
    r"blow\w* (?:me|us) up\b",
    r"(?:not|never|n'?t|no longer) (?:going to (?:be )?|gonna (?:be )?|be )?read(?:ing)? (?:any ?more |these |your |this |those |no more )+(?:text|messag|msg)\w*",
    r"text\w* (?:cost|costs) (?:me )?(?:money|extra)",
    r"hush it\b",
    r"(?:lemme|let me|leave me) alone",
    r"(?:text|txt|messag)\w* (?:is |are )?no good for me",
    r"please,? no (?:more )?(?:text|messag|msg)\w*",
    r"(?:right|write|wrote) me (?:again|nothing|no more|any ?more)",
    r"not write (?:me )?back",
    r"m[aá]ndenl[oae]s? a otro",
    # off the list, and the number forgotten
    r"(?:do not|don'?t|dont) (?:contact|text|message|txt|write|msg) (?:me|us|this (?:number|phone)|my (?:cell|phone|number))",
    r"(?:take|get|remove|delete|erase|drop|scrub|wipe|strike|pull|cross)(?: \w+){0,3} (?:off|from|out of)(?: \w+){0,2} (?:list|lists|contacts?|system|database|texts?|messages|records)",
    r"(?:remove|delete|unsubscribe|unsub|opt)(?: me| my (?:number|phone|cell|name)| us| this (?:number|phone)| out)(?=$| ?[.,!]| from| please| pls| now| of| immediately| asap| off)(?! of the (?:house|car))",
    r"(?:i(?:'d| would)? (?:like|want|wish) to |i want to be |i'?m |please |can i |let me |how do i )?(?:opt(?:ed|ing)?|unsubscribe|unsub)(?:[- ]out| me| from)",
    r"opt[ -]?out",
    r"(?:lose|forget|delete|erase|remove|block) (?:my|this) (?:number|digits|info|contact)",
    r"leave (?:me|us|my (?:phone|number)) (?:alone|be|out of)",
    r"(?:i )?(?:did not|didn'?t|never) (?:opt(?:ed)? in|sign(?:ed)? up|subscrib\w*|consent\w*|agree\w*|ask(?:ed)? (?:for|to (?:be|get|receive)) (?:this|these|any|texts?|texted|messages))",
    r"(?:not|no longer) interested(?:,| and|\.)? (?:in |please |pls |so )?(?:stop|remove|don'?t|no more|lose|take|delete|getting)",
    r"(?:do not call|dnc) (?:list|registry)",
    r"opt me out",
    r"(?:asked|want|need|like) to be (?:removed|taken off)",
    r"(?:not|never|n'?t|rather not|dont|no) (?:\w+ ){0,3}(?:hear|hearing|get|getting|receive) (?:\w+ ){0,3}(?:from (?:you|y'?all|this (?:number|company)|your company|this)|texts?|messages)",
    r"(?:block|forget|delete|lose) me\b",
    r"(?:forget|lose|delete|drop) (?:this|my) number",
    r"not (?:on )?this (?:line|number) (?:please|pls)",
    r"(?:take|get|remove) (?:me|my (?:cell |phone )?number|this number|us) (?:off|from) (?:of )?(?:this|whatever|these|here)",
    r"(?:take|remove) (?:this number|my number|\d[\d -]{6,14}) (?:off|out|from)",
    r"does not consent",
    r"(?:block|report)\w* (?:\w+ ){0,3}(?:if|next time) (?:u|you|ya|y'?all) (?:ever )?(?:text|messag|write)",
    r"\bmute (?:me|this|my number)\b",
    r"take (?:me|this (?:#|number|num)|my (?:cell|phone|number)) off(?: (?:the |your |these )?(?:reminders?|texts?|messages|blasts?))?(?= ?[.,!]|$| pls| please)",
    r"consent (?:is )?(?:hereby )?(?:revoked|withdrawn)",
    r"(?:revoke|withdraw)\w* (?:my |any |all )?consent",
    r"(?:erase|unlist) (?:me|us)\b",
    r"(?:lose|forget) the number\b",
    r"(?:want|get|let me) off (?:of )?(?:this|these|the (?:list|texts?|messages?))(?: (?:thing|list|chain|texts?))?\b",
    r"(?:take|get|pull|remove|leave) (?:me|us|my (?:cell |phone )?number) (?:off|out)(?: of)? (?:there|the thread|this (?:here )?(?:text\w*|thing|thread))",
    r"block(?:ed|in|ing)? (?:yall|y'all|you|u|ya)\b",
    r"scratch me off",
    r"(?:nothing|anything) (?:to|on|at) (?:this|my) (?:phone|number|cell)\b",
    r"(?:have|get|fixin\w*) [^.!?]{0,25}\bblock (?:ye|you|y'?all|u|ya)\b",
    r"blocked (?:n|and|&) reported",
    rf"{_QUITEN}de baja{_Y_YA}",
    rf"{_QUITEN}(?:de|mi numero|este numero){_LISTA}{_Y_YA}",
    # calls, letters or people instead
    r"(?:phone )?calls? only(?: please| pls)?(?: ?[.!,]|$|,? no)",
    r"only (?:call|phone)(?: me)?(?: please)?(?: ?[.!]|$|,? (?:no|don'?t|do not))",
    r"(?:call|phone) (?:me )?(?:only|instead)(?: ?[.!,]? )(?:no|don'?t|do not|stop|never) (?:text|txt)\w*",
    r"(?:get|stay) (?:off|out of|away from) (?:of )?my (?:phone|cell|inbox|life)",
    r"tell (?:them|it|him|her|(?:the |this |your )?(?:computer|machine|system|robot|bot|office))(?: to)? stop (?:writ|text|send|messag)\w*",
    r"(?:phone )?calls only\b",
    r"call only\b",
    r"email only\b",
    r"no texts?\b(?! (?:from|back|yet|or calls? (?:from|back)))",
    r"(?:telephone|phone|mail|letters?) only",
    r"not (?:want|like) (?:a )?robot",
    r"every time i .{3,40} a robot texts",
    r"talk or nothing",
    r"on this phone,? nothing",
    r"numb?e?r out of (?:your|yr|ur|the) (?:machine|system|computer|phone)",
    # Spanish
    r"no (?:more |mas )?(?:texts?|texting|txts?|messages?|msgs?|sms|mensajes?|textos?)(?: (?:please|pls|plz|porfa\w*|por favor|ever|again))?(?: ?[.!]|$| to (?:me|this))",
    r"illegal to text",
    r"s[aá]quen(?:me|nos) de",
    r"no (?:kiero|quiero|qiero|kero) (?:mas )?(?:textos?|mensajes?|mensajitos?|msjs?|msgs?)",
    r"por texto no\b",
    r"mensajes no\b",
    r"no (?:me )?pueden estar escribiendo",
    r"no autorizo",
    r"no (?:escriban|manden|vuelvan a (?:escribir|mandar))",
    r"elimin\w+ (?:de|mi)",
    r"ya estuvo (?:bueno )?(?:de|con)",
    r"no me (?:esten|estes) (?:molestando|escribiendo|mandando)",
    r"(?:solo|nomas|puras) llamadas",
    r"no (?:more |mas )(?:texts?|mensaj\w+|msgs?)",
    r"(?:ya )?p[aá]re(?:n)?le (?:a|con)",
    r"basta ya",
    r"dejen?(?:me)? (?:ya )?de (?:estar )?(?:fregando|fregar|chingar|estar)",
    r"mensajes? (?:de texto )?no (?:quiero|me gust\w+|por favor)",
    r"yo no soy de mensajes",
    r"no me interesa,? (?:ya )?no",
    r"sin (?:mas )?(?:textos?|mensajes?|msjs?)\b(?= ?[.,!]|$| porque| por)",
    r"no (?:me |nos )?mandar(?:me|nos)? (?:mas )?(?:recados?|mensajes?|textos?|msjs?)\b",
    r"(?:los|las|te|l[eo]s?) (?:voy|vamos) a bloquear",
    r"s[aá]quen?(?:me|l[oae]s?|nos) de (?:ah[ií]|es[eoa]|est[eoa]|la lista|su)",
    r"me dan? de baja",
    r"ni (?:un|otro) mensaje",
    r"no (?:es necesario|hace falta|hay necesidad de)(?: que)? (?:me |nos )?(?:vuelvan a |sigan? )?(?:escrib|mand|text|contest)\w*",
    r"no me (?:contest|respond)\w+ por (?:texto|mensaje|aqui)",
    r"\btextos? no\b",
    r"cese[ns]?\b",
    r"ni un (?:solo )?(?:mensaje|texto)",
    r"dej\w+ de usar (?:este|mi) (?:numero|telefono)",
    r"ya (?:par[ae]n?le|no (?:me )?mande[ns]?)\b",
    rf"{_NO_MAS}{_ENTRE} {_TEXTOS}",
    r"(?:dar(?:me)?|den(?:me)?|quiero|deme) (?:de )?baja",
    r"darme de baja",
    r"no mas (?:mensajes|textos|msj\w*|sms)?(?= ?[.!]|$| por)",
    r"dejen? de (?:molestar|mandar|escribir|enviar|textear)\w*",
    r"dejen(?:me)? en paz",
    r"dejame en paz",
    r"no me (?:molest|escrib|text|mand|contact)\w*",
    r"solo (?:llamadas|por telefono|llame\w*)(?=$| ?[.,!]|,? no)",
    r"prefiero llamadas,? no (?:mensajes|textos)",
    r"ya no me (?:escrib|mand|text|molest)\w*",
    r"no (?:autorice|pedi|solicite) (?:estos|esto|mensajes|que me)",
)

# What stands around words of `NO_MORE` that are no opt-out.
LOOKS_LIKE = (
    r"(?:don'?t|dont|do not|no) (?:forget|hesitate|worry|bother (?:coming|calling|with the|about|sending (?:anyone|someone|a))|need to (?:call|text|contact))",
    r"(?:stop|stopp?ing) (?:by|in|over|at|on your way|here)\b",
    r"(?:don'?t|dont|do not|no) (?:contact|text|message|txt|call)(?: me)? (?:my|the|her|his) (?:husband|wife|landlord|tenant|mom|dad|neighbor|insurance|boss)",
    r"(?:liked|loved|disliked|emphasized|laughed at|questioned|reacted)\b",
    r"(?:reply|text|txt|respond|send) (?:with )?[\"']?stop[\"']? (?:to|2)\b",
    r"(?:don'?t|dont|do not|no) (?:have|see|want) (?:any )?(?:messages?|texts?) (?:on|from|saved)",
    # Spanish
    r"(?:haven'?t|have not|hasn'?t|didn'?t|did not|never|not|don'?t|no) (?:\w+ ){0,3}(?:text|message|contact|hear|get|got|received|recibi\w*)(?:ed|s|d)? (?:me |us )?(?:back|a (?:text|message|call|reply|response)|from you|the (?:text|message|photo|quote|estimate|invoice))",
    r"(?:can'?t|cant|cannot|can not|unable to|no puedo) (?:\w+ ){0,2}(?:text|message|txt|send|textear|mandar)",
    r"no me (?:han|ha|habian) (?:contact\w*|escrit\w*|llam\w*|respond\w*|contest\w*|mand\w*|envi\w*)",
    r"nadie me (?:ha |contact\w*|escrib\w*|mand\w*|llam\w*)",
)

_ME = r"(?:me|us|my (?:number|phone|cell|name)|this (?:number|phone))"
_YOUR = r"(?:your|ur|the|this|these|all|any|whatever)"
_LIST = r"(?:call |calling |text |texting |contact |phone |mailing )?(?:lists?|texts?|messages|system|database|computer|contacts|records)(?! (?:for|of people))"

# No more texts, without a doubt.
PLAIN = (
    # texts shall end
    *_GO_ON,
    r"(?:please|pls|plz) stop\b(?=[ .!]*$)",
    r"(?:stop|quit|cease) (?:with |w/? ?)?(?:the |all |these |those |your |sending (?:me )?|auto |automated )*(?:text\w*|txt\w*|messag\w*|msgs?)(?! (?:my (?:tenant|husband|wife|mom|dad)|him\b|her\b|them\b))",
    r"\bi (?:said|told (?:you|u|y'?all)) stop\b[^.!?]{0,20}\b(?:and|but) (?:you|u)\b",
    r"told (?:you|u|y'?all) stop\b(?=[ .!]*$)",
    # no texts are wanted
    r"(?<!you )(?<!they )(?<!she )(?<!he )(?:do not|don'?t|dont|never) (?:text|txt|write)(?= ?[,;.!]|$)(?!,? ?(?:it|down))",
    r"no more (?:of (?:these|those|them|your) ?)?(?:auto |automated )?(?:texts?|txts?|texting|messages?|msgs?)(?! (?:after|before|until|till|about|at night|during|past|on))",
    # off the list, and the number forgotten
    r"opt me out",
    r"unsubscribe me(?= ?[.,!]|$| please| pls| now| asap| from (?:this|these|text|all|your texts|the texts))",
    r"(?:do not|don'?t|dont|never|not) (?:ever )?(?:text|txt|message|msg|contact) (?:me|us|this (?:number|phone|device)|my (?:cell|phone|number))(?: (?:again|any ?more|ever|please|pls))*(?= ?[.,!]|$| (?:i|it|im|just|this|call|or)\b)",
    rf"(?<!n't )(?<!nt )(?<!not )(?<!never )(?:take|get|remove|delete|erase|drop) {_ME} (?:off|from|out of) (?:of )?{_YOUR} {_LIST}",
    # Spanish
    r"(?:ya )?no me (?:text\w+|escrib\w+|mand\w+ (?:mas )?(?:mensajes|textos|msj\w*|nada))(?= ?[.,!]|$| por| porfa| mas)",
    r"(?<!no )(?:dejen?|paren?) de (?:estar(?:me)? )?(?:mand|escrib|text|envi|molest)\w*",
    r"(?:denme|deme|dame|quiero darme|dar) de baja(?= ?[.,!]|$| por| porfa| ya| de (?:los|estos|sus) (?:mensajes|textos))",
)

# The same, beside words of `WELCOME` or `OTHERWISE`.
BESIDE = (
    r"(?<=[.!?,;] )(?:so |please |pls |just )?stop\b(?=[ .!]*$)",
    r"so stop\b(?=[ .!]*$| text| messag| send)",
    r"(?:stop|quit) sending (?:them|these|those)\b",
    r"\b(?:do not|don'?t|dont|never) want (?:to|them|any|one)\b(?=(?: now| either| ever)*[ .!]*$)",
    r"(?<=[.!?,;] )stop them\b(?=(?: now| please| pls)*[ .!]*$)",
    r"(?<!not )(?:take|get) me off\b(?=[ .!]*$)",
    r"leave me alone\b(?=[ .!]*$)",
    r"want no (?:more )?te?xts?\b",
    r"(?<=[,.;] )no (?:more )?te?xts?\b(?=[ .!]*$)",
    r"(?:do not|don'?t|dont) (?:te?xt|txt) (?:me )?either\b",
    r"or any more te?xts?\b",
    r"(?:do not|don'?t|dont) (?:message|msg|te?xt|txt) (?:it|this|that)\b",
    r"(?:so|and|please) (?:quit|stop) sending (?:em|'em|them)\b",
    r"(?:nos?|me|nos? lo) (?:siga[ns]?|sigan) (?:mandando|escri[bv]iendo|enviando|texteando)\b",
    r"(?:only calls|calls only)\b",
    r"(?:do not|don'?t|dont|never) (?:te?xt|txt|write|message)(?: me| us)? (?:again|any ?more|ever)\b",
    r"(?:do not|don'?t|dont|never|quit|stop) te?xt(?:ing)? me (?:with|from|by|through) (?:a |the |your |that |this )?(?:machine|robot|bot|computer|xx)",  # what is crossed out was a machine
    r"\bi(?:'ve| have)? (?:already )?opted out\b(?! (?:by|in|on|accident\w*|but|and|before))",
    # Spanish
    r"(?:quiten|quita|saquen|saca)me\b(?=[ .!]*$)",
    r"(?:ya )?no (?:me )?(?:manden|escriban|escribas|mandes|envien|texteen)(?: (?:mas|nada|mensajes|textos))*(?=[ .!]*$)",
)

# Texts are asked for, or an opt-out is taken back.
WELCOME = (
    r"(?:do not|don'?t|dont|never) (?:ever )?(?:stop|quit) (?:the )?(?:text|send|messag|updat)\w*",
    r"(?:can|could|may|please|ahead and|ok to|okay to|free to|start) (?:send(?:ing)? |text(?:ing)? |messag\w+ |writ\w+ )(?:\w+ ){0,5}again",
    r"(?:please |pls |just |can (?:you|u) )(?:only|just) (?:te?xt|txt)\b(?! (?:if|when|the|my))",
    r"no (?:phone )?calls?\W+(?:please |pls |plz |just |only )*(?:te?xts?|txts?|messages?)\b(?! n?or\b)",
    r"te?xt (?:me|us)\W+(?:and )?not\b(?! (?:again|any ?more|ever|at all|now)\b)",
    r"(?<!not )(?<!n't )(?<!nt )te?xt (?:me|us|here) (?:here|at this|at my|instead)\b",
    r"(?:dont|don'?t|do not|cant|can'?t) (?:call|answer|talk)\b[^.!?]{0,30}\b(?:just |please |pls |only |so )te?xt\b",
    r"(?:^|[.!?,]|\b(?:so|and|but|then)) ?(?:please |pls |just |so |hey |hi )*keep (?:on )?(?:te?xtin[g']?|messag\w+|writing) (?:me|us|here|this|to)\b(?!\W+(?:and|or|again) )"
    rf"(?![^.!?\n]{{0,50}}\b{_OR_ELSE})",
    r"(?<!no )(?<!not )(?<!nt )(?<!n't )(?<!stop )(?<!quit )te?xt(?:ing)? (?:me )?(?:rather than|instead of|over) (?:a )?(?:call|ring|phon|talk)\w*",
    r"(?<!no )(?<!not )(?<!nt )(?<!n't )(?<!or )(?<!nor )(?<!never )(?<!stop )te?xt(?: me)?,? (?:and )?(?:do not|don'?t|dont|not|no) (?:call|ring|phone)\b",
    r"(?:do not|don'?t|dont) (?:call|ring|phone)\b[^!?]{0,40}\b(?<!not )(?<!nt )(?<!n't )(?:te?xt (?:me |us )?(?:when|if|first|instead|please|pls|here)|better (?:in|by|over|with) te?xts?)\b",
    r"\b(?:can|could|may) (?:we|i|you|u) (?:just |jsut |only |please |maybe )*te?xt\b(?! (?:(?:\w+ ){0,2}(?:him|her|them|someone|somebody|else|another|less|stop|never|nobody)\b|(?:me |us )?no more\b))",
    r"(?:do not|don'?t|dont|no) call(?:ing)?(?: me)?,? te?xt\b(?! (?:or|nor|(?:me )?(?:never|no more|nothing|neither|either|or|nor))\b)",
    r"(?:te?xts?|messages?|msgs?|it|them) to me only\b",
    r"only to me\b",
    r"mistake\W+text again\b",
    r"i'?d (?:actually |really |still )?(?:like|want) (?:them|those) back\b",
    r"(?:do not|don'?t|dont|never) un ?sub\w* (?:me|us)\b",
    r"if i (?:text|reply|send|say|write|put) [\"']?stop\b",
    r"(?:keep|leave|put) (?:me|us) on (?:your|the|this) list\b(?! (?:of|for) (?:people |those |numbers )?(?:not|never|who|you)\b)",
    r"sin querer puse",
    r"(?:turn|put|switch|sign|get)\w* (?:\w+ ){0,4}back on\b",
    r"resum\w* (?:\w+ )?(?:text|messag|send|notif)\w*",
    r"(?:do not|don'?t|dont) drop me\b",
    r"texts? back on\b",
    r"text only\b",
    r"(?:do not|don'?t|dont) (?:take|remove|delete) (?:(?:my|this) (?:number|name)|me (?:off|from))",
    r"(?:said|says|it says|thinks) (?:i|you) (?:\w+ )?opted out",
    r"opted out (?:in error|by (?:accident|mistake))",
    r"(?:start|resume|restart|begin|send|bring back) (?:me )?(?:the |your |my |those |these )?(?:te?xts?|messages?)(?: to me)? (?:again|back)\b",
    r"(?:i'?d|i would|i do|we'?d|we would) (?:actually |really |still )?(?:like|want) (?:to (?:get|keep getting) )?(?:the|your|my) (?:te?xts?|messages?)\b(?! (?:to |be )?(?:stop|end|off|gone|over|cease|quit))",
    r"\bi do (?:still )?want (?:(?:the|your|these|those) (?:te?xts?|messages?)|(?:them|these)(?= ?[.!,]|$))",
    r"put (?:me|us) bak on\b",
    r"no (?:me|nos) quiten? de la lista\b",
    # Spanish
    r"(?<!no )(?:solo|nomas|puro|mejor) (?:por )?(?:texto|mensaje)s?,? no (?:llamadas|me llam\w+)",
    r"si quiero que me (?:mand|escrib|text)\w*",
    r"(?<!no )(?<!no me )(?<!no nos )(?<!no le )(?<!no les )(?<!que )(?<!que me )(?<!que le )(?<!que les )(?<!que nos )(?<!que se )s[ií]ga(?:n)?(?:me|nos)? (?:escri[bv]|mand|text|mensaj)\w*"
    rf"(?![^.!?\n]{{0,50}}\b{_O_SI_NO})",
    r"(?<!no )(?<!nunca )(?<!jamas )(?:(?:ya )?pueden?|quiero que|si) (?:me )?(?:volver a |vuelvan? a )?(?:mand|envi|escrib)\w+ (?:otra vez|de nuevo|los (?:textos|mensajes))",
    r"los mensajes si\b",
)

_MACHINE = r"(?:robots?|bots?|machines?|computers?|recordings?|auto[- ]?(?:reply|replies|responder|response)\w*|maquina|contestadora)\b(?!'?s? (?:te?xt|messag|msg))"
_PERSON = r"\b(?:real|live|actual|human|humans|person|people|somebody|someone|humano|persona)\b"
_NO_IF = r"(?:(?!\b(?:if|si|(?:stop|quit|dont|don't|no more) te?xt\w*)\b)[^.!?\n]){0,50}"
# The keyword, quoted.
_STOP = r"(?: \w+){0,2} [\"']?stop\b(?! (?:with|text|send|messag|msg|all|these|the))"
_BOX = r"(?:them|it|him|her|(?:the |this |your )?(?:computer|machine|system|robot|bot|people|guys|office))"
# What is taken off or away, and is no number on a list.
_THING = r"(?:card|fence|gutters?|coat|room|shed|door|windows?|deck|quote|estimate|invoice|charge|fee|appointment|garage|address|job|toilet|sink|faucet|light|fan)"
_NO_LIST = (
    r"(?!(?:\w+ )?(?:lists?|numbers?|names?|contacts?|phones?|cell|account|profile|records?|info\w*|system|subscription|texts?|messages?|alerts?|reminders?|notif\w*|updates?|promo\w*|ads?)\b)"
    r"(?![^.!?]{0,40}\b(?:from this|lists?|te?xt\w*|lines?|numbers?|phones?|messages?|us)\b)"
)
_PLAN = r"(?:warranty|plan|program|contract|agreement|insurance|club|membership|deliver\w+|autopay|auto pay|emails?|newsletter)"
# Who is sent.
_WORKER = r"guys?|man|men|dudes?|techs?|crews?|kids?|people|person|boys?|plumber|electrician|painter|cleaner|girl|lady|woman|fella"
_DO_NOT_SEND = r"(?:do not|don'?t|dont|never|no) (?:send|mand\w+|envi\w+) (?:me |us |nos )?(?:(?:that|the|this|those|a|el|la|al|a la|same|old|new|another|mismo|mismos) )+"
# Somebody who is not to be sent: by a name, or told of behind it. Whatever else is not to be sent may come as a text.
_SOMEBODY = (
    rf"(?:(?:{_NAMES}|sales(?:m[ae]n|people|person))(?= again| any ?more| back|[.,!?]|$| (?:to my house|over|out|here)\b)"
    r"|(?:him|her) (?:over|out|to my house)\b"
    r"|(?!me\b|us\b|te?xt|mess|msg)[a-z]+,? (?:he|she|hes|shes|he's|she's)\b)"
)
# "don't text my husband, text me"
_DO_NOT_TEXT = r"(?:do not|don'?t|dont) (?:text|txt|call|message|contact|bother)"
_BUT_ME = r"[^!?]{0,40}\b(?<!not )(?<!nt )(?<!n't )(?:text|txt|call|message|use|contact|bother) (?:me|this|mine)\b"

# Texts, or things that are stopped, sent and taken off, spoken of without a wish for no more texts, most of the time.
OTHERWISE = (
    r"(?:text\w*|messages?|them) (?:are|is) (?:fine|ok|okay|good|great)\b",
    r"(?<!n't )(?<!nt )(?<!not )(?<!never )(?:just |only )text me\b(?! (?:never|nothing|no more|off|again and)\b)",
    r"(?<!n't )(?<!nt )(?<!not )(?<!never )(?<!nobody )(?<!no one )(?<!nt ever )(?<!n't ever )(?<!not ever )text me (?:instead|back|about|when|the)\b(?! again (?:and|or)\b)",
    r"(?:text|texts|messages?|notifications?) (?:will|are) (?:not )?(?:be )?(?:delivered|silenced|monitored|read)",
    r"not receiving notifications",
    rf"{_MACHINE}{_NO_IF}{_PERSON}",
    rf"{_PERSON}{_NO_IF}\b{_MACHINE}",
    r"stop sending me to (?:the|a|your|this) (?:machine|robot|bot|voicemail|recording|computer)\b",
    r"driving",
    rf"(?!told (?:you|u|y'?all)(?: to)? stop[ .!]*$)told{_STOP}",
    rf"tell(?! {_BOX}\b){_STOP}",
    rf"(?:(?<!\bi )said|says|reply|saying|texting me|texted me|yes or|respond){_STOP}",
    r"(?<!no )(?<!not )(?:te?xt(?:ing|s)?|messag(?:e|es|ing)) (?:is|are|works?|would be) (?:way |much |a lot )?(?:better|best|easier|easiest)\b",
    r"(?<!not )(?<!nt )(?<!n't )prefer (?:a )?te?xts?\b(?! (?:nothing|no more|to stop|from my)\b)",
    r"(?:stop|quit) sending (?:me |us )?(?:(?:the|my|your|more|any|paper|those|these|all) )*(?:invoices?|bills?|statements?|letters|mail|estimates?|quotes?|e-?mails?|facturas?)\b"
    + _NO_TEXTS,
    r"stop sending (?:la|el|al|a la|los|las) \w+",
    r"^\W*stop,? (?:do ?n[o']?t|dont|do not) come\b",
    r"\bnot (?:the|these|your) te?xts\b",
    r"no te?xts? (?:(?:btwn|btw|between)(?= (?:\d|noon|mid|the hours))|before|after(?! (?:this|that|today|now))|past|during(?! any)|from \d|until|till|at night)",
    r"^\W*stop off\b(?! with)",
    r"lose my number if\b(?! you (?:would|have|please|could|can|know|dont mind|don't mind)\b)",
    r"\bstop call\w*(?: me)?\W+te?xt\b",
    r"(?:never(?: did| really)?|didn'?t|didnt|dint|did not|haven'?t|havent|have not|hasn'?t) (?:even |yet )?(?:get|got|gotten|received?|see|seen|saw) (?:back )?(?:(?:a|any|of|the|your|ur|that|my|those) )*(?:\w+ )?(?:te?xts?|messages?|msgs?|reminders?)\b",
    rf"(?:remove|delete|take|drop|scratch|strike|cross|lose|erase|cancel) (?:the |my |that |our |old )+(?:old |credit |extra |second |other )*{_THING}\b",
    r"off (?:the|your|of) (?:waiting|wait|punch|job|work|estimate|quote|price) ?(?:list)?\b(?! (?:cell|phone|number))",
    r"off my (?:waiting |wait |punch |estimate |quote )?list\b",
    r"stop (?:the )?(?:work|job|crew|guys|project|plan|service|payment|order)\b(?! (?:te?xt|messag|reminder|alert|notif))",
    r"leave (?:it|that|this|the \w+) (?:alone|be) (?:for now|until|till)",
    r"leave (?:(?:me|us) (?:an? |un )?|an? )(?:voice ?)?(?:mess?[ae]ge?|mensaje|msg|voicemail|note|mail)\b(?! or (?:a )?te?xt)",
    r"(?:do not|don'?t|dont|quit|stop) send\w*\b(?:(?!\b(?:te?xt|messag|msg|anything|everything))[^.!?]){0,30}\bto (?:my|the|our|his|her|an?) (?:old|other|wrong|work|ex|previous|former)\b",
    r"(?:g[eo]t|getting|received?|see|seen|saw) none of (?:your|ur|the|my|those|yr) te?xts\b",
    r"\bnone of (?:your|ur|the|my|those|yr) te?xts (?:(?:are|r|have|ever|is) )*(?:came|come|coming|comin|got|get|getting|went|go|going|arriv\w*|show\w*|reach\w*|load\w*|open\w*|makes?|made)\b",
    r"(?:stop|quit|keep|no more) (?:sending (?:me |us )?(?:the )?wrong|mailing)\b" + _NO_TEXTS,
    r"drop (?:me|us) (?:a )?(?:line|note|te?xt|message|msg)\b(?! never)",
    r"\b(?:lost|misplaced|dropped|deleted|erased) (?:your|ur|yr|y'?alls|you(?:'re)?) (?:number|numbr|contact)\b(?! (?:please|pls|and)\b)(?![^!?]{0,40}\b(?:mine|on purpose|like it)\b)",
    r"(?:do not|don'?t|dont) send (?:it|that|this|the \w+) to (?!me\b|us\b|my (?:phone|cell|number)|this\b)[^.!?]{0,25}\bsend (?:it |that )?to me\b",
    r"no more (?:\w+ )?(?:catalogs?|mailers?|letters|mail|postcards?|brochures?|magazines?|invoices?|bills)\b(?! to (?:this|my))"
    + _NO_TEXTS,
    r"no more (?:\w+ )?(?:coupons?|flyers?)\b(?=[^.!?]{0,25}\b(?:mail\w*|post|door|porch|paper)\b)",
    r"(?:do not|don'?t|dont|can'?t|cant|didn'?t|didnt|no) (?:see|find|seen) (?:your|ur|yr|the|any) (?:te?xts?|messages?|msgs?|mesages?)\b(?! stop)",
    r"(?:no|aint no|ain'?t no) (?:te?xts?|messages?) (?:r |are |is )?comi?n\w* (?:thr?o?u?g?h?|to|in)\b(?![^.!?]{0,12}\b(?:please|pls|plz)\b)",
    r"\b(?:i'?m|i am|we'?re|we are|still|been|(?:s?he)'?s) not (?:getting|gettin|receiving) (?:any |no )?(?:(?:of )?(?:your|ur|yr|the|my) )?(?:te?xts?|messages?|msgs?|mesages?)\b(?! (?:any ?more )?(?:please|pls))",
    r"get no te?xts? (?:when|at|in|here|out)\b",
    r"i no (?:get|got|see) (?:your|ur|the|any) (?:te?xts?|message)",
    rf"remove (?:the|that|those|these|our) {_NO_LIST}\w+",
    r"no te?xts? (?:are |is |r )?(?:getting|coming|going|come|go|get) (?:through|thru)\b(?![^.!?]{0,12}\b(?:please|pls|plz)\b)",
    r"te?xts?[^.!?]{0,12}(?:not|n'?t|never|stopped|quit) (?:getting|coming|going|come|go|get) (?:through|thru|in)\b",
    r"leave (?:it|them|(?:that|the|those|my|our) (?:(?!(?:phones?|cell\w*|numbers?|inbox|line|wife|husband|mom|mother|dad|father|family|kids?|sons?|lady|woman|man|people|home|household) )\w+ ){1,3})(?:alone|be)\b(?! (?:text|stop))",
    r"off (?:of )?(?:my|our|the) (?:porch|roof|house|property|lawn|yard|driveway|land|deck|wall|ceiling|door|counter|truck|car|back patio|patio)\b(?! (?:\w+ )?lists?\b)(?![^.!?]{0,20}\b(?:te?xts?|texting|my phone)\b)",
    rf"(?:opt(?:ing)? out|unsub\w*|unsubscribe me) (?:of|from) (?:the|my|your|that) (?:\w+ )?(?:\w+ )?{_PLAN}\b(?!(?: and (?:these|the|your|all))? (?:te?xt|messag|reminder|alert|notif))",
    r"unsub\w*(?: me)? from auto ?pay\b",
    r"(?:stop|quit) (?:calling|texting|bothering|contacting) (?:my(?! (?:phone|cell|number)\b)|the|him|her|them)\b[^!?]{0,40}\b(?<!dont )(?<!don't )(?<!not )(?:call|text|use) (?:me|this|mine|at)\b",
    rf"{_DO_NOT_TEXT} (?:my|the|him|her|them)\b{_BUT_ME}",
    rf"{_DO_NOT_TEXT} (?!(?:me|us|this|it|here|back|at|to|or|so)\b|any|again)[a-z]+ (?:any ?more|again|cuz|because|,|he|she)(?!\w){_BUT_ME}",
    r"remove me from (?:the |your )?(?:schedule|tomorrow|today|mon|tues|wednes|thurs|fri|satur|sun|next|\d)",
    r"leave (?:me|us) (?:be|alone) (?:for now|until|till)\b",
    r"(?:forget|ignore|disregard|scratch|cancel) (?:that|my|the) (?:last |previous |first |other )?(?:te?xt|message|msg)\b",
    r"\bnot (?:getting|receiving) (?:your|ur|any of your|the) (?:te?xts?|messages?|msgs?)\b",
    r"^\W*(?:please )?stop (?:charging|billing|valves?|lights?|sign)\b",
    r"want to hear (?:any |the |that |a |it )?(?:noise|sound|squeak\w*|rattl\w*|bang\w*|hum\w*|drip\w*)",
    r"(?:nobody|no one) (?:has |have |ever )?(?:texted|messaged|written)\b",
    r"(?<!if )(?:you|u|y'?all) stopped (?:text|send|messag)\w*|how come (?:you|u|y'?all) quit (?:text|send|messag)\w*|why (?:did|do|have) (?:you|u|y'?all) (?:stop|quit) (?:text|send|messag)\w*",
    r"no more (?:leaks?|drips?|noises?)\b",
    r"off (?:the|your) (?:next |this )?(?:mon|tues|wednes|thurs|fri|satur|sun)day(?:'?s)? (?:list|schedule|route)",
    r"no more (?:texts?|messages?) (?:after|before|past|until|till|at night)\b(?! (?:today|this|that|now|tonight|i (?:die|call|sue|block)|midnight or ever)\b)",
    rf"(?:quit|stop|keep) sending (?:me |us )?(?:(?:a|an|the|another|different|new|that|this|these|those|same|young) )*(?:{_WORKER}|technicians?)\b(?! (?:te?xt|messag))",
    r"(?:she|he|they|mom|dad|mother|father|wife|husband|grandma|grandpa|tenant|renter|landlord|neighbor|son|daughter|boss) (?:does ?n'?t|doesnt|dont|don'?t|can'?t|cant) (?:\w+ )?text\b",
    rf"(?:stop|quit|no more|do not|don'?t|dont) send\w* (?:out )?{_SOMEBODY}",
    r"\bdone with (?:that|this|the) (?:(?!te?xt|messag)\w+ )?(?:guy|man|dude|tech\w*|crew|kid|person|plumber|electrician|fella|fellow|company that)\b(?! (?:who |that |is )?(?:te?xt|messag)\w*)",
    # Spanish
    r"(?<!no )(?<!no me )d[eé]j(?:ar|[ea])(?:n|me|nos|nme)*(?: un| el| su)? (?:mensaje|recado|buzon)\b(?! (?:nunca|jamas)\b)",
    r"no (?:he )?vi(?:sto)? (?:tu|su|el|los|sus|tus) (?:mensajes?|textos?)\b(?![^.!?]{0,15}\bquiero\b)",
    r"no le (?:mand|escrib|text|envi)\w+ (?:mensajes? |te?xtos? |te?xts? )?a (?:mi|la|el|su) (?!numero|telefono|celular|cel\b)\w+"
    r"(?=[^!?]{0,60}\b(?:escr|mand|te?xt|llam|habl|marqu|dig|avis|envi)\w*me(?:l[oa]s?)?\b)",
    r"se me (?:borro|perdio|extravio|fue) (?:el|tu|su) (?:numero|contacto)",
    r"(?:dej|par)\w+ de mandar (?:me |nos )?(?:la|las|el|los|su|sus) (?:facturas?|recibos?|cobros?|cuentas?|estimad\w+|cotiza\w+)\b"
    + _NI_TEXTOS,
    r"(?<!no )(?<!de )(?<!no me )(?<!nunca me )te?xt(?:ee?n?)?(?:me)? a mi\b(?= no| ?[.,!]|$)",
    r"(?:solo|nomas|mejor) (?:por )?(?:texto|mensaje)s?(?= ?[.,!]|$| por)",
    r"(?<!no )(?<!nunca )(?<!no me )(?<!no nos )(?<!nunca me )(?<!que me )(?<!que nos )vuelvan? a (?:mandar|escribir|textear)\w*",
    r"(?:esta linea|este (?:numero|telefono|buzon)|this (?:number|line|mailbox|inbox)) (?:no|does ?n[o']t|is not|cannot|isn'?t) (?:recibe|acepta|recieve|receive|accept|monitor|able)\w*",
    r"(?<!no )(?<!no me )(?<!nunca )(?:escribanme|escribame|escribeme|textee?nme)\b(?! (?:nunca|jamas|ya no|nada)\b)",
    r"mensaje por favor\b(?!,? (?:no|ya no)\b)",
    r"no me (?:ha[n]?|a) (?:llegado|mandado)",
    r"no me lleg(?:o|aron|aba)\b",
    r"no (?:he )?recib(?:i|ido)\b",
    rf"{_DO_NOT_SEND}(?:{_WORKER}|muchach\w+|senor\w*|hombre)\b",
    rf"{_DO_NOT_SEND}(?:invoices?|bills?|quotes?|estimates?|factura|recibo)\b",
    r"no (?:me |nos )?mand\w+ (?:la |las |el |los |mas )*(?:facturas?|recibos?|cobros?|estados?|cuentas?|(?<!mas )(?:cotizacion\w*|estimados?))\b"
    + _NI_TEXTOS,
    r"(?:dej\w+|par\w+) de (?:usar|poner|tirar|fumar|estacionar\w*|tocar) (?!este|mi (?:numero|telefono))",
    r"borr\w+ (?:la|el|esa|ese|mi) (?:direccion|cuenta|cargo|tarjeta|cita|orden)",
    r"no (?:me |nos )?(?:mand|envi)\w+ (?:mas )?(?:al\b|a (?:ese|esa|este|esta|la|los|las|otr[ao]|ningun\w*|nadie|tu|su)\b(?! (?:numero|telefono|celular|linea)))",
    r"no (?:me |nos )?(?:escrib|mand|text)\w+ (?:mensajes |textos )?(?:antes|despues) de (?:las?|medio\w*|mediodia)\b",
    r"(?:dej|par)\w+ de mandar (?:al|a la|a ese|a esa|a los)\b",
    r"\bi (?:do not|don'?t|dont) te?xt (?:much|a lot) but\b",
)
