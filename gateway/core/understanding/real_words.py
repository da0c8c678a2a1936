"""Words of their own that are one slip away from a word that tells something: "choking" is not "cooking", nor "sparkling" "sparking".

Hardly anybody writes them to a contractor, so that what people have written does not tell them from slips. They are those words
of the English and Spanish lists of pyspellchecker (MIT licence) which, mended, would name another situation or meaning.
"""

from __future__ import annotations

from typing import Final

REAL_WORDS: Final = frozenset(
    """
aback abed abide abode abound abrazo abuse abused abuson abuzz aced acida acids adds adonde afire aflame afoot aglow aground aguar
aguda aguja ahorro aida aided airing airs airy alan alarmar alarmista albert alegar alentador alero alerta alight alinear allegado
aloe alter ambulances ambulante amir ampara anada anana andas anew angling anklet anna ante ants apagon apanado apano aparador apego
apestar aposta appointments appreciated appreciates aprisa apuesta aqua arar arcen arch arching arco arcs arda arder argo arido
arising arma arming armonia arreglada arribar arribo arriendo arrojo asado asar ascribe asegurar ashes atajo atlas atone atop atrasado
atraso atril aunts aunty authorize authorizes autor avert awaken awakes aware awed awoke ayes baba babble babbled babbles babbling
babes backs backups bacteria bajon balde bale baling balk balloons bally balon bana banda banding bando bane banjo banking banning
banquet banquete banquets bans barba barbies barca bardo barging bark barren basada basements baser bases bask baso bastar baste basto
batea bates batters battle battles bazo beached beaches bead beaker beakers beaming beams beast beber bebida beck beefed beefing beefs
beers beets behinds belay bert beset beso bested bets betting bide bier bile bilge billy bind biter biters blacked blacking blackouts
blacks blame blare blares blaring blaster bled bleeds bleep bleeping blending blight blips bloc bloke blond blooded bloods bloom blot
blurring boasting bobble bocina boiled bolo boning bono bony booing boozy borda bore borro borron borrosa borrower bosta bothers
bottled bound bounds bowled bowler boxing boya boyfriends brained brains brawl brawling brawn breach breached breaches breaching
breads breadth breather breathes breaths bred bree breeding breeze breezes brew brezo brisa broker brood brooke brotar brote brothel
brow brows brunt brushing bubbly buck bucking buckle buckles budging bugged bugger bugging bugle bully bumble bumbling bummer bumming
buoy burda burg burger burgers burlar burp burped burr burrowed burry burying bussed bust buster busts butted butters buttery buzo
buzzer buzzers cabe caber cabezal cabled cabo cacao cackling caked cala calambre calentita calentito calf calla callar callie callus
calm calms calo cambia camel cameo camp camped campfires cams cancer caned cannon canst canta cante canto cape caped caper capo capt
carat carbono cardo cared cargo cari carl carlo carp carpa carpeta carrot carson carved cary casado cascada casco cased casey caste
casto casts cater cath cauto cave caves caving cazo ceases cecina ceja cellars cello cells cellular celo celula censor cent centering
centrada cercado cerdo cese cesto cetro chad chafe chamaco chant chap chapped char charca charles charmed charmer charred charted
charter charters chasco chata chatarra chats cheat cheater cheating chemicals chen chess chests chiflado chimneys chimps chinks chirpy
chist chita choking chops chord chords chorlito chose chow chump chupa churro ciclo ciego cieno cierta cierva cima cine cinto citar
cite cito clack clacking clamar clapped clashing clero climax climber cling clive clocked clod clone cloned closest clouds clout clove
coals coast coasts coax cocaina coche cochina cocida cocinar cock cocked cocking cocks cocky coco coding codo cogs coito coja cojo
coke cokes cola colds cole colina collapses collar colmo colt colts columna coma comas comb combing combs comer comers comet comets
comings comino communicated communicates commuter comoda comps compute computed comte conditioned cones conseguir container content
contenta contest contests contracted contracting cooing coop coos coot cope coped coping copo copped cora core cores corks corns coro
corp corps corra correa corro corse cory cosaco coso costa costado costal costar coste costing costly costra cosy cota coto cots
coughed coughs cove coward cowl crab cracker cradled cradling cramp cranked cranking crapped crashed crate crates craved crawler
crawls creak creaky creaming creating creed creeks creep creeps creer cria cribs crick crin croaking croaks crock cromo crop cropped
crops crore crowing crush crusher crushes crushing crusted cuado cuanta cuarta cuarzo cuchilla cuddle cuento cues cueva cull cumbre
cunning cunt cups cura curd curio curro cutlet cutlets cutter cuyo cyst cysts czar dada dado damping dangle dank dared darker darn
dart dawn dean decrees deed deem deeper defector defectors delate deleite della demencia deplete describir desierta detaining
diabetics dick didst diem diente diet dine dined dink dint dipped dipping dippy dirk discounts dismount dissing dived docked docking
doer doff dole doler dolor dolt dominio domino dong donor donors donut doom doozy dope dork dorks dory dote dour dove downed downs
downy doze dread dreads droop drown drunks duela duelo duels dumber dumpling dune dunes dung dunk dwelling dyed eater ebano eels
egging eggshells elastic elastico electrics elise ellas elle ellis ello elope elsa embarazado ember emergence empeno empiezo enable
encerado ende enfermar engines enter entera enterada enterar entrado entranced entrances entrap envied envies enzima erased eraser
erases errada errado escribano espesa espeso espora esposar esposas estaca estas estimated estribo eter evento ewing exes exhausta
exhausto exhausts explored extensions eyed fable fabled fables faced faces facet fainter fainting faints faja fake faking falcon falla
fallo falo fame farce fare farmer farther fase fate fates fathers fats fatter fauces favors faxed faze feast feat feather feces feck
feint felled felling fenced fences fend fending fest feuding fiel fiend fife fights fillet fillings filly filmed fina finch finches
finder finders finds fined finer fines fingir fink finn fino fins firme firmer fisk fixer fizzle fizzy flack flake flakes flamed flare
flashed flashlights flashy flask flavor flaying flee flicked flights flint flock flocked flocks floorboard floored flour flowed
flowered flowery flown flows fluor flux fobbed foca foiled fond footy forces forge forged forger forges forgets forked forking formar
formed foundations fount frase fray fred freed freeing freer frees fret frig frills frito frock frocks frosty frote frown fudge fuel
fuels fugar fugaz fume fumo funcion funcional fund fundida furnaces furry fury gaby gagging gags gain galls gals ganda ganging gaps
gasa gash gasp gatear gator gaunt gayer geek geeks gema gene gifted ginger gingers gird girlfriends girly gist glob glows goad gobs
goce gods goings goles golpeado golpeo goner gong goods goody goof goofing gook goon goop gore gotero gown gracia grades grado
granddaughters grandfathers grandsons grato greeks gripping groom grooms groping grounds growling guay guitar gunk gunning gush gushed
gushes gust gutted gutting habit hacha hache hack hacking hada haired halal halcon halls halt handing hangings haren harry hatched
hater hating haunt havens header heady heal healer heap hearty heated heather heels heft heir helar hemming hens herb herd herida
herman hermit herr herradura hervido hiding hiked hiking hilo hind hipo hips hiss hissed hock hocked hocking hoes holt homing honra
hoot hooting horca horda horma hormiguero horn horns horny hosed hoses hospitals hots hound hounding hounds hover howler howling
hubble huddle huerta hues hule hull humero humor hump humping hundir hunks hunt hurl hurra hurray hurto huso iced ices ills iman inca
infanta infante infants inhalar inhale inhaled inhales injured inmunda inmundo insect insider insides inspectora inspectors inspects
installations instill instilled instilling instills inter interes interesar interese inundar irate irons irony itch itches jacking
jailed jake jalea jamas jammer jane jangling jared jarro jaula jaunt java jaws jedi jeeps jelly jigger jive jock jocks johns jude judy
juiced juices juicy juke jung jute kale kara keel keeled keen keeper kegs kelly kelp kicker kills kilo kilt kindle kinds kingly kiss
kissing kitchens kits kneed kneel kneels knifed knight knowing krill kurt labia lacing lack lacked lacks lacy lagging lain lair lala
lama lame lamida laminated lanes lapa lapped lara lashes lashing lastimar lasts latina lats lauded laughter lave lawns lazing lazy
leaded leading leah leaky leal leap leaped leaping leaps lear learns least lecho leeks legado leggy lena lend lest licenses lick
licked licks lids lien lija lima limbo limbs limo limps lince lineal lined linen liner linger lingers lino lint lisa lisp listed litro
liven liver llaga llamador llana llano llegada loaned loaning loans loaves loba lobbed lobe locke locket locus lode lodger lola loma
lomo lone loner loners longed lookout loosed loosen looser lopped lore loser loses louse lout luck lucked lugged lugs lunge lures lush
lust lusts luto macana mack macro mads maga magma mago mags maiden maim mains maiz maja makings malestar malone malted mamar mamba
mamma mampara mana manada manco mandarin mandate mandates mandato mandon mandy mane manga mani manic manjar manna manor mans manso
manto manzana mapped mapping maps mara marana marc marcha marchar mare marear marejada mares marin marino mario marking marquee
marques mars marte mary masa mascar mash mask masked masking massage massaged massages massaging mater mates mating mats maxi maxing
maya mayst maza mazo medicinal medicines meek melded mella melts meme mending mensajera mente mere mesh meted meteor miente mighty
milling ming mingled mingling mink minks mint mints minx mixture moan moaning mobbed mock mocked mocking mocks modesta modestia moje
mole molest molested molester molesto monda monde mono monta monte monto monty mooing mooning moore moors mope moped mopes mopey
moping mops mora mores morn moro morse mort mote moth mothering moths mound mounds mountain mountains mourning mouths mowing mugs
nadar nadia nado nagging nana nano nara naranjo narc nata neat neater necking needy negada nelly nerd nero nether neto netting nevado
nevar newborns newer newt nexo niche niego nigger nigh nines ninfa ninja ninjas nitroglycerine nixed node nomad nomads nota nothings
notificacion noting noto nowt nudge nuke nuked nuking numbed numbs nursed nurses nutter nutters obit obscuro odors offs ogro oily oink
okra oler omer omit oranges orbe orto oscura ostra otto oust outed outs outset outsider overflows overheat overs overt owing pablo
paced paddle pagador paged pains paints paired paja pajama pajar palas palco palillo palmo pals panal panda panico panics panned pant
papada papado pappy parades parca parched parda paria parir parka parra parta parties pasmada pasmado passel pasted pata patent
patents pateo patin pato paused pava pavada paved pavor pawed peaches peaked peaking peaks peat pecar peddle pedo peeked peeks peeped
peeps peered peeved peggy peking pela pelted pelting pence penned peppy perch perito permissions perry pesado pescador pest peste
pester phoned phoney phony pierces pilla pillo pimp pinch pinche pinches pincho pine pined pinged pinning pino pint pipa piped piper
pipi pips pira pisa pisada pisces piss pissed pista pitar pitched pito plaid plana planter plastica plastics platter pleas pleased
pleases plied plight plop plump poach poblar poet poker poking polea polen poli policed policial polls pomo pomp ponder pooch poof
pooling pooped pooping poops popa pope popes poppy popular pored poring porno porra porro porta posa posada posado poser posit poso
posse posta postre potra potro pouch pouncing pound pouting preach preaching precisa preciso prenda presume preview previo priced
pricey prick prided priming prince princes print prism prisma prize prized prizes probar profane profano prole prone pronta prop
propping prosa puddles puerca puerro puerto puesta pukes pulgada pulp puma pupa putter pyre quack quad quejo quemador queso quest
quicken quid quiebro quier quieten quieto quilt quilting quinta quinto quip quips quirk quiste quitter quiz quota quotas quoth rabia
rabies race races racing racked racking radiador rads ragging raid raiding raids rainbows rainy raisin raising rakes raking rammed
ranging rant rape rapes rapid rapida rapids rash rata rats raves rays raze react reacted reacting reams reaps rears receipts reefs
reek reeking reeled reels regaining registro rein reined reins remover removes renir reparo replaces resolver resolves responded
responder responds resumed resumen resumes retching rete reventa reventon revolved ribbed ricks ridges rife rina rind ringer rink
rinsing ripping risking rites riven rivers rivet roach roam roams robber robes roble robs rocked rocker rockers rockets rodar rome
romo roofie rooftops rook rooming roomy root rooting rotar rote rotter roughing rounding rout rover roving rowdy rowing rozar rubbers
rubbery rubble rube rubio ruining rumba rung rusa ruse rushed rushes ruso russ sabido sable saciar sack sacking sacred sacs sadie saga
sages sagitario sailed salad salado saliente salsa salt salva salve sana sanar sane sank sans saps sara sarge sass sate sati savor
saws scale scaled scant scar scaring scarred scat scent schedules scooting scorcher scored scotch scrawl scrawled scribe scut seared
searing seating sebo secar secta secures sede seeding seeming seeped segue seizures sells semanal sena senda seno sensing sensory
septica septico servile seso sever sewed sewers sexo shacked shaft shafted shafts shag shagged shagging shale shank shanks shark
sharks shat sheds shell shelled shells shifter shifty shill shin shinning shins shit shiv shocker shocks shone shooter shootings
shoots shopped shorting shoulders shout shrub shuck shucking shun shunt sian sicked sicko sided sidewalks sien sieve sift sifted
sighed sights signet silaba silbar silk sill silo silos simmer sims sind sine singe singer singers singles sinned sinning sino sins
sire siren skeptic skewer skids skill skinning skins skulk skunks slack slagging slags slapped slashed slasher slashing slaves slays
sled slick slight sling slinging slings slink slit slop slug slugged slugs slurping slurry slut smarting smelly smelt smelting smog
smoker smokey smoky smote smother smouldering smut snagged snags snapper snared snide snipped snitch snitched snitches snitching snob
snobs snog snot snowed snowy snuck soak soaks soared soaring soba sobbed socked soga soja soldering sole solvente someway song sooty
sopa soplo sora sosa soso sota sotana soured sown spank spanked spanking spanning spans sparing sparkled sparkling sparkly sparring
spasm spat spell spells spend spending spent spew spewing spews spick spics spies spill spilt spine spines spiny splat splayed splint
spokes sprain sprang sprig springy sprint sprung spry spunk spurt spurts spying squashing squish squished stake staked stale stalk
stalked stalking stalks stall staph stare stark starling starring startling starving stashed stating stave stead steaming steams
steamy steeped stem stent steppe steppes stills sting stings stinker stinking stinky stint stirs stitch stitched stitching stocked
stoke stoked stokes stoking stomp stomped stooped stork stormy stoves stow stranding strayed straying streaking streams streets
stroked strokes strolled strove stuart stunk subido subito subscribed subscriber subscribes suck suckled suckling sueca sueco suede
suela suero sues suing summed summing sundae sundry sunk sunning supple swarm swat swatch sway swayed swaying sways swearing sweated
sweaters sweeter swell swells swig swill swilling swine swipe swizzle systems tacha tacho tagging tailed taint taker tale tanda tangle
tangled tangles tangling tardo tardy taro tarro tars tart tasked tater taunt teachable teaching teas teats techno techs teed teeing
tees tejado telephones tending tenida tenir tenis tent tented tents tests textil textures thane theses thicket thistle thistles
thorough thou threats throats throb thuds thugs ticked ticker tickle tickles tickling tics ties tights tinge tinged tinkle tinkling
tinned tino tins tint tinta tipa tirade tirador tirano tiring tita tito tizzy tocon toddle toff toiled tomorrows tone tonel toner
tonic tooling topa topic topped topping torched torching torment tormento torments torno tosco tostado tostadora toting tots touchy
tough toured touring tours tout towed towers towing toxica toxico trained tranquillo transformar transformed transformers trapper
trawling treads trece trecho trena trick tricking trina trola tronco tropa trough troya trozo truce truco trueno trunks truss trussed
tuba tuck tucking tufo tugs tuna tuned tunel tuner tunes tupe turbo turds turners tush tuyo tuyos twitch twitches tyke udder uncles
upgrades urged urges usable utter utters vago vain valiente vana vano vapors vara vast vecinal vehicles velada velar vencido vending
ventaja ventanal vetting vigia visas viscount visir visitar vittles vomitado vomits vouch vouched vouching vowel vowels vowing wads
wafer waft wage wager wagging wags wail wails waiter waked waken wales walkers walled wallets wallow wally wand wang wank wanker ware
wares warn warner warp warrant warrants wars wart wasp wast wastes waterfalls watery watt waver ways weaned wedded wedge wedges weed
weep wetting wham wheat whee wheelchairs wheeling whence whereabouts whereby wherefore wheres wherever whet whets whey whim whist
whistled whit whittle whittling whore whores wick wicked wicket widen wider widow widows wiles willing winch wines wining winner winos
wiper wipes wiping wiry wise wised witches wives woken wooly wops wording workings worming worms worsen worser wound wounding wove
woven wowed wracked wracking wreaking wreath wrists yards yarn yawn yesterdays yoke yore yurt zaps zest zing zipped zoom zooms zorra
zumbar zumo
""".split()
)
