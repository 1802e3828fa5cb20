"""Inside scikit-learn: a pipeline, cross-validation, and a search over width and penalty.

scikit-learn の中で。パイプライン、交差検証、幅と正則化の探索。
"""

from sklearn.datasets import load_wine
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tasou import MLPClassifier

X, y = load_wine(return_X_y=True)
X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, stratify=y, random_state=0)

pipeline = make_pipeline(StandardScaler(), MLPClassifier(solver="lbfgs", max_iter=500, random_state=0))
search = GridSearchCV(
    pipeline,
    {"mlpclassifier__hidden_layer_sizes": [(4,), (16,)], "mlpclassifier__alpha": [0.01, 1.0]},
    cv=5,
)
search.fit(X, y)
results = search.cv_results_
for setting, score in zip(results["params"], results["mean_test_score"], strict=True):
    print(", ".join(f"{key.split('__')[1]}={value}" for key, value in setting.items()), f"-> {score:.3f}")
print(f"the best of them on rows never seen: {search.score(X_test, y_test):.3f}")
assert search.score(X_test, y_test) > 0.9
