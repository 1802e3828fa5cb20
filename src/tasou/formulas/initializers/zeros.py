"""Zeros: W = 0. Right for a network without hidden layer; hidden units would all stay alike."""

distribution = "zeros"
latex = r"0"
notes = {
    "en": "Fine for softmax and logistic regression. In a hidden layer every unit gets the same gradient and stays "
    "the same.",
    "ja": "ソフトマックス回帰やロジスティック回帰では問題ない。隠れ層では全ユニットが同じ勾配を受け、同じままになる。",
}


def size(fan_in, fan_out):
    return 0.0
