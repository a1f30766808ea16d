"""Training steps, with the state that they change."""

import torch
import torch.nn.functional as F

from deterministic import checksums

from .arrays import arrays, tensors
from .losses import LOSSES, bce, linear, perceptron

CHECKED_STEPS = 4


class Training:
    """A model trained on one loss, or where `phases` is overridden on several. A model is a
    function of its parameters, `p`: a dictionary."""

    def __init__(self, name, workload, compile, loss=None):
        self.workload = workload
        self.batch = tensors(workload.arrays())
        self.initial = tensors({key: value for key, (value, _) in workload.start().items()})
        self.loss = compile(loss or LOSSES.get(name))
        self.setup(compile)
        self.reset()

    def setup(self, compile):
        pass

    def reset(self):
        self.p = {key: value.clone().requires_grad_() for key, value in self.initial.items()}
        self.optimizers = self.make_optimizers()

    def make_optimizers(self):
        return [self.adam()]

    def part(self, *beginnings):
        return [value for key, value in self.p.items() if key.startswith(beginnings)]

    def adam(self, *beginnings):
        betas = (self.workload.decay, 0.999)
        parameters = self.part(*(beginnings or ("",)))
        return torch.optim.Adam(parameters, lr=self.workload.rate, betas=betas, fused=True)

    def phases(self, noise):
        """One step; its losses."""
        [optimizer] = self.optimizers
        optimizer.zero_grad(set_to_none=True)
        loss = self.loss(self.p, self.batch, noise)
        loss.backward()
        optimizer.step()
        return [loss]

    def step(self):
        draw = {"normal": torch.randn, "uniform": torch.rand}
        noise = self.workload.noise.items()
        return self.phases({name: draw[kind](shape) for name, (kind, shape) in noise})

    prepare = step

    def check(self):
        self.reset()
        results = []
        for step in range(CHECKED_STEPS):
            losses = self.phases(tensors(self.workload.numbered_noise(step)))
            results += [float(loss.detach()) for loss in losses]
            gradients = [value.grad for value in self.p.values()]
            if step == 0 and len(losses) == 1 and is_dense(gradients):
                results.append(norm(gradients))
        return results + self.final_results()

    def final_results(self):
        return []


def is_dense(gradients):
    return all(g is not None and not g.is_sparse for g in gradients)


def norm(gradients):
    return float(torch.sqrt(sum((g.double() ** 2).sum() for g in gradients)))


class LazyAdam(Training):
    def make_optimizers(self):
        return [torch.optim.SparseAdam(self.part(""), lr=self.workload.rate)]


class SparseDescent(Training):
    def make_optimizers(self):
        return [torch.optim.SGD(self.part(""), lr=self.workload.rate)]


class Adversarial(Training):
    """What is shared by models whose parts are trained against each other."""

    def descend(self, loss, optimizer, frozen=()):
        optimizer.zero_grad(set_to_none=True)
        for value in frozen:
            value.requires_grad_(False)
        value = loss()
        value.backward()
        optimizer.step()
        for parameter in frozen:
            parameter.requires_grad_(True)
        return value


class AdversarialAutoencoder(Adversarial):
    def setup(self, compile):
        yes, no = torch.ones(128, 1), torch.zeros(128, 1)
        encode = lambda p, x: perceptron(p, ("enc1", "enc2"), x, F.relu)
        decode = lambda p, z: perceptron(p, ("dec1", "dec2"), z, F.relu)
        judge = lambda p, z: perceptron(p, ("disc1", "disc2"), z, F.relu)
        self.encode = compile(encode)
        self.reconstruction = compile(lambda p, x: bce(decode(p, encode(p, x)), x))
        self.discrimination = compile(lambda p, z, f: bce(judge(p, z), yes) + bce(judge(p, f), no))
        self.deception = compile(lambda p, x: bce(judge(p, encode(p, x)), yes))

    def make_optimizers(self):
        return [self.adam("enc", "dec"), self.adam("disc"), self.adam("enc")]

    def phases(self, noise):
        p, x = self.p, self.batch["x"]
        whole, judge, encoder = self.optimizers
        first = self.descend(lambda: self.reconstruction(p, x), whole)
        with torch.no_grad():
            codes = self.encode(p, x)
        second = self.descend(lambda: self.discrimination(p, noise["zr"], codes), judge)
        third = self.descend(lambda: self.deception(p, x), encoder, frozen=self.part("disc"))
        return [first, second, third]


class AdversarialNetworks(Adversarial):
    def setup(self, compile):
        yes, no = torch.ones(128, 1), torch.zeros(128, 1)
        leaky = lambda x: F.leaky_relu(x, 0.2)
        judge = lambda p, x: perceptron(p, ("d1", "d2", "d3"), x, leaky)
        self.draw = compile(lambda p, z: perceptron(p, ("g1", "g2", "g3"), z, leaky, torch.tanh))
        self.discrimination = compile(lambda p, x, f: bce(judge(p, x), yes) + bce(judge(p, f), no))
        self.deception = compile(lambda p, f: bce(judge(p, f), yes))

    def make_optimizers(self):
        return [self.adam("d"), self.adam("g")]

    def phases(self, noise):
        p, judge_part = self.p, self.part("d")
        judge, generator = self.optimizers
        made = self.draw(p, noise["z"])
        real, fixed = self.batch["x"], made.detach()
        first = self.descend(lambda: self.discrimination(p, real, fixed), judge)
        second = self.descend(lambda: self.deception(p, made), generator, frozen=judge_part)
        return [first, second]


class BoltzmannMachine(Training):
    def setup(self, compile):
        rate, batch = self.workload.rate, 128

        def step(w, b, c, v0, hidden_noise, visible_noise):
            ph0 = torch.sigmoid(torch.addmm(c, v0, w))
            h0 = (hidden_noise < ph0).float()
            pv1 = torch.sigmoid(torch.addmm(b, h0, w.t()))
            v1 = (visible_noise < pv1).float()
            ph1 = torch.sigmoid(torch.addmm(c, v1, w))
            w.addmm_(v0.t(), ph0, alpha=rate / batch)
            w.addmm_(v1.t(), ph1, alpha=-rate / batch)
            b.add_((v0 - v1).mean(0), alpha=rate)
            c.add_((ph0 - ph1).mean(0), alpha=rate)
            return ((v0 - pv1) ** 2).mean()

        self.contrast = compile(step)

    def make_optimizers(self):
        return []

    def phases(self, noise):
        with torch.no_grad():
            arguments = (*self.p.values(), self.batch["v0"], noise["uh"], noise["uv"])
            return [self.contrast(*arguments)]

    def final_results(self):
        return checksums(arrays(self.p.values()))


class TinyNetwork(Training):
    """Loss and gradients, without an update."""

    def setup(self, compile):
        def loss(p, x):
            for layer in range(100):
                x = torch.tanh(linear(p, f"l{layer}", x))
            return (x * x).sum()

        self.loss = compile(loss)

    def make_optimizers(self):
        return []

    def phases(self, noise):
        for value in self.p.values():
            value.grad = None
        loss = self.loss(self.p, self.batch["x"])
        loss.backward()
        return [loss]

    def check(self):
        [loss] = self.phases({})
        gradients = {name: value.grad for name, value in self.p.items()}
        ends = [gradients["l0.weight"], gradients["l99.weight"]]
        return [float(loss.detach()), norm(gradients.values())] + checksums(arrays(ends))


class Epoch(Training):
    is_long = True

    def step(self):
        samples = self.batch["x"]
        order = torch.randperm(len(samples))
        for rows in order[: len(order) // 128 * 128].view(-1, 128):
            self.batch = {"x": samples[rows]}
            losses = super().step()
        self.batch = {"x": samples}
        return losses

    def prepare(self):
        pass

    def check(self):
        return None


MODELS = {
    **{name: Training for name in LOSSES},
    "mnist_epoch": Epoch,
    "aae": AdversarialAutoencoder,
    "gan_mlp": AdversarialNetworks,
    "rbm_cd1": BoltzmannMachine,
    "tiny_mlp_100": TinyNetwork,
    "word2vec_sgns_sparseadam": LazyAdam,
    "word2vec_sgns_sgd": SparseDescent,
}
