"""Known answers for gan_minimax_step."""

import torch
from torch.nn.functional import logsigmoid, softplus

from dojo.answers import accepted, rejected


@accepted("one forward pass of G serves both steps: G does not move in D's, so that its graph stays whole")
def train_step(G, D, opt_g, opt_d, real, z):
    fake = G(z)
    opt_d.zero_grad()
    d_loss = discriminator_loss(D(real), D(fake.detach()))
    d_loss.backward()
    opt_d.step()
    opt_g.zero_grad()
    g_loss = generator_loss(D(fake))
    g_loss.backward()
    opt_g.step()
    return float(d_loss), float(g_loss)


@accepted("gradients asked for by name: nothing else gets any, so nothing is to be detached or zeroed")
def train_step(G, D, opt_g, opt_d, real, z):
    def step(loss, net, optimizer):
        params = list(net.parameters())
        for p, grad in zip(params, torch.autograd.grad(loss, params), strict=True):
            p.grad = grad
        optimizer.step()
        return loss.item()

    d_loss = step(discriminator_loss(D(real), D(G(z))), D, opt_d)
    return d_loss, step(generator_loss(D(G(z))), G, opt_g)


@accepted("D is frozen in G's step, the fakes are made without a graph, and gradients are cleared when used")
def train_step(G, D, opt_g, opt_d, real, z):
    with torch.no_grad():
        fake = G(z)
    # two backward passes add their gradients up, as sums do
    real_loss = softplus(-D(real)).mean()
    real_loss.backward()
    fake_loss = softplus(D(fake)).mean()
    fake_loss.backward()
    opt_d.step()
    opt_d.zero_grad(set_to_none=False)
    D.requires_grad_(False)
    g_loss = generator_loss(D(G(z)))
    g_loss.backward()
    opt_g.step()
    opt_g.zero_grad(set_to_none=False)
    D.requires_grad_(True)
    return (real_loss + fake_loss).item(), g_loss.item()


@accepted("the optimizers ask for the loss themselves, by a closure")
def train_step(G, D, opt_g, opt_d, real, z):
    def closure_of_d():
        opt_d.zero_grad()
        loss = discriminator_loss(D(real), D(G(z).detach()))
        loss.backward()
        return loss

    def closure_of_g():
        opt_g.zero_grad()
        loss = generator_loss(D(G(z)))
        loss.backward()
        return loss

    return opt_d.step(closure_of_d).item(), opt_g.step(closure_of_g).item()


@accepted("the losses by logaddexp, and the value as a sum of two divergences from the middle")
class other_forms:
    def discriminator_loss(real_logits, fake_logits):
        zero = torch.zeros_like(real_logits)
        return torch.logaddexp(zero, -real_logits).mean() + torch.logaddexp(zero, fake_logits).mean()

    def generator_loss(fake_logits, saturating=False):
        return logsigmoid(-fake_logits).mean() if saturating else -logsigmoid(fake_logits).mean()

    def optimal_value(p, q):
        middle = (p + q) / 2
        seen = middle > 0
        divergence = sum(torch.special.xlogy(a[seen], a[seen] / middle[seen]).sum() for a in (p, q))
        return divergence - 2 * torch.log(torch.tensor(2.0, dtype=p.dtype, device=p.device))


@accepted("softplus by hand: max(l, 0) + log(1 + e^-|l|)")
class softplus_by_hand:
    def discriminator_loss(real_logits, fake_logits):
        return _softplus(-real_logits).mean() + _softplus(fake_logits).mean()

    def generator_loss(fake_logits, saturating=False):
        return -_softplus(fake_logits).mean() if saturating else _softplus(-fake_logits).mean()

    def _softplus(l):
        return torch.clamp(l, min=0) + torch.log1p(torch.exp(-torch.abs(l)))


# --- the step ---


@rejected("the fakes are not detached: the loss of D goes back into G and leaves its gradients there")
def train_step(G, D, opt_g, opt_d, real, z):
    opt_d.zero_grad()
    d_loss = discriminator_loss(D(real), D(G(z)))
    d_loss.backward()
    opt_d.step()
    opt_g.zero_grad()
    g_loss = generator_loss(D(G(z)))
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()


@rejected("the fakes are not detached, and opt_g steps with D's gradient added to its own: it pulls backwards")
def train_step(G, D, opt_g, opt_d, real, z):
    opt_d.zero_grad()
    opt_g.zero_grad()
    d_loss = discriminator_loss(D(real), D(G(z)))
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(D(G(z)))
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()


@rejected("opt_d.zero_grad() is missing: what G's step left in D is added to the next gradient of D")
def train_step(G, D, opt_g, opt_d, real, z):
    d_loss = discriminator_loss(D(real), D(G(z).detach()))
    d_loss.backward()
    opt_d.step()
    opt_g.zero_grad()
    g_loss = generator_loss(D(G(z)))
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()


@rejected("opt_g.zero_grad() is missing: the gradients of G add up from call to call")
def train_step(G, D, opt_g, opt_d, real, z):
    opt_d.zero_grad()
    d_loss = discriminator_loss(D(real), D(G(z).detach()))
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(D(G(z)))
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()


@rejected("opt_d is cleared after D's step, but G's step then fills D's gradients again: they enter the next call")
def train_step(G, D, opt_g, opt_d, real, z):
    d_loss = discriminator_loss(D(real), D(G(z).detach()))
    d_loss.backward()
    opt_d.step()
    opt_d.zero_grad()
    g_loss = generator_loss(D(G(z)))
    g_loss.backward()
    opt_g.step()
    opt_g.zero_grad()
    return d_loss.item(), g_loss.item()


@rejected("gradients are zeroed between backward and step: nothing is left to step with")
def train_step(G, D, opt_g, opt_d, real, z):
    d_loss = discriminator_loss(D(real), D(G(z).detach()))
    d_loss.backward()
    opt_d.zero_grad()
    opt_d.step()
    g_loss = generator_loss(D(G(z)))
    g_loss.backward()
    opt_g.zero_grad()
    opt_g.step()
    return d_loss.item(), g_loss.item()


@rejected("the labels are swapped: D learns to call the fakes real, and G to be caught")
def train_step(G, D, opt_g, opt_d, real, z):
    opt_d.zero_grad()
    d_loss = discriminator_loss(D(G(z).detach()), D(real))
    d_loss.backward()
    opt_d.step()
    opt_g.zero_grad()
    g_loss = generator_loss(-D(G(z)))
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()


@rejected("G steps on the logits of the old D: score the fakes again after opt_d.step()")
def train_step(G, D, opt_g, opt_d, real, z):
    fake = G(z)
    d_loss = discriminator_loss(D(real), D(fake.detach()))
    g_loss = generator_loss(D(fake))
    opt_g.zero_grad()
    g_loss.backward()
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    opt_g.step()
    return d_loss.item(), g_loss.item()


@rejected("a stale graph: the fake logits were made by the weights before opt_d.step() changed them in place")
def train_step(G, D, opt_g, opt_d, real, z):
    fake = D(G(z))
    opt_d.zero_grad()
    d_loss = discriminator_loss(D(real), fake.detach()) + discriminator_loss(D(real), fake) * 0
    d_loss.backward(retain_graph=True)
    opt_d.step()
    opt_g.zero_grad()
    g_loss = generator_loss(fake)
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()


@rejected("the logits are detached, and not the samples: D's loss on the fakes reaches D no more")
def train_step(G, D, opt_g, opt_d, real, z):
    opt_d.zero_grad()
    d_loss = discriminator_loss(D(real), D(G(z)).detach())
    d_loss.backward()
    opt_d.step()
    opt_g.zero_grad()
    g_loss = generator_loss(D(G(z)))
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()


@rejected("D is switched to eval mode for G's step and left there: its BatchNorm never learns again")
def train_step(G, D, opt_g, opt_d, real, z):
    opt_d.zero_grad()
    d_loss = discriminator_loss(D(real), D(G(z).detach()))
    d_loss.backward()
    opt_d.step()
    D.eval()
    opt_g.zero_grad()
    g_loss = generator_loss(D(G(z)))
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()


@rejected("D scores in eval mode in G's step: BatchNorm uses running statistics, D is another function")
def train_step(G, D, opt_g, opt_d, real, z):
    opt_d.zero_grad()
    d_loss = discriminator_loss(D(real), D(G(z).detach()))
    d_loss.backward()
    opt_d.step()
    D.eval()
    opt_g.zero_grad()
    g_loss = generator_loss(D(G(z)))
    g_loss.backward()
    opt_g.step()
    D.train()
    return d_loss.item(), g_loss.item()


@rejected("D is frozen for G's step and never thawed: from the next call on it cannot learn")
def train_step(G, D, opt_g, opt_d, real, z):
    opt_d.zero_grad()
    d_loss = discriminator_loss(D(real), D(G(z).detach()))
    d_loss.backward()
    opt_d.step()
    D.requires_grad_(False)
    opt_g.zero_grad()
    g_loss = generator_loss(D(G(z)))
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()


@rejected("real and fake go through D as one batch: BatchNorm mixes their statistics")
def train_step(G, D, opt_g, opt_d, real, z):
    opt_d.zero_grad()
    logits = D(torch.cat([real, G(z).detach()]))
    d_loss = discriminator_loss(logits[: len(real)], logits[len(real) :])
    d_loss.backward()
    opt_d.step()
    opt_g.zero_grad()
    g_loss = generator_loss(D(G(z)))
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()


@rejected("D gives logits already: a sigmoid on top of it squeezes them into (0, 1)")
def train_step(G, D, opt_g, opt_d, real, z):
    opt_d.zero_grad()
    d_loss = discriminator_loss(torch.sigmoid(D(real)), torch.sigmoid(D(G(z).detach())))
    d_loss.backward()
    opt_d.step()
    opt_g.zero_grad()
    g_loss = generator_loss(torch.sigmoid(D(G(z))))
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()


@rejected("tensors are returned: each holds its graph, and a list of losses fills the memory; use .item()")
def train_step(G, D, opt_g, opt_d, real, z):
    opt_d.zero_grad()
    d_loss = discriminator_loss(D(real), D(G(z).detach()))
    d_loss.backward()
    opt_d.step()
    opt_g.zero_grad()
    g_loss = generator_loss(D(G(z)))
    g_loss.backward()
    opt_g.step()
    return d_loss, g_loss


@rejected("G steps before D")
def train_step(G, D, opt_g, opt_d, real, z):
    opt_g.zero_grad()
    g_loss = generator_loss(D(G(z)))
    g_loss.backward()
    opt_g.step()
    opt_d.zero_grad()
    d_loss = discriminator_loss(D(real), D(G(z).detach()))
    d_loss.backward()
    opt_d.step()
    return d_loss.item(), g_loss.item()


@rejected("G descends the saturating loss: where D is sure, it has no slope")
def train_step(G, D, opt_g, opt_d, real, z):
    opt_d.zero_grad()
    d_loss = discriminator_loss(D(real), D(G(z).detach()))
    d_loss.backward()
    opt_d.step()
    opt_g.zero_grad()
    g_loss = generator_loss(D(G(z)), saturating=True)
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()


@rejected("G steps on D's whole loss with its sign turned, which holds the saturating loss: descend generator_loss")
def train_step(G, D, opt_g, opt_d, real, z):
    opt_d.zero_grad()
    d_loss = discriminator_loss(D(real), D(G(z).detach()))
    d_loss.backward()
    opt_d.step()
    opt_g.zero_grad()
    g_loss = -discriminator_loss(D(real), D(G(z)))
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()


@rejected("the losses are those after both steps: return the ones whose gradients were stepped")
def train_step(G, D, opt_g, opt_d, real, z):
    opt_d.zero_grad()
    discriminator_loss(D(real), D(G(z).detach())).backward()
    opt_d.step()
    opt_g.zero_grad()
    generator_loss(D(G(z))).backward()
    opt_g.step()
    with torch.no_grad():
        return discriminator_loss(D(real), D(G(z))).item(), generator_loss(D(G(z))).item()


@rejected("D takes one step for the real batch and one for the fakes: it is one loss and one step")
def train_step(G, D, opt_g, opt_d, real, z):
    opt_d.zero_grad()
    real_loss = softplus(-D(real)).mean()
    real_loss.backward()
    opt_d.step()
    opt_d.zero_grad()
    fake_loss = softplus(D(G(z).detach())).mean()
    fake_loss.backward()
    opt_d.step()
    opt_g.zero_grad()
    g_loss = generator_loss(D(G(z)))
    g_loss.backward()
    opt_g.step()
    return (real_loss + fake_loss).item(), g_loss.item()


@rejected("opt_d steps in G's turn as well, and D helps G to fool it")
def train_step(G, D, opt_g, opt_d, real, z):
    opt_d.zero_grad()
    d_loss = discriminator_loss(D(real), D(G(z).detach()))
    d_loss.backward()
    opt_d.step()
    opt_d.zero_grad()
    opt_g.zero_grad()
    g_loss = generator_loss(D(G(z)))
    g_loss.backward()
    opt_g.step()
    opt_d.step()
    return d_loss.item(), g_loss.item()


@rejected("the fakes are made without a graph in G's step too: no gradient finds its way back to G")
def train_step(G, D, opt_g, opt_d, real, z):
    with torch.no_grad():
        fake = G(z)
    opt_d.zero_grad()
    d_loss = discriminator_loss(D(real), D(fake))
    d_loss.backward()
    opt_d.step()
    opt_g.zero_grad()
    g_loss = generator_loss(D(fake))
    g_loss.backward()
    opt_g.step()
    return d_loss.item(), g_loss.item()


# --- the losses ---


@rejected("log(sigmoid(l)) where sigmoid rounds to 0 or 1: -inf as soon as D is sure")
class probabilities:
    def discriminator_loss(real_logits, fake_logits):
        return -torch.log(torch.sigmoid(real_logits)).mean() - torch.log(1 - torch.sigmoid(fake_logits)).mean()

    def generator_loss(fake_logits, saturating=False):
        p = torch.sigmoid(fake_logits)
        return torch.log(1 - p).mean() if saturating else -torch.log(p).mean()


@rejected("log(p + 1e-8) hides the infinity, and with it the slope: where D is sure, G gets none")
class an_epsilon:
    def discriminator_loss(real_logits, fake_logits):
        p, q = torch.sigmoid(real_logits), torch.sigmoid(fake_logits)
        return -torch.log(p + 1e-8).mean() - torch.log(1 - q + 1e-8).mean()

    def generator_loss(fake_logits, saturating=False):
        p = torch.sigmoid(fake_logits)
        return torch.log(1 - p + 1e-8).mean() if saturating else -torch.log(p + 1e-8).mean()


@rejected("log(1 + exp(l)) overflows: softplus(1000) is 1000")
def generator_loss(fake_logits, saturating=False):
    sign = 1 if saturating else -1
    return -sign * torch.log1p(torch.exp(sign * fake_logits)).mean()


@rejected("real and fake are swapped: D would call the fakes real")
def discriminator_loss(real_logits, fake_logits):
    return softplus(real_logits).mean() + softplus(-fake_logits).mean()


@rejected("half of the loss: D descends the sum of the two means")
def discriminator_loss(real_logits, fake_logits):
    return (softplus(-real_logits).mean() + softplus(fake_logits).mean()) / 2


@rejected("summed over the batch: losses are means")
def discriminator_loss(real_logits, fake_logits):
    return (softplus(-real_logits) + softplus(fake_logits)).sum()


@rejected("V itself, which D ascends: an optimizer descends, so the loss is -V")
def discriminator_loss(real_logits, fake_logits):
    return logsigmoid(real_logits).mean() + logsigmoid(-fake_logits).mean()


@rejected("the saturating loss with the wrong sign: G descends log(1 - sigmoid(l)), which is never positive")
def generator_loss(fake_logits, saturating=False):
    return softplus(fake_logits).mean() if saturating else softplus(-fake_logits).mean()


@rejected("the two generator losses are swapped: saturating is the log(1 - sigmoid(l)) of the game itself")
def generator_loss(fake_logits, saturating=False):
    return softplus(-fake_logits).mean() if saturating else -softplus(fake_logits).mean()


@rejected("the logits pass a sigmoid before the softplus, which takes logits")
def generator_loss(fake_logits, saturating=False):
    p = torch.sigmoid(fake_logits)
    return -softplus(p).mean() if saturating else softplus(-p).mean()


# --- the value ---


@rejected("0 log 0 is NaN in floating point: a point that p or q never visits adds 0")
def optimal_value(p, q):
    return (p * torch.log(p / (p + q)) + q * torch.log(q / (p + q))).sum()


@rejected("JSD alone: the value is -log 4 + 2 JSD")
def optimal_value(p, q):
    middle = torch.where(p + q > 0, p + q, 1.0) / 2
    return (torch.xlogy(p, p / middle) + torch.xlogy(q, q / middle)).sum() / 2


@rejected("-log 4 + JSD: the divergence counts twice, once for each player's term")
def optimal_value(p, q):
    middle = torch.where(p + q > 0, p + q, 1.0) / 2
    value = (torch.xlogy(p, p / middle) + torch.xlogy(q, q / middle)).sum() / 2
    return value - 2 * torch.log(torch.tensor(2.0, dtype=p.dtype, device=p.device))


@rejected("an epsilon in the logarithm moves the value")
def optimal_value(p, q):
    d = p / (p + q + 1e-8)
    return (p * torch.log(d + 1e-8) + q * torch.log(1 - d + 1e-8)).sum()


@rejected("log 2 for log 4: the value has two terms, each with its own log 1/2")
def optimal_value(p, q):
    middle = torch.where(p + q > 0, p + q, 1.0) / 2
    divergence = (torch.xlogy(p, p / middle) + torch.xlogy(q, q / middle)).sum()
    return divergence - torch.log(torch.tensor(2.0, dtype=p.dtype, device=p.device))
