"""What a cell means: which text is the same number, the same date, the same category, or no value at all.

Everything that looks at a cell asks here, in training and in prediction alike, so that nothing is decided twice:

- `letters`: width variants and invisible characters
- `missing`: the marks of a cell without a value
- `numbers`, `units`: one number as people write it; `numerals`: a whole column of them
- `dates`, `eras`: one date; `days`: a whole column of them
- `categories`: the one spelling of a category, and the place of a text among known ones
"""
