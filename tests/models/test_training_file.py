"""A training in a file goes on as it would have; equal trainings make equal files, nothing of the machine in them."""

from __future__ import annotations

import json

import numpy as np
import pytest

import tasou
from tasou import Network, Training, datasets
from tasou.errors import ModelFileError, TasouError
from tasou.formats.model_file import read_model, write_model
from tasou.formulas import activations, optimizers, schedules
from tasou.layers import Dense, Dropout
from tasou.training import Stopping, Validation
from tasou.training.iterations import LBFGS

X, Y = datasets.make("spiral", n=60)
KEPT = Validation(*datasets.make("spiral", n=30, rng=1))


def make(optimizer="adam", schedule="constant", rng=0, **options):
    network = Network((2, 9, 3), "tanh", dropout=0.2, l2=0.01, rng=1, dtype=options.pop("dtype", np.float64))
    settings = {"lr": 0.02, "batch_size": 16, "clip_norm": 5.0, "warmup": 2, "schedule": schedule, "rng": rng}
    return Training(network, optimizer=optimizer, **{**settings, **options})


def same(one, other):
    a, b = one.state(), other.state()
    assert np.array_equal(a.theta, b.theta) and a.history["loss"] == b.history["loss"]
    assert a.clock == b.clock and a.rows == b.rows
    return True


def there_and_back(training, folder):
    path = folder / "training.tasou"
    tasou.save(training, path)
    return tasou.load(path)


@pytest.mark.parametrize("optimizer", optimizers.names())
def test_a_training_saved_in_mid_epoch_goes_on_bit_for_bit(optimizer, tmp_path):
    first = make(optimizer, schedules.get("step", every=2, factor=0.5))
    for step in first.steps(X, Y, epochs=5):
        if step.update == 6:
            break
    again = there_and_back(first, tmp_path)
    for training in (first, again):
        for _ in training.steps(X, Y, epochs=4):
            pass
    assert same(first, again)


@pytest.mark.parametrize(
    "rng",
    [
        3,
        np.random.RandomState(3),
        *map(np.random.Generator, (np.random.MT19937(1), np.random.Philox(1), np.random.SFC64(1))),
    ],
)
def test_every_random_stream_is_kept(rng, tmp_path):
    first = make(rng=rng)
    first.run(X, Y, epochs=2)
    again = there_and_back(first, tmp_path)
    for training in (first, again):
        training.run(X, Y, epochs=2)
    assert same(first, again)


def test_stopping_with_its_best_weights_is_kept(tmp_path):
    rule = Stopping("validation_loss", patience=float("inf"), restore_best=True, tol=1e-3)
    first = make(stopping=rule, validation=KEPT, dtype=np.float32)
    first.run(X, Y, epochs=4)
    again = there_and_back(first, tmp_path)
    assert repr(again.stopping) == repr(rule) and np.array_equal(
        again.network.predict(X), first.network.predict(X)
    )
    with pytest.raises(TasouError, match="no validation data measures it"):
        again.run(X, Y, epochs=1)
    again = there_and_back(first, tmp_path)
    again.validation = KEPT
    for training in (first, again):
        training.run(X, Y, epochs=3)
    assert same(first, again)


def test_l_bfgs_is_kept(tmp_path):
    first = Training(
        Network((2, 6, 3), rng=0), optimizer=LBFGS.with_parameters(gtol=1e-9, max_line_search=15)
    )
    first.run(X, Y, epochs=5)
    again = there_and_back(first, tmp_path)
    assert again.optimizer == first.optimizer
    for training in (first, again):
        training.run(X, Y, epochs=5)
    assert same(first, again) and len(again.history) == 10


def test_a_training_that_has_not_begun_and_any_stack_of_layers(tmp_path):
    network = Network(layers=[Dropout(0.1), Dense(9, "relu"), Dense(3, bias=False)], inputs=2, rng=1)
    first = Training(network, optimizer="adam", rng=0)
    again = there_and_back(first, tmp_path)
    assert again.network.cards == network.cards
    for training in (first, again):
        training.run(X, Y, epochs=3)
    assert same(first, again)


def test_equal_trainings_make_equal_files_without_times_or_paths(tmp_path):
    files = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        training = make()
        training.run(X, Y, epochs=3)
        tasou.save(training, tmp_path / folder / "t.tasou")
        files.append((tmp_path / folder / "t.tasou").read_bytes())
    assert files[0] == files[1]
    text = json.dumps(read_model(tmp_path / "a" / "t.tasou").model)
    assert not any(word in text for word in ("seconds", "threads", str(tmp_path)))


def test_other_rows_than_the_files_are_refused(tmp_path):
    first = make()
    first.run(X, Y, epochs=1)
    with pytest.raises(TasouError, match="not the rows of the training that was restored"):
        there_and_back(first, tmp_path).run(X[:-1], Y[:-1], epochs=1)


def test_a_damaged_description_is_refused_in_one_line(tmp_path):
    first = make()
    first.run(X, Y, epochs=1)
    path = tmp_path / "training.tasou"
    tasou.save(first, path)
    contents = read_model(path)
    for break_it in (
        lambda model: model["state"].pop("clock"),
        lambda model: model["state"].update(clock=3),
        lambda model: model["recipe"].update(lr=-1),
        lambda model: model["recipe"].update(nonsense=1),
        lambda model: model["state"].update(rng={"type": "dict", "items": [["kind", "os"]]}),
        lambda model: model.update(stopping={"monitor": "weather"}),
    ):
        model = json.loads(json.dumps(contents.model))
        break_it(model)
        write_model(path, "training", model, contents.tensors)
        with pytest.raises(ModelFileError) as error:
            tasou.load(path)
        assert "\n" not in str(error.value) and str(path) in str(error.value)


def test_formulas_of_ones_own_are_refused_by_name(tmp_path):
    own = schedules.Schedule("halved", rate=lambda lr, clock: lr * 0.5**clock.epochs)
    with pytest.raises(ModelFileError, match="'halved' is code of your own"):
        tasou.save(make(schedule=own), tmp_path / "t.tasou")
    assert not (tmp_path / "t.tasou").exists()


def test_a_network_of_any_layers_is_saved_by_the_names_of_its_layers(tmp_path):
    cards = [Dropout(0.1), Dense(9, activations.get("leaky_relu", alpha=0.2)), Dense(3, bias=False)]
    network = Network(layers=cards, inputs=2, l2=0.5, rng=1)
    tasou.save(network, tmp_path / "stack.tasou")
    again = tasou.load(tmp_path / "stack.tasou")
    assert again.cards == network.cards and again.l2 == 0.5 and np.array_equal(again.theta, network.theta)
    assert (
        read_model(tmp_path / "stack.tasou").kind == "stack"
    )  # versions before say that it is too new for them


def test_a_layer_of_ones_own_is_refused_by_its_place(tmp_path):
    class Mine(Dense):
        pass

    with pytest.raises(ModelFileError, match="layer 2, Mine, is code of your own"):
        tasou.save(Network(layers=[Dense(3), Mine(2)], inputs=2), tmp_path / "mine.tasou")
