"""Four maps from word to word, for learning in context: a country's capital, an opposite, a past tense, a plural.

Written out for this course. Each map has 63 pairs; the answer that counts is the one that stands here, even where a
careful reader would accept another.
"""

import random
from dataclasses import dataclass

Pair = tuple[str, str]

CAPITAL = """
France Paris, Japan Tokyo, Kenya Nairobi, Italy Rome, Peru Lima, Egypt Cairo, Norway Oslo, Cuba Havana, Iran Tehran,
Spain Madrid, China Beijing, Ghana Accra, Greece Athens, Chile Santiago, Iraq Baghdad, Austria Vienna, Nepal Kathmandu,
Russia Moscow, Poland Warsaw, Canada Ottawa, Sudan Khartoum, Portugal Lisbon, Thailand Bangkok, Syria Damascus,
Germany Berlin, Vietnam Hanoi, Uganda Kampala, Hungary Budapest, Colombia Bogota, Libya Tripoli, Ireland Dublin,
Venezuela Caracas, Somalia Mogadishu, Sweden Stockholm, Mongolia Ulaanbaatar, Angola Luanda, Finland Helsinki,
Uruguay Montevideo, Senegal Dakar, Denmark Copenhagen, Bangladesh Dhaka, Zimbabwe Harare, Belgium Brussels,
Ecuador Quito, Tunisia Tunis, Ukraine Kyiv, Afghanistan Kabul, Morocco Rabat, Serbia Belgrade, Turkey Ankara,
Zambia Lusaka, Bulgaria Sofia, Philippines Manila, Lebanon Beirut, Romania Bucharest, Indonesia Jakarta,
Rwanda Kigali, Latvia Riga, Armenia Yerevan, Jordan Amman, Croatia Zagreb, Pakistan Islamabad, Qatar Doha
"""
OPPOSITE = """
hot cold, big small, up down, fast slow, old new, rich poor, light dark, good bad, left right, open closed, high low,
early late, hard soft, happy sad, full empty, strong weak, love hate, day night, win lose, near far, wet dry,
push pull, young old, first last, true false, begin end, clean dirty, thick thin, buy sell, before after, loud quiet,
black white, inside outside, wide narrow, give take, long short, friend enemy, more less, summer winter, deep shallow,
always never, cheap expensive, life death, easy difficult, north south, heavy light, arrive leave, east west,
question answer, top bottom, asleep awake, husband wife, above below, smooth rough, brother sister, ancient modern,
success failure, sharp dull, war peace, guilty innocent, maximum minimum, buyer seller, import export
"""
PAST = """
go went, walk walked, see saw, make made, play played, take took, eat ate, jump jumped, give gave, write wrote,
open opened, run ran, think thought, look looked, bring brought, speak spoke, call called, buy bought, know knew,
work worked, fly flew, begin began, help helped, find found, drink drank, talk talked, teach taught, break broke,
stop stopped, sing sang, tell told, move moved, come came, catch caught, live lived, swim swam, sell sold, ask asked,
drive drove, feel felt, carry carried, grow grew, lose lost, dance danced, choose chose, send sent, try tried,
fall fell, keep kept, paint painted, wear wore, build built, travel traveled, throw threw, win won, cry cried,
forget forgot, sleep slept, push pushed, ride rode, stand stood, study studied, draw drew
"""
PLURAL = """
cat cats, box boxes, child children, city cities, man men, dog dogs, foot feet, leaf leaves, church churches,
mouse mice, car cars, baby babies, woman women, knife knives, book books, tooth teeth, glass glasses, story stories,
house houses, wolf wolves, tree trees, goose geese, country countries, bus buses, life lives, river rivers,
person people, dish dishes, half halves, party parties, bird birds, wife wives, watch watches, ox oxen, family families,
table tables, shelf shelves, brush brushes, hero heroes, lady ladies, apple apples, thief thieves, fox foxes,
friend friends, potato potatoes, army armies, window windows, loaf loaves, class classes, flower flowers,
berry berries, calf calves, peach peaches, garden gardens, tomato tomatoes, enemy enemies, letter letters,
wish wishes, bridge bridges, duty duties, match matches, island islands, crisis crises
"""


@dataclass(frozen=True)
class WordMap:
    """Pairs (x, y) in three parts that share no x."""

    name: str
    support: tuple[Pair, ...]  # 35: examples are drawn from these
    validation: tuple[Pair, ...]  # 7: what settings were chosen on
    test: tuple[Pair, ...]  # 21: the queries


def word_map(name: str, text: str) -> WordMap:
    """A map in three parts, drawn at random once and for all."""
    pairs = [(x, y) for x, y in (pair.split() for pair in text.split(","))]
    random.Random(name).shuffle(pairs)
    return WordMap(name, test=tuple(pairs[:21]), validation=tuple(pairs[21:28]), support=tuple(pairs[28:]))


WORD_MAPS = {
    name: word_map(name, text)
    for name, text in {"capital": CAPITAL, "opposite": OPPOSITE, "past": PAST, "plural": PLURAL}.items()
}
