"""Ordinary words: found in a text about medicines, they are neither an unknown medicine nor a known
one that was spelt badly ("ability" is not Abilify).

Common English words, words that visitors of a clinic use, and those that lie a slip away from a
name in our list. A medicine's name must not stand here: the list of medicines would be refused.
"""

_WORDS = """
a ability able about above absence abuse abused accept access accident account accounts accurate
across act acted acting action actions active actor actors acts actual actually ad added addict
addicted additional address admit adoral adult adults advance advantage advice affairs afford
afraid after afterwards again against age aged agency agent agents ages ago agree agreed ah ahead
aim air airport aka al alcohol alert alerts alive all alleged allergic allergies allow almost
alone along alongside already also alternative although always amazon ambient america american
among amount an analysis anaphylaxis ancient and angel anger angle angry animal animals ankle ann
anniversary another answer anti any anybody anymore anyone anything anyway anywhere apart
apparently appeal appear apple apply appointment appropriate approval approx approximately april
are area arent argued arizona arm armed armor arms army around arrest arrival art article
articles as ash aside ask asked asks asleep aspiring assault assist assistance assistant assure
at attack attempt attempts attend attendance attorney audio augmented august aunt australia
available average avoid aware away awful awhile baby backed background bad badly bag baker
balance ball band bands bank bar bare barely base baseball based basic basically basis basketball
bass bathroom battery battle bay bc be beach bear beat beautiful became because become becomes
bedroom been beer beers before began begin begins begun behavior behind being believe bell below
belt benefit benefits bent beside besides best bet better between beyond bible big biggest bill
billboard bird birds birth birthday bishop bit bits black blade blind block blocks bloody blow
blues board boat boats body bomb book books boost booster border born boss both bottle bottles
bottom bought bowl box boy boyfriend boys branch branches brands brazil break breastfeeding
breath brick bridge brief briefly bright bring british broadcast broke broken brother brothers
brought brown btw budget build buildings built bunch bunches buried burn burned burst bus busy
but button buy by ca cabin cabinet cable cadet call called calls calm came camera camp campus can
canada canal candidate cannot cant capital car carbon card cardiologist cards care career careful
carl carry cars case cases cash cast cat catch category catholic caught cause caused causes cell
cells cemetery center central centre century certain chain chair chance change changed changes
channel chapter character charge charges charity chart charts chase cheap cheating check cheek
chemical chemistry chest child childhood children chin china chinese choice choir choose chose
chosen christ christmas chronic church cigarettes circle circumstances city civil claim claims
clan clarity class classes clean clear clearly cleveland clinic clinical clinics clock close
closed closer clothes cloud club clubs co coach coast coat code coding coffee cold college color
colorado colors colour columbia com combat combination combo come comedy comes comfortable comic
coming command commercial committee common commonly community companies company comparing
complete completely complex computer concept concepts concern concerns concert concerto concerts
concrete condition conditions conference conflict confusion consider consistently constant
contact content continue contract contraction contractions contrary contrast control controlled
controls convert converts cook cool copies copy core cores corner correct cortex cost costco
costs cotton couch could couldnt counseling counselor count counter counties countries country
county couple couples course court cousin cover coverage covers covid crash crazy create created
creates creating creation creations creative creator creature credit credits creek crew cricket
cried crime criminal crisis cross crowd crown cry crying culturally cup current currently
customers cut cuz cvs cycle dad damage damn dan dance danger dangerous dark data date dated dates
daughter daughters dawn daytime dead deal dealing dear death deaths decade decades december
decide decided decision decisions deck decline decrease decreased deep deeper deeply defense
defiant definitely degree degrees demon denied denies dental dentist depends depressing deputy
dermatologist describe describes desire desk destined details detective detox device devices
devil diagnosed diagnosis did didnt die died diet differ differed difference differences
different differing differs difficult digital digitally direct directly director dirty disc
discovery discs discussion disease disorder display divorce dizzy do doc docs doctor doctors
documentary does doesnt dog dogs doing dollars dolphin dolphins domestic done dont door doors
doubt down downtown dozen dr draft drama draw drawn dream dreams dress drew drink drinking drinks
drive driven driver drove drowsy dry due dunno during dust duties duty dying each ear earlier
earliest early earned ears earth easier easily easy eat edge effect effective effects effort eg
eggs eh eight eighth either elder elderly electric electricity eleven else emergency empty end
ended endocrinologist ends engine engineer engines england english enjoy enough enter entire
entirely entrance entry episode episodes equality equivalent er era escape especially estate etc
european eve even event events ever every everyone everything evidence evil ex exact exactly
example examples excellent except exchange exercise exist existence exists exit expect expensive
experience experimental expert expired explain express expression extension extra extremely face
faces facility fact factory failed failure fair fairly faith faithfully fall fallen falls false
familiar families family famous fan fantasy far farm farmers fast faster fasting fat father
fatigue fault favor favorite fear features february federal feed feel feeling feelings feels feet
fell fellow felt female festival few field fifteen fifth fifty fight figure figures file filed
files fill filled film filmed films final finals find finds fine finger fingers finish fire fired
firm first fish fit five fixed flag flare flares flash flat flesh flight floating floor florida
flowers fly flying foggy follow following follows foot football for force forced forces forehead
forever forget forgetful forgot forgotten form former formerly forms formula forth forty forward
foster fought found four fourth free french frequency frequently fresh friday friend friendly
friends from front fruit fuck fully fun fund funeral funny further future fyi gain gained game
games gang gap garden gary gas gate gave gear gene general georgia german get gets getting ghost
giant gift girl girlfriend girls give given gives giving glad glass go goal goals god goes going
gold golf gone gonna good got gotta gotten grab grade graduate grand grandfather grant grave gray
great grew grey grief grip groggy ground grounds group groups grow grown guard guardian guess
guest guide guilty guitar gulf gun guns guy guys gym gyno had hah haha hall hallway hand handed
handful handle hands happen happened happens happy hard harder hardly has hashimoto hashimotos
hasnt hat hate hated have havent having he head headed heads hear heard heat heaven heavily heavy
height held helen hell hello help helped helpful helping helps hence her here heroic heroine
heron hers herself hey hi hidden hide highway hill him himself hip hips hired his history hit
hits hives hmm hockey hold holds hole holiday holy home homes honestly honor hop hope hoped
horizon horizons horror horse horses hospital hospitalised hospitalized host hot hotel house
household houses how however huge human humans hundred hundreds hung hunt hurt husband hydrogen
hysterectomy i ice id idea ideas identity idk ie if ii iii ill illegal illness image images
imagine immediately important improve in inc inch inches incline include included including
income increase increased index indicate individual individuals influence ingredient ingredients
inhale initial injury inline inpatient inside instant instead institute insulting insurance
intense interest internal international internet interview into intro iraq ireland irritable is
island isnt issue issues it italian itchy items its itself ive jack january jaw jeans jersey
jesus job jobs joe john johnson join joined journal journalist journals joy judge juice july jump
jumped june junior jury just kaiser kansas keep keeps kelly kept key keys kg kick kicked kicks
kid kids kill killed killer kim kind kinda kinds king kiss kissed kitchen knee knees knew knife
know knowledge known knows korean label labor laboratory lack ladies lady laid lake land lane
language languages lap large larger last lasted lasting lastly late lately later latest latin
laugh launch law laws lawyer lay layer lb lbs lead league learn least leave leaves lee left
leftover leftovers leg legal legs length less let letter letters level levels library license lie
lies life lifetime lift lifted light lights like liked likely limit limits line lines link linked
lip lips liquor list listed listen lit literature little live lived lives ll loan local lock
locked lol long longer longest look looked looks loose lord lose loss losses lost lot lots loud
love loved luck lucky lying lyric lyrics ma machine machines mad made magazine magic mail main
mainly maintenance major make makes makeup making male mall man manage manager manages mania
manic manner many map march maria marine mark marked market marks marriage married mary mass
massive match matches mate matter matters matthew may maybe mayor md me mean means meant meantime
measure measures meat medal media median medicaid medical medicare meditate meditation meet
meetings member members membership memorial memories men merely mess message met metadata metal
method methods metro metropolis mexican mexico mi miami michigan microdose microdosed microdosing
mid middle might mild mile miles military milk mill million mind mine minnesota minor mirror miss
missed mission mistake mix mixed mixture mm moan mobile mode moderate mom moment moments monday
money moon more most mostly mother motion motor mount mountain move moved moves movie movies mr
mrs ms much mum murder music must my myself mystery n na nah naked named names narrow national
natural nature nauseous navy naw near nearby nearing nearly necessary need needed needs negative
neighborhood neither nervous net network neurologist never new newborn newest news newspaper next
nice nick nighttime nine ninth nkda no nobody nodded noise non none nope nor normal normally
north not note noted notes nothing notice novel novels november now np numb number numbers nurse
nursing nvm oak obgyn obviously occasion occasional occasionally ocean october odd of off offer
offers office officer officers offices official often oh ohio ok okay old older oldest on one
ones online only onto op open opened operate operated operation opinion opposite option or order
orders ordinary oregon organ other others otherwise our out outbreak outbreaks outpatient output
outside over overall overnight own owner oxford pack page pages paid paint pair pale palm pan
panel panels pants paper papers parent parental parents parish park parks part particular parties
partly partner partners parts party pass passed passes past patient patients pattern paused pay
pcp peace peak penalty people per perfect perfectly perform performance perhaps permanent
permission person personal personality personnel persons peter pharmacist pharmacy phase phone
photo physical piano pick picked picture pictures piece pieces pit place placed places plain plan
plane planet plans plant plants plastic plate platform play played plays please pleasure plot pls
plus plz pocket poem point points pole police policy polish pool poor pop popular port portland
portugal portuguese positive possible possibly post postpartum potential pots power practice
practices practitioner pre pregnancy pregnant prepare preparing prescribe prescribed prescriber
prescribes prescribing present presently president press pretty prevent preventative preventive
previous previously price pride priest primary principal print prior prison pristine private pro
probably problem problems process products professional professor profile program programme
programs progress project prolific promise proper prophylactic prophylaxis protect proton protons
prove proved provide provider psych psychiatrist psychiatry psychologist public pull pulled pure
purpose purse push pushed put puts quality quick quickly quiet quietly quit quite r race races
racing radio rage rail railway rain raise raised ran random range rapid rare rarely rash rashes
rate rates rather raw ray re reach reaches read ready real reality realize really reason reasons
receive recent recently record recorded recorder recordings records recovering recovery reddit
reduce reduced refer refers refill refills regime regimen regional register regular regularly
rehab relapse relationship relative relax relaxed relaxing relief religion religiously remade
remain remains remember remote remove replace replaced report reporter reports request require
rescue research reserve residence resident residents respect response responsible rest restaurant
restore restored restoring result results return returns review reviews rhythm rice rich ride
rifle right rights ring rio rise risk river rivers road roads robert robin rock rocks role roll
rolled roof room rooms rotary rough roughly rounds route routes row rule ruled rules run runner
runs rural rush russian sad safe safety said saint saints sale sales salt same sample samples
sang sat satin saturday save saved saw say says scale scared scene scenes schedule scholarship
school schools sciatica science scientists score scored screen sea search season seasonal seasons
seat second secondary seconds secret secure security see seek seem seemed seems seen sees
segments seldom self sell semi send senior sense sent sentence separate september sequel sequence
sergeant series serious seriously serpent servant serve served service services session sessions
set sets seven several severe sex sexual shadow shadows shake shall shape share shared sharp she
shell sheriff shield shift ship shirt shit shock shoes shook shoot shop short should shoulder
shoulders shouldnt shouldve show showed shower shown shows shrine shrink shut sick side sides
sight sign signal signed signs silence silver similar simple simply since sing singular sir
sister sisters sit site sites situation six sixth size skills sky sleepy sleeve slid slightly
slowly small smaller smart smell smile smiled smoke smoker smokers smoking snow so sober sobriety
soccer social society soda soft software solar sold soldier soldiers solid solo some somebody
someday somehow someone sometime sometimes somewhat somewhere son song songs sons soon sorry sort
soul sound sounds source sources south space spain spanish sparingly speak speaker speaking
special specialist specific spectral speech speed spell spelling spend spent spin spinal spine
spire spirit splinter split spoke spoken sports spot spread spring sprint sprinted sprinter squad
square ssi st stable staff stage stain stains stairs stand standard stands star stare stars start
started starter starters starting starts state states static stating station stations statistics
status stay stayed steady steam step steps stick still stimulate stimulated stimulates
stimulating stimulation stock stone stones stood stop stopped stopping stops store stories storm
story straight strain strange strategy street streets stressful strike strong stronger struck
structure struggle stuck student students studies study stupid subject subjects subsequent
substitute success such sudden suddenly suggest suicidal suicide suit sum summer sun sunday super
superior supply support supports supposed sure surgeon surgeries surgery surprise survey survive
swear sweet swiss switch switched switzerland swollen symmetric symmetry symptom symptoms system
systems table take taken takes taking talk talked tall tank taper tapered tapering taste taught
tax tbh teach teacher teachers team teams tears tech teen teenager teeth telehealth television
tell tells temple temporary ten tennessee term terminal terms terrible terry test tests texas
text than thank thanks that thats the their them themselves then theory therapist therapy there
these they theyre theyve thick thin think thinks thirty this those though thought thoughts
thousand thousands threat three threw throat through throughout throw thru thursday tie tied
tight tiktok till time times tiny tip tired title to tobacco today together told tolerate
tolerated tom tomorrow ton tone tongue tonight tons too took tools tooth top total touch tour
toward towards tower town track tracks trade traffic trail train trains tram trance trans
transfer translate transport trap traps trauma travel treat treated treatment treatments treats
tree trees trial trials tried tries trillion trimester trip trouble truck true truly trust truth
try trying tuesday tunnel turkey turn turned turns tv twelve twenty twin two ty type types
typical typically u uh uk ultra um un unable uncle under understand understood unfortunately
uniform union unison unit united universe universities university unknown unless unlike unnamed
unsure until up upon upper upset ur urgent us usa use used useful user users uses using usual
usually utah va vaccinated vaccine vaccines valley van vape vapes vaping various vegan verse
verses version versions versus very vessel vessels via victim victims video vietnam view village
vines violence violent vision visit visitors visual voice voices voltage vote vs w waist wait
waited wake walgreens walk walked walker wall walls walmart walter wanna want wanted wants war
ward warfare warm was wasnt waste watch waters wave waves way ways we weak weaker wean weaned
weaning weapon weapons wear weather web website wednesday weekday weekend weekends welcome well
went were werent west wet what whatever wheel when whenever where whether which while who whom
whose why wide wife wild will williams win wind window windows wine wins winter wisdom wish
wished with within without wo woke woman women won wonder wont wood woods word words wore work
worked workers working workout works world worn worried worries worry worse worst worth would
wouldnt wouldve wound wrist write written wrong wrote ya yard yards yea yeah yep yes yesterday
yet yoga york you young younger youngest your youre yours yourself youth youtube youve yup zero
zone
"""
EVERYDAY = frozenset(_WORDS.split())
