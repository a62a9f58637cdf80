"""Lists of English words that scoring and delivery treat in a special way.

The filler, hedge and ambiguous lists are those of the product's table of numbers; the
others are closed classes of English grammar, written down for this program.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FILLERS = _words("um umm ummm uhm uh uhh uhhh uhm er err erm ehm ah ahh ahm eh ehh hm hmm hmmm mm mmm mhm mmhm uh-huh")
"""Sounds without a meaning, with the spellings that recognisers give them."""

FILLER_PHRASES = (
    ("you", "know"),
    ("i", "mean"),
    ("sort", "of"),
    ("kind", "of"),
    ("basically",),
    ("actually",),
    ("literally",),
)
"""Phrases that fill; counted with the hedges, apart from the sounds."""

HEDGES = (("i", "think"), ("i", "guess"), ("maybe",))
"""Phrases that soften a claim."""

AMBIGUOUS = frozenset({"like", "so", "right"})
"""Words that may fill and may not; counted apart from both."""

DOUBLED_IN_GOOD_ENGLISH = _words(
    """
    had that is do her you very really so too much many more far long no yes yeah well now there bye ha never ever
    again zero oh one two three four five six seven eight nine ten hundred thousand
    """
)
"""Words that are said twice on end without a slip: "had had", "that that is", "very very", "the thing is is",
"what you do do", digits one by one."""

LINKS = frozenset({"and", "or", "by", "after", "to", "for"})
"""Words that tie a word to itself: "over and over and over", "step by step by step"."""

STOP_WORDS = _words(
    """
    a an the this that these those some any each every either neither no none all both few many much more most
    other others another such own same one ones
    i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers
    herself it its itself they them their theirs themselves who whom whose which what whatever whichever someone
    something somebody anyone anything everybody everyone everything nothing there here
    am is are was were be been being isn't aren't wasn't weren't do does did doing done don't doesn't didn't have has
    had having haven't hasn't hadn't can could may might must shall should will would can't cannot couldn't won't
    wouldn't shouldn't let's
    i'm i've i'd i'll you're you've you'd you'll he's she's it's we're we've we'd we'll they're they've they'd they'll
    that's there's here's what's who's
    and or but nor so yet if then else than as because since while whereas although though unless until when whenever
    where wherever how why whether
    of at by for with about against between into through during before after above below to from up down in out on off
    over under again further within without upon toward towards across along around per via onto
    not only just also too very really quite rather even still already ever never once now always often usually
    basically actually literally well okay ok oh yes yeah yep like etc e.g i.e get gets got
    """
)
"""Function words: they carry grammar, not content."""

GENERIC_WORDS = _words(
    """
    answer answers asked ask question questions topic topics subject concept concepts thing things stuff way ways kind
    sort type lot lots bit case cases example examples general generally specific situation situations context
    important importance useful good great nice best better interesting interested common commonly different
    difference differences certain main various several basic simple simply
    use used uses using work works working make makes made making need needs needed want wants know knows known think
    thinks say says said saying mean means meaning call called calls go goes going come comes look looks see seen take
    takes give gives given talk talking discuss describe explain define consider depend depends depending understand
    learn help helps try guess
    people person everyone today time times practice practices world part place point points idea term terms word
    maybe perhaps probably sure definitely obviously first second next finally please thanks thank sorry repeat
    asking tell let right glad certainly indeed excellent
    """
)
"""Words that fit any answer to any question: beside the question's own they add nothing."""

NUMBER_WORDS = _words("zero one two three four five six seven eight nine ten hundred thousand")
"""Function words to grammar; to "how many" they are the answer."""

NO_ANSWER_WORDS = _words(
    """
    answer answers answered know knew known dunno idea ideas clue sure unsure remember recall forgot forget forgotten
    skip skipped pass fine blank comment
    """
)
"""Words of people who have nothing to say to a question."""

ABBREVIATIONS = _words("e.g. i.e. etc. vs. cf. mr. mrs. ms. dr. st. approx. fig. eq. resp. incl.")
"""Words whose full stop does not end a sentence."""

CLAUSE_STARTS = _words(
    "and but so because which while whereas when where if then or although though since unless whenever that"
)
"""Words before which a long sentence may be cut."""
