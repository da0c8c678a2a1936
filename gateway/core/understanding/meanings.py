"""Words that mean the same for how dangerous or urgent something is, or for wanting texts, in English and Spanish, as one class each.

What was learnt from "water is coming through the ceiling" then also holds for "el agua sale por el techo". A word
belongs to the first class that has it; `*` at its end stands for any ending.
"""

from __future__ import annotations

from functools import lru_cache

CLASSES: dict[str, str] = {
    # what is so or not so
    "not": "no not isnt aint dont doesnt didnt without wo never havent hasnt nothing none zero neither nor wasnt werent nobody nunca ni sin tampoco ningun ninguna nada jamas nadie",
    "cannot": "cant cannot couldnt wont unable puedo podemos puede pueden pude",
    "if": "if case suppose hypothetically would could might si hubiera caso worried someday ever",
    "was": "was were had ago last used yesterday previous previously back former before already since fue estaba tenia habia pasado pasada ayer hace antes anoche",
    "now": "now rn currently still keeps keep keeping ahorita ahora sigue siguen todavia mientras actively min mins minutes minutos hour hora starting getting empezo",
    "fixed": "fixed repaired stopped replaced handled resolved capped cleared patched arreglo arreglaron arreglado compusieron reparo reparado cambiaron dried dry seco seca secos gone over done contained controlado",
    "shut": "off shut closed cerre cerramos cerrado cerrada apague apagamos apagado unplugged desconecte desconectado unplug disconnected",
    "again": "again otra vez more mas worse growing bigger rising climbing spreading subiendo creciendo aumenta",
    "fast": "fast quick* hurry rapido prisa immediately inmediatamente asap pronto corriendo",
    "urgent": "urgent urgente urgently emergency emergencia emergenc* urgencia urge urgentisimo sos 911 auxilio socorro ugent emergancy emergecy",
    "calm": "whenever rush panic lol haha jaja jajaja fine ok okay good bien tranquilo sometime eventually",
    # the body of water
    "water": "water h2o agua aguas leak* fuga gotera goteras creek river arroyo rain* lluvia lloviendo llueve llover storm tormenta aguacero puddle charco flood* inund* waterfall fountain stream steam",
    "run": "pour* gush* spray* spew* shoot* rush* stream* cascad* squirt* spurt* flow* running corre corriendo saliendo sale salir chorr* brota* cayendo cae escurr* tirando dumping blasting bubbl* overflow* desbord* drip* dripping gote*",
    "come": "coming comes came come going goes through thru into entra* entrando mete metiendo metio filling fill* reach* llega* llego enter* subio bajo bajando onto toward climbed pasillo",
    "everywhere": "everywhere soaked soaking soak* mojad* mojado empapad* lados partes standing ankle knee inch inches pulgadas rodillas tobillos deep bucket* cubeta* balde* ollas towels toallas trapos squish* bailing mop*",
    "sewage": "sewage sewer* poop feces crap shit caca mierda excremento negras drenaje backup backing septic raw turds waste",
    "burst": "burst bust busted exploded split snapped popped ruptured revento reventado rompio rompieron quebro exploto zafo broke broken cracked loose",
    # building parts
    "ceiling": "ceiling* techo techos cielo ceeling celing sheetrock drywall plaster",
    "wall": "wall* pared paredes barda foundation",
    "floor": "floor* piso pisos carpet* alfombra hardwood laminate",
    "structure": "beam* joist* rafter* deck* porch balcony stairs header column* post truss* chimney foundation retaining viga* balcon escalera",
    "tree": "tree limb branch oak pecan arbol rama palo trunk",
    "roof": "roof* tejado tejas shingle* lamina laminas tarp lona ridge skylight gutter*",
    "pipe": "pipe* line* hose tubo tuberia tubos manguera valve valvula llave knob handle spigot faucet meter main shutoff supply",
    "toilet": "toilet* tub tubs shower commode drain* coladera inodoro escusado tina regadera bano sink fregadero lavabo john",
    "basement": "basement sotano crawl* crawlspace cellar",
    "opening": "door doors window windows puerta puertas ventana ventanas lock locks chapa cerradura deadbolt frame marco",
    "give": "sag* bulg* bow bowing bowed collaps* cave* caving fell falling fall fallen down droop* lean* crack* creak* shift* buckl* balloon panza caerse caer cayo cayendo hundi* abomba* colaps* trono truena truen* crujiendo vencid* venir abajo dropped belly hammock slope* hanging dangl* colgando slid tipped landed tight peeled blew opened abriendo loose flotando lifted rock* sway* swing* tilting chunks pieces",
    # gas, smoke, electricity
    "smell": "smell* smel* stink* stank stench odor* reek* whiff huele hueles oler olor olores apesta* peste smelt smelled",
    "gas": "gas gass propane propano methane",
    "egg": "egg* eggy rotten huevo huevos podrido podridos sulfur sulphur skunk",
    "hiss": "hiss* whistl* silb* sisea chifla* ssss*",
    "sour": "fish fishy pescado",
    "co": "co co2 monoxide monoxido carbon ppm",
    "alarm": "alarm* detector* alarma* sensor",
    "loud": "sounding beep* blar* screaming shriek* sonando pita pitando pite suena suene siren hear hears sound sounds oye knocking tick* making",
    "chirp": "chirp* battery batteries pila pilas bateria expired",
    "fire": "fire fuego flame flames llamas incendi* lumbre ablaze embers glow* orange naranja campfire",
    "smoke": "smok* humo humito haze soot smolder* smould*",
    "burn": "burn* burnt quemad* quema* quemando chamusc* scorch* melt* derrit* derret* char charred singe* plastic plastico rubber goma black* negro negra brown cafe tostad*",
    "spark": "spark* arc arcs arcing chispa* chispe* zap zapped flash* flicker* sizzl* crackl* fry frying popping pop* buzz* zumb* hum humming chasquid*",
    "shock": "shock* electrocut* jolt tingl* cosquill* hormigue* toques corriente descarga calambre bites bit agarro zaps",
    "warm": "hot warm warmer caliente calient* calientito",
    "electric": "breaker* panel outlet* socket* plug* switch* wire* wiring fuse box electric* contacto* enchufe* tomacorriente* caja cable cables apagador* foco lampara light lights chandelier cord* fixture* dimmer extension",
    "live": "energized live powerline pole poste weatherhead mast transformer downed",
    "ground": "ground street sidewalk yard lawn banqueta calle patio driveway fence across laying lying tirado tirados",
    "fumes": "fumes chemical* vapor* cloro bleach ammonia acid acido solvent* exhaust toxic cloud",
    "engine": "generator generador engine idling",
    # people
    "baby": "baby babies infant newborn newborns preemie bebe bebes recien nacido nacida bebita crib babby nursery",
    "child": "kid kids child children toddler toddlers son daughter boy girl nino nina ninos ninas nene nena hijo hija hijos hijas grandson granddaughter grandkids grandbaby nieto nieta nietos chamaco daycare littles",
    "old": "elderly grandma grandpa grandmother grandfather granny abuela abuelo abuelita abuelito abuelos anciano anciana viejita viejito senior seniors",
    "parent": "mom mother mama dad father papa mami papi suegra suegro aunt uncle tia tio",
    "partner": "husband wife esposo esposa marido boyfriend girlfriend roommate neighbor vecino vecina tenant guest brother sister hermano hermana worker trabajador guy man lady",
    "sick": "sick ill cancer chemo surgery hospital disabled handicap* wheelchair copd asthma* dementia alzheimer* parkinson* hospice bedridden pregnant enfermo enferma embarazada discapacitad* diabetic recovering stroke heart lungs",
    "device": "oxygen oxigeno cpap bipap ventilator dialysis dialisis concentrator nebulizer nebulizador suction respirador insulin insulina inhaler inhalador epipen meds medicine medication* pills pastillas medicina* medicamento* nitro nitroglycerin feeding machine maquina pump o2",
    "symptom": "dizz* headache* nause* vomit* puk* woozy lightheaded faint* passed mareo mareos maread* dolor cabeza cough* eyes tos respirar breathe breathing unconscious desmay* drowsy sleepy flushed head throw threw borracha flu gripa throat ojos pecho chest duele lips swelling swallow arden arde seizure numb drunk awake wake woke asleep despierta dormido purple shaky wheez* seeing puke* sweating staring splitting",
    "hurt": "hurt injured bleed* blood sangre sangrando pinned crushed pinch* finger fingers hand arm leg foot dedo mano brazo pierna head herido lastim* golpe moving ambulance paramedic* legs elbow shoulder wrist piernas cara hands face feet knees eye ojo jaw waist pecho hollering crying purple",
    "unreachable": "answering responding respond answer contesta responde reach unresponsive",
    "trapped": "trapped stuck atorad* atrapad* wedged pinned inside adentro dentro encerrad* locked shut",
    "alone": "alone solo sola solos solas herself himself myself",
    "threat": "threat* gun knife pistola cuchillo kill matar stalk* ex abus* afraid scared miedo amenaz* banging pounding golpeando restraining creep* intruder",
    "burglar": "burglar* robbed robo robaron robar kicked pried forced stole stolen metieron patearon forzaron intruder thief thieves ladron* cops police policia smashed jimmied splintered kindling",
    "secure": "close lock latch secure cierra cerrar bolt asegurar wide",
    # comfort
    "heating": "heat heater heating furnace boiler calefaccion calenton calentador radiator* furnice frnace",
    "cooling": "ac a/c air aire conditioner conditioning cooling cool clima enfria minisplit",
    "cold": "cold freez* froze frozen frost ice icy breath snow* snowing sleet blizzard frio congel* helad* helando nieve nevando nevada coat coats blankets cobijas chamarra winter",
    "heatwave": "sweat* heatstroke overheated calor 100",
    "power": "power electricity luz electricidad juice",
    "dead": "out dead died quit broken down working works sirve funciona prende jala enciende kick start descompuso murio apago failed",
    "stove": "stove oven burner cooking estufa horno olla candle vela frijoles iron",
    "locked": "lockout outside afuera keys key llaves quede olvide stepped latched cerro quedo autolock* robe bata pajamas pijama barefoot towel bottle bottles stroller strapped",
    "car": "car truck van suv carro camioneta troca coche minivan vehicle auto",
    "animal": "dog cat puppy perro perra gato perrito",
    "someone": "he hes she shes him her his they theyre ella ellos anda",
    "place": "behind against under above over encima debajo atras arriba top side around",
    "room": "attic upstairs downstairs room rooms bedroom hallway hall closet kitchen cuarto cuartos cama bed cocina sala recamara pasillo",
    "feel": "feel feels touch touched touching toco tocar siente siento sentir tocas",
    "find": "find budge donde where encuentro alcanzo spins spinning jammed jam tight",
    "degrees": "degrees grados deg thermostat thermometer termometro reads says",
    "later": "week weeks month months june july march april may october mornings morning afternoon afternoons anytime weekday weekdays weekend best next tomorrow manana despues semana mes tarde tuesday monday wednesday thursday friday saturday sunday lunes martes miercoles jueves viernes sabado domingo tues wed thurs thur fri sat spring summer fall after",
    "admin": "invoice warranty insurance inspector paid hiring bill order discount free receipt review card permit license resume",
    "thanks": "thanks thank gracias thx ty appreciate",
    "these": "these esto estos estas those anything further another correspondence",
    "number": "number numero cell phone celular telefono device line linea inbox",
    "robot": "robot bot automated auto machine computer system maquina",
    "other": "else otro consegui hired found",
    "please": "please pls plz favor porfa porfavor kindly",
    "consent": "signed asked pedi pedimos autorizo autorice permission consent consiento subscribe* authorize* opted agreed",
    "only": "only nomas solamente unicamente",
    "anymore": "anymore longer ya",
    "uninterested": "interested interesa interesado",
    "night": "night noche dark oscuro midnight 3am 2am tonight",
    "vulnerable": "residents residentes pacientes patient patients asilo hospice nursing nurse aide walker months weeks",
    # business
    "money": "price pricing cost* quote* estimate* ballpark charge cuanto presupuesto cotiz* precio rates bid",
    "work": "install* replace* add want need move upgrade instalar cambiar poner paint pintar quiero quisiera new nuevo nueva remodel tune inspection inspect",
    "stop": "stop stopp stahp quit cease halt end parar pare paren para deje dejen dejar basta alto",
    "text": "text* txt* messag* msg* sms mensaj* texto* textos textee* textea* escrib* ding",
    "contact": "contact* communicat* notification* alert* contacto* comunic*",
    "remove": "remove delete unsubscribe unsub erase take drop borr* quit* saca* elimin* tach* lose forget wipe scrub block",
    "list": "list lists lista listas database system sistema contacts contactos records registro base",
    "send": "send sending sent mand* envi* manda mandar",
    "call": "call calls ring telephone llam* marqu* marcar telefono voicemail",
    "annoy": "bother* annoy* bug* harass* spam* pester* molest* tired enough",
    "appointment": "appointment appt cita visit visita schedule service job plan order",
}  # fmt: skip

_EXACT: dict[str, str] = {}
_START: list[tuple[str, str]] = []
for _name, _words in CLASSES.items():
    for _word in _words.split():
        if _word.endswith("*"):
            _START.append((_word[:-1], _name))
        else:
            _EXACT.setdefault(_word.replace("'", ""), _name)
_START.sort(key=lambda one: -len(one[0]))


@lru_cache(maxsize=20_000)
def meaning(word: str) -> str | None:
    """The class of a folded word without its apostrophe; None for a word that is in none."""
    if (name := _EXACT.get(word)) is not None:
        return name
    if word.isdigit():
        value = int(word) if len(word) <= 4 else 9999
        for top, name in (
            (12, "#small"),
            (35, "#freezing"),
            (55, "#cold"),
            (69, "#cool"),
            (89, "#mild"),
            (125, "#hot"),
        ):
            if value <= top:
                return name
        return "#number"
    return next((name for start, name in _START if word.startswith(start)), None)
