"""The marks between words, which differ between the languages."""

COLON = {"en": ": ", "ja": "："}
COMMA = {"en": ", ", "ja": "、"}
