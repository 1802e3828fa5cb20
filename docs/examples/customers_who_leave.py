"""Who will leave? Rare classes, a threshold, and the reasons for one customer.

だれが解約しそうか。少ないクラス、しきい値、1人の顧客についての理由。
"""

import numpy as np
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from tasou import TableClassifier, examples

table = examples.make("customers", 1500)
columns = {name: np.array(cells, dtype=object) for name, cells in table.columns.items()}
left = columns.pop(table.target)
train = {name: cells[:1000] for name, cells in columns.items()}
test = {name: cells[1000:] for name, cells in columns.items()}
truth = left[1000:]
print(f"{np.mean(left == 'yes'):.0%} of the customers left")

plain = TableClassifier("fast", random_state=0).fit(train, left[:1000])
tuned = TableClassifier("fast", threshold="balanced", random_state=0).fit(train, left[:1000])
for name, model in (("most probable class", plain), ("tuned threshold", tuned)):
    answers = model.predict(test)
    print(
        f"{name}: finds {np.mean(answers[truth == 'yes'] == 'yes'):.0%} of those who leave, "
        f"balanced accuracy {balanced_accuracy_score(truth, answers):.3f}"
    )

chances = plain.predict_proba(test)[:, 1]
print(f"area under the ROC curve: {roc_auc_score(truth == 'yes', chances):.3f}")

who = int(np.argmax(chances))
row = {name: cells[who : who + 1] for name, cells in test.items()}
why = plain.contributions(row)
print(f"\nthe customer most likely to leave ({chances[who]:.0%}), and what speaks for it:")
for k in np.argsort(-why.values[0])[:3]:
    print(f"  {why.names[k]} = {row[why.names[k]][0]}: {why.values[0, k]:+.2f}")
assert roc_auc_score(truth == "yes", chances) > 0.7
