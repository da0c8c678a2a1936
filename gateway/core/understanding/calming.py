"""Words by which a text says that what it tells is stopped, was looked at, or is long ago, and that nobody is in danger.

"The hose let go and water went everywhere" is no emergency beside "but I shut the valve and it's dry". Such words decide
nothing: beside them the trained part has to be surer of what the rules found (`safety`), and of a sentence that is looked at
alone (`asides`).
"""

from __future__ import annotations

import re

from gateway.core.understanding.folded import Folded

_NOBODY_IS_HURT = (
    r"(?:he|she|they|everyone|everybody|we|kids?|children|baby|dog|cat|tenant|mom|dad|wife|husband)(?: is| are|'?s|'re)? (?:all |both |totally |just )?(?:fine|ok|okay|safe|alright|unhurt|home now|with me|right here)\b",
    r"(?:nobody|no one|none of (?:us|them)) (?:is |was |got |has been )?(?:hurt|in there|inside|in it|under|home|sick|injured)",
    r"got (?:him|her|them|everybody|the (?:kids?|dog|baby)) out|(?:he|she|they)(?:'?s| is|'re| are) out\b|healed|(?:staying|stayin|stays|sleeps|asleep) (?:in |over |at )?(?:with|w)\b",
    r"nadie (?:se lastimo|salio lastimad\w|esta adentro|esta abajo)",
    r"no (?:le|les|me|nos) paso nada|todos (?:estamos |estan )?bien\b|ya (?:la|lo|las|los) sac\w+",
)
_STOPPED = (
    r"(?:shut|turned|cut|closed|switched|killed|valved|baje|bajo|bajamos) (?:\w+ ){0,3}(?:off\b|switch\b|pastilla\b|main\b|valves?\b|water\b|gas\b|power\b|breakers?\b)",
    r"(?:water|gas|power|breaker|main|valve|it)(?:'s| is| are)? (?:all |now |still )?(?:off|shut|closed|capped) (?:now|at|and|for|till|until)|off at the (?:\w+ )?(?:stop|street|main|valve|panel|meter|breaker)",
    r"(?:it|its|it'?s|that|has|have|and|then)(?: has| have| all)? (?:stopped|quit|dried)(?! (?:working|heating|cooling|breathing|responding|answering|draining))\b",
    r"mopped|dried (?:out|up|it|everything)|(?:all|is|bone|stayed|still|stays|floor|its|it'?s|been) (?:all )?dry\b|dry (?:since|inside|now)",
    r"tarp(?:ed| on| over)|boarded (?:it|up|over)|plywood over",
    r"ya (?:la |lo |las |los )?(?:cerr|apag|desconect|sec|tap|arregl)\w+|ya no (?:sale|tira|gotea|huele|suena|cae|entra|corre)\b|(?:esta|quedo) (?:cerrad|apagad|tapad|sec|segur)[oa]\b|ya paro\b",
)
_MILD = (
    r"(?:its|it'?s|at|is|are|like|house|reads?|reporting|tenemos|around|still|estamos|a) (?:\w+ )?(?:6[2-9]|7[0-9])\b(?! ?(?:yrs?|years?|anos|yo|y/o|and (?:she|he|has|on)|west|east|north|south|hwy|percent|%|am\b|pm\b))",
    r"mild outside|no (?:esta haciendo|hace) (?:mucho )?frio|stove (?:is )?off|not (?:rising|growing|spreading|moving)|no se ha (?:abierto|movido) mas",
)
_LOOKED_AT = (
    r"(?:reads?|reading|read|showed|at) (?:\w+ )?(?:zeros?|0 ?ppm|nothing)|all clear\b|found nothing|cleared (?:it|us|the)|(?:was|were|is|it'?s|got|been) (?:already |all )?(?:fixed|repaired|replaced|capped)\b",
    r"no (?:more )?(?:smell|smoke|sparks?|leaks?|drips?|flames?|humo|olor|fuga)\b(?! (?:but|alarm|detector))",
)
_LONG_AGO = (
    r"last (?:week|month|year|winter|summer|spring|fall)\b|(?:years?|months?|weeks?) ago|back in\b|\bin (?:19|20)\d\d|used to\b|\b(?:in|since|on|that was|was in|at) (?:january|february|march|april|june|july|august|aug|september|sept|october|november|december|easter|christmas|thanksgiving)\b(?! (?:we|i) (?:want|need|would))|last (?:mon|tues|wed|wednes|thurs|fri|satur|sun|sat)(?:day)?\b|when (?:we|i) (?:bought|moved)",
    r"la semana pasada|el (?:ano|mes|invierno|verano) pasado|hace (?:un|una|dos|tres|varios|unos|\d+) (?:ano|mes|semana)\w*|en (?:19|20)\d\d",
)
CALMING = re.compile(r"\b(?:" + "|".join((*_NOBODY_IS_HURT, *_STOPPED, *_MILD, *_LOOKED_AT, *_LONG_AGO)) + ")")
MOST_WORDS = 45  # a longer text tells of many things, and some are always over


def calms(text: Folded) -> bool:
    """Whether a text of no great length says anywhere that a thing it tells is over or harmless."""
    return len(text.words()) <= MOST_WORDS and CALMING.search(text.plain) is not None
