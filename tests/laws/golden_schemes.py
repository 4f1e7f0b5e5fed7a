"""Golden tables: a handful of leads per scheme, one for every rule and every boundary.

One lead a line; "-" is a missing fact; the last two columns are the grade and the winning rule, 0 for
the default and "-" for an ungraded lead. The first line of a table may shorten column names.
"""

# Per scheme: what the short column names stand for, and the table.
TABLES: dict[str, tuple[dict[str, str], str]] = {}

TABLES["robot_flow"] = (
    {
        "newest": "last_call_status",
        "status": "status_last_connected_call",
        "substance": "substantive_replies_last_call",
        "asked": "questions_last_call",
        "flow": "flow_completion_last_call",
        "refused": "refusals_last_call",
        "hung_up": "hung_up_by_last_call",
        "later": "asked_callback_last_call",
    },
    """
newest       status      substance asked flow refused hung_up  later grade    rule
empty_number -           -         -     -    -       -        -     F        1
empty_number answered    5         5     0.9  0       customer 0     F        1
suspended    answered    5         5     0.9  0       customer 0     D        2
switchboard  switchboard -         -     -    -       -        -     D        3
busy         fax         -         -     -    -       -        -     D        3
answered     answered    3         0     0    0       customer 0     A        4
answered     answered    3         3     0    2       customer 0     A        4
answered     answered    2         3     0    0       customer 0     A        4
answered     answered    0         0     0.71 0       customer 0     A        4
answered     answered    -         -     0.71 -       -        -     A        4
answered     answered    2         0     0.7  0       customer 0     B        5
answered     answered    0         0     0.51 0       customer 0     B        5
answered     answered    0         0     0.51 2       customer 0     B        5
answered     answered    2         0     0    0       customer 0     B        5
answered     answered    2         2     0    0       customer 0     B        5
answered     answered    1         2     0    0       customer 0     B        5
answered     answered    1         0     0.5  0       customer 0     C        8
answered     answered    1         1     0    2       customer 1     D        6
answered     answered    0         1     0    1       customer 0     D        7
answered     answered    1         0     0    1       robot    0     D        7
answered     answered    1         1     0    1       timeout  0     C        8
answered     answered    2         0     0    2       customer 0     B        5
answered     answered    0         1     0    0       customer 0     C        8
answered     answered    0         0     0.5  2       robot    0     D        6
answered     answered    0         0     0    2       timeout  0     D        6
answered     answered    0         0     0    1       customer 0     D        7
answered     answered    0         0     0    1       robot    1     D        7
answered     answered    0         0     0    1       timeout  0     E        10
answered     answered    0         0     0    0       customer 1     E        9
answered     answered    0         0     0.1  0       customer 0     E        10
busy         -           -         -     -    -       -        -     E        11
no_answer    -           -         -     -    -       -        -     E        11
powered_off  -           -         -     -    -       -        -     E        11
unreachable  -           -         -     -    -       -        -     E        11
voicemail    -           -         -     -    -       -        -     E        11
powered_off  answered    3         3     0    0       customer 0     A        4
answered     answered    -         -     -    -       -        -     ungraded -
-            -           -         -     -    -       -        -     ungraded -
""",
)

TABLES["visit"] = (
    {
        "refused": "refusals_last_call",
        "chance": "purchase_likelihood",
        "orders": "orders_total",
        "asked": "intent_questions_last_call",
        "able": "able_to_buy",
        "key": "key_person_reached",
        "shown": "product_introduced",
        "kept": "contact_kept",
        "sent": "material_sent",
        "calls": "calls_total",
    },
    """
refused need     chance orders asked able key shown kept sent calls grade rule
1       explicit high   0      3     yes  yes yes   yes  yes  5     D     1
0       explicit high   0      0     -    -   -     -    -    1     A     2
-       explicit high   2      -     -    -   -     -    -    0     A     2
0       explicit medium 0      1     yes  -   -     -    -    1     B     3
0       -        high   0      1     yes  -   -     -    -    1     B     3
0       -        medium 1      1     yes  yes yes   yes  yes  1     C     4
0       -        low    0      1     yes  yes yes   yes  yes  1     C     4
0       -        medium 0      0     yes  yes yes   yes  yes  1     C     4
0       -        medium 0      1     no   yes yes   yes  yes  1     C     4
0       -        -      0      0     -    yes yes   yes  no   1     D     0
0       -        -      0      0     -    yes yes   -    yes  1     D     0
0       -        -      0      0     -    yes no    yes  yes  1     D     0
0       -        -      0      0     -    no  yes   yes  yes  1     D     6
0       latent   high   0      0     yes  -   -     -    -    4     D     6
-       -        -      0      -     -    -   -     -    -    0     D     5
0       latent   low    0      0     yes  yes no    yes  no   -     ungraded -
""",
)

TABLES["dealer"] = (
    {
        "ordered": "days_since_order",
        "until": "days_until_expected_close_date",
        "months": "months_until_expected_close_date",
        "talks": "answered_calls_total",
        "key": "key_person_reached",
        "mobile": "contact_kept",
        "product": "product_introduced",
        "rivals": "rivals_known",
    },
    """
ordered need     until months talks key mobile product rivals grade    rule
0.99    -        -     -      0     -   -      -       -      H        1
0       explicit 5     0      9     yes yes    yes     yes    H        1
1       explicit 30.5  0      0     -   -      -       -      A        2
-       explicit 0     0      0     -   -      -       -      A        2
-       explicit 0.5   1      3     yes yes    yes     yes    B        3
-       explicit 30    1      3     yes yes    yes     yes    B        3
-       explicit -0.01 0      3     yes yes    yes     yes    B        3
-       explicit -0.5  0      0     -   -      -       -      C        4
-       explicit -5    -1     0     -   -      -       -      C        4
-       none     -     -      3     yes yes    yes     yes    ungraded -
-       none     5     0      3     yes yes    yes     yes    ungraded -
-       -        -     -      3     yes yes    yes     yes    B        3
-       latent   10    0      3     yes yes    yes     yes    B        3
-       explicit -     -      2     yes yes    yes     yes    C        4
-       latent   -     -      3     no  yes    yes     yes    C        4
-       latent   -     -      3     yes no     yes     yes    C        4
-       latent   -     -      3     yes yes    no      yes    C        4
-       latent   -     -      3     yes yes    yes     no     C        4
-       latent   -     -      0     -   -      -       -      C        4
-       none     -     -      0     -   -      -       -      ungraded -
-       -        5     0      0     -   -      -       -      ungraded -
""",
)

TABLES["intention"] = (
    {
        "quoted": "quotation_sent",
        "quoted_days": "days_since_quotation_sent",
        "answered_days": "days_since_answered_call",
        "fact_days": "days_since_fact",
        "reason": "refusal_reason",
        "refused": "refusals_last_call",
        "planned": "days_until_planned_purchase_date",
    },
    """
quoted quoted_days answered_days fact_days reason need     refused planned grade         rule
yes    7           7             7         -      explicit 0       -       quoted_silent 1
yes    7           -             7         price  explicit 0       -       quoted_silent 1
yes    40          60            40        none   none     3       400     quoted_silent 1
yes    6.99        6.99          6.99      -      explicit 0       -       interested    6
yes    7           6.99          7         -      explicit 0       -       interested    6
yes    7           7             6.99      -      explicit 0       -       interested    6
yes    40          -             2         price  explicit 0       -       never         2
no     -           3             3         price  explicit 0       5       never         2
-      -           3             3         none   explicit 0       -       interested    6
-      -           3             3         -      none     2       -       never         3
-      -           3             3         -      none     2       5       never         3
-      -           3             3         -      none     1       -       ungraded      -
-      -           3             3         -      explicit 0       30.01   not_now       4
-      -           3             3         -      -        0       30.01   not_now       4
-      -           3             3         -      latent   0       30      interested    5
-      -           3             3         -      -        0       0       interested    5
-      -           3             3         -      latent   0       -0.01   hesitating    7
-      -           3             3         -      explicit 0       -0.5    interested    6
-      -           3             3         -      latent   2       -       hesitating    7
-      -           -             -         -      -        -       -       ungraded      -
""",
)

TABLES["readiness"] = (
    {
        "accepted": "product_accepted",
        "talks": "answered_calls_total",
        "invitation": "invitation_last_call",
        "later": "asked_callback_last_call",
        "key": "key_person_reached",
    },
    """
agreed accepted need     talks invitation later key grade      rule
yes    yes      explicit 5     accepted   0     yes confirmed  1
yes    -        -        0     -          -     -   confirmed  1
no     yes      explicit 1     none       0     -   evaluating 2
-      yes      none     1     none       0     no  evaluating 2
-      -        explicit 5     accepted   0     -   need       3
-      no       explicit 0     -          -     -   need       3
-      -        latent   3     none       0     -   interest   4
-      -        none     3     accepted   0     -   interest   4
-      -        -        4     none       1     -   interest   4
-      -        latent   2     none       0     -   interest   5
-      -        -        2     accepted   0     -   interest   5
-      -        -        2     none       1     -   interest   5
-      -        none     2     none       0     -   ungraded   -
-      -        -        0     -          -     -   ungraded   -
""",
)

TABLES["exhibition"] = (
    {
        "signed": "contract_signed",
        "dispute": "price_dispute",
        "asked": "intent_questions_total",
        "any": "questions_total",
        "samples": "samples_asked",
        "quotation": "quotation_asked",
        "material": "material_asked",
        "silent": "days_since_answered_call",
    },
    """
signed dispute asked any samples quotation material silent grade          rule
yes    open    9     9   yes     yes       yes      1      signed         1
yes    -       0     0   -       -         -        8      signed         1
no     open    9     9   yes     yes       yes      1      disputed       2
-      open    0     0   -       -         -        -      disputed       2
-      settled 3     3   -       -         yes      1      intent         3
-      -       3     3   no      no        -        1      intent         3
-      -       0     0   yes     -         yes      1      intent         4
-      -       0     0   -       yes       -        1      intent         4
-      -       2     2   no      no        yes      1      asked_material 5
-      -       0     0   -       -         yes      1      asked_material 5
-      -       2     2   -       -         -        1      asked_material 6
-      -       1     -   -       -         no       1      asked_material 6
-      -       0     1   -       -         no       1      asked_material 6
-      -       0     0   -       -         no       1      ungraded       -
no     settled 0     0   no      no        no       1      ungraded       -
-      -       0     0   -       -         -        -      ungraded       -
""",
)

TABLES["project"] = (
    {
        "area": "project_area_m2",
        "value": "project_value",
        "owners": "project_owners",
        "held_by": "project_ownership",
        "source": "project_source",
    },
    """
area    value   owners  held_by source     grade    rule
30000   0       one     private web        A        1
29999   1000000 one     private web        A        1
29999   999999  one     private direct     B        3
30000   -       several state   direct     A        1
30000   -       several state   government A        1
30000   -       several private friend     B        3
30000   -       one     state   friend     B        3
30000   -       several state   web        B        3
30000   -       -       -       press      B        3
30000   -       -       -       direct     A        1
30000   -       one     private -          A        1
-       1000000 -       -       -          B        3
15000   0       one     private direct     B        3
-       500000  one     private direct     B        3
14999   499999  one     private direct     C        2
14999   500000  several state   web        B        3
15000   499999  several state   web        B        3
14999   -       one     private direct     C        2
-       499999  -       -       -          C        2
-       -       one     private direct     ungraded -
""",
)

TABLES["robot_dialogue"] = (
    {
        "newest": "last_call_status",
        "status": "status_last_connected_call",
        "intent": "intent_questions_last_call",
        "any": "questions_last_call",
        "yes": "affirmative_answers_last_call",
        "no": "negative_answers_last_call",
        "refused": "refusals_last_call",
        "turns": "dialogue_turns_last_call",
    },
    """
newest       status   intent any yes no refused turns grade    rule
empty_number answered 3      3   3   0  0       9     E        1
suspended    -        -      -   -   -  -       -     E        1
no_answer    -        -      -   -   -  -       -     E        2
powered_off  -        -      -   -   -  -       -     E        2
no_answer    answered 2      2   0   0  0       9     A        3
answered     answered 2      2   0   0  0       1     A        3
answered     answered 2      2   0   0  1       9     B        5
answered     answered 2      2   0   0  2       9     C        6
answered     answered 0      0   2   0  0       9     A        4
answered     answered 0      0   2   0  1       9     B        5
answered     answered 0      1   0   0  1       9     B        5
answered     answered 1      1   0   0  0       9     B        5
answered     answered 1      -   0   0  1       9     B        5
answered     answered 0      0   1   0  0       9     B        5
answered     answered 0      0   1   5  1       2     B        5
answered     answered 0      0   0   0  2       9     C        6
answered     answered 0      0   0   0  1       2     C        7
answered     answered 0      0   0   0  1       3     D        0
answered     answered 0      0   0   1  1       3     C        8
answered     answered 0      0   0   1  0       3     C        8
answered     answered 0      0   0   0  0       3     D        0
answered     answered -      -   -   -  -       2     C        7
answered     answered -      -   -   -  -       9     ungraded -
-            -        -      -   -   -  -       -     ungraded -
""",
)

TABLES["home_buyer"] = (
    {
        "orders": "orders_total",
        "plans": "joint_plans",
        "planned": "days_until_planned_purchase_date",
        "named": "home_named",
        "matters": "matters_most",
    },
    """
orders plans  planned viewing named need     matters grade        rule
1      -      10      yes     yes   explicit safety  direct       1
0      plans  -       -       -     -        -       direct       1
0      equity -       -       -     none     -       direct       1
0      none   400     -       -     explicit quality choosing     2
0      -      -5      no      no    none     -       choosing     2
0      -      -       yes     -     explicit -       choosing     3
0      -      -       -       yes   -        worth   choosing     3
0      -      -       no      no    explicit safety  intending    4
0      none   -       -       -     explicit -       intending    4
0      -      -       -       -     latent   safety  safeguarding 5
0      -      -       -       -     none     quality safeguarding 5
0      -      -       -       -     -        worth   safeguarding 5
0      -      -       -       -     latent   price   ungraded     -
0      -      -       -       -     latent   -       ungraded     -
""",
)

# Three points for means, need, credit and time each; a missing one is worth one.
TABLES["home_buyer_points"] = (
    {"strength": "economic_strength", "planned": "days_until_planned_purchase_date"},
    """
strength need     credit planned grade    rule
strong   explicit good   30      A        1
strong   explicit good   -       A        1
medium   explicit good   90      A        1
medium   explicit fair   30      A        1
medium   explicit fair   0       A        1
medium   explicit fair   90      B        2
medium   explicit fair   30.01   B        2
strong   explicit -      200     B        2
medium   latent   fair   90      B        2
medium   latent   fair   90.01   C        3
weak     explicit poor   180     C        3
weak     explicit poor   180.01  D        4
weak     latent   poor   -1      D        4
-        explicit -      -       C        3
-        none     -      -       D        4
-        -        good   -       C        3
-        -        -      10      C        3
strong   -        -      -       C        3
-        -        -      -       ungraded -
""",
)

TABLES["purchase_stage"] = (
    {"orders": "orders_total", "asked": "intent_questions_total", "accepted": "invitations_accepted_total"},
    """
orders need     asked accepted grade     rule
1      explicit 5     1        closed    1
0      explicit 0     0        deep      2
0      latent   1     0        initial   3
0      latent   0     1        initial   3
0      none     1     0        initial   3
0      -        1     0        initial   3
0      latent   0     0        potential 4
0      none     0     0        ungraded  -
0      -        0     0        ungraded  -
""",
)

TABLES["consumption"] = (
    {"orders": "orders_total", "amount": "amount_total"},
    """
orders amount grade    rule
1      1001   high     1
1      1000   medium   2
9      101    medium   2
1      100    low      3
9      100    low      3
1      -      ungraded -
0      0      ungraded -
0      1001   ungraded -
0      101    ungraded -
""",
)

TABLES["purchase_frequency"] = (
    {"year": "orders_365d", "ever": "orders_total"},
    """
year ever grade    rule
4    4    high     1
3    9    medium   2
2    2    medium   2
1    1    low      3
0    7    low      3
0    0    ungraded -
""",
)

# 2 a call, 60 an hour of talk, a tenth more for each year together.
TABLES["abc_value"] = (
    {
        "amount": "amount_total",
        "calls": "calls_total",
        "talk_s": "talk_s_total",
        "first": "days_since_first_order",
        "orders": "orders_total",
    },
    """
amount calls talk_s first orders grade    rule
1002   0     0      0     1      A        1
1003   1     0      0     1      A        1
1002   1     0      0     1      B        3
1060   0     3600   0     1      B        3
1061   0     3600   0     1      A        1
1000   0     0      3.65  1      A        1
910    0     0      365   1      A        1
909    0     0      365   1      B        3
101    0     0      0     1      B        3
100    0     0      0     1      C        2
101    1     0      0     1      C        2
10     9     9000   900   1      C        2
-      0     0      9     1      ungraded -
0      5     100    -     0      ungraded -
""",
)

TABLES["vip"] = (
    {"year": "amount_365d", "first": "days_since_first_order"},
    """
year     first  grade    rule
12001    900    vip      1
12000    900    regular  2
12010    365.9  vip      1
11990    364.5  vip      1
11980    364.5  regular  2
6001     182.5  vip      1
6000     182.5  regular  2
1200     45     regular  2
1500     45     vip      1
1001     3      vip      1
1000     3      regular  2
500      0      regular  2
0        900    regular  2
0        -      ungraded -
-        9      ungraded -
""",
)

TABLES["lifecycle"] = (
    {
        "orders": "orders_total",
        "first": "days_since_first_order",
        "last": "days_since_order",
        "talk": "days_since_answered_call",
    },
    """
orders first last  talk  grade     rule
0      -     -     1     potential 1
0      -     -     -     potential 1
1      30    30    -     new       2
2      30    1     400   new       2
1      30.01 30.01 -     active    3
5      900   180   -     active    3
5      900   181   180   active    3
5      900   181   181   lapsed    4
5      900   181   -     lapsed    4
-      -     -     -     ungraded  -
""",
)

TABLES["service"] = (
    {"open": "service_open", "orders": "orders_total"},
    """
open orders channel  grade    rule
yes  1      referral serving  1
yes  0      web      serving  1
no   1      referral served   2
-    3      -        served   2
-    0      referral referred 3
no   0      web      prospect 4
-    0      web      prospect 4
-    0      -        prospect 4
-    -      -        prospect 4
""",
)

TABLES["category"] = (
    {
        "year": "amount_365d",
        "first": "days_since_first_order",
        "orders": "orders_total",
        "talks": "answered_calls_total",
    },
    """
year  first orders need     talks grade       rule
12001 900   1      explicit 5     VIP         1
12010 365.9 1      -        0     VIP         1
11990 364.5 1      -        0     VIP         1
6001  182.5 1      -        0     VIP         1
6000  182.5 1      -        0     first_time  3
1200  45    1      -        0     first_time  3
1001  0     1      -        0     VIP         1
500   3     1      -        0     first_time  3
12000 900   2      explicit 5     old         2
0     900   2      -        0     old         2
12000 900   1      explicit 5     first_time  3
0     -     0      explicit 5     opportunity 4
0     -     0      latent   1     following   5
0     -     0      -        1     following   5
0     -     0      -        0     potential   6
-     -     -      -        -     ungraded    -
""",
)

TABLES["need_timing"] = (
    {"planned": "days_until_planned_purchase_date"},
    """
need     planned grade     rule
explicit 0       immediate 1
explicit 30      immediate 1
explicit 30.01   nurture   4
explicit -0.01   nurture   5
explicit -       immediate 2
latent   5       nurture   3
none     -       nurture   3
-        5       ungraded  -
-        0       ungraded  -
-        30      ungraded  -
-        200     nurture   4
-        -5      nurture   5
-        -       ungraded  -
""",
)

TABLES["relationship"] = (
    {"level": "contact_level", "shared": "information_shared", "plans": "joint_plans"},
    """
level          shared plans  grade         rule
staff          no     equity alliance      1
-              -      equity alliance      1
staff          no     plans  partner       2
top_management yes    none   partner       3
top_management yes    -      partner       3
top_management no     none   preferred     4
top_management -      -      preferred     4
key_people     yes    none   preferred     4
staff          yes    none   transactional 5
staff          -      -      transactional 5
-              yes    none   ungraded      -
-              -      -      ungraded      -
""",
)

TABLES["industry"] = (
    {},
    """
industry      grade         rule
manufacturing manufacturing 1
制造          manufacturing 1
零售          retail        2
retail        retail        2
服务          services      3
services      services      3
教育          education     4
education     education     4
建筑          construction  5
construction  construction  5
物流          logistics     6
logistics     logistics     6
fishing       other         7
-             ungraded      -
""",
)

TABLES["region"] = (
    {},
    """
region grade    rule
local  local    1
north  other    2
-      ungraded -
""",
)

TABLES["company_size"] = (
    {},
    """
company_size grade    rule
1-19         1-19     1
20-99        20-99    2
100-499      100-499  3
500+         500+     4
huge         other    5
-            ungraded -
""",
)

TABLES["personality"] = (
    {
        "latest": "personality_cue",
        "dom": "dominant_cues_total",
        "ami": "amiable_cues_total",
        "exp": "expressive_cues_total",
        "ana": "analytical_cues_total",
    },
    """
latest     dom ami exp ana grade      rule
-          0   0   0   0   unknown    1
dominant   2   0   0   0   unknown    1
dominant   3   0   0   0   dominant   2
amiable    2   1   0   0   dominant   2
amiable    1   2   1   1   amiable    3
expressive 0   1   2   0   expressive 4
analytical 1   1   1   2   analytical 5
analytical 2   0   0   2   unknown    0
amiable    1   1   1   0   unknown    0
amiable    2   2   0   0   unknown    0
expressive 2   0   2   0   unknown    0
expressive 0   2   2   0   unknown    0
analytical 0   2   0   2   unknown    0
analytical 0   0   2   2   unknown    0
dominant   9   -   0   0   ungraded   -
""",
)
