"""The workloads in PyTorch, eager or compiled, as one who tunes for a processor writes them:
pictures with their channels last, Adam fused, no gradient where none is needed."""

import numpy as np
import torch
import torch.nn.functional as F

from deterministic import checksums
from table import WORKLOADS

CHECKED_STEPS = 4


def exercise(name, threads, compiled):
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    torch.set_flush_denormal(True)
    compile = (lambda f: torch.compile(f, dynamic=False)) if compiled else (lambda f: f)
    workload = WORKLOADS[name]
    if name in MODELS:
        return MODELS[name](name, workload, compile)
    return Kernel(workload, compile, *KERNELS[name])


def tensors(arrays):
    def tensor(array):
        tensor = torch.from_numpy(np.array(array, copy=True))
        return channels_last(tensor.long() if array.dtype == np.int32 else tensor)

    return {name: tensor(array) for name, array in arrays.items()}


def channels_last(tensor):
    is_picture = tensor.dim() == 4 and tensor.shape[2] == tensor.shape[3]
    return tensor.to(memory_format=torch.channels_last) if is_picture else tensor


def arrays(tensors):
    return [t.detach().contiguous().numpy() for t in tensors]


# ------------------------------------------------------------------------------------------ kernels


class Kernel:
    """A function of fixed inputs; with `wanted`, also the gradients of these inputs along dy."""

    def __init__(self, workload, compile, body, wanted=""):
        inputs = tensors(workload.arrays())
        along = inputs.pop("dy", None)
        function = compile(body(workload))
        arguments = list(inputs.values())
        points = [inputs[name].requires_grad_() for name in wanted.split()]

        def step():
            y = function(*arguments)
            if not points:
                return (y,)
            gradients = torch.autograd.grad(y, points, along)
            return gradients if along is None else (y, *gradients)

        self.step = self.prepare = step

    def reset(self):
        pass

    def check(self):
        return checksums(arrays(self.step()))


def product(workload):
    left, right = workload.transposed
    return lambda a, b: (a.t() if left else a) @ (b.t() if right else b)


def convolution(workload):
    return lambda x, w: F.conv2d(x, w, stride=workload.stride, padding=1)


def transposed_convolution(workload):
    return lambda x, w: F.conv_transpose2d(x, w, stride=workload.stride, padding=1)


def chain(workload):
    def body(x, w, b):
        for _ in range(500):
            x = x * w
            x = x + b
        return x.sum()

    return body


KERNELS = {
    **{name: (product,) for name in WORKLOADS if name.startswith("gemm")},
    **{name: (convolution,) for name in ("conv3x3_f", "conv4x4s2_f")},
    **{name: (convolution, "x w") for name in ("conv3x3_fb", "conv4x4s2_fb")},
    "convT4x4s2_f": (transposed_convolution,),
    "convT4x4s2_fb": (transposed_convolution, "x w"),
    "eltwise_1m": (lambda _: lambda x: torch.sigmoid(x) * torch.tanh(x) + torch.exp(-x * x),),
    "sum_1m": (lambda _: lambda x: x.sum(),),
    "softmax_4096x512": (lambda _: lambda x: torch.softmax(x, -1),),
    "layernorm_fb_4096x512": (lambda _: lambda x, g, b: F.layer_norm(x, (512,), g, b), "x g b"),
    "embedding_fb": (lambda _: lambda table, rows: F.embedding(rows, table), "table"),
    "attention_fb": (lambda _: F.scaled_dot_product_attention, "q k v"),
    "tiny_add_16": (lambda _: lambda a, b: a + b,),
    "tape_1000_scalar": (chain, "x w b"),
    "tape_1000_vec16": (chain, "x w b"),
}

# ------------------------------------------------------------------------------------------- models


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


def linear(p, name, x):
    return F.linear(x, p[f"{name}.weight"], p.get(f"{name}.bias"))


def perceptron(p, names, x, activation, output=None):
    *hidden, last = names
    for name in hidden:
        x = activation(linear(p, name, x))
    x = linear(p, last, x)
    return output(x) if output else x


def conv(p, name, x, stride=1, padding=0):
    return F.conv2d(x, p[f"{name}.weight"], p[f"{name}.bias"], stride=stride, padding=padding)


def deconv(p, name, x):
    return F.conv_transpose2d(x, p[f"{name}.weight"], p[f"{name}.bias"], stride=2, padding=1)


bce = F.binary_cross_entropy_with_logits


def variational(logits, x, mean, log_variance):
    divergence = -0.5 * torch.sum(1 + log_variance - mean * mean - torch.exp(log_variance))
    return (bce(logits, x, reduction="sum") + divergence) / x.shape[0]


def sample(mean, log_variance, noise):
    return mean + torch.exp(0.5 * log_variance) * noise


def plain_autoencoder(p, batch, noise):
    code = perceptron(p, ("enc1", "enc2", "enc3"), batch["x"], F.relu)
    y = perceptron(p, ("dec1", "dec2", "dec3"), code, F.relu, torch.sigmoid)
    return F.mse_loss(y, batch["x"])


def deep_autoencoder(p, batch, noise):
    code = perceptron(p, ("enc1", "enc2", "enc3", "enc4"), batch["x"], torch.sigmoid)
    return bce(perceptron(p, ("dec1", "dec2", "dec3", "dec4"), code, torch.sigmoid), batch["x"])


def dense_variational(p, batch, noise):
    h = F.relu(linear(p, "fc1", batch["x"]))
    mean, log_variance = linear(p, "fc_mu", h), linear(p, "fc_lv", h)
    code = sample(mean, log_variance, noise["eps"])
    logits = perceptron(p, ("fc3", "fc4"), code, F.relu)
    return variational(logits, batch["x"], mean, log_variance)


def contractive(p, batch, noise):
    x = batch["x"]
    encode = lambda x: torch.sigmoid(linear(p, "enc", x))
    y = torch.sigmoid(linear(p, "dec", encode(x)))
    jacobian = torch.func.vmap(torch.func.jacrev(encode))(x)
    return F.mse_loss(y, x) + 0.1 * (jacobian * jacobian).sum() / x.shape[0]


def contractive_closed(p, batch, noise):
    x = batch["x"]
    h = torch.sigmoid(linear(p, "enc", x))
    y = torch.sigmoid(linear(p, "dec", h))
    slopes, rows = h * (1 - h), (p["enc.weight"] * p["enc.weight"]).sum(1)
    return F.mse_loss(y, x) + 0.1 * ((slopes * slopes) @ rows).sum() / x.shape[0]


def convolutional_variational(p, batch, noise):
    h = F.relu(conv(p, "conv2", F.relu(conv(p, "conv1", batch["x"], 2, 1)), 2, 1)).flatten(1)
    mean, log_variance = linear(p, "fc_mu", h), linear(p, "fc_lv", h)
    h = F.relu(linear(p, "fc_dec", sample(mean, log_variance, noise["eps"])))
    logits = deconv(p, "t2", F.relu(deconv(p, "t1", h.view(-1, 64, 7, 7))))
    return variational(logits, batch["x"], mean, log_variance)


def residual(p, name, x):
    return x + conv(p, f"{name}.c1", F.relu(conv(p, f"{name}.c3", F.relu(x), 1, 1)))


def quantizing(p, batch, noise):
    h = F.relu(conv(p, "enc2", F.relu(conv(p, "enc1", batch["x"], 2, 1)), 2, 1))
    h = F.relu(residual(p, "res2", residual(p, "res1", h)))
    z, codes = conv(p, "pre", h).permute(0, 2, 3, 1), p["codebook.weight"]
    with torch.no_grad():
        squares = (codes * codes).sum(1)
        nearest = torch.addmm(squares, z.reshape(-1, 64), codes.t(), alpha=-2).argmin(1)
    q = F.embedding(nearest, codes).view(z.shape)
    commitment = F.mse_loss(q, z.detach()) + 0.25 * F.mse_loss(z, q.detach())
    h = conv(p, "post", (z + (q - z).detach()).permute(0, 3, 1, 2), 1, 1)
    h = F.relu(residual(p, "res4", residual(p, "res3", h)))
    return F.mse_loss(deconv(p, "t2", F.relu(deconv(p, "t1", h))), batch["x"]) + commitment


def visible(kernel, own):
    """The mask of a convolution that sees what lies before a pixel in reading order."""
    mask = torch.arange(kernel * kernel) < kernel * kernel // 2 + own
    return mask.float().view(kernel, kernel)


MASKS = {1: visible(7, False), 7: visible(1, True)}
INNER_MASK = visible(3, True)


def pixel_network(p, batch, noise):
    h = batch["x"]
    for layer in range(1, 8):
        mask = MASKS.get(layer, INNER_MASK)
        weight, bias = p[f"c{layer}.weight"] * mask, p[f"c{layer}.bias"]
        h = F.conv2d(F.relu(h) if layer > 1 else h, weight, bias, padding=mask.shape[0] // 2)
    return bce(h, batch["x"], reduction="sum") / h.shape[0]


@torch.compiler.disable  # the compiler stumbles over it, and leaves layers of it alone itself
def lstm(p, name, x):
    """`[time, batch, inputs]` to the same of outputs."""
    start = torch.zeros(1, x.shape[1], p[f"{name}.weight_hh_l0"].shape[1])
    parameters = [p[f"{name}.{part}_l0"] for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    return torch.lstm(x, (start, start), parameters, True, 1, 0.0, True, False, False)[0]


def recurrent(p, batch, noise):
    x = batch["x"].transpose(0, 1)
    code = linear(p, "lat", lstm(p, "enc", x)[-1])
    return F.mse_loss(linear(p, "out", lstm(p, "dec", code.expand(len(x), -1, -1))), x)


def layer_norm(p, name, x):
    return F.layer_norm(x, x.shape[-1:], p[f"{name}.weight"], p[f"{name}.bias"])


def transformer_layer(p, name, x):
    batch, tokens, size = x.shape
    heads = linear(p, f"{name}.qkv", layer_norm(p, f"{name}.ln1", x)).view(batch, tokens, 3, 4, -1)
    seen = F.scaled_dot_product_attention(*heads.permute(2, 0, 3, 1, 4))
    x = x + linear(p, f"{name}.proj", seen.transpose(1, 2).reshape(batch, tokens, size))
    h = F.gelu(linear(p, f"{name}.fc1", layer_norm(p, f"{name}.ln2", x)), approximate="tanh")
    return x + linear(p, f"{name}.fc2", h)


def attentive(p, batch, noise):
    h = F.embedding(batch["tok"], p["tok.weight"]) + p["pos_enc"]
    h = transformer_layer(p, "e2", transformer_layer(p, "e1", h))
    h = linear(p, "up", linear(p, "lat", h.mean(1)))[:, None, :] + p["pos_dec"]
    h = transformer_layer(p, "d2", transformer_layer(p, "d1", h))
    logits = linear(p, "head", layer_norm(p, "lnf", h))
    return F.cross_entropy(logits.flatten(0, 1), batch["tok"].flatten())


LINE = torch.linspace(-1, 1, 28)
ROWS, COLUMNS = (t.reshape(1, -1) for t in torch.meshgrid(LINE, LINE, indexing="ij"))


def rotating(p, batch, noise):
    h = perceptron(p, ("enc1", "enc2"), batch["x"], torch.tanh, torch.tanh)
    mean, log_variance = linear(p, "mu", h), linear(p, "lv", h)
    s = sample(mean, log_variance, noise["eps"])
    cosine, sine, shift = torch.cos(s[:, :1]), torch.sin(s[:, :1]), 0.1 * s[:, 1:3]
    x = COLUMNS * cosine - ROWS * sine + shift[:, :1]
    y = COLUMNS * sine + ROWS * cosine + shift[:, 1:]
    h = linear(p, "coord", torch.stack((x, y), -1)) + linear(p, "latent", s[:, 3:])[:, None, :]
    logits = perceptron(p, ("fc", "out"), torch.tanh(h), torch.tanh)[..., 0]
    return variational(logits, batch["x"], mean, log_variance)


def negative_sampling(p, batch, sparse):
    words = F.embedding(batch["c"], p["win.weight"], sparse=sparse)
    near = F.embedding(batch["pos"], p["wout.weight"], sparse=sparse)
    far = F.embedding(batch["neg"], p["wout.weight"], sparse=sparse)
    together, apart = (words * near).sum(1), torch.bmm(far, words[:, :, None])
    return -(F.logsigmoid(together).sum() + F.logsigmoid(-apart).sum())


LOSSES = {
    "ae_mlp": plain_autoencoder,
    "deep_ae": deep_autoencoder,
    "contractive_ae": contractive,
    "contractive_closed": contractive_closed,
    "vae_mlp": dense_variational,
    "mnist_epoch": dense_variational,
    "conv_vae": convolutional_variational,
    "vq_vae": quantizing,
    "pixelcnn": pixel_network,
    "lstm_ae": recurrent,
    "transformer_ae": attentive,
    "rvae": rotating,
    "word2vec_sgns": lambda p, batch, noise: negative_sampling(p, batch, False) / 1024,
    "word2vec_sgns_sparseadam": lambda p, batch, noise: negative_sampling(p, batch, True) / 1024,
    "word2vec_sgns_sgd": lambda p, batch, noise: negative_sampling(p, batch, True),
}


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
