"""LogisticRegression: the multilayer perceptron without hidden layer, on scikit-learn's terms (lecture 1.1)."""

from __future__ import annotations

from tasou.estimators._logistic import BaseLogistic


class LogisticRegression(BaseLogistic):
    """ŷ = σ(wᵀx + b) for two classes, Softmax(Wx + b) for more; minimises C Σ L + ½‖W‖² (lecture 1.1).

    Takes the place of ``sklearn.linear_model.LogisticRegression`` with an L2 penalty (its default) or none, and
    arrives at the same optimum; ``solver="gd"`` walks there by gradient descent, as in the lecture.

    Parameters
    ----------
    penalty : {"l2", None}, default="deprecated"
        On its way out of scikit-learn; leave it to ``C``.
    C : float, default=1.0
        Inverse strength of the L2 penalty; ``np.inf`` is no penalty.
    l1_ratio : float, default=0.0
        Only 0, the L2 penalty, is offered.
    dual : bool, default=False
        Only False is offered.
    tol : float, default=1e-4
        lbfgs: largest gradient component that counts as flat; gd: smallest improvement of the loss that counts.
    fit_intercept : bool, default=True
        Whether there is a bias b.
    intercept_scaling : float, default=1
        Without effect, as in scikit-learn without its solver liblinear.
    class_weight : dict, "balanced" or None, default=None
        Weight of each class; "balanced" gives all the same total.
    random_state : int, RandomState instance or None, default=None
        Order of the rows with ``solver="gd"`` and a ``batch_size``.
    solver : {"lbfgs", "gd"}, default="lbfgs"
        L-BFGS, or gradient descent.
    max_iter : int, default=100
        Iterations (epochs) at most.
    verbose : int, default=0
        Whether to print a line per iteration.
    warm_start : bool, default=False
        Whether ``fit`` starts from the weights of the last one.
    n_jobs : None, default=None
        Without effect, and on its way out of scikit-learn.
    learning_rate_init : float, default=0.1
        Learning rate α of gradient descent.
    batch_size : int or None, default=None
        Rows per update of gradient descent; None is the full batch.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The labels.
    coef_ : ndarray of shape (1, n_features) or (n_classes, n_features)
        W: one row for two classes, which speaks for the second, else a row per class.
    intercept_ : ndarray of shape (1,) or (n_classes,)
        The bias b, one for each row of W.
    n_iter_ : ndarray of shape (1,)
        Iterations run.
    loss_curve_ : list of float
        Mean loss, penalty included, of each iteration.
    n_features_in_, feature_names_in_ : int, ndarray
        Number and names of the features.

    Examples
    --------
    >>> from tasou import LogisticRegression
    >>> LogisticRegression().fit([[0.0], [1.0], [3.0], [4.0]], [0, 0, 1, 1]).predict([[0.5], [3.5]])
    array([0, 1])
    """
