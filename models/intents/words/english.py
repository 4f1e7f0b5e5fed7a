"""What callers say in English, rule by rule: written by hand from how people talk on the telephone.

Plain text has neither apostrophes nor capitals: ``don't`` is ``don t``.
"""

from models.intents.words.cues import Rules

# A question that ends what is said, asked in a question's order: what stands before it may refuse something else.
_ASKS_LAST = (
    r"\b(?:what s|what is|what are|what does|what would|what kind|how much (?:is|s|does|do|would|will|for|less)|how long (?:does|do|is|will|would)|how (?:do|can|does|would) (?:i|we|it|you|that|the)"
    r"|when (?:is|does|do|can|could|would)|where (?:is|are|can|s)|which (?:one|plan|is)|can i|could i|can you|could you|do you (?:have|do|offer|take)|have you got|is there|are there|is it|does it|do i|will it|would it|any (?:cheaper|smaller|other|discount)|what about)\b[a-z0-9 ]*$"
)
_WHY = r"(?:what if i|if i don t|why (?:do not|don t|would|should)|how (?:do|can|would|could|should) i cancel|can i cancel|cancel (?:any ?time|whenever|early|at any|if|later|online|it (?:any|when|if|later|early))|cancellation)"

NOBODY_THERE: Rules = (
    (
        "voicemail",
        (
            r"\bleave (?:me |us |him |her )?(?:a |your |an? \w+ |the )?(?:short |brief |detailed )?(?:voice )?(?:message|name and)|after the (?:tone|beep|signal)|at the (?:tone|beep)|voice ?mail|mail ?box|can ?t come to the phone|cannot come to the phone|(?:unable to|cannot|can t) (?:take|answer) (?:your|the|this|any) (?:call|phone)|is (?:currently |presently )?(?:not available|unavailable|switched off|out of reach)|press (?:\d|one|two|three|four|five|six|seven|eight|nine|zero|star|pound|hash) (?:to|for|if|now)|(?:to|for) [a-z ]{2,40}press (?:\d|one|two|three|four|five|star|pound|hash)"
            r"|(?:finished|done) recording|hang up or|you may hang up|simply hang up|call(?:er)? screening|screening (?:service|assistant)|(?:virtual|call|google|ai|phone|personal|automated) assistant (?:for|of|answering|here|service|taking)|i m (?:the |an? )?(?:virtual|ai|automated|digital) (?:assistant|secretary)|message has been (?:saved|recorded|sent)|you ve reached (?:the )?(?:voice|mail|phone|number|office)|the (?:person|number|customer|subscriber|party) you (?:are|re|have|ve) (?:calling|trying|dial|reach|call)|record your (?:message|name)|say your name|(?:get|call|ring) (?:right )?back to you as soon|i ll pass (?:your|the|on) (?:message|it)|away from (?:my|the) (?:phone|desk)|i ll get back to you$",
        ),
        (
            r"\b(?:did you leave|you left|left (?:me )?a|is this a|got your|check(?:ing)? my|stop leaving|don t leave|can i leave|could i leave)\b",
        ),
    ),
    (
        "complaint",
        (
            r"\b(?:complain(?:t|ts|ing)?|report(?:ing|ed)? (?:you|this|it|your|the (?:number|call))|(?:i ll|will|going to|gonna|i m|to|can|could) (?:sue|take you to)|suing|lawyers?|attorney|solicitors?|police|harass\w*|legal action|legally|regulators?|ombudsman|ofcom|ftc|fcc|trading standards|consumer (?:protection|rights|watchdog)|to court|do not call (?:list|registry)|small claims|(?:speak to|get me|talk to|put me through to|want) your (?:supervisor|manager|boss)|illegal|against the law|break(?:ing)? the law|data protection|expose you|authorities|letter from my)\b",
        ),
        (
            r"\b(?:no complaints?|not complaining|don t want to complain|can t complain|(?:not|won t) (?:going to |gonna )?(?:report|sue|complain)|police officer|i work for the police|number of|phone number|lawyer here|handle complaints|if i (?:have|want to) (?:a )?complain\w*)\b",
        ),
    ),
    (
        "wrong_number",
        (
            r"\bwrong (?:number|person|guy|lady|man|woman|house|company|extension|one)\b|\b(?:no ?(?:one|body)|there s no|there is no|nobody) (?:here )?(?:called|named|by that|by the|with that|of that|by \w+ name|(?:mr|mrs|ms|miss)\b)|\b(?:not (?:him|her|his|mr|mrs|ms|miss)\b|not the (?:person|one) you (?:want|re looking|are looking|need)|not who you)|someone else s (?:phone|number)|looking for someone else|(?:isn t|is not|not) (?:his|her|their|that person s) (?:phone|number|line)|(?:doesn t|does not|no longer|don t) (?:live|work|stay)s? here|i m not (?:mr|mrs|ms|miss|dr)\b|don t know (?:any|a|who) (?:\w+ )?(?:is|by|called|named|mr|mrs|person)|who you re looking for|never heard of (?:him|her|that person)|(?:must have|must be|ve got|have) (?:the wrong|mistaken|dialed|misdialed|me confused|me mixed)|mistaken me|misdial\w*|(?:had|have|got) this number (?:for|since|only)|new owner of this|changed hands|this is (?:a|the) (?:shop|school|office|hospital|restaurant|private|hotel|fax|different)|nobody here|no such person",
        ),
        (r"\b(?:is this the wrong|do i have)\b",),
    ),
)

QUESTIONS_ABOUT_US: Rules = (
    (
        "robot",
        (
            r"\b(?:robots?|robotic|bots?|chatbot|robocalls?|automated|pre ?recorded|recorded (?:message|voice|call|line)|machine|computer (?:voice|generated|program)|real (?:person|human|voice|one|people)|actual (?:person|human)|live (?:person|agent|human)|human(?: being)?)\b|\b(?:are you|is this|is that|is it|you|to) (?:even |actually |really |just |a |an |some |talking to |kind of |sort of |speaking to )*(?:ai|person|computer|recording|recorded|voice ?bot|virtual|alive|real)\b|\bai (?:voice|thing|agent|caller|or)\b|talking to (?:a|an) (?:person|ai|computer)|(?:sound|talk)s? like (?:a|an) (?:recording|ai|computer)",
        ),
        (
            r"\b(?:washing|coffee|vending|answering|fax|your|the|our|this|a) (?:machine|bot) (?:do|does|work|cost|come|can|is)|machine (?:cost|work|come|warranty|price)|are you the person|human resources|real estate|real (?:deal|price|cost)|legit|for real|ai (?:course|class|training|product|software)\b",
        ),
    ),
    (
        "number_source",
        (
            r"\b(?:how|where) (?:on earth |the hell |exactly )?(?:did|do|d|have|would|come|has|ve) (?:you|your company|u|they|you guys|you people|you lot) (?:\w+ )?(?:get|got|find|found|have|know|obtain|come|see|hear|learn)(?:ting| by| hold of| out)? (?:\w+ ){0,2}(?:my|me|i|this number|the number|our|about me|number)\b|\bhow come you (?:know|have|got|ve)|how do you know (?:my|me|i|that i|about|who|where|our)|who (?:gave|told|passed|sold|shared|leaked|provided|supplied) (?:you|out|on|my|me)|(?:bought|buy|sold|sell|leaked?|selling|shar(?:e|ed|ing)) (?:my|our|people s) (?:number|data|details|info\w*|contact|name)|my (?:\w+ )?(?:number|data|details|info|information|name|email|contact) (?:\w+ ){0,3}(?:from|come|sold|leaked|on (?:a|your|some) list)|why (?:does|is|do|are|did) (?:you|your|this|the|it|my phone) [a-z ]*(?:number|overseas|spam|foreign|private|caller|different|mobile)|what number (?:is this|are you|you)|(?:caller id|your number|this number|the number|my phone) (?:\w+ ){0,2}(?:shows?|says|flagged|looks?|came up|comes up|marked)|whose number|is this (?:number|line) (?:real|official|legit|spoofed|yours)|never gave (?:you|anyone|out|my)|didn t give (?:you|anyone|out|my)|don t remember (?:giving|leaving|signing)|what list|which list|which database|am i on (?:a|some) list",
        ),
        (r"\b(?:take me off|remove|stop)\b",),
    ),
    (
        "company",
        (
            r"\bwho(?: is|s| am i| m i| are| re)? (?:this|that|it|calling|speaking|you|i talking|i speaking|talking|ringing|on the (?:line|phone))(?: with| to| again| please| exactly| from| sorry)?$|\bwho (?:is|s) (?:this|that|calling|speaking)\b|who (?:are|re) you(?: guys| people)?\b|who m i|who am i (?:speaking|talking)|(?:what|which) (?:company|firm|bank|organi[sz]ation|agency|business|branch of|outfit|provider|insurer|department) (?:are|is|do|did|was|were|re|you|s|exactly|again)|which (?:company|firm|bank|agency|organi[sz]ation)|(?:where|which place) (?:are|re|r) you (?:calling|ringing|phoning) from|calling from (?:where|which)|you re (?:calling )?from (?:where|which|what)|are (?:you|you guys|you people|u) (?:from|with|part of|affiliated|connected|working for|calling from|the (?:bank|same|official|manufacturer|agency|council)|an? (?:\w+ )?(?:broker|bank|agent|agency|reseller|dealer|charity|company|startup|middleman|franchise|third|insurer|licensed|registered)|licensed|registered|regulated|accredited|authori[sz]ed|official|based)"
            r"|what (?:does|do) (?:your (?:company|firm|business)|you guys|you people|you lot|the company|you) (?:actually |even |guys )?(?:do|sell|make|specialise in|deal in)\b|who do you (?:work for|represent|call for)|how (?:long|old|big) (?:has|have|is) (?:your|the) (?:company|firm|business)|(?:your|the) (?:company|firm|business) (?:called|name|been)|name of (?:your|the) (?:company|firm|business)|what (?:s|is) (?:your|the) (?:company|firm|organi[sz]ation|business)|about your (?:company|firm)|(?:head ?office|headquarters|\bhq\b)|how long have you (?:been|guys been) (?:in business|around|going|doing)|your name again|remind me who|what was (?:your|the) (?:company|name)|didn t catch (?:your|the|who)|do i know you|what is this (?:about|regarding|call|in regard)|what s this (?:about|regarding|call)|what are you (?:selling|calling about)|is this (?:the|a|an) (?:\w+ )?(?:bank|company|agency|council|insurer|charity)",
        ),
        (r"\bwho (?:is|s) it for|how (?:does|do)\b",),
    ),
)

REFUSES: Rules = (
    (
        "refusal",
        (
            r"\bnot (?:really |at all |particularly |remotely |that |very |currently )?(?:interested|needed|necessary|for (?:me|us)|required|keen|buying|looking|in the market|today|now thanks|a chance)\b|\bno (?:interest|thanks?|thank (?:you|u)|need|more calls|sale|way|ta|cheers)\b|\buninterested\b|\b(?:do not|don t|doesn t|does not|won t|wouldn t|didn t|never|not) (?:\w+ )?(?:need|want|call|bother|contact|ring|phone|text|require|waste|sell|send me|email me|be needing|care|wish)\b"
            r"|(?:i ll|i will|i m going to|gonna|i d|i think i ll|we ll|have to|let me) (?:\w+ )?(?:pass\b|give (?:it|that|this) a miss|skip|decline|leave it)|rather not|take (?:me|my \w+|us) off|off your (?:list|records|system|database|books)|remove (?:me|my|us)|(?:stop|quit) (?:calling|ringing|phoning|bothering|contacting|texting|pestering|wasting)|leave (?:me|us) (?:alone|be|out)|not looking (?:for|to)|unsubscribe|\bcancel\b|never ?mind|forget (?:it|about it)|count me out|\bi m (?:good|fine|ok|okay|all right|alright|all set|sorted)(?: as i am| thanks?| thank you| for now| with what| actually)|no i m (?:fine|good|ok|okay|all set|not)|^(?:no )?(?:we re|we are|i m|i am) (?:all )?(?:good|fine|set|happy as we are)(?: thanks?| thank you| here| for now)?$|(?:we re|i m) all set|please don t|lose my number|delete (?:me|my)|hang(?:ing)? up(?: now)?$|waste of (?:my |your )?time|opt (?:me )?out|leave it (?:as it is|there|at that|for now|be)|nothing (?:for me|today|thanks?|thank you)|spare me|go away|let s leave it|skip it|(?:it s|that s) a no\b|answer is (?:still )?no|i said no|no means no|told you no|no (?:she|he|they|we|i) (?:wouldn t|won t|don t|doesn t|would not)|no (?:please|bye|good ?bye)|we (?:won t|don t) (?:be )?(?:need|want|buy)|no call(?:s|ing)|hard pass|not worth my|don t think (?:so )?(?:it s for|this is for|we need|i need)",
        ),
        (
            rf"{_WHY}|{_ASKS_LAST}|no need to (?:worry|rush|apologi|shout)|don t (?:need|want) to (?:talk|speak) (?:right )?now|don t call (?:me )?(?:now|today|before|until)|don t want to (?:miss|lose)|not (?:interested|looking) (?:in|for) [a-z ]* but|not today (?:maybe|but)|don t mind|don t care (?:which|when|what)|wouldn t (?:mind|say no)|i do want|no way really|didn t (?:want to|need to) say|don t call it|call (?:me )?(?:back )?(?:tomorrow|later)|don t want to be rude",
        ),
    ),
    (
        "already_bought",
        (
            r"\balready (?:\w+ ){0,2}(?:bought|have|has|had|got|purchased|ordered|own|signed|use|using|a member|member|customer|a (?:\w+ )?(?:client|customer|subscriber|policy)|with|sorted|insured|covered|done|booked|paid|renewed|enrolled|registered|switched|subscribed|did|did one|been|taken care|installed|fitted|on (?:it|that|a|the|board)|joined|took|taken|working with|chosen|moved|in place|has that|has it)\b|\b(?:bought|ordered|purchased|signed|booked|renewed|switched|got|had|did|installed|fitted|took|joined|enrolled|chose|moved|replaced|went)(?: \w+)? (?:it |one |ours |mine |a |up |out |that |them |with |to )?(?:already|last (?:week|month|year|night|time|spring|summer|autumn|fall|winter)|yesterday|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|from (?:another|someone|a|your|the)|elsewhere|with (?:another|someone|a different|your)|this (?:morning|week|year|month)|(?:a |two |three |few )(?:days?|weeks?|months?|years?) ago|recently|through)\b|(?:colleague|partner|wife|husband|friend|agent) (?:\w+ )?(?:signed|booked|sold|set) (?:me|us|it)|(?:have|got|ve got|using|use|happy with|with) (?:a |an |my |our |another |someone |the )?(?:regular|current|existing|own|usual|different|steady|long ?term|other|present) (?:supplier|provider|agent|broker|vendor|company|accountant|insurer|one|software|system|guy)|have one (?:already|thanks|thank you|of)|i (?:ve )?(?:have|got) one$|we re (?:under contract|locked in|tied|sorted|covered)|i m (?:under contract|locked in|sorted|covered|with (?:another|someone|your competitor))|under contract|locked in(?:to)?|too late|just (?:bought|signed|renewed|got|had|moved|replaced|ordered|switched|took)|(?:has|have) (?:that|it|one) (?:through|from|with|at)|(?:been|am|m|re) (?:a )?(?:customer|member|client|subscriber) (?:of|with|for|since|already)|beat you to it|sold (?:it|mine|ours) (?:already|last)|done (?:it )?already|all (?:sorted|taken care of)|(?:is|was|s|it s) (?:being )?(?:done|installed|taken care of) already",
        ),
        (
            r"\b(?:not|haven t|hasn t|didn t|never|don t) (?:\w+ )?(?:bought|have|already|signed|ordered|yet|got)|already (?:told|said|asked|spoke|talked|called)|have it delivered|if i (?:already|have)|how (?:much|do|long)|can i|do you have|what s|is it too late",
        ),
    ),
)

PUTS_OFF_OR_OBJECTS: Rules = (
    (
        "busy",
        (
            r"\b(?:busy|in (?:a|the|the middle of a) (?:meeting|class|lesson|call|rush)|in the middle of|driving|at work|working right now|(?:call|ring|phone|try|get) (?:me |us |again )?(?:back |again )?(?:later|tomorrow|tonight|after|next (?:week|month|year)|in (?:a|an|the|two|half|five|ten|about)|another|around|when|some|on (?:mon|tues|wednes|thurs|fri))|call (?:me |us )?back|call again|ring (?:me )?back|call you back|another (?:time|day)|some other (?:time|day)|(?:not|isn t|is not|s not) (?:a |the |such a |exactly a )?(?:good|great|best|right|convenient) (?:time|moment)|bad (?:time|moment)|no time|haven t (?:got )?(?:the )?time|don t have (?:the |any |much )?time|later\b|(?:think|mull|sleep|chew) (?:about it|it over|on it|this over|on that|that over)|(?:need|want|have|ll|got|let me|give me|like) (?:\w+ ){0,3}(?:to )?(?:think|decide|consider|check with|talk (?:to|it over)|discuss|speak (?:to|with)|ask my|ask the|run (?:it|this) (?:by|past)|consult|compare)\b|(?:talk|speak) later|can t (?:talk|speak|chat)|my hands (?:are )?full|tied up|on my way|on another (?:call|line)|in a hurry|rushing|catch me|give me (?:a few|a couple|some|a day|a week|until|a bit)|a few days|not right now|maybe (?:later|next|another|some)|picking up|about to (?:go|leave|board|start|walk)|at (?:the )?(?:hospital|airport|dentist|doctor)|on (?:the )?(?:train|bus|plane|holiday|road)|having (?:lunch|dinner|breakfast)|cooking|get back to you|swamped|up to my|let me check (?:with|my)|bit tied|after (?:work|lunch|dinner|christmas|the holidays|new year)|next (?:week|month|year|quarter) (?:maybe|perhaps|would|is|might)|not until|too soon to|haven t decided|undecided|free (?:later|tomorrow|after|in))\b",
        ),
        (
            r"\b(?:not (?:that |too |so |very |really )?busy|never call|don t (?:ever )?call (?:me )?(?:back|again)|stop|what time (?:can|could|do|are|is)|when (?:can|could|do|are|is)|see you later|later (?:than|on can|on if)|cancel (?:it )?later|pay later|sooner or later|change (?:it|my mind) later|(?:pay|return|upgrade|switch|change|add|cancel) [a-z ]*later|if i)\b",
        ),
    ),
    (
        "objection",
        (
            r"\b(?:too (?:expensive|much|high|pricey|dear|steep|costly|rich|good to be true|risky)|expensive|pricey|steep|(?:bit|rather|quite|pretty|very|so) (?:dear|steep|costly|high|much)|can t (?:afford|justify|spare)|cannot afford|couldn t afford|afford (?:it|that)|overpriced|no (?:money|budget|funds)|(?:over|out of|beyond|above|outside|exceeds|blow|not in) (?:my|our|the) (?:\w+ )?(?:budget|price|means)|over budget|budget (?:s|is) (?:tight|gone|spent|frozen|used)|(?:tight|small|limited|shoestring) budget|cash ?flow|(?:money|things|cash|finances) (?:s|is|are) (?:\w+ )?(?:tight|short|low)|short (?:of|on) (?:money|cash|funds)|broke|skint|scams?|scammers?|frauds?|phishing|don t (?:\w+ )?(?:trust|believe)|(?:not|n t) (?:\w+ )?(?:trust|believe|convinced|buy that)|(?:how|why) (?:do i|can i|would i|should i|am i|could i) (?:\w+ )?(?:know (?:this|you|it|that|if|whether)|trust|believe|be sure)|legit(?:imate)?|fishy|dodgy|shady|suspicious|liar|lying|rip ?offs?|bad (?:reviews?|things|experience)|reviews? (?:are|were|say)|(?:competitors?|others?|rivals?|someone else) (?:charges?|offers?|is|are|does|quoted|sells?) |(?:half|cheaper|less) (?:that|the price|elsewhere|online|than yours|somewhere)|cheaper (?:elsewhere|online|somewhere|at|from)|(?:get|got|found|seen|find) it (?:for )?(?:cheaper|less)|what s the catch|hidden (?:agenda|catch)|sounds too good|burned before|been (?:burned|ripped|cheated|scammed|had)|got (?:burned|ripped|cheated|scammed)|ripped off|cheat(?:ed|ing)?|trick|waste of money|not worth|worth the money|worried (?:about|that|it)|concern(?:ed)? (?:about|that|is)|risky|sceptical|skeptical|prove it|money (?:is )?tight|pay ?check to|unemployed|lost my job|that s a lot|lot of money|daylight robbery|robbery|i m afraid (?:it|that))\b",
        ),
        (
            r"\bnot (?:that |too |so |very |really |at all )?(?:expensive|pricey|steep|dear|worried|concerned)|isn t (?:that |too |so |very )?expensive|how (?:expensive|much|steep)|less expensive|if it s too|no worries|concerned person|is there a catch|i m afraid (?:not|no|i)",
        ),
    ),
)

ASKS: Rules = (
    (
        "contact",
        (
            r"\b(?:your|a|the|his|her|their|any|manager s|direct|contact|phone|an|office|customer service|service|whatsapp|which) (?:\w+ ){0,2}(?:phone number|number|contact|e ?mail(?: address)?|telephone|website|web ?site|web ?page|direct line|business card|hotline|extension|mobile|wechat|line id|landline|contact details|facebook|linkedin)\b|how (?:can|do|could|would|should|will|might) (?:i|we|one) (?:\w+ )?(?:reach|contact|call|get (?:hold|in touch|back to|a hold|through)|find you|ring|message|email|text|write)|(?:who|whom) (?:can|do|should|would|shall|could|will) (?:i|we) (?:\w+ )?(?:contact|call|talk|speak|ask|see|look for|get in touch|reach|email|ring|write)|(?:reach|contact|get (?:a )?hold of|ring|email) (?:you|someone|somebody|him|her|them)(?: on| at| directly| if| later)?\b|write to you|point of contact|(?:give|send|text|leave) me (?:your|the|his|her) (?:\w+ )?(?:number|contact|email|details|card)|call you back on|call this number|is this (?:the )?(?:best )?number to|where can i (?:reach|call|write|contact|email)|are you on (?:whatsapp|wechat|line|facebook|email)",
        ),
        (
            r"\b(?:my (?:phone )?number|what number are you|the number of|number of|wrong|stop|interest|how (?:did|come)|a number of|where did|never|give you my|take my|have my)\b|\b(?:don t|do not|didn t) (?:\w+ )?(?:call|contact|ring|email|text|reach|write|get|want|need)|how long|registration number|account number",
        ),
    ),
    (
        "duration",
        (
            r"\bhow long\b|\bhow (?:many|much) (?:\w+ )?(?:days|weeks|months|years|hours|minutes|nights|time|sessions? long)\b|(?:minimum|maximum|shortest|contract|notice|trial|lock ?in|loan|warranty|rental|lease|probation|cooling) (?:\w+ )?(?:contract|term|period|length|duration|commitment)|(?:term|length|duration) of the|\b(?:\w+) (?:day|week|month|year|hour)s? or (?:a )?\w+|lead time|turn ?around|(?:valid|good|last|lasts|run|runs|tied|tie me|locked|lock me|sign(?:ed)? up|commit|keep|repay|spread) (?:\w+ )?(?:for|until|in for|over) (?:how|a (?:month|year|week))|takes? (?:\w+ )?(?:long|days|weeks|months|hours|all day)|(?:over|for|within) how (?:many|long)|how many (?:days|weeks|months|years)|(?:is|s) (?:it|that|there) (?:a )?(?:quick|long|short)|waiting (?:time|list|period)|expire|how quick|time frame|timeframe|time scale",
        ),
        (
            r"\b(?:how long (?:ago|have you|has your)|when does|what time|not long|how soon|how long (?:have|has) (?:the|your) (?:company|firm))\b",
        ),
    ),
    (
        "discount",
        (
            r"\b(?:discounts?|discounted|special offers?|promo(?:tion)?s?|(?:a|any|better|best|good|special|bundle|package|your best|no) deals?|deals?\b|coupons?|vouchers?|cheaper|(?:better|best|lower|lowest|special|sale|group|student|trade|early|member|friend s) (?:price|rate|offer|deal|tariff)|lower (?:the|your|that|it)|bring (?:it|the price) down|come down|go (?:any )?lower|knock|rebate|free (?:trial|month|months|gift|sample|samples|delivery|shipping|service|installation|lesson|class|session|upgrade|period|accessories|year|week|stuff)|gifts?\b|early bird|on sale|sales?\b on|bundle|cash ?back|loyalty|referral|throw (?:in|anything)|price match|match (?:the|their|that|it)|waived?|reduc(?:e|ed|tion)|negotiable|haggle|(?:any|some|get|take|per ?cent|%|percent|something|money|pounds?|dollars?|bucks) off|off (?:if|for|when)|perks?|bonus|freebies?|extras?\b|any offers?|offers? (?:on|for|at|this|right|going|running|available)|an offer|offer for|incentive|concession|half price|two for one|save (?:money|anything|if)|savings?|interest free|points)\b",
        ),
        (r"\b(?:what do you offer|what you offer|job offer|the gift card i|does it come with)\b",),
    ),
    (
        "price",
        (
            r"\bhow (?:much|expensive|pricey)\b|\b(?:prices?|pricing|priced|costs?|costing|fees?|charges?|charged|quotes?|quotation|rates?\b|premiums?|deposits?|down ?payment|instal?lments?|tuition|rent\b|commission|apr\b|interest|per (?:month|user|year|seat|person|head|square|hour|lesson|session|day|week|site|unit)|a (?:month|year|head|seat) (?:is|cost|would)|monthly (?:payment|bill|repayment)|ballpark|figure|estimate|how many (?:pounds|dollars|euros|bucks)|set me back|damage|is it free|for free|free of charge|is (?:that|this|the \w+) free|pay (?:extra|for|up ?front|monthly|each|per|a month|every)|extra (?:charge|cost|for)|included in the price|(?:what|how) (?:would|will|do|does|should) (?:i|we|it|that|this|the [a-z ]{3,30}) (?:pay|owe|run|come to|go for|work out (?:at|to)|total)|pay in total|total (?:price|cost|bill)|salary|wage|bottom line|vat|plus tax|borrow (?:up to|at most|how)|most i can borrow|borrow up|limit|price list|price ?tag|budget do i)\b|how (?:\w+ ){0,3}(?:charge|bill)\b",
        ),
        (
            r"\b(?:how much (?:time|longer|notice|space|experience)|interest(?:ed|ing)|no interest|没interest|in charge|free to (?:talk|speak|chat)|person in charge|i m charged|premium (?:one|plan|version)$|at any rate|money tight)\b",
        ),
    ),
    (
        "time_place",
        (
            r"^(?:\w+ ){0,3}(?:when|where)(?: \w+)?$|\bwhen (?:is|s|are|can|could|does|do|will|would|did|should|shall|exactly|s the|to)\b|\bwhat (?:time|date|day|hours|days|times)\b|\b(?:which|what) (?:branch|hall|store|day|floor|street|station|town|city|building|room|location|area|part of|month|weekend|evening|side|exit|bus)|\bwhere (?:is|s|are|re|do|does|can|would|will|exactly|about|should|abouts)\b|whereabouts|\b(?:address|located|location|directions|opening (?:times?|hours)|business hours|office hours|closing time|nearest|closest|how far|how soon|earliest|latest (?:i|you|date|time)|soonest|parking|deadline|start date|starting date|delivery date|next (?:available|intake|course|session|class|slot|opening|one) (?:is|start|date|when|available)|time slots?|time tables?|timetable|schedule look)\b|\b(?:are|is|do) (?:you|it|they|the \w+) (?:guys )?(?:open|closed|close|available|there|running|on)\b(?: \w+)*|do you (?:work|open|close|deliver|come) (?:on|at|to|over|during|until|late)|(?:on|at|during|over) (?:weekends?|sundays?|saturdays?|evenings?|holidays?|christmas|public holidays)|(?:morning|afternoon|evening|weekday|weekend|monday|tuesday|wednesday|thursday|friday|saturday|sunday)s? (?:or|classes|slots?|available|possible|too)|how (?:do|can) i get (?:there|to you|to the)|near (?:the|a|my|here) |is it (?:near|close|far|in|at|by|downtown|on)|by when|until when|till when|since when|what s the (?:date|time|venue)|venue",
        ),
        (
            r"\b(?:when i|when you|where did you (?:get|find)|where are you calling|don t care where|how long|in stock|available in|when it comes|is it (?:in|on) (?:stock|sale|english|chinese|black|the cloud))\b",
        ),
    ),
    (
        "procedure",
        (
            r"\bhow (?:do|can|should|would|could|does|will|might|shall|am|are|is) (?:i|we|it|you|one|the|that|this|payment|a|they|my|your|refunds?|returns?)\b|\bhow to\b|\bhow (?:does|do)\b|what (?:documents?|papers?|paperwork|forms?|id|information|steps?|proof)\b|(?:paperwork|procedure|process|the steps?|step by step|next steps?|sign up|signing up|walk me through|talk me through|application form|documents (?:do|should|are)|requirements to apply|fill (?:in|out))\b|what (?:happens|s next|comes next|is next|s the next|do you need from|s involved)|what (?:do|would|should|must|will|else do) (?:i|we) (?:have to|need|bring|do|prepare|provide|send|sign|show|require)|who (?:does|do|will|would|handles?|takes? care|installs?|measures?|fits?|sets?|arranges?|pays? for the) |(?:do|will|would|must|should) (?:i|we) (?:need|have) to (?:come|show|provide|sign|register|prepare|apply|fill|send|be there|be home|pay|go|visit|do|submit|upload|call|pick|book)|(?:can|could|may) (?:i|we|you) (?:\w+ )?(?:pay|sign|apply|do (?:it|this|that|everything)|book|order|register|enrol|enroll|sign up|schedule|reschedule|pick (?:it )?up|set (?:it|this) up)\b(?: \w+)*|(?:pay|apply|order|register|book|sign) (?:online|by|with|through|over|in person|via)|in person or|online or (?:in|at)|is there (?:a|any) (?:form|application|paperwork|test|interview|exam)|where do i (?:sign|pay|apply|register|fill|send|upload|go to)|get started|set(?:ting)? (?:it|this) up|installation (?:work|process)",
        ),
        (
            r"\b(?:how long|how much|how many|how come|how do you know|how are you(?: doing| today|$)|how is it going|how old|what do you (?:have|need|mean)|cancel|pay (?:it )?off early|get a refund|if i (?:don t|change))\b$|how are you|多久|多长",
        ),
    ),
    (
        "details",
        (
            r"\b(?:details?|more (?:about|information|info|on)|tell me (?:a bit |a little )?(?:more|about)|features?|specs?|specifications?|difference|differences|different from|warranty|warranties|guaranteed?|what kind of|what sort of|what type|which (?:model|version|plan|one|brand|type|size|colou?rs?|package|kind|option|course|product|makes?|subjects?)|what s (?:included|in it|covered|the (?:catch|difference|coverage|size|content|syllabus|range|quality|mileage|area|role|job|position|product|plan|policy))|what (?:is|does|are|do|s|would|will|else|about|other) (?:it|this|that|the|they|these|those|your|i get|we get|in|included|be)|what (?:colou?rs?|brands?|models?|sizes?|materials?|languages?|courses?|level|options|qualifications?|size|benefits|services|products|packages|plans)|money back|refund\w*|return (?:it|policy)|explain|describe|elaborate|example|brochure|after ?sales|in stock|second ?hand|brand new|suitable|compatible|side effects?|success rate|qualified|experienced|certificate|certified)\b",
            r"^(?:and |so |but |ok |okay |well |oh |right |um |uh |er |also |then |sorry |actually |wait |hi |hello |now |yes |yeah |sure |fine |great |thanks |alright |good )*(?:does|do|is|are|can|could|will|would|has|have|did|was|must|may|should|shall|isn t|aren t|can t|don t|doesn t|won t|who|whose|which|what|how)\b (?:\w+ )*\w+$",
            r"\b(?:does|do|is|are|can|could|will|would|has|have) (?:it|this|that|these|they|the \w+|i|we|your \w+|there|you|my \w+|anyone|someone|beginners)\b(?: \w+)+$|\bin case\b|what if\b",
        ),
        (
            r"\b(?:can you hear|could you (?:speak|repeat|say)|can you (?:speak|repeat|say)|can you (?:call|ring)|speak up|say (?:that|it) again|pardon|do you want|are you (?:there|still there|kidding|serious|joking|deaf|crazy)|hold on|what do you want|don t you (?:understand|listen|get)|how are you|how many times|i (?:do|am|can|will|would|have)$|do me a favou?r|what is it$|what did you say|what s wrong|that will do|that is (?:right|correct|me|fine|true)|(?:yes|yeah|no|sure|nope)(?: that| it| this| he| she| we| they)? (?:is|does|do|will|would|can|are|has|have)\b|i m not sure|no idea|don t know)\b|多久|多长|^(?:i|he|she|we|they|it|my|our|that s|this is|there s|let me|please|no|not)\b",
        ),
    ),
)

ANSWERS: Rules = (
    (
        "affirmative",
        (
            r"^(?:well |oh |um |uh |ok |okay |er |hmm |right |ah |and |then |so )*(?:yes|yeah|yep|yup|yah|ya|sure|certainly|absolutely|definitely|of course|indeed|correct|exactly|right|fine|great|perfect|lovely|brilliant|wonderful|super|alright|all right|ok|okay|sounds (?:good|great|fine|interesting|lovely|perfect|like a plan)|good idea|no problem|please do|go (?:ahead|on)|why not|by all means|with pleasure|speaking|affirmative|agreed|deal|got it|i see|mm ?hm+|uh ?huh|aye|true|that s (?:right|me|correct|fine|ok|okay|true|it|good|great|perfect)|that (?:would|ll|will) (?:be|work|do|suit)|that works|works for me|suits me|this is (?:he|she|him|her)|i do|i am|i have|i would|i did|i can|i will|we do|we are|we have|we did|we can|it is|it does|he is|she is|count me in|sign me up|put me down|book (?:me|it)|let s|i d (?:love|like|be (?:happy|glad|interested))|i would (?:love|like)|i m (?:interested|keen|in|up for|listening|free|happy|all ears|available)|we re (?:interested|keen)|interested|happy to|glad to|looking forward)\b",
            r"\b(?:i m (?:quite |very |really |rather |definitely )?(?:interested|keen|all for|all ears|up for)|i am (?:interested|keen)|sounds (?:good|great|interesting)|that would be (?:great|fine|good|lovely|nice|perfect|helpful|ok|wonderful)|count me in|sign me up|put me down|let s (?:do|give|go|try|book|make)|i ll (?:take|have|be there|come|do) (?:it|one|that|there)|wouldn t (?:say no|mind)|don t mind if|i d love|tell me more$|go ahead|i ll be there|book me in)\b",
        ),
        (
            r"\b(?:of course not|not (?:interested|sure|really|yet|now|that)|no thanks?|don t|can t|won t|busy|later|call (?:me )?back|but (?:not|i m|it)|how much|who (?:is|are|s)|what|when|where|which|how|wrong|complain|scam|too (?:expensive|much))\b|^(?:ok |okay |alright |great |thanks? |right |fine |good |lovely )*(?:bye|good ?bye|thanks?|thank you|cheers|take care|see you|good ?night|have a)(?: \w+)*$|^i (?:have|did|do|can|am|will|would) (?:\w+ )*(?:not|no|never)|^(?:right|great|fine|ok|okay) (?:then )?(?:bye|good ?bye)|^i (?:have|am|do|did|can|will|would) \w+ \w+|^that s (?:it|all)|^no\b|^good (?:morning|afternoon|evening)",
        ),
    ),
    (
        "negative",
        (
            r"^(?:well |oh |um |uh |sorry |er |hmm |ah |actually |and |but )*(?:no|nope|nah|not|never|neither|none|nothing|negative|incorrect|wrong|haven t|hasn t|hadn t|didn t|don t|doesn t|isn t|aren t|wasn t|can t|cannot|couldn t|unfortunately|i m afraid not|hardly|of course not)\b",
            r"\b(?:i|we|he|she|they|you|it|that|there|this) (?:\w+ )?(?:do not|don t|doesn t|does not|didn t|did not|haven t|hasn t|isn t|aren t|wasn t|weren t|can t|cannot|couldn t|won t|wouldn t|never|hardly ever|ain t)\b|\b(?:i m|we re|it s|that s|he s|she s|i am|they re) (?:\w+ )?(?:not|no|never|unable|wrong|incorrect)\b|\b(?:no idea|not sure|unsure|no clue|don t think so|i doubt|not me|not yet|not really|not anymore|no longer|not at all|not exactly|used to but|forgot|can t remember|don t remember)\b|^(?:i have|i ve|we have|we ve|there s|there is|got) no\b",
        ),
        (
            r"\b(?:not (?:bad|only)|why not|no problem|no worries|don t worry|never ?mind|can t wait|don t mind|wouldn t mind|can t hear|couldn t hear|didn t (?:hear|catch|get that)|can t (?:quite |really )?hear|you re not|not a problem|no rush|no hurry|how are you)\b|^(?:what|how|who|when|where|why|is|are|do|does|can|could|will|would)\b",
        ),
    ),
)
