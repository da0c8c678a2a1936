"""Situations that decide how urgent a text is, each found by what people write about it and told in plain words.

A situation is more than a word: "water" is none, water that runs now is one. Every pattern is looked for in its clause
and counts only if it stands (`circumstances`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from gateway.core.understanding.circumstances import Standing, standing
from gateway.core.understanding.folded import Folded


class Weight(StrEnum):
    """What a situation means by itself."""

    LIFE = "life"  # a danger to people: the safety text first
    EMERGENCY = "emergency"  # the owner is told at any hour
    CUE = "cue"  # says something together with others


@dataclass(frozen=True, slots=True)
class Situation:
    """`name` for the trained part, `says` for the office."""

    name: str
    weight: Weight
    says: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Found:
    """A situation as a text has it."""

    situation: Situation
    standing: Standing
    words: str


def _of(name: str, weight: Weight, says: str, *patterns: str) -> Situation:
    return Situation(name, weight, says, re.compile(r"\b(?:" + "|".join(patterns) + ")"))


_GAP = r"[^.!?;\n]{0,30}?"
_WET = r"(?:water|wet|drip\w*|leak\w*|pour\w*|flood\w*|rain\w*|soak\w*|agua|goter\w*|gotea\w*|mojad\w*|chorr\w*)"
_ELECTRIC = r"(?:breaker(?: box)?|fuse box|electric(?:al)? (?:panel|box|outlet)|panel|outlets?|sockets?|light fixtures?|light switch|ceiling lights?|recessed lights?|chandelier|meter(?: box)?|wiring|wires|power strip|extension cord|contactos?|enchufes?|tomacorrientes?|caja de (?:fusibles|breakers)|foco|lampara|apagador(?:es)?|cables)"
_CHILD = r"(?:bab(?:y|ies)|infant|newborn|toddler|kids?|child(?:ren)?|son|daughter|grand(?:son|daughter|baby|kids?)|little (?:one|girl|boy)|(?:\d+|two|three|one|four) ?(?:yr|year|month|mo|week)s?[ -]?old|bebe|nin[oa]s?|nene|hij[oa]s?|niet[oa]s?|recien nacid[oa])"

SITUATIONS: tuple[Situation, ...] = (
    _of("gas", Weight.LIFE, "smells or hears gas",
        r"smell\w*" + r"(?: \w+){0,4} gas\b(?! station| bill| tank of)", r"gas (?:smell|odor|leak\w*|fumes)", r"(?:smell|odor|stink|whiff) of (?:natural )?gas", r"leak\w* (?:natural )?gas\b", r"rotten? egg\w*", r"(?:smell|stink|reek)\w* (?:like|of) (?:\w+ )?(?:eggs?|sulfur|sulphur|skunk|propane)",
        r"(?:gas (?:line|pipe|meter|valve|stove|tank)|meter|propane)" + _GAP + r"(?:hiss\w*|ruptur\w*|hit|broke|cut|blowing|knocked|bent)", r"(?:hiss\w*|hit|cut|broke|ruptured|nicked|struck)" + _GAP + r"gas (?:line|pipe|meter|valve)", r"hueles? (?:\w+ ){0,2}(?:a )?gas", r"olor (?:\w+ )?(?:a |de )?gas", r"fuga de gas", r"huele\w* (?:\w+ )?a huevo\w*", r"huev\w+ podrido\w*", r"apesta a gas", r"gas (?:is )?(?:on|leaking)" + _GAP + r"smell", r"propane" + _GAP + r"smell|smell\w*" + _GAP + r"propane", r"escape de gas"),
    _of("co", Weight.LIFE, "carbon monoxide alarm or its symptoms",
        r"(?:co2?|carbon ?mon\w*|c\.o\.|monoxide|monoxido)(?: \w+){0,2} ?(?:alarm|detector|monitor|meter|alarma|detector)\w*" + _GAP + r"(?:go\w* off|went off|sound\w*|beep\w*|blar\w*|scream\w*|alarm\w*|ring\w*|reads?|reading|says?|evacuate|ppm|son\w+|pit\w+)", r"(?:alarma|detector) (?:de )?(?:co|monoxido|carbono)\w*" + _GAP + r"(?:son\w*|pit\w*|activ\w*)", r"carbon ?monoxide (?:poison\w*|leak|in the)", r"\d+ ?ppm", r"(?:dizz\w*|headaches?|nause\w*|throw\w* up|vomit\w*|woozy|light ?headed|pass\w* out|mare\w+|dolor de cabeza|nause\w+)" + _GAP + r"(?:furnace|heater|boiler|heat|garage|generator|house|inside|home|casa|calent\w+)", r"(?:furnace|heater|boiler|generator|calent\w+)" + _GAP + r"(?:dizz\w*|headaches?|nause\w*|vomit\w*|mare\w+|dolor de cabeza)", r"monoxido"),
    _of("fire", Weight.LIFE, "fire, smoke or something burning",
        r"(?:is|are|was|caught|on|'s|catching|start\w* a) fire\b", r"(?:it'?s|its) on fire", r"house fire", r"electrical fire", r"\bflames?\b", r"(?:see|seeing|saw|there'?s|is|are|lots of|full of|some|black|white|of) smoke\b(?! (?:alarm|detect))", r"smoke (?:is )?(?:coming|pouring|from|out|everywhere|in the|smell)", r"smok(?:ing|ed)\b(?= |$|[.!,])(?! (?:unit|room|home|house|apartment|section|tenant))", r"(?:smell\w*|odor|stink\w*|scent)(?: \w+){0,4} (?:burn\w*|smoke|smoky|scorch\w*|melt\w*|char\w*|fishy)", r"burn(?:ing|t|ed)? (?:smell|odor|plastic|rubber|wire|wires|hair)", r"(?:plastic|rubber|wire|outlet|plug|cord|socket|switch|panel|breaker)s?" + _GAP + r"(?:burn\w*|melt\w*|scorch\w*|char(?:red|ring)|black(?:ened)?|brown marks?|singed)", r"(?:burn\w*|melt\w*|scorch\w*|charred)" + _GAP + r"(?:outlet|plug|cord|socket|switch|panel|breaker|wire)s?",
        r"humo\b", r"fuego\b", r"incendi\w*", r"llamas\b(?! (?:a |me))", r"quem(?:ad[oa]|ando|andose)\b", r"huele(?: \w+){0,3} (?:a )?(?:quemado|humo|plastico|chamuscad\w+)", r"echando humo", r"sale\w* humo"),
    _of("sparks", Weight.LIFE, "sparks, arcing or hot electrical parts",
        r"spark(?:s|ed|ing|in)\b(?! plug)", r"arc(?:ing|ed|s)\b", r"shoot\w* sparks", r"(?:panel|breakers?|outlets?|switch(?:es)?|plugs?|cords?|wires?|wall|box|plate|socket)" + _GAP + r"(?:(?:is|are|feels?|getting|gets|got|real|really|super|very|burning|so|too|gone) )+(?:hot|warm)\b", r"\bhot (?:to the touch|outlet|panel|breaker|switch|plug|wall plate|wire)", r"(?:panel|breaker|box|outlet|switch|meter)s?" + _GAP + r"(?:buzz\w*|crackl\w*|sizzl\w*|popping|humming|hissing)", r"(?:buzz\w*|crackl\w*|sizzl\w*|popping)" + _GAP + r"(?:panel|breaker|outlet|wall|switch|meter|fuse)", r"chisp\w*", r"corto ?circuito", r"(?:contacto|enchufe|panel|caja|apagador|cable)s?" + _GAP + r"(?:calient\w*|zumb\w*|truen\w*|quem\w*|derret\w*)"),
    _of("shock", Weight.LIFE, "somebody got an electric shock",
        r"(?:got|get|gets|gave|getting|been|was|gives?|giving|keeps?)(?: \w+){0,3} (?:shock(?:ed|s)?|zapped|zap|electrocuted|tingl\w*)\b", r"electrocut\w*", r"shock(?:ed|s|ing) (?:me|my|him|her|us|when|by|people|anyone)", r"tingl\w*" + _GAP + r"(?:touch|faucet|water|shower|switch|metal)", r"zap(?:ped|s) (?:me|my|him|her|us)", r"(?:da|dan|dio|dando|pasa)(?: \w+)? (?:toques?|corriente|la luz|descargas?|calambres?)", r"electrocut\w*|descarga electrica"),
    _of("wet electrics", Weight.LIFE, "water reaches electrical parts",
        _WET + _GAP + r"\b" + _ELECTRIC + r"\b", r"\b" + _ELECTRIC + r"\b" + _GAP + _WET + r"\b"),
    _of("wire down", Weight.LIFE, "a power line is down or torn off",
        r"(?:power|electric\w*|service|utility)? ?(?:lines?|wires?|cables?)(?: \w+){0,3} (?:down\b|on the (?:ground|roof|lawn|grass|fence|car)|hanging|laying|lying|dangling|ripped|torn|pulled|snapped|fell|fallen|low)", r"downed (?:\w+ )?(?:lines?|wires?)", r"(?:ripped|tore|torn|pulled|knocked|yanked)" + _GAP + r"(?:meter|weatherhead|mast|service|power line|wires?)\b", r"(?:tree|limb|branch|truck)" + _GAP + r"(?:power ?lines?|wires?|electric lines?|service line|meter)", r"(?:meter|mast|weatherhead)" + _GAP + r"(?:ripped|torn|pulled|off the (?:house|wall)|hanging|bent|leaning)", r"cables?(?: \w+){0,3} (?:caid\w*|tirad\w*|colgando|en el (?:piso|suelo))", r"se cayo (?:el|un|la) (?:cable|poste|linea)"),
    _of("trapped", Weight.LIFE, "somebody is trapped, locked in or cannot be reached",
        _CHILD + _GAP + r"(?:locked|stuck|trapped|alone|shut) (?:\w+ )?(?:in|inside|with)\b", r"(?:locked|stuck|trapped|shut|left)" + _GAP + _CHILD + _GAP + r"(?:in|inside)\b", _CHILD + r" (?:is |are |still |'s )*(?:in|inside) (?:the |my |a |our )?(?:\w+ )?(?:car|truck|van|suv|vehicle|house|home|apartment|apt|bathroom|bedroom|room)\b" , r"(?:car|truck|van|suv|house|apartment)" + _GAP + _CHILD + r"(?: is| are|'s)? (?:in|inside)\b", r"trapped\b", r"pinned\b", r"(?:can'?t|cannot|cant|couldn'?t) get (?:out|her out|him out|them out)\b", r"(?:mom|dad|mother|father|grandma|grandpa|grandmother|grandfather|husband|wife|parent|aunt|uncle|neighbor|tenant|patient|lady)" + _GAP + r"(?:fell|fallen|collapsed|unconscious|not (?:answering|responding|moving)|won'?t (?:answer|wake)|hurt|injured|stuck|locked in|on the floor|isn'?t (?:answering|responding))", r"(?:hand|arm|leg|finger|foot|fingers)s?" + _GAP + r"(?:stuck|caught|trapped|pinched|crushed|pinned)\b", r"not breathing|can'?t breathe|unconscious|bleeding|ambulance",
        r"atrapad\w*", r"encerrad[oa]s? (?:en|adentro|dentro)", r"(?:bebe|nin[oa]s?|hij[oa]s?|niet[oa]s?)" + _GAP + r"(?:encerrad\w*|adentro|dentro|atrapad\w*|sol[oa]s?)\b", r"no (?:me )?(?:contesta|responde|abre)\b" , r"se (?:cayo|desmayo)\b"),
    _of("giving way", Weight.LIFE, "a ceiling, wall or door is giving way",
        r"(?:ceiling|roof|wall|deck|porch|floor|chimney|beam|balcony|joist|drywall|sheetrock|plaster|stairs|foundation|retaining wall|carport|awning|tree)" + _GAP + r"(?:sag\w*|bulg\w*|bow(?:ing|ed)|collaps\w*|cav(?:ing|ed)|coming down|came down|falling|fell|about to (?:fall|go|come|give)|giv(?:ing|e) way|buckl\w*|caved|bubbl\w*|balloon\w*|droop\w*|leaning|cracking|shift\w*|pulling away)", r"(?:sag\w*|bulg\w*|collaps\w*|caved|caving)" + _GAP + r"(?:ceiling|roof|wall|deck|porch|floor)", r"tree (?:\w+ )?(?:fell|through|on|came|crash\w*|landed|went|hit)" + _GAP + r"(?:roof|house|garage|bedroom|living|kitchen|attic|room)", r"(?:garage )?door" + _GAP + r"(?:fell on|came down on|landed on|crashed? (?:down )?on|about to fall|hanging by)", r"techo" + _GAP + r"(?:ca(?:e|yo|yendo|er)|panza|hundi\w*|abomba\w*|colaps\w*|pandea\w*|vencid\w*)", r"se (?:esta )?(?:cay(?:o|endo)|hundi\w+|vin\w+ abajo)" + _GAP + r"(?:techo|pared|barda|cielo)"),
    _of("medical", Weight.LIFE, "a medical device or medicine is out of reach",
        r"(?:oxygen|cpap|c-pap|bipap|ventilator|dialysis|concentrator|nebulizer|feeding pump|iv pump|life support|insulin|inhaler|epi ?pen|heart (?:meds|medicine|pills|medication)|seizure (?:meds|medicine)|blood pressure (?:meds|pills)|my (?:meds|medicine|medication|pills)|(?:his|her) (?:meds|medicine|medication|pills|insulin|inhaler)|oxigeno|insulina|inhalador|medicinas?|medicamentos?|respirador|nebulizador|dialisis)\b"),
    _of("threat", Weight.LIFE, "somebody is threatened",
        r"(?:ex|ex-\w+|boyfriend|husband|stalker|roommate|man|guy|someone|somebody|he)" + _GAP + r"(?:threaten\w*|trying to (?:get|break) in|outside (?:banging|pounding|right now)|has a (?:gun|knife)|stalk\w*|kill me|hurt me|hit me|broke in (?:again|while)|won'?t leave)", r"(?:restraining|protective) order", r"(?:afraid|scared|fear) (?:for my|he|of him|of my ex|to (?:sleep|stay|go home))", r"domestic violence|abus(?:ive|er)", r"(?:me|nos) (?:amenaz\w*|quiere (?:matar|pegar))|orden de (?:restriccion|alejamiento|proteccion)|tengo miedo"),
    _of("fumes", Weight.LIFE, "fumes that make people ill",
        r"fumes\b", r"(?:chemical|exhaust|solvent|paint|bleach|ammonia|refrigerant)(?: \w+)? (?:smell|fumes|odor)" + _GAP + r"(?:dizz|sick|head|cough|eyes|breath)", r"car (?:is |was |left )?running (?:in|inside) (?:the |my )?(?:closed )?garage", r"(?:cough\w*|eyes (?:are )?burning|throat)" + _GAP + r"(?:smell|fumes|furnace|heater|vent)"),
    _of("water running", Weight.EMERGENCY, "water is running or coming in",
        r"(?:water|h2o)" + _GAP + r"(?:everywhere|pouring|gushing|shooting|spraying|spewing|rising|running down|coming (?:in|through|thru|out|down|up|from)|all over|streaming|rushing|blowing|bursting|raining|over the|up to|ankle|inches|filling|seeping|cascading|down the (?:wall|stairs|walls)|on the floor|flood\w*)", r"(?:pouring|gushing|shooting|spraying|spewing|rushing|streaming|cascading|bubbling up)" + _GAP + r"(?:water|ceiling|basement|wall|pipe|floor|attic|kitchen|bathroom|house|drain)", r"burst\w*|busted (?:pipe|line|hose)|pipe (?:just )?(?:burst|busted|broke|exploded|split|popped|snapped|came apart|let go|gave)", r"flood(?:ed|ing|s|in)\b", r"raining (?:in|inside|on)|leaking (?:badly|bad|everywhere|all over|like crazy|a lot|fast|through|thru|into|from the ceiling)", r"(?:can'?t|cant|cannot|couldn'?t|unable to|don'?t know how to|dont know how to|won'?t) (?:\w+ )?(?:shut|turn|find|get|close)(?: \w+){0,4} (?:off|shut ?off|valve|main|stop)", r"(?:won'?t|wont|will not|doesn'?t|can'?t) (?:stop|shut off|turn off)\b", r"(?:ceiling|roof|light|wall)" + _GAP + r"(?:dripping|pouring|leaking|raining)", r"(?:dripping|pouring|leaking|running|coming) (?:\w+ ){0,3}(?:from|through|thru|out of|into|down) (?:the |my |our )?(?:\w+ )?(?:ceiling|wall|roof|light|attic|upstairs|bedroom|living room|basement)", r"inch(?:es)? of water|standing water|under ?water|ankle deep|knee deep|buckets?\b",
        r"se (?:esta )?inund\w*|inundacion|inundad\w*", r"agua" + _GAP + r"(?:por todos lados|por todas partes|saliendo|sale|entrando|entra|cayendo|chorreando|brotando|regand\w*|del techo|por el techo)", r"(?:sale|cae|chorrea|brota|entra|escurre|tira(?:ndo)?)(?: \w+){0,3} agua", r"revent\w*|se (?:me )?(?:rompio|quebro|exploto|partio)(?: \w+){0,3} (?:tubo|tuberia|pipa|llave|manguera|calentador|tanque)", r"no (?:puedo|podemos|se como|la puedo|lo puedo) (?:cerrar|apagar|parar)", r"no (?:para|deja) de (?:salir|tirar|gotear|caer|llover)", r"gote(?:ando|a)" + _GAP + r"(?:techo|luz|foco|cuarto|sala|recamara)|(?:techo|cielo)" + _GAP + r"gote"),
    _of("sewage", Weight.EMERGENCY, "sewage is coming up",
        r"sewage|sewer (?:water|backing|backed|backup|back up|coming|is (?:backing|backed))|raw sewage|poop|feces|shit (?:is )?(?:coming|everywhere|water|backing)|black water|toilet paper" + _GAP + r"(?:coming|shower|tub|drain|yard)", r"(?:toilet|tub|shower|floor drain|drain|sink|basement)s?" + _GAP + r"(?:overflow\w*|back(?:ing|ed|s)? ?up (?:into|in|out|with|everywhere)|coming (?:back )?up|bubbling up|spilling)", r"coming (?:back )?up (?:in|out|through|from|into)(?: \w+){0,3} (?:tub|shower|drain|toilet|sink|basement)", r"overflow(?:ing|ed|s)?\b", r"aguas? negras?|drenaje" + _GAP + r"(?:salie|desbord|regres|sale|bot)|desbord\w*|caca|excremento|agua sucia|se (?:esta )?(?:saliendo|regresando|devolviendo|botando)" + _GAP + r"(?:drenaje|bano|inodoro|tina|regadera|coladera|agua)"),
    _of("cold", Weight.CUE, "it is cold inside or freezing outside",
        r"(?:[1-4]?\d|5[0-5]) ?(?:degrees?|deg|°|f\b|º|grados)", r"(?:it'?s|its|is|at|down to|reads?|reading|says?|only|already|hit|now|about|below|around|like|dropped to|showing|a|house is|inside is|in here is|thermostat) (?:[1-4]\d|5[0-5])(?= (?:in|inside|and|now|here|degrees|right|already|at)\b|[.,! ]*$|,|\.)(?! (?:am|pm|years|yrs|min|days|weeks|hours|and \w+ years))", r"frost\w*|freez(?:e|es|ing)\b(?! up)|frozen pipes?|pipes? (?:are |is |might |will |could |gonna |going to )*(?:freez\w*|froze\w*)|(?:see|seeing) (?:my|our|your) breath|ice (?:on|in|inside)|below zero|sub ?zero|single digits|negative \d+|-\d+|icicles|bajo cero|congel\w*|helad\w*|snow(?:ing|storm)?|blizzard"),
    _of("hot", Weight.CUE, "it is very hot inside",
        r"(?:9\d|1[01]\d) ?(?:degrees?|deg|°|f\b|º|grados)?(?= |$|[.,!])(?! (?:am|pm|years|yrs|min|days|weeks|hours|amp|volt|st\b|ave))" , r"heat ?(?:wave|stroke|index|exhaustion)|overheat\w*|ola de calor|golpe de calor"),
    _of("vulnerable", Weight.CUE, "a baby, an old or a sick person is there",
        r"bab(?:y|ies)|infants?|newborns?|new born|preemie|toddlers?|elderly|grand(?:ma|mother|pa|father|parents?)|(?:[7-9]\d|10\d) ?(?:yr|year|years|yrs|yo|y/o|anos)s?(?:[ -]?old)?|disabled|handicap\w*|wheelchair|oxygen|cancer|chemo\w*|sick (?:mother|mom|father|dad|husband|wife|kid|child|son|daughter|parent|baby)|(?:mother|mom|father|dad|husband|wife|kid|child|son|daughter|parent)(?: is| 's|'s| just got out of)? (?:very |really |so )?(?:sick|ill|the hospital|home from the hospital|on oxygen|recovering|disabled|bedridden)|pregnant|copd|asthma\w*|heart (?:condition|failure|patient)|hospice|bedridden|post.?op|surgery|dementia|alzheimer\w*|parkinson\w*|ms\b(?= patient)|weeks? old|months? old|\d+ ?(?:mo|wk|month|week)s?[ -]old|diabetic|senior(?:s| citizens?)?|immune|autistic|special needs|abuel[oa]s?|abuelit[oa]s?|bebes?|recien nacid[oa]s?|ancian[oa]s?|viejit[oa]s?|enferm[oa]s?|embarazada|discapacitad[oa]s?|mayores|persona mayor|asma|meses de (?:nacid|edad)|de (?:[7-9]\d) anos|senora (?:mayor|de (?:[6-9]\d))|oxigeno"),
    _of("child", Weight.CUE, "children are there", _CHILD + r"\b"),
    _of("no heat", Weight.CUE, "there is no heat",
        r"no heat\b|heat(?:er|ing)?(?: \w+){0,2} (?:is |went |has |just |'s )*(?:out|off|broke\w*|dead|died|quit|gone|down|stopped|not (?:working|coming)|won'?t|isn'?t|doesn'?t)|furnace(?: \w+){0,2} (?:is |went |has |just |'s )*(?:out|off|broke\w*|dead|died|quit|down|stopped|not|won'?t|wont|isn'?t|doesn'?t|keeps)|boiler(?: \w+){0,2} (?:is |went |has |just |'s )*(?:out|off|broke\w*|dead|died|quit|down|stopped|not|won'?t|wont)|without heat|blow\w* cold|sin calefaccion|no (?:hay|tenemos|tengo|sirve|funciona|prende|jala)(?: \w+){0,2} (?:calefaccion|calenton|heater|furnace|calentador|boiler)|(?:calefaccion|calenton|heater|furnace|boiler) no (?:sirve|funciona|prende|jala|calienta|enciende)|se (?:apago|descompuso|murio)(?: \w+){0,2} (?:calefaccion|calenton|heater|furnace|boiler)"),
    _of("no cooling", Weight.CUE, "there is no cooling",
        r"(?:ac|a/c|a\.c\.|air|air ?con\w*|air conditioning|central air|unit)(?: \w+){0,2} (?:is |went |has |just |'s )*(?:out|broke\w*|dead|died|quit|down|stopped|not (?:working|cooling|cold|blowing)|won'?t|wont|isn'?t|doesn'?t)|no (?:ac|a/c|air|cooling|cold air)\b|blow\w* (?:hot|warm)|without (?:ac|a/c|air)\b|no (?:enfria|hay aire|sirve el (?:aire|clima)|funciona el (?:aire|clima))|(?:aire|clima)(?: \w+){0,2} no (?:enfria|sirve|funciona|prende|jala)|sin (?:aire|clima)\b"),
    _of("no power", Weight.CUE, "there is no power",
        r"no (?:power|electricity|lights)\b|power(?: \w+){0,2} (?:is |went |'s )*(?:out|off|gone)|lost (?:all )?power|without (?:power|electricity)|sin (?:luz|electricidad|corriente)|no (?:hay|tenemos|tengo) (?:luz|electricidad|corriente)|se fue la luz"),
    _of("no water", Weight.CUE, "there is no water",
        r"no water\b|without water|water (?:is )?(?:shut )?off\b|sin agua\b|no (?:hay|tenemos|tengo|sale) agua\b(?! caliente)"),
    _of("open house", Weight.EMERGENCY, "the home cannot be secured after a break-in",
        r"(?:broke(?:n)? (?:in|into)|break[ -]?in|burglar\w*|robbed|kicked (?:in|the door|my door|our door)|forced (?:open|entry)|someone (?:got|came|tried to get) in(?:to)?|crowbar\w*|pried|stole\w*)", r"(?:can'?t|cant|won'?t|wont|cannot|doesn'?t|unable to) (?:\w+ ){0,2}(?:lock|secure|close|shut|latch)\b", r"(?:me|nos) (?:robaron|asaltaron)|se metieron|forzaron|patearon la puerta|rompieron la (?:puerta|chapa|cerradura|ventana)|no (?:cierra|puedo cerrar|se puede cerrar)"),
    _of("locked out", Weight.CUE, "somebody is locked out",
        r"lock(?:ed|d)? (?:out|myself out|my ?self out|outside|us out|me out|my keys|the keys|keys)|keys? (?:\w+ ){0,2}(?:locked|left|stuck|inside|in the (?:car|ignition|house|trunk))|lost (?:my|the|our) keys?|key (?:broke|snapped|broken)|can'?t get (?:in|inside|into)|cant get (?:in|inside|into)|quede (?:afuera|fuera)|deje las llaves|no puedo entrar|se me (?:cerro|cerraron|olvidaron|quedaron|perdieron)|perdi (?:la|las|mis) llaves?|encerrad\w* afuera"),
    _of("on the stove", Weight.CUE, "something is on the stove",
        r"(?:stove|oven|burner|food (?:on|cooking)|candle|iron (?:is |left )?on|pot on|cooking|estufa|horno|comida en|olla|vela)\b"),
    _of("urgent word", Weight.CUE, "uses the word urgent or emergency",
        r"urgent(?:e|ly|isimo)?\b|urgencia|emergenc(?:y|ia)|emergancy|emergecy|emrgency|911|sos\b|help (?:me )?(?:please|asap|now)|please hurry|hurry|auxilio|socorro"),
    _of("right now", Weight.CUE, "is happening now",
        r"right now|rn\b|as we speak|at this (?:moment|minute)|currently|ahorita|ahora mismo|en este momento|tonight|just (?:now|happened|started|burst|broke)|hurry|quick\w*|rapido"),
    _of("at night", Weight.CUE, "it is night",
        r"(?:1[0-2]|[1-4]) ?(?::\d\d)? ?(?:am|a\.m\.)|middle of the night|midnight|dark|alone|by myself|sol[oa]\b|de noche|medianoche|stranded|parking lot"),
    _of("contained", Weight.CUE, "it is contained",
        r"(?:shut|turned|cut|closed)(?: \w+){0,4} off|(?:water|gas|power|main|valve)(?: \w+){0,2} (?:is |are )?(?:off|shut|closed)|shut ?off (?:is )?(?:closed|off)|stopped (?:it|the|now|leaking)|(?:in|with|using|put) (?:a |an? \w+ )?(?:bucket|pan|bowl|towel)|slow(?:ly)? (?:drip|leak)|small (?:leak|drip)|not (?:bad|urgent|an emergency|a big deal)|under control|space heaters?|cerre (?:la|el)|ya (?:cerre|cerramos|apague|la cerre)|esta cerrad[oa]|gotita|poquit[oa]|cubeta|balde"),
    _of("chirp", Weight.CUE, "a detector chirps",
        r"chirp\w*|low battery|new batter\w+|beeps? (?:every|once|once in)|every (?:few|\d+|couple)(?: \w+)? (?:seconds|minutes|secs|min)|replace (?:the |our |my )?(?:smoke|detectors)"),
    _of("money", Weight.CUE, "asks about money", r"how much|price|pricing|cost\w*|quotes?|estimat\w*|ballpark|rates?\b|charge|\$|cuanto (?:cuesta|sale|cobra\w*|es|costaria|seria|vale)|presupuesto|cotiza\w*|precio"),
    _of("question", Weight.CUE, "asks something", r"do (?:you|u|y'?all|ya)|can (?:you|u|y'?all|someone)|could (?:you|someone)|are you|is there|what|when|where|how|hacen|pueden|tienen|cuando|donde|como"),
)  # fmt: skip


def situations(text: Folded) -> Iterator[Found]:
    """Every situation a text has, each at most once in each standing, in the order of the table."""
    for situation in SITUATIONS:
        seen: set[Standing] = set()
        for match in situation.pattern.finditer(text.plain):
            stands = standing(text, match.start(), match.end())
            if stands not in seen:
                seen.add(stands)
                yield Found(situation, stands, text.sent[match.start() : match.end()])


def concepts(found: list[Found]) -> list[str]:
    """The situations of a text as features for the trained part: by name, with how they stand."""
    return sorted({f"{one.situation.name}:{one.standing}" for one in found})
