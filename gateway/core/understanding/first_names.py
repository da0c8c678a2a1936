"""First names that are common among callers in the United States, folded; they tell a name from other words."""

from __future__ import annotations

FIRST_NAMES = frozenset(
    """
    aaron abby abdul abel abigail abraham ada adam adan adele adrian adriana adrienne agnes agustin ahmed aida aileen aimee
    aisha akash al alan alana albert alberto alden alec alejandra alejandro alex alexa alexander alexandra alexis alfonso
    alfred alfredo ali alice alicia aliyah allan allen allison alma alvaro alvin alyssa amanda amber amelia amir amit amy ana
    anabel andre andrea andreas andres andrew andy angel angela angelica angelina angie anita anjali ann anna anne annette
    annie anthony antoine antonia antonio anya april araceli aria ariana ariel arlene armando arnold arthur arturo asha ashley
    ashok asia aubrey audrey august aurora austin autumn ava avery bailey barb barbara barney barry bart beatrice beatriz becca
    becky belen belinda ben benita benito benjamin benny bernadette bernard bernice bernie bert bertha beth bethany betsy betty
    beverly bianca bill billy blake blanca bob bobbi bobby bonita bonnie boris brad bradley brandi brandon brandy breanna brenda
    brendan brent bret brett brian briana brianna bridget brittany brock brody brooke bruce bruno bryan bryce brynn buddy burt
    byron caitlin caleb calvin cameron camila camille candace candice cara carl carla carlene carlos carlton carly carmela
    carmen carol carole carolina caroline carolyn carrie carroll carter casey cassandra cassie catalina cathy catherine cecelia
    cecilia cedric celeste celia cesar chad chandra charlene charles charlie charlotte chase chelsea cheryl chester chloe chris
    christian christie christina christine christopher christy chuck ciara cindy claire clara clarence clark claude claudette
    claudia clay clayton cliff clifford clint clyde cody cole colette colin colleen concepcion connie connor conrad consuelo
    cora corey corinne cory courtney craig cristina cristian crystal curt curtis cynthia cyrus daisy dale dallas dalton damian
    damon dan dana dane daniel daniela danielle danny dante daphne darius darla darlene darnell darren darryl daryl dave david
    davon dawn dean deanna deb debbie deborah debra dee deepak deepa deja delia della delores demetrius dena denise dennis
    deon derek derrick desiree desmond destiny devin devon dewayne dexter diana diane dianne dick diego dina dion dirk dixie
    dolores dominic dominick dominique don donald donna donnie dora doreen doris dorothy doug douglas doyle drew duane dustin
    dwayne dwight dylan earl earnest ed eddie edgar edith edna eduardo edward edwin eileen elaine elba eleanor elena eli elias
    elijah elisa elise elizabeth ella ellen ellie elliot elmer eloise elsa elsie elvia elvira emanuel emilia emilio emily emma
    emmanuel enrique eric erica erick erik erika erin ernest ernesto ernie ervin esmeralda esperanza esteban estela estelle
    ester esther ethan ethel eugene eva evan evelyn everett ezekiel ezra fabian faith farah fatima faye felicia felipe felix
    fernando fidel fiona flora florence floyd fran frances francesca francine francis francisca francisco frank frankie franklin
    fred freddie freddy frederick frida gabe gabriel gabriela gabrielle gail garrett gary gavin gene genevieve geoff george
    georgia gerald geraldine gerardo german gerry gilbert gilberto gina ginger ginny gladys glen glenda glenn gloria gonzalo
    gordon grace gracie graciela graham grant greg gregg gregorio gregory greta gretchen griselda guadalupe guillermo gus
    gustavo guy gwen gwendolyn hailey hakim hal haley hank hannah hanna harlan harold harriet harrison harry harvey hassan
    hattie hazel heather hector heidi helen helena henrietta henry herb herbert heriberto herman hilda holly homer hope horace
    hortencia howard hubert hugh hugo humberto hunter ian ibrahim ida ignacio ike ilene imelda imani imran ines ingrid ira irene
    irina iris irma irma irving isaac isabel isabella isaiah ismael israel ivan ivonne ivy izzy jabari jace jack jackie jackson
    jaclyn jacob jacqueline jacquelyn jada jade jaime jake jamal james jamie jan jana jane janelle janet janice janine jared
    jasmine jason javier jay jayden jayla jaylen jayne jazmin jean jeanette jeanne jeannie jeff jeffery jeffrey jenna jennie
    jennifer jenny jerald jeremiah jeremy jermaine jerome jerry jess jesse jessica jessie jesus jill jillian jim jimena jimmy jo
    joan joann joanna joanne joaquin jocelyn jodi jody joe joel joey johanna john johnathan johnnie johnny jolene jon jonah
    jonathan jordan jorge jose josefina joseph josephine josh joshua josie joy joyce juan juana juanita judith judy jules julia
    julian juliana julianne julie juliet julio julissa june justin justine kaitlyn kara karen kareem kari karim karina karl karla
    kate katelyn katherine kathleen kathryn kathy katie katrina kay kayla keisha keith kelli kellie kelly kelsey ken kendall
    kendra kendrick kenia kenneth kenny kent kenya keri kerry kesha kevin khadijah khalid kim kimberly kirk kirsten kishore kit
    klaus kofi kris krista kristen kristi kristin kristina kristine kristopher kristy krystal kurt kwame kyle kylie lacey lakisha
    lamar lana lance lara larissa larry lashonda latasha latisha latonya latoya laura laurel lauren laurence laurie lavonne
    lawrence lea leah leander lee leigh leila lena lenny lenora leo leon leona leonard leonardo leonor leroy leslie lester leticia
    levi lewis li liam liana lidia lila lilia lilian lillian lilly lily lina linda lindsay lindsey ling lionel lisa liz liza
    lizbeth lizette lloyd logan lois lola lonnie lora loraine loren lorena lorenzo loretta lori lorraine lou louis louisa louise
    lourdes lucas lucia luciana lucille lucinda lucy luis luisa luke lupe lupita luther luz lydia lyle lynda lynette lynn lynne
    mabel mack mackenzie madeline madison mae magdalena maggie malcolm malik mallory mandy manny manuel mara marc marcel marcela
    marcella marcia marco marcos marcus marcy margaret margarita marge margie margo maria mariah mariam marian mariana marianne
    maribel maricela marie mariela marilyn marina mario marion marisa marisela marisol marissa maritza marjorie marlene marlon
    marquis marsha marshall marta martha martin martina marty marvin mary maryann maryellen marylou mason mateo matias matilda
    matt matthew mattie maura maureen maurice mauricio max maxine maya mayra megan mei mel melanie melinda melissa melody melvin
    mercedes meredith merle merrill mia micah michael michaela micheal michele michelle miguel mike mikhail mildred miles milton
    mimi min mindy minerva miranda miriam misty mitch mitchell mohamed mohammad mohammed moises mollie molly mona monica monique
    monroe monte morgan morris moses moshe muhammad murray myra myrna myron myrtle nadia nadine nancy naomi natalia natalie
    natasha nate nathan nathaniel neal ned neil nelda nell nellie nelson nestor nia nicholas nick nicky nicolas nicole nidia
    nikki nina noah noe noel noelia nora norberto noreen norma norman octavio olga olive oliver olivia omar opal ophelia ora
    orlando oscar osvaldo otis otto owen pablo paige pam pamela paola pat patrice patricia patrick patsy patti patty paul paula
    paulette pauline pearl pedro peg peggy penny percy perla perry pete peter petra phil philip phillip phoebe phyllis pilar
    porter preston priscilla priya rachel rafael rahul raj rajesh ralph ramiro ramon ramona randall randy raquel rashad raul ravi
    ray raymond reba rebecca reggie regina reginald rena rene renee reuben rex reyna rhonda ricardo rich richard rick ricky
    rigoberto riley rita rob robbie robert roberta roberto robin robyn rocio rocky rod roderick rodney rodolfo rodrigo rogelio
    roger roland rolando roman ron ronald ronda ronnie roosevelt rosa rosalie rosalind rosalinda rosario rose rosemarie rosemary
    rosie roslyn ross roxana roxanne roy ruben ruby rudy rufus russ russell rusty ruth ryan sabrina sadie sal sally salma salvador
    sam samantha samir sammy samson samuel sandeep sandra sandy sanjay santiago santos sara sarah sasha saul savannah scott sean
    sebastian selena serena sergio seth shane shania shanice shannon shari sharlene sharon shaun shauna shawn shawna sheena
    sheila shelby sheldon shelia shelley shelly sheri sherman sherri sherrie sherry sheryl shirley sid sidney sierra silvia simon
    simone skip skylar sofia soledad solomon sonia sonja sonya sophia sophie spencer stacey staci stacy stan stanley stef stefan
    stefanie stella steph stephanie stephen sterling steve steven stewart stu stuart sue sullivan sumit sunita susan susana
    susanna susie suzanne suzie suzy sydney sylvester sylvia tabitha tad tamara tameka tami tamika tammy tanisha tanner tanya tara
    tasha tatiana taylor ted teddy terence teresa teri terrance terrell terrence terri terry tess tessa thad thelma theo theodore
    theresa thomas tia tiana tiffany tim timothy tina tito tobias toby todd tom tomas tommy toni tonia tony tonya tracey traci
    tracy travis trent trevor trey tricia trina trinidad trinity trish trisha tristan troy trudy tucker ty tyler tyrell tyrone
    tyson ulises ursula valentin valentina valeria valerie vanessa vaughn velma vera verna vernon veronica vicente vicki vickie
    vicky victor victoria vijay vikram vince vincent viola violet violeta virgil virginia vivian viviana vladimir wade wallace
    wally walt walter wanda warren wayne wei wendell wendy wes wesley whitney wilbert wilbur wilfredo will willard william willie
    willis wilma wilson winifred winston wyatt xavier ximena yadira yasmin yesenia yolanda yolonda yuki yusuf yvette yvonne
    zachary zach zack zane zelda zoe zoey
    """.split()
)

# Names that are everyday words too: taken for a name only where the sentence says that one follows.
ALSO_WORDS = frozenset(
    """
    al april art august austin autumn ben bill bob brandy buddy chase chuck clay cliff daisy dallas dawn dean don drew earl faith
    fran frank gene ginger grace grant guy hank harry holly hope hunter iris ivy jack jade jan jay jean jesus joy june lance lee
    li lily lane luz mark marina mario max may maya melody mercedes mike min misty no noel norm olive opal pat patience pearl
    penny perry pete porter ray rex rich rob robin rocky rod roman rose ruby rusty sal sandy savannah sierra sue skip star
    summer sterling sydney ted terry trey trinity troy ty victor victoria violet wade will wally wren
    """.split()
)
