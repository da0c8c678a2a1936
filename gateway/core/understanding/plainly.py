"""What is an emergency in so few words that nothing in them could say otherwise: "pipe burst", "se salió el drenaje".

The trained part guesses at such texts, for hardly any word stands beside those that matter. Only a text that consists of
nothing else counts: one word about last year, a price or a valve that was shut, and all is weighed as usual.
"""

from __future__ import annotations

import re

from gateway.core.understanding.folded import Folded

LONGEST = 16  # words
_BEFORE = frozenset(
    "hi hello hey help omg please pls my our the a an i we have got there theres there's is think looks like so um uh it its it's just now"
    " hola oiga oigan ayuda por favor tengo tenemos hay un una el la mi se me nos creo que ya".split()
)
_BEHIND = frozenset(
    "in under behind at from into to on inside upstairs downstairs outside everywhere all over bad badly really the my our a house home kitchen bath again more worse badly hard fast"
    " bathroom basement garage attic crawl space crawlspace wall ceiling sink floor yard laundry room apartment apt unit street and help please pls hurry"
    " now right asap omg send someone somebody come fast quick quickly en de del el la mi abajo arriba debajo cocina bano sotano casa cuarto toda todo todos lados patio pared"
    " techo por favor porfa ayuda ayudenme vengan rapido ahorita ya urge".split()
)
_SAID = (
    r"(?:water |main |sewer |frozen )?(?:pipes?|line|main) (?:has |have |is |just )*(?:burst\w*|busted|exploded)",
    r"(?:burst|busted|broken) (?:water )?(?:pipes?|main\b(?! line))|(?:burst|busted|broken) water line",
    r"water ?heater (?:has |is |just )*(?:burst\w*|busted|exploded|flooding|gushing|spraying|pouring(?: water)?)",
    r"(?:leak|leaking|water|flooding) (?:wont|won't|will not|doesnt|doesn't|does not|cant|can't) (?:stop|shut off|turn off)(?: leaking| running| coming| flowing)?",
    r"(?:cant|can't|cannot|can not|unable to|dont know how to|don't know how to) (?:turn|shut|get) (?:(?:the|my|our) )?(?:water|main|gas)(?: main| valve)? off",
    r"(?:cant|can't|cannot|can not) (?:turn|shut) off (?:(?:the|my|our) )?(?:water|main|gas)(?: main| valve)?",
    r"(?:its|it's|it is|it|which) (?:is |just |still |has |started )*(?:flooding|gushing|spraying|smoking|sparking|arcing|burst|on fire|smoldering)",
    r"(?:house|home|room|kitchen|basement|garage|place) is (?:full of|filling with|filling up with) (?:gas|smoke)",
    r"(?:co|carbon monoxide|monoxide) (?:alarm|detector) (?:is |keeps |wont stop |won't stop )*(?:going|sounding|screaming|going off|beeping nonstop)",
    r"(?:shut|turned|cut) (?:the |our )?gas (?:valve )?off (?:but |and )(?:it |we |i )?still smells?(?: it| gas| like gas)?",
    r"(?:door|ceiling|wall|roof|tree|beam|deck|porch) is (?:about to|going to|gonna) (?:fall|come down|collapse|cave in)",
    r"garage door (?:is )?(?:hanging|about to (?:fall|come down)|falling)",
    r"garage door (?:cable|spring) (?:snapped|broke) and (?:its|it's|it is|the door is) about to (?:fall|come down)",
    r"locked (?:out|outside) (?:and (?:its|it's|it is) |in the )(?:cold|freezing|snow|snowing|snowstorm|blizzard)",
    r"(?:outlet|socket|plug|switch|panel|breaker|breaker box|fuse box|furnace|dryer|meter) (?:is |just |started )*(?:smok(?:es|ing)|sparks|sparking)",
    r"revento (?:otra vez|de nuevo)",
    r"(?:revento|exploto) (?:un |una |el |la )?(?:tubo|tuberia|pipa|manguera|boiler|calentador)(?! en el patio)",
    r"rompio (?:un |una |el |la )?(?:tubo|tuberia|pipa)",
    r"(?:tubo|tuberia|pipa) (?:reventad[oa]|rot[oa])",
    r"salio el drenaje|esta (?:saliendo|regresando) el drenaje",
    r"no (?:puedo|podemos|se como) (?:cerrar|apagar|parar) (?:el agua|la llave|el gas)",
    r"no (?:para|deja) (?:de salir )?(?:el )?agua|sigue saliendo (?:el )?agua",
    r"(?:cerr\w+|apag\w+) (?:la llave del |el )?gas (?:pero |y )(?:todavia |aun |sigue )*(?:huele|oliendo)(?: mucho| fuerte)?(?: a gas)?",
    r"(?:sigue|todavia|aun) (?:oliendo|huele) (?:mucho |fuerte )?a gas",
)
_LONE_ALARM = re.compile(
    r"^\W*(?:(?:this|it|its|it's|there|theres|is|es|im|i|we|have|got|having|need|tengo|tenemos|very|muy|real|an?|una?|the|yes|si|hi|hello|hola|help|ayuda|please|pls|send|911|sos)\W+)*"
    r"(?:ur[gjh][a-z]{0,2}n[a-z]{0,3}|urge|ugente?|emerg[a-z]{2,8}|911|sos|s\.o\.s|auxilio|socorro|mayday)"
    r"(?:\W+(?:please|pls|plz|help|me|us|i|we|call|back|here|hurry|need|send|come|someone|somebody|ayuda|por|favor|porfa|porfavor|llamen?|llamenme|llameme|ayudenme|urgente?|emergency|emergencia|now|asap|right|away|it|is))*\W*$"
)
_AT_ONCE = re.compile(
    r"^\W*(?:(?:please|pls|plz|i|we|hi|hello|can|you|u|gonna|really)\W+)*(?:need|send|get)(?: me| us)? (?:a )?(?:someone|somebody|guy|tech|person|man|help|plumber|electrician|locksmith|roofer)"
    r"(?: here| out| over| to come| out here| over here)* (?:right now|now|right away|immediately|this minute|fast|quick|quickly|hurry)(?:\W+(?:please|pls|plz|hurry|help))*\W*$"
)
_CORE = re.compile("(?:" + "|".join(_SAID) + r")(?!\S)")
_WORD = re.compile(r"[a-z']+")
_ELSE = re.compile(r"[^a-z'.,!?;:\s-]")


def only_calls(text: Folded) -> bool:
    """Whether a text says nothing but the word for an emergency, or that somebody shall come at once: "URGENT", "send help now"."""
    return _LONE_ALARM.match(text.plain) is not None or _AT_ONCE.match(text.plain) is not None


def plainly(text: Folded) -> bool:
    """Whether a text says nothing but that something is happening which cannot wait."""
    words = _WORD.findall(text.plain)
    if len(words) > LONGEST or _ELSE.search(text.plain):
        return False
    for start in range(len(words)):
        said = _CORE.match(" ".join(words[start:]))
        if said and _BEHIND.issuperset(words[start + len(said.group().split()) :]):
            return True
        if words[start] not in _BEFORE:
            return False
    return False
