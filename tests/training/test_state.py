"""What is put back goes on as it would have: in pieces, in the middle of an epoch, on every backend, bit for bit."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from tasou import Network, Training, backends, datasets
from tasou.errors import ShapeError, TasouError
from tasou.formulas import optimizers, schedules
from tasou.layers import Dense, Dropout
from tasou.training import Stopping, Validation

X, Y = datasets.make("spiral", n=60)
KEPT = datasets.make("spiral", n=30, rng=1)


@pytest.fixture(params=["numpy", "native"])
def backend(request):
    try:
        found = backends.make(request.param)
    except TasouError as reason:
        pytest.skip(str(reason))
    with backends.use(found):
        yield request.param


def make(optimizer="adam", schedule="constant", rng=0, **options):
    """A training of the spiral by mini-batches, with dropout, penalty, shuffles."""
    settings = {"batch_size": 16, "clip_norm": 5.0, "weight_decay": 0.01, "warmup": 3, **options}
    if schedules.get(schedule).answers_plateaus:
        settings.setdefault("stopping", Stopping(tol=0.5, patience=1))
    network = Network((2, 9, 8, 3), "tanh", dropout=[0.2, 0.0], l2=0.01, rng=1)
    return Training(network, optimizer=optimizer, lr=0.02, schedule=schedule, rng=rng, **settings)


def same(one, other):
    """Whether two trainings stand at the same place: parameters, memory, clock, numbers of the history."""
    a, b = one.state(), other.state()
    assert np.array_equal(a.theta, b.theta)
    assert all(np.array_equal(a.memory[name], b.memory[name]) for name in a.memory)
    assert a.clock[:3] == b.clock[:3] and a.clock.plateaus == b.clock.plateaus  # the plans may differ
    assert a.finished == b.finished and np.array_equal(a.order, b.order)
    for name in ("loss", "lr", "gradient_norm", "validation_loss"):
        assert a.history.get(name) == b.history.get(name), name
    return True


@pytest.mark.parametrize("watched", [False, True])
@pytest.mark.parametrize("optimizer", optimizers.names())
def test_ten_epochs_are_five_and_five(optimizer, watched, backend):
    callbacks = [lambda training: None] if watched else []
    whole, pieces = (make(optimizer, callbacks=callbacks) for _ in range(2))
    whole.run(X, Y, epochs=10)
    for _ in range(2):
        pieces.run(X, Y, epochs=5)
    assert same(whole, pieces)


@pytest.mark.parametrize("schedule", schedules.names())
def test_ten_epochs_of_a_schedule_are_five_and_five_where_the_plan_is_known(schedule, backend):
    whole, pieces = make(schedule=schedule), make(schedule=schedule)
    whole.run(X, Y, epochs=10)
    for _ in range(2):
        pieces.run(X, Y, epochs=5, planned=10)
    assert whole.clock.plateaus == pieces.clock.plateaus
    assert same(whole, pieces)


def test_single_steps_in_pieces_are_the_run(backend):
    whole, pieces = make(), make()
    whole_steps = [step.loss for step in whole.steps(X, Y, epochs=4)]
    found = [step.loss for _ in range(2) for step in pieces.steps(X, Y, epochs=2)]
    assert found == whole_steps and np.array_equal(whole.network.theta, pieces.network.theta)


PLACES = [1, 2, 4, 7]
"""four updates make an epoch: the first, its middle, its last one"""
EVERYWHERE = [
    *((optimizer, schedule, 7) for optimizer in optimizers.names() for schedule in schedules.names()),
    *((optimizer, "adaptive", update) for optimizer in optimizers.names() for update in PLACES[:-1]),
    *(("adam", schedule, update) for schedule in schedules.names() for update in PLACES[:-1]),
]


@pytest.mark.parametrize("optimizer, schedule, update", dict.fromkeys(EVERYWHERE))
def test_a_training_restored_in_the_middle_of_an_epoch_goes_on_bit_for_bit(
    optimizer, schedule, update, backend
):
    first = make(optimizer, schedule)
    state = None
    for step in first.steps(X, Y, epochs=5):
        if step.update == update:
            state = first.state()
    assert (
        state is not None
        and state.begun is not None
        and 0 < state.begun.row == min(60, 16 * (update % 4 or 4))
    )
    again = make(optimizer, schedule, rng=99)
    again.restore(copy.deepcopy(state))
    left = 5 - state.clock.epochs
    for _ in again.steps(X, Y, epochs=left):
        pass
    assert same(first, again)


@pytest.mark.parametrize("optimizer", optimizers.names())
def test_whole_epochs_go_on_from_the_middle_of_one(optimizer, backend):
    first, again = make(optimizer), make(optimizer, rng=5)
    for step in first.steps(X, Y, epochs=5):
        if step.update == 6:
            break
    again.restore(first.state())
    first.run(X, Y, epochs=4)
    again.run(X, Y, epochs=4)
    assert same(first, again) and len(first.history) == 5


@pytest.mark.parametrize("rng", [0, np.random.RandomState(4), np.random.Generator(np.random.Philox(2))])
def test_every_kind_of_random_stream_is_put_back(rng, backend):
    first = make(rng=rng)
    first.run(X, Y, epochs=2)
    again = make(rng=7)
    again.restore(copy.deepcopy(first.state()))
    for training in (first, again):
        training.run(X, Y, epochs=3)
    assert same(first, again)


def test_the_best_weights_are_put_back_and_the_training_goes_on_from_where_it_stood(backend):
    def patient():
        stopping = Stopping("validation_loss", patience=50, restore_best=True)
        return make(stopping=stopping, validation=Validation(*KEPT), schedule="constant")

    whole, pieces, restored = patient(), patient(), patient()
    whole.run(X, Y, epochs=8)
    pieces.run(X, Y, epochs=5)
    restored.restore(pieces.state())
    for training in (pieces, restored):
        training.run(X, Y, epochs=3)
        assert same(whole, training)
    assert whole.stopping.seen()[:4] == restored.stopping.seen()[:4]


def test_a_state_is_the_callers_own(backend):
    training = make()
    training.run(X, Y, epochs=1)
    state = training.state()
    before = copy.deepcopy(state)
    training.run(X, Y, epochs=1)
    assert np.array_equal(state.theta, before.theta) and state.history == before.history
    assert np.array_equal(state.order, before.order)
    training.restore(state)
    training.run(X, Y, epochs=1)
    assert np.array_equal(state.theta, before.theta) and np.array_equal(state.memory["m"], before.memory["m"])


def test_other_rows_than_those_of_the_state_are_refused_in_words():
    training, again = make(), make()
    training.run(X, Y, epochs=1)
    again.restore(training.state())
    with pytest.raises(TasouError, match="not the rows of the training that was restored"):
        again.run(X + 1e-9, Y, epochs=1)
    with pytest.raises(TasouError, match="not the rows"):
        again.run(X, Y, np.ones(len(X)), epochs=1)
    again.run(X, Y, epochs=1)


def test_an_epoch_that_was_left_is_given_up_where_other_rows_come():
    training = make()
    for step in training.steps(X, Y, epochs=2):
        if step.update == 2:
            break
    training.run(X[::-1], Y[::-1], epochs=1)
    assert training.clock.updates == 2 + 4 and len(training.history) == 1


def test_a_state_of_something_else_is_refused_by_name():
    training = make()
    training.run(X, Y, epochs=1)
    state = training.state()
    with pytest.raises(
        ShapeError, match="the state holds 134 parameters, the network of this training has 9"
    ):
        Training(Network((2, 3))).restore(state)
    with pytest.raises(TasouError, match="left by another optimizer than sgd"):
        make("sgd").restore(state)
    with pytest.raises(TasouError, match="another stopping rule"):
        make(stopping=Stopping()).restore(state)
    with pytest.raises(TasouError, match="random stream of kind Generator os"):
        make().restore(state._replace(rng={"kind": "Generator", "bit_generator": "os"}))


def test_a_stack_of_layers_goes_on_as_well(backend):
    def stack(rng):
        network = Network(layers=[Dropout(0.1), Dense(9, "relu"), Dropout(0.3), Dense(3)], inputs=2, rng=1)
        return Training(network, optimizer="adam", batch_size=16, rng=rng)

    whole, pieces, restored = stack(0), stack(0), stack(3)
    whole.run(X, Y, epochs=6)
    pieces.run(X, Y, epochs=2)
    restored.restore(pieces.state())
    restored.run(X, Y, epochs=4)
    assert same(whole, restored)


@pytest.mark.parametrize("name", schedules.names())
def test_a_schedule_declares_every_hand_of_the_clock_it_looks_at(name):
    seen = set()

    class Watched:
        def __getattr__(self, hand):
            seen.add(hand)
            return 2

    schedule = schedules.get(name)
    schedule.rate(0.1, Watched())
    assert seen <= set(schedule.looks_at)
