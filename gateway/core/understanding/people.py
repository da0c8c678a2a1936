"""Whom the office should ask for: the name a text gives, as it was written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.core.understanding.first_names import ALSO_WORDS, FIRST_NAMES
from gateway.core.understanding.folded import Folded


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words that may be the caller's name: as sent, where they stand, and what speaks for them."""

    words: str
    start: int
    end: int
    hints: tuple[str, ...]


_TITLE = r"(?:(?:mr|mrs|ms|miss|dr|doctor|prof|rev|pastor|father|coach|sr|sra|srta|senor|senora|don|dona)\.? )?"
_WORD = r"[a-z][a-z'-]+"
_NAME = rf"(?P<name>{_TITLE}{_WORD}(?: (?:de la |de los |de |del |van |von )?{_WORD}){{0,3}}|[a-z]\.? {_WORD})"
# Words that end a name, or show that what follows "this is" or "I'm" was none.
_NO_NAME = frozenset(
    """
    a about above after again all almost already also am an and any are around as asap ask at available back bad be because been
    before being best big both but by call called calling can cant cell come coming could currently customer day did do does
    doing dont done down during emergency even every fine first for from gave get gets getting glad go going gonna good got guys
    had has have having he heard hello help her here hey hi him his home hoping house how i id if ill im in interested into is
    isnt it its ive just kind late leaving like live living located locked looking lost lot make me mi more moving my near need
    needing needs new next no not now number of off ok okay on one only or our out over owner please possible pretty probably
    que question quick re ready really regarding renting right running sad selling she should sick so some someone sorry still
    stuck such sure tenant text texting thank thanks that the their them then there these they thinking this those to today
    tomorrow too tried trying under until up upset urgent us using very wait waiting want wanted was wasnt we were what when where
    which who why will with without wondering work worried would writing wrong yes yet you your homeowner landlord manager
    neighbor wife husband mom dad son daughter friend mother father
    actually always another anyway anybody asking booked broken building business busy buying car cold concerned confirmed
    contact different due dying exactly excited following free freezing frustrated fucking furious great happy hard heading hot
    instead kinda letting low mad major maybe most much never nice nobody nothing open okay otherwise outside planning real
    remodeling replacing ridiculous safe same seeing seriously set short since stranded super supposed terrible totally unable
    unacceptable unhappy unsure urgente usually via water willing
    la el los las un una y o en para por con de del al lo le les se su sus mi mis yo tu usted ustedes nos nosotros es esta estoy
    soy son ser fue era hay tengo tiene tenemos necesito necesita quiero quisiera quiere puede pueden podria favor gracias hola
    buenas buenos dias tardes noches ayuda urgente casa cliente dueno duena vecino vecina nuevo nueva otra otro aqui ahora hoy
    manana que quien como cuando donde cual muy mas menos bien mal solo tambien ya aun todavia porque pero si no desde hasta
    sobre sin interesado interesada llamo llama llame llamen vivo vive inquilino inquilina
    """.split()
)
_INTRODUCED = (
    re.compile(rf"\b(?:my|the|our) (?:(?:\w+'s|full|first|husband'?s|wife'?s|mom'?s|mother'?s|contact) )?name(?: here)?(?:'?s| is|:)? {_NAME}"),
    re.compile(rf"\bnames {_NAME}"),
    re.compile(rf"\bname ?[:=-] ?{_NAME}"),
    re.compile(rf"\b(?:mi nombre es|me llamo|(?:le |les )?(?:habla|escribe|saluda)|a nombre de|de parte de|soy|nombre:?) (?:el |la )?{_NAME}"),
    re.compile(rf"\b(?:ask for|contact|speak (?:to|with)|talk (?:to|with)|look for|see|reach|call|pregunt[ea]n? por|llam[ae]n? a|contact[ea]n? a|busquen? a|hablen? con) (?:my (?:husband|wife|mom|dad|mother|father|son|daughter|brother|sister|tenant|neighbor|manager|assistant)(?: named)?,? |mi (?:esposo|esposa|mama|papa|hijo|hija|hermano|hermana|inquilin[oa]|vecin[oa]),? )?{_NAME}"),
    re.compile(rf"\b(?:my|our|mi) (?:husband|wife|mom|dad|mother|father|son|daughter|brother|sister|tenant|neighbor|property manager|manager|super|assistant|esposo|esposa|mama|papa|hijo|hija|hermano|hermana|inquilin[oa]) (?:is |named |es |se llama )?{_NAME} (?:will|can|is|is going|va|estara|puede)\b"),
)  # fmt: skip
_MAYBE = (
    re.compile(rf"\b(?:this is|it'?s|its|i'?m|i am|im|here is|aqui) {_NAME}"),
    re.compile(rf"(?:^|[.!?,;\n] ?){_NAME} (?:here|speaking|again|aqui)\b"),
    re.compile(rf"(?:^(?:hi|hello|hey|hola|good (?:morning|afternoon|evening)|buen[oa]s (?:dias|tardes|noches))[,!. ]*){_NAME} (?:at|from|on|in|over at|de|desde|,)\b"),
    re.compile(rf"(?:[-~*]|--|thanks,?|thank you,?|thx,?|ty,?|gracias,?|regards,?|cheers,?|sincerely,?|saludos,?|atte\.?,?)[ \n.!-]*{_NAME} ?(?:\(?\d{{3}}\)?[- .]?\d{{3}}[- .]?\d{{4}})?[.! ]*$"),
    re.compile(rf"[.!?\n] ?{_NAME}[.! ]*$"),
    re.compile(rf"[.!?,\n] ?{_NAME},? \(?\d{{3}}\)?[- .]?\d{{3}}"),
    re.compile(rf"^{_NAME} ?[,.\n-] ?\d"),
    re.compile(rf"^{_NAME}$"),
    re.compile(rf"\b(?:for|para) {_NAME} (?:at|en|on) \d"),
    re.compile(rf", {_NAME}[.! ]*$"),
)  # fmt: skip


def candidates(text: Folded) -> list[Candidate]:
    """Every span that may be a name, in order: what follows an introduction, and runs of capitalised or known names."""
    hints: dict[tuple[int, int], set[str]] = {}
    for kind, patterns, introduced in (("introduced", _INTRODUCED, True), ("maybe", _MAYBE, False)):
        for number, pattern in enumerate(patterns):
            for match in pattern.finditer(text.plain):
                for span in _spans(text, match.start("name"), match.end("name"), introduced=introduced):
                    hints.setdefault(span, set()).add(f"{kind} {number}")
    for match in re.finditer(r"[a-z][a-z'-]+", text.plain):
        if _known(match.group(), text.sent[match.start() : match.end()]):
            rest = re.match(
                rf"{_WORD}(?: (?:de la |de los |de |del |van |von )?{_WORD}\.?){{0,2}}", text.plain[match.start() :]
            )
            end = match.start() + (rest.end() if rest else match.end() - match.start())
            for span in _spans(text, match.start(), end, introduced=False):
                hints.setdefault(span, set()).add("known")
    found = [
        Candidate(text.sent[start:end].strip(" .,"), start, end, tuple(sorted(why)))
        for (start, end), why in hints.items()
    ]
    return sorted(found, key=lambda one: (one.start, one.end))


def _spans(text: Folded, start: int, end: int, *, introduced: bool) -> list[tuple[int, int]]:
    """The beginnings of a span that can be a name: one word, two, three ..., until a word that no name holds."""
    spans: list[tuple[int, int]] = []
    count = 0
    for match in re.finditer(r"[^\s]+", text.plain[start:end]):
        plain = match.group().strip(".,'-")
        if not plain or (plain in _NO_NAME and not (count and plain in _PARTICLES)):
            break
        count += 1
        if plain in _PARTICLES or plain in _TITLES:
            continue
        spans.append((start, start + match.end()))
        if not introduced and count == 1 and not _known(plain, text.sent[start : start + match.end()]):
            return []
        if count == 4:
            break
    return spans


_PARTICLES = frozenset({"de", "la", "del", "los", "van", "von"})
_TITLES = frozenset(
    {
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "doctor",
        "sr",
        "sra",
        "don",
        "dona",
        "senor",
        "senora",
        "coach",
        "pastor",
        "father",
    }
)


def _known(plain: str, sent: str) -> bool:
    """A first name, a title, or a capitalised word that is no everyday one."""
    if plain in _TITLES:
        return True
    if plain in ALSO_WORDS:
        return sent[:1].isupper() and not sent.isupper()
    return plain in FIRST_NAMES or (
        sent[:1].isupper() and not sent.isupper() and plain not in _NO_NAME and len(plain) > 2
    )
