"""Strokes from the Hershey fonts: A. V. Hershey's drawings of 1967, as the package Hershey-Fonts brings them."""

from strokes import Glyph, Stroke, polyline

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
DIGITS = "0123456789"
SIGNS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
# What a font draws at a place of ASCII need not be that sign: in "greeks" the place of A is an alpha. Of each font only
# those places are taken that no other font has drawn better: "music" repeats all letters and digits, for example.
FONTS: dict[str, tuple[tuple[str, str], ...]] = {
    "Latin": (("futural", LETTERS + DIGITS + "#$%&?@"),),
    "Script": (("scripts", LETTERS),),
    "Gothic_English": (("gothgbt", LETTERS),),
    "Gothic_German": (("gothgrt", LETTERS),),
    "Gothic_Italian": (("gothitt", LETTERS),),
    "Greek": (("greeks", "ABCDEFGHIJKLMNOPQRSTUVWXabcdefghijklmnopqrstuvwx"),),
    "Cyrillic": (("cyrillic", "$%&" + LETTERS + "[]^_`{|}~"), ("cyrilc_1", LETTERS)),
    "Astrology": (("astrology", SIGNS),),
    "Music": (("music", SIGNS),),
    "Mathematics": (("mathlow", SIGNS + LETTERS[26:]), ("mathupp", SIGNS)),
    "Meteorology": (("meteorology", SIGNS + DIGITS),),
    "Symbols": (("symbolic", "".join(map(chr, range(33, 127)))), ("markers", "ABCDEFGHIJKLMNOP")),
}


def hershey_alphabets() -> dict[str, list[Glyph]]:
    """Alphabet -> its glyphs, in the order of the fonts."""
    from HersheyFonts import HersheyFonts

    fonts = HersheyFonts()
    alphabets: dict[str, list[Glyph]] = {}
    for alphabet, sources in FONTS.items():
        glyphs = alphabets.setdefault(alphabet, [])
        for font, places in sources:
            fonts.load_default_font(font)
            for place in places:
                drawn: list[Stroke] = [
                    polyline(points) for points in fonts.all_glyphs[place].strokes if len(points) > 1
                ]
                glyphs.append(Glyph(alphabet, f"{font} {place}", tuple(drawn)))
    return alphabets
