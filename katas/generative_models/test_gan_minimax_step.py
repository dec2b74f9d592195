import numpy as np
import pytest
import torch
from torch import nn

from dojo.testing import assert_agrees, assert_close, assert_same, assert_within, draw
from reference.generative_models import gan_minimax_step as reference

LOG2, LOG3 = np.log(2.0), np.log(3.0)
DTYPES = {"float64": torch.float64, "float32": torch.float32}


@pytest.fixture(params=DTYPES)
def dtype(request):
    return DTYPES[request.param]


def on(device, function):
    """The function with its tensors on the device, and its result back from there."""

    def call(*tensors, **kwargs):
        result = function(*(tensor.to(device) for tensor in tensors), **kwargs)
        return result.cpu() if isinstance(result, torch.Tensor) else result

    return call


def gradients(device, loss):
    """d loss / d logits, for each of its tensors."""

    def call(*logits, **kwargs):
        leaves = [each.to(device, copy=True).requires_grad_() for each in logits]
        return tuple(grad.cpu() for grad in torch.autograd.grad(loss(*leaves, **kwargs), leaves))

    return call


def moderate(rng, n):
    """Logits in float64 for which no branch of a softplus cuts a digit off."""
    return torch.from_numpy(rng.uniform(-15, 15, n))


def family(rng, name, n):
    return torch.from_numpy(draw(rng, name, n, dtype=np.float32))


# --- the losses, by hand ---


def test_losses_are_scalars_of_the_kind_of_their_logits(kata, device, dtype):
    logits = torch.ones(3, dtype=dtype, device=device)
    for loss in (kata.discriminator_loss(logits, -logits), kata.generator_loss(logits)):
        assert_same((tuple(loss.shape), str(loss.dtype), loss.device.type), ((), str(dtype), device.type))


def test_discriminator_that_knows_nothing(kata, device):
    """at logit 0 every sample costs D log 2: real and fake together 2 log 2"""
    zeros = torch.zeros(3, dtype=torch.float64)
    want = torch.tensor(2 * LOG2, dtype=torch.float64)
    assert_close(on(device, kata.discriminator_loss)(zeros, zeros), want)


def test_discriminator_loss_by_hand(kata, device):
    """sigmoid(log 3) = 3/4: it costs log 4/3 to see a real sample so, and log 4 to see a fake so"""
    real, fake = torch.tensor([[LOG3, 0.0], [LOG3, LOG3]], dtype=torch.float64)
    want = torch.tensor((np.log(4 / 3) + LOG2) / 2 + np.log(4), dtype=torch.float64)
    assert_close(on(device, kata.discriminator_loss)(real, fake), want)


def test_generator_loss_by_hand(kata, device):
    """a fake seen as real with 3/4: -log 3/4 by default, log 1/4 where the loss saturates"""
    fake = torch.tensor([LOG3], dtype=torch.float64)
    default, saturating = torch.tensor([-np.log(3 / 4), np.log(1 / 4)], dtype=torch.float64)
    assert_close(on(device, kata.generator_loss)(fake), default)
    assert_close(on(device, kata.generator_loss)(fake, saturating=False), default)
    assert_close(on(device, kata.generator_loss)(fake, saturating=True), saturating)


def test_sure_discriminator(kata, device, dtype):
    """softplus(1000) is 1000 and softplus(-1000) is 0: no loss is infinite"""
    logits = torch.tensor([1000.0, -1000.0], dtype=dtype)
    half = torch.tensor(500.0, dtype=dtype)
    assert_close(on(device, kata.discriminator_loss)(logits, logits), 2 * half)
    assert_close(on(device, kata.generator_loss)(logits), half)
    assert_close(on(device, kata.generator_loss)(logits, saturating=True), -half)


def test_gradients_of_a_sure_discriminator(kata, device, dtype):
    """D's slope is 0 where it is right and ±1/B where it is wrong, never NaN"""
    logits = torch.tensor([1000.0, -1000.0], dtype=dtype)
    real, fake = torch.tensor([0.0, -0.5], dtype=dtype), torch.tensor([0.5, 0.0], dtype=dtype)
    assert_close(gradients(device, kata.discriminator_loss)(logits, logits), (real, fake), scale=0.5)


def test_where_the_generator_still_learns(kata, device, dtype):
    """for a fake that D sees through, the non-saturating slope is -1/B and the saturating one is 0"""
    logits = torch.tensor([1000.0, -1000.0], dtype=dtype)
    pull, flat = torch.tensor([0.0, -0.5], dtype=dtype), torch.tensor([-0.5, 0.0], dtype=dtype)
    assert_close(gradients(device, kata.generator_loss)(logits), (pull,), scale=0.5)
    assert_close(gradients(device, kata.generator_loss)(logits, saturating=True), (flat,), scale=0.5)


# --- the losses, against the oracle ---


def test_losses_agree_with_binary_cross_entropy(kata, device, rng):
    """to the last digits of float64"""
    real, fake = moderate(rng, 7), moderate(rng, 7)
    assert_agrees(on(device, kata.discriminator_loss), reference.discriminator_loss, real, fake, floor=1.0)
    assert_agrees(on(device, kata.generator_loss), reference.generator_loss, fake, floor=1.0)
    assert_agrees(on(device, kata.generator_loss), reference.generator_loss, fake, saturating=True, floor=1.0)


def test_gradients_agree_with_the_sigmoid(kata, device, rng):
    """the slope of softplus is the sigmoid"""
    real, fake = moderate(rng, 5), moderate(rng, 5)
    of_d, of_g = gradients(device, kata.discriminator_loss), gradients(device, kata.generator_loss)
    assert_agrees(of_d, reference.discriminator_gradients, real, fake, floor=0.2)
    assert_agrees(of_g, reference.generator_gradients, fake, floor=0.2)
    assert_agrees(of_g, reference.generator_gradients, fake, saturating=True, floor=0.2)


@pytest.mark.parametrize("name", ["normal", "large", "small", "offset", "mixed", "zeros", "ties"])
def test_any_size_of_logit(kata, device, rng, name):
    """in float32, of any magnitude"""
    real, fake = family(rng, name, 6), family(rng, name, 6)
    assert_agrees(on(device, kata.discriminator_loss), reference.discriminator_loss, real, fake, floor=1.0)
    assert_agrees(on(device, kata.generator_loss), reference.generator_loss, fake, floor=1.0)
    assert_agrees(on(device, kata.generator_loss), reference.generator_loss, fake, saturating=True, floor=1.0)


def test_losses_on_fresh_numbers(kata, device, fresh_rng):
    real, fake = moderate(fresh_rng, 4), moderate(fresh_rng, 4)
    assert_agrees(on(device, kata.discriminator_loss), reference.discriminator_loss, real, fake, floor=1.0)
    assert_agrees(on(device, kata.generator_loss), reference.generator_loss, fake, floor=1.0)


# --- the value of the game ---


def test_optimal_value_by_hand(kata, device):
    """p = (1/2, 1/2), q = (1, 0): 1/2 log 1/3 + 1/2 log 1 + log 2/3"""
    p, q = torch.tensor([0.5, 0.5], dtype=torch.float64), torch.tensor([1.0, 0.0], dtype=torch.float64)
    want = torch.tensor(0.5 * np.log(1 / 3) + np.log(2 / 3), dtype=torch.float64)
    assert_close(on(device, kata.optimal_value)(p, q), want)
    assert_close(on(device, kata.optimal_value)(q, p), want)


def test_optimal_value_between_its_bounds(kata, device, dtype):
    """-log 4 where the fakes are perfect, 0 where p and q never meet; a point of neither adds nothing"""
    p = torch.tensor([0.25, 0.75, 0.0, 0.0], dtype=dtype)
    least, zero = torch.tensor(-2 * LOG2, dtype=dtype), torch.zeros((), dtype=dtype)
    assert_close(on(device, kata.optimal_value)(p, p.clone()), least)
    assert_close(on(device, kata.optimal_value)(p, p.flip(0)), zero, scale=2.0)


@pytest.mark.parametrize("absent", [0.0, 0.4])
def test_optimal_value_agrees_with_the_divergence(kata, device, rng, dtype, absent):
    """V(D*) = -log 4 + 2 JSD(p || q), with p or q or both at 0 here and there"""
    p, q = rng.dirichlet(np.ones(9), size=2) * (rng.random((2, 9)) >= absent)
    p, q = (torch.from_numpy(each / each.sum()).to(dtype) for each in (p, q))
    assert_agrees(on(device, kata.optimal_value), reference.optimal_value, p, q, floor=2.0)


def test_best_discriminator_attains_the_optimal_value(kata, device):
    """a batch drawn as p, fakes as q, D* = log p/q: its loss is -V(D*), and any other D has more"""
    real, fake = torch.tensor([0, 1, 1, 1, 1, 2, 2, 2, 2, 2]), torch.tensor([0, 0, 0, 1, 1, 1, 2, 2, 2, 2])
    p, q = (torch.bincount(x).to(torch.float64) / 10 for x in (real, fake))
    best = torch.log(p / q)
    value = on(device, kata.optimal_value)(p, q)
    loss = on(device, kata.discriminator_loss)
    assert_close(loss(best[real], best[fake]), -value)
    for other in (best + 0.1, best - 0.1, 0.9 * best, 1.1 * best, torch.zeros_like(best)):
        gain = -value - loss(other[real], other[fake])
        assert_within(gain.clamp(min=0.0), 0.0, "what D gains by another logit")


# --- one step by hand ---

# G(z) = a z and D(x) = w x with a = -1, w = log 3: D sees the real 1 as real with 3/4, the fake -1 with 1/4.
# Its slope is -1/4 - 1/4 = -1/2, and a rate of 2 log 3 doubles w. Now the fake is seen as real with 1/10
# only, so that G pays log 10; its slope is -9/10 * 2 log 3.


def scalar_game(device):
    """G, D, their optimizers, and the only sample there is."""
    G, D = nn.Linear(1, 1, bias=False), nn.Sequential(nn.Linear(1, 1, bias=False), nn.Flatten(0))
    G, D = G.to(device, torch.float64), D.to(device, torch.float64)
    nn.init.constant_(G.weight, -1.0)
    nn.init.constant_(D[0].weight, LOG3)
    one = torch.ones(1, 1, dtype=torch.float64, device=device)
    opt_g, opt_d = torch.optim.SGD(G.parameters(), lr=1.0), torch.optim.SGD(D.parameters(), lr=2 * LOG3)
    return G, D, opt_g, opt_d, one, one.clone()


def test_step_returns_two_floats(kata, device):
    """numbers, no tensors: a tensor keeps its whole graph alive"""
    losses = kata.train_step(*scalar_game(device))
    assert_same([type(loss).__name__ for loss in losses], ["float", "float"])


def test_discriminator_step_by_hand(kata, device):
    """D pays 2 log 4/3 before it moves, and its step doubles w = log 3"""
    game = scalar_game(device)
    d_loss, _ = kata.train_step(*game)
    assert_close(d_loss, 2 * np.log(4 / 3))
    assert_close(game[1][0].weight.item(), 2 * LOG3)


def test_generator_step_by_hand(kata, device):
    """G pays log 10 to the D that has moved, and goes from -1 to -1 + 9/10 * 2 log 3"""
    game = scalar_game(device)
    _, g_loss = kata.train_step(*game)
    assert_close(g_loss, np.log(10))
    assert_close(game[0].weight.item(), -1 + 1.8 * LOG3)


# --- what the optimizers see ---


def perceptron(params, *last, norm=False):
    """[W1, b1, W2, b2] as a network: one hidden layer of tanh, with or without BatchNorm before it."""
    W1, b1, W2, _ = params
    middle = [nn.BatchNorm1d(len(b1), affine=False)] if norm else []
    net = nn.Sequential(nn.Linear(*W1.T.shape), *middle, nn.Tanh(), nn.Linear(*W2.T.shape), *last).to(W1)
    with torch.no_grad():
        for parameter, value in zip(net.parameters(), params, strict=True):
            parameter.copy_(value)
    return net


def weights(rng, inputs, hidden, outputs):
    shapes = (hidden, inputs), hidden, (outputs, hidden), outputs
    return [torch.from_numpy(rng.standard_normal(shape)) for shape in shapes]


def batches(rng, steps, B=6, n=3, m=2):
    """[(real, z), ...]: B samples of n numbers, made from m."""
    return [tuple(torch.from_numpy(rng.standard_normal((B, k))) for k in (n, m)) for _ in range(steps)]


class WatchedSGD(torch.optim.SGD):
    """SGD that tells what lies before it whenever it is asked to step."""

    def __init__(self, params, look, lr):
        super().__init__(params, lr=lr)
        self.look = look

    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        self.look()
        super().step()
        return loss


def values_of(net):
    return [p.detach().cpu().clone() for p in net.parameters()]


def gradients_of(net):
    return [None if p.grad is None else p.grad.cpu().clone() for p in net.parameters()]


@pytest.fixture
def watched(device, rng):
    """G, D, the step's arguments, and what was seen: (who steps, G, gradients of G, D) at each step."""
    G, D = (w.to(device) for w in weights(rng, 2, 5, 3)), (w.to(device) for w in weights(rng, 3, 4, 1))
    G, D = perceptron(list(G)), perceptron(list(D), nn.Flatten(0))
    seen = []

    def look(who):
        return lambda: seen.append((who, values_of(G), gradients_of(G), values_of(D)))

    opt_g = WatchedSGD(G.parameters(), look("opt_g"), lr=0.2)
    opt_d = WatchedSGD(D.parameters(), look("opt_d"), lr=0.3)
    data = [(real.to(device), z.to(device)) for real, z in batches(rng, 3)]
    return G, D, [(G, D, opt_g, opt_d, real, z) for real, z in data], seen


def test_discriminator_steps_once_then_the_generator(kata, watched):
    _, _, calls, seen = watched
    for call in calls:
        seen.clear()
        kata.train_step(*call)
        assert_same([who for who, *_ in seen], ["opt_d", "opt_g"])


def test_loss_of_the_discriminator_does_not_reach_the_generator(kata, watched):
    """when opt_d steps, each gradient of G is as before the call, or zero, or None"""
    G, _, calls, seen = watched
    for call in calls:
        before = gradients_of(G)
        seen.clear()
        kata.train_step(*call)
        for now, then in zip(seen[0][2], before, strict=True):
            if now is not None and now.any():
                assert_same(now, then)


def test_only_the_discriminator_moves_in_its_step(kata, watched):
    """between the call and opt_g's step G is where it was"""
    G, _, calls, seen = watched
    for call in calls:
        before = values_of(G)
        seen.clear()
        kata.train_step(*call)
        assert_same([values for _, values, *_ in seen], [before, before])


def test_only_the_generator_moves_in_its_step(kata, watched):
    """D is the same when opt_g steps and when the call is over"""
    _, D, calls, seen = watched
    for call in calls:
        seen.clear()
        kata.train_step(*call)
        assert_same(values_of(D), seen[-1][3])


def test_networks_are_left_ready_for_the_next_step(kata, watched):
    """in training mode, every parameter requiring gradients"""
    G, D, calls, _ = watched
    kata.train_step(*calls[0])
    for net in (G, D):
        assert_same([module.training for module in net.modules()], [True for _ in net.modules()])
        assert_same([p.requires_grad for p in net.parameters()], [True for _ in net.parameters()])


# --- several steps, against the oracle ---


def trained(kata, device):
    """`reference.train` with the kata's train_step, torch's modules and torch's SGD."""

    def train(G, D, batches, lr_g, lr_d, momentum=0.0, norm=False):
        G = perceptron([w.to(device) for w in G], norm=norm)
        D = perceptron([w.to(device) for w in D], nn.Flatten(0), norm=norm)
        opt_g = torch.optim.SGD(G.parameters(), lr=lr_g, momentum=momentum)
        opt_d = torch.optim.SGD(D.parameters(), lr=lr_d, momentum=momentum)
        losses = [kata.train_step(G, D, opt_g, opt_d, real.to(device), z.to(device)) for real, z in batches]
        return tuple(losses), tuple(values_of(G)), tuple(values_of(D))

    return train


def test_one_step_agrees_with_the_updates_written_out(kata, device, rng):
    """D - lr_d ∂(d_loss)/∂D, and then, with this D, G - lr_g ∂(g_loss)/∂G"""
    G, D, data = weights(rng, 2, 5, 3), weights(rng, 3, 4, 1), batches(rng, 1)
    assert_agrees(trained(kata, device), reference.train, G, D, data, 0.2, 0.3, floor=1.0)


@pytest.mark.parametrize("steps", [2, 4])
def test_gradients_do_not_add_up(kata, device, rng, steps):
    """a missing zero_grad shows from the second call on: each call steps with its own gradients only"""
    G, D, data = weights(rng, 2, 5, 3), weights(rng, 3, 4, 1), batches(rng, steps)
    assert_agrees(trained(kata, device), reference.train, G, D, data, 0.2, 0.3, floor=1.0)


def test_training_with_momentum(kata, device, rng):
    """the step is the optimizer's: SGD with momentum remembers the steps before"""
    G, D, data = weights(rng, 2, 5, 3), weights(rng, 3, 4, 1), batches(rng, 3)
    assert_agrees(trained(kata, device), reference.train, G, D, data, 0.1, 0.05, momentum=0.9, floor=1.0)


def test_training_with_one_sample(kata, device, rng):
    """B = 1: the mean of one"""
    G, D, data = weights(rng, 2, 5, 3), weights(rng, 3, 4, 1), batches(rng, 2, B=1)
    assert_agrees(trained(kata, device), reference.train, G, D, data, 0.2, 0.3, floor=1.0)


def test_training_with_batch_norm(kata, device, rng):
    """real and fake are normalised apart, by their own statistics, in every pass"""
    G, D, data = weights(rng, 2, 5, 3), weights(rng, 3, 4, 1), batches(rng, 2)
    data = [(4 + 3 * real, z) for real, z in data]  # far from what G makes: mixing them would show
    assert_agrees(trained(kata, device), reference.train, G, D, data, 0.2, 0.3, norm=True, floor=1.0)


def test_training_against_a_sure_discriminator(kata, device, rng):
    """logits in the thousands: G is still pulled, and no loss is NaN"""
    G, D, data = weights(rng, 2, 5, 3), weights(rng, 3, 4, 1), batches(rng, 2)
    D = [*D[:2], 1e3 * D[2], 1e3 * D[3]]
    assert_agrees(trained(kata, device), reference.train, G, D, data, 0.2, 0.3, floor=1e3)


def test_training_on_fresh_numbers(kata, device, fresh_rng):
    G, D, data = weights(fresh_rng, 2, 5, 3), weights(fresh_rng, 3, 4, 1), batches(fresh_rng, 2)
    assert_agrees(trained(kata, device), reference.train, G, D, data, 0.2, 0.3, floor=1.0)


def test_training_in_float32(kata, device, rng):
    G, D, data = weights(rng, 2, 5, 3), weights(rng, 3, 4, 1), batches(rng, 2)
    G, D = [w.float() for w in G], [w.float() for w in D]
    data = [(real.float(), z.float()) for real, z in data]
    assert_agrees(trained(kata, device), reference.train, G, D, data, 0.2, 0.3, floor=1.0)
