"""The workloads in JAX: a whole step is one compiled function whose state is given away; pictures
have their channels last, weights the orientation that XLA likes best, and the gradient of a
transposed convolution is written as the convolutions that it is, which XLA on a processor does
not find by itself."""

import math
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import lax, nn

from deterministic import checksums
from table import WORKLOADS

CHECKED_STEPS = 4


def exercise(name, threads, compiled):
    workload = WORKLOADS[name]
    if name in MODELS:
        return MODELS[name](name, workload)
    return Kernel(workload, *KERNELS[name])


def own(array):
    """A buffer of its own, which can be given away."""
    return jnp.array(array, copy=True)


def is_picture(array):
    return array.ndim == 4 and array.shape[2] == array.shape[3]


def stored(array, kind="plain"):
    """An array of the table as it is laid out here."""
    if kind == "dense":
        return own(array.T)
    if kind == "convolution":  # [outputs, inputs, height, width]
        return own(array.transpose(2, 3, 1, 0))
    if kind == "transposed":  # [inputs, outputs, height, width], which JAX does not turn around
        return own(array.transpose(2, 3, 0, 1)[::-1, ::-1])
    return own(array.transpose(0, 2, 3, 1) if is_picture(array) else array)


def as_in_table(array, kind="plain"):
    array = np.asarray(array)
    if kind == "dense":
        return array.T
    if kind == "convolution":
        return array.transpose(3, 2, 0, 1)
    if kind == "transposed":
        return array[::-1, ::-1].transpose(2, 3, 0, 1)
    return array.transpose(0, 3, 1, 2) if array.ndim == 4 and array.shape[1] == array.shape[2] else array


# ------------------------------------------------------------------------------------------ kernels

LAYOUT = ("NHWC", "HWIO", "NHWC")


def convolve(x, w, stride=1, padding=0):
    sides = ((padding, padding), (padding, padding))
    return lax.conv_general_dilated(x, w, (stride, stride), sides, dimension_numbers=LAYOUT)


@jax.custom_vjp
def spread(x, w):
    """The transposed convolution with kernel 4, stride 2 and padding 1."""
    return lax.conv_transpose(x, w, (2, 2), ((2, 2), (2, 2)), dimension_numbers=LAYOUT)


def spread_backward(saved, cotangent):
    x, w = saved
    turned = w[::-1, ::-1].transpose(0, 1, 3, 2)
    dx, pullback = jax.vjp(lambda w: convolve(cotangent, w, 2, 1), turned)
    return dx, pullback(x)[0].transpose(0, 1, 3, 2)[::-1, ::-1]


spread.defvjp(lambda x, w: (spread(x, w), (x, w)), spread_backward)


class Kernel:
    """A function of fixed inputs; with `wanted`, also the gradients of these inputs along dy."""

    def __init__(self, workload, body, wanted="", kinds={}, jit=True):
        inputs = {k: stored(v, kinds.get(k, "plain")) for k, v in workload.arrays().items()}
        along = inputs.pop("dy", None)
        function = body(workload)

        def with_gradients(along, *arguments):
            chosen = [list(inputs).index(name) for name in wanted.split()]

            def at(*points):
                filled = list(arguments)
                for place, point in zip(chosen, points):
                    filled[place] = point
                return function(*filled)

            y, pullback = jax.vjp(at, *(arguments[place] for place in chosen))
            return pullback(jnp.ones_like(y)) if along is None else (y, *pullback(along))

        whole = partial(with_gradients, along) if along is None else with_gradients
        arguments = list(inputs.values()) if along is None else [along, *inputs.values()]
        compiled = (jax.jit if jit else lambda f: f)(whole if wanted else function)
        self.step = lambda: jax.block_until_ready(compiled(*arguments))
        self.prepare = self.step
        self.result_kinds = ["plain", *(kinds.get(name, "plain") for name in wanted.split())]

    def reset(self):
        pass

    def check(self):
        results = self.step()
        results = results if isinstance(results, (tuple, list)) else [results]
        kinds = self.result_kinds[-len(results):]
        return checksums([as_in_table(result, kind) for result, kind in zip(results, kinds)])


def product(workload):
    left, right = workload.transposed
    return lambda a, b: (a.T if left else a) @ (b.T if right else b)


def convolution(workload):
    return lambda x, w: convolve(x, w, workload.stride, 1)


def chain(workload):
    def body(x, w, b):
        for _ in range(500):
            x = x * w
            x = x + b
        return x.sum()

    return body


def normalized(x, weight, bias):
    deviation = x - x.mean(-1, keepdims=True)
    variance = (deviation * deviation).mean(-1, keepdims=True)
    return deviation * lax.rsqrt(variance + 1e-5) * weight + bias


def attention(q, k, v):
    """`[batch, heads, tokens, size]`; the queries are scaled, which are fewer than the scores."""
    scores = jnp.einsum("bhqd,bhkd->bhqk", q / math.sqrt(q.shape[-1]), k)
    return jnp.einsum("bhqk,bhkd->bhqd", nn.softmax(scores, -1), v)


FILTER, TURNED = {"w": "convolution"}, {"w": "transposed"}
KERNELS = {
    **{name: (product,) for name in WORKLOADS if name.startswith("gemm")},
    **{name: (convolution, "", FILTER) for name in ("conv3x3_f", "conv4x4s2_f")},
    **{name: (convolution, "x w", FILTER) for name in ("conv3x3_fb", "conv4x4s2_fb")},
    "convT4x4s2_f": (lambda _: spread, "", TURNED),
    "convT4x4s2_fb": (lambda _: spread, "x w", TURNED),
    "eltwise_1m": (lambda _: lambda x: nn.sigmoid(x) * jnp.tanh(x) + jnp.exp(-x * x),),
    "sum_1m": (lambda _: lambda x: x.sum(),),
    "softmax_4096x512": (lambda _: lambda x: nn.softmax(x, -1),),
    "layernorm_fb_4096x512": (lambda _: normalized, "x g b"),
    "embedding_fb": (lambda _: lambda table, rows: table[rows], "table"),
    "attention_fb": (lambda _: attention, "q k v"),
    "tiny_add_16": (lambda _: lambda a, b: a + b, "", {}, False),
    "tape_1000_scalar": (chain, "x w b"),
    "tape_1000_vec16": (chain, "x w b"),
}

# ------------------------------------------------------------------------------------------- models


class Training:
    """A model, `p`: a dictionary of parameters. `state` is all that a step changes; where a model
    is not trained by Adam on one loss, `first` and `update` are overridden."""

    def __init__(self, name, workload):
        self.workload, self.loss = workload, LOSSES.get(name)
        self.kinds = {key: kind for key, (_, kind) in workload.start().items()}
        self.batch = {key: stored(value) for key, value in workload.arrays().items()}
        self.adam = optax.adam(workload.rate, b1=workload.decay, b2=0.999, eps=1e-8)
        self.setup()

        def drawn(state, key, batch):
            key, own_key = jax.random.split(key)
            state, losses = self.update(state, batch, self.draw(own_key))
            return state, key, losses

        self.drawn = drawn
        self.compiled = jax.jit(drawn, donate_argnums=(0, 1))
        self.reset()

    def setup(self):
        pass

    def draw(self, key):
        kinds = {"normal": jax.random.normal, "uniform": jax.random.uniform}
        keys = jax.random.split(key, max(1, len(self.workload.noise)))
        noise = zip(keys, self.workload.noise.items())
        return {name: kinds[kind](key, shape) for key, (name, (kind, shape)) in noise}

    def parameters(self):
        return {key: self.stored(key, *value) for key, value in self.workload.start().items()}

    def stored(self, key, value, kind):
        return stored(value, kind)

    def first(self, p):
        return p, self.adam.init(p)

    def update(self, state, batch, noise):
        p, moments = state
        loss, gradients = jax.value_and_grad(self.loss)(p, batch, noise)
        return self.moved(p, moments, gradients), [loss]

    def moved(self, p, moments, gradients):
        updates, moments = self.adam.update(gradients, moments, p)
        return optax.apply_updates(p, updates), moments

    def reset(self):
        self.state = jax.block_until_ready(jax.jit(self.first)(self.parameters()))
        self.key = jax.random.key(0)

    def step(self):
        self.state, self.key, losses = self.compiled(self.state, self.key, self.batch)
        jax.block_until_ready((self.state, losses))

    prepare = step

    def check(self):
        self.reset()
        state, results = self.state, []
        for step in range(CHECKED_STEPS):
            noise = {k: jnp.asarray(v) for k, v in self.workload.numbered_noise(step).items()}
            before = state
            state, losses = jax.jit(self.update)(state, self.batch, noise)
            results += [float(loss) for loss in losses]
            if step == 0 and type(self).update is Training.update:
                results.append(norm(jax.grad(self.loss)(before[0], self.batch, noise)))
        return results + self.final_results(state)

    def final_results(self, state):
        return []


def norm(gradients):
    return float(jnp.sqrt(sum(jnp.sum(g * g) for g in jax.tree.leaves(gradients))))


def linear(p, name, x):
    product = x @ p[f"{name}.weight"]
    return product + p[f"{name}.bias"] if f"{name}.bias" in p else product


def perceptron(p, names, x, activation, output=lambda x: x):
    *hidden, last = names
    for name in hidden:
        x = activation(linear(p, name, x))
    return output(linear(p, last, x))


def conv(p, name, x, stride=1, padding=0):
    return convolve(x, p[f"{name}.weight"], stride, padding) + p[f"{name}.bias"]


def deconv(p, name, x):
    return spread(x, p[f"{name}.weight"]) + p[f"{name}.bias"]


cross_entropies = optax.sigmoid_binary_cross_entropy


def bce(logits, targets):
    return cross_entropies(logits, targets).mean()


def mse(a, b):
    return ((a - b) ** 2).mean()


def variational(logits, x, mean, log_variance):
    divergence = -0.5 * jnp.sum(1 + log_variance - mean * mean - jnp.exp(log_variance))
    return (cross_entropies(logits, x).sum() + divergence) / x.shape[0]


def sample(mean, log_variance, noise):
    return mean + jnp.exp(0.5 * log_variance) * noise


def plain_autoencoder(p, batch, noise):
    code = perceptron(p, ("enc1", "enc2", "enc3"), batch["x"], nn.relu)
    return mse(perceptron(p, ("dec1", "dec2", "dec3"), code, nn.relu, nn.sigmoid), batch["x"])


def deep_autoencoder(p, batch, noise):
    code = perceptron(p, ("enc1", "enc2", "enc3", "enc4"), batch["x"], nn.sigmoid)
    return bce(perceptron(p, ("dec1", "dec2", "dec3", "dec4"), code, nn.sigmoid), batch["x"])


def dense_variational(p, batch, noise):
    h = nn.relu(linear(p, "fc1", batch["x"]))
    mean, log_variance = linear(p, "fc_mu", h), linear(p, "fc_lv", h)
    code = sample(mean, log_variance, noise["eps"])
    logits = perceptron(p, ("fc3", "fc4"), code, nn.relu)
    return variational(logits, batch["x"], mean, log_variance)


def contractive(p, batch, noise):
    x = batch["x"]
    encode = lambda x: nn.sigmoid(linear(p, "enc", x))
    jacobian = jax.vmap(jax.jacrev(encode))(x)
    penalty = jnp.sum(jacobian * jacobian) / x.shape[0]
    return mse(nn.sigmoid(linear(p, "dec", encode(x))), x) + 0.1 * penalty


def contractive_closed(p, batch, noise):
    x = batch["x"]
    h = nn.sigmoid(linear(p, "enc", x))
    slopes, rows = h * (1 - h), jnp.sum(p["enc.weight"] ** 2, 0)
    penalty = jnp.sum((slopes * slopes) @ rows) / x.shape[0]
    return mse(nn.sigmoid(linear(p, "dec", h)), x) + 0.1 * penalty


def convolutional_variational(p, batch, noise):
    h = nn.relu(conv(p, "conv2", nn.relu(conv(p, "conv1", batch["x"], 2, 1)), 2, 1))
    h = h.reshape(len(h), -1)
    mean, log_variance = linear(p, "fc_mu", h), linear(p, "fc_lv", h)
    h = nn.relu(linear(p, "fc_dec", sample(mean, log_variance, noise["eps"])))
    logits = deconv(p, "t2", nn.relu(deconv(p, "t1", h.reshape(-1, 7, 7, 64))))
    return variational(logits, batch["x"], mean, log_variance)


class ConvolutionalVariational(Training):
    """What is flattened lies here with the channels last."""

    def stored(self, key, value, kind):
        if key in ("fc_mu.weight", "fc_lv.weight"):
            value = value.reshape(20, 64, 49).transpose(0, 2, 1).reshape(20, -1)
        if key == "fc_dec.weight":
            value = value.reshape(64, 49, 20).transpose(1, 0, 2).reshape(-1, 20)
        if key == "fc_dec.bias":
            value = value.reshape(64, 49).T.reshape(-1)
        return stored(value, kind)


def residual(p, name, x):
    return x + conv(p, f"{name}.c1", nn.relu(conv(p, f"{name}.c3", nn.relu(x), 1, 1)))


def quantizing(p, batch, noise):
    fixed = lax.stop_gradient
    h = nn.relu(conv(p, "enc2", nn.relu(conv(p, "enc1", batch["x"], 2, 1)), 2, 1))
    h = nn.relu(residual(p, "res2", residual(p, "res1", h)))
    z, codes = conv(p, "pre", h), p["codebook.weight"]
    distances = jnp.sum(fixed(codes) ** 2, 1) - 2 * fixed(z).reshape(-1, 64) @ fixed(codes).T
    q = codes[jnp.argmin(distances, 1)].reshape(z.shape)
    commitment = mse(q, fixed(z)) + 0.25 * mse(z, fixed(q))
    h = residual(p, "res4", residual(p, "res3", conv(p, "post", z + fixed(q - z), 1, 1)))
    return mse(deconv(p, "t2", nn.relu(deconv(p, "t1", nn.relu(h)))), batch["x"]) + commitment


def visible(kernel, own):
    """The mask of a convolution that sees what lies before a pixel in reading order."""
    mask = np.arange(kernel * kernel) < kernel * kernel // 2 + own
    return mask.astype(np.float32).reshape(kernel, kernel, 1, 1)


MASKS = {1: visible(7, False), 7: visible(1, True)}
INNER_MASK = visible(3, True)


def pixel_network(p, batch, noise):
    h = batch["x"]
    for layer in range(1, 8):
        mask = MASKS.get(layer, INNER_MASK)
        h = convolve(nn.relu(h) if layer > 1 else h, p[f"c{layer}.weight"] * mask, 1, len(mask) // 2)
        h = h + p[f"c{layer}.bias"]
    return cross_entropies(h, batch["x"]).sum() / len(h)


def lstm(p, name, x, steps=None):
    """`[time, batch, inputs]`, or one input for so many steps, to the outputs at each."""
    biases = p[f"{name}.bias_ih_l0"] + p[f"{name}.bias_hh_l0"]
    inputs, weight = x @ p[f"{name}.weight_ih_l0"] + biases, p[f"{name}.weight_hh_l0"]

    def cell(state, projected):
        memory, h = state
        gates = (inputs if projected is None else projected) + h @ weight
        i, f, g, o = jnp.split(gates, 4, -1)
        memory = nn.sigmoid(f) * memory + nn.sigmoid(i) * jnp.tanh(g)
        h = nn.sigmoid(o) * jnp.tanh(memory)
        return (memory, h), h

    start = jnp.zeros((inputs.shape[-2], weight.shape[0]))
    return lax.scan(cell, (start, start), None if steps else inputs, length=steps)[1]


def recurrent(p, batch, noise):
    x = jnp.swapaxes(batch["x"], 0, 1)
    code = linear(p, "lat", lstm(p, "enc", x)[-1])
    return mse(linear(p, "out", lstm(p, "dec", code, steps=len(x))), x)


def transformer_layer(p, name, x):
    """On `[batch · tokens, size]`: XLA's products of matrices are faster than those of more axes."""
    norm = lambda part, x: normalized(x, p[f"{name}.{part}.weight"], p[f"{name}.{part}.bias"])
    parts = jnp.split(linear(p, f"{name}.qkv", norm("ln1", x)), 3, -1)
    heads = [part.reshape(-1, 64, 4, 32).transpose(0, 2, 1, 3) for part in parts]
    seen = attention(*heads).transpose(0, 2, 1, 3).reshape(x.shape)
    x = x + linear(p, f"{name}.proj", seen)
    h = nn.gelu(linear(p, f"{name}.fc1", norm("ln2", x)), approximate=True)
    return x + linear(p, f"{name}.fc2", h)


def attentive(p, batch, noise):
    tokens = batch["tok"]
    h = (p["tok.weight"][tokens] + p["pos_enc"]).reshape(-1, 128)
    h = transformer_layer(p, "e2", transformer_layer(p, "e1", h)).reshape(-1, 64, 128)
    h = linear(p, "up", linear(p, "lat", h.mean(1)))[:, None] + p["pos_dec"]
    h = transformer_layer(p, "d2", transformer_layer(p, "d1", h.reshape(-1, 128)))
    logits = linear(p, "head", normalized(h, p["lnf.weight"], p["lnf.bias"]))
    return optax.softmax_cross_entropy_with_integer_labels(logits, tokens.reshape(-1)).mean()


LINE = np.linspace(-1, 1, 28, dtype=np.float32)
ROWS, COLUMNS = (grid.reshape(1, -1) for grid in np.meshgrid(LINE, LINE, indexing="ij"))


def rotating(p, batch, noise):
    h = perceptron(p, ("enc1", "enc2"), batch["x"], jnp.tanh, jnp.tanh)
    mean, log_variance = linear(p, "mu", h), linear(p, "lv", h)
    s = sample(mean, log_variance, noise["eps"])
    cosine, sine, shift = jnp.cos(s[:, :1]), jnp.sin(s[:, :1]), 0.1 * s[:, 1:3]
    x = COLUMNS * cosine - ROWS * sine + shift[:, :1]
    y = COLUMNS * sine + ROWS * cosine + shift[:, 1:]
    h = linear(p, "coord", jnp.stack((x, y), -1)) + linear(p, "latent", s[:, 3:])[:, None, :]
    logits = perceptron(p, ("fc", "out"), jnp.tanh(h).reshape(-1, 128), jnp.tanh)
    return variational(logits.reshape(-1, 784), batch["x"], mean, log_variance)


def negative_sampling(words, near, far):
    together, apart = jnp.sum(words * near, 1), jnp.einsum("bkd,bd->bk", far, words)
    return -(nn.log_sigmoid(together).sum() + nn.log_sigmoid(-apart).sum())


def word_vectors(p, batch, noise):
    words, contexts = p["win.weight"], p["wout.weight"]
    rows = words[batch["c"]], contexts[batch["pos"]], contexts[batch["neg"]]
    return negative_sampling(*rows) / 1024


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
    "word2vec_sgns": word_vectors,
}


class SparseWordVectors(Training):
    """Reads and changes only the rows that are looked up."""

    def lookups(self, batch):
        contexts = jnp.concatenate((batch["pos"][:, None], batch["neg"]), 1)
        return {"win.weight": batch["c"], "wout.weight": contexts.reshape(-1)}

    def gradients(self, p, batch, scale):
        def loss(rows):
            contexts = rows["wout.weight"].reshape(-1, 6, 100)
            sum = negative_sampling(rows["win.weight"], contexts[:, 0], contexts[:, 1:])
            return sum * scale

        rows = {name: p[name][chosen] for name, chosen in self.lookups(batch).items()}
        return jax.value_and_grad(loss)(rows)


class SparseDescent(SparseWordVectors):
    def first(self, p):
        return p

    def update(self, p, batch, noise):
        loss, gradients = self.gradients(p, batch, 1)
        lookups, rate = self.lookups(batch), self.workload.rate
        return {name: p[name].at[lookups[name]].add(-rate * gradients[name]) for name in p}, [loss]


class LazyAdam(SparseWordVectors):
    def first(self, p):
        zeros = jax.tree.map(jnp.zeros_like, p)
        return p, zeros, jax.tree.map(jnp.copy, zeros), jnp.zeros(())

    def update(self, state, batch, noise):
        p, firsts, seconds, count = state
        loss, gradients = self.gradients(p, batch, 1 / 1024)
        count = count + 1
        size = self.workload.rate * jnp.sqrt(1 - 0.999**count) / (1 - 0.9**count)
        moved = {}
        for name, chosen in self.lookups(batch).items():
            table, first, second = p[name], firsts[name], seconds[name]
            # As many places as lookups; those left over lie outside of the table and are dropped.
            rows, place = jnp.unique(
                chosen, return_inverse=True, size=len(chosen), fill_value=len(table)
            )
            gradient = jax.ops.segment_sum(gradients[name], place, num_segments=len(chosen))
            m = 0.9 * first[rows] + (1 - 0.9) * gradient
            v = 0.999 * second[rows] + (1 - 0.999) * gradient * gradient
            step = -size * m / (jnp.sqrt(v) + 1e-8)
            moved[name] = (
                table.at[rows].add(step, mode="drop"),
                first.at[rows].set(m, mode="drop"),
                second.at[rows].set(v, mode="drop"),
            )
        pick = lambda place: {name: values[place] for name, values in moved.items()}
        return (pick(0), pick(1), pick(2), count), [loss]


def part(p, *beginnings):
    return {name: value for name, value in p.items() if name.startswith(beginnings)}


class AdversarialAutoencoder(Training):
    def first(self, p):
        moments = [self.adam.init(part(p, *names)) for names in (("enc", "dec"), ("disc",), ("enc",))]
        return p, moments

    def update(self, state, batch, noise):
        (p, (whole, judge, encoder)), x = state, batch["x"]
        encode = lambda p: perceptron(p, ("enc1", "enc2"), x, nn.relu)
        decode = lambda p, z: perceptron(p, ("dec1", "dec2"), z, nn.relu)
        verdict = lambda p, z: perceptron(p, ("disc1", "disc2"), z, nn.relu)

        def descend(p, loss, moments, *names):
            own = part(p, *names)
            value, gradients = jax.value_and_grad(loss)(own)
            own, moments = self.moved(own, moments, gradients)
            return value, p | own, moments

        reconstruction = lambda own: bce(decode(own, encode(own)), x)
        first, p, whole = descend(p, reconstruction, whole, "enc", "dec")
        codes = encode(p)
        discrimination = lambda own: bce(verdict(own, noise["zr"]), 1.0) + bce(verdict(own, codes), 0.0)
        second, p, judge = descend(p, discrimination, judge, "disc")
        fixed = part(p, "disc")
        deception = lambda own: bce(verdict(fixed, encode(own)), 1.0)
        third, p, encoder = descend(p, deception, encoder, "enc")
        return (p, [whole, judge, encoder]), [first, second, third]


class AdversarialNetworks(Training):
    def first(self, p):
        judge, generator = part(p, "d"), part(p, "g")
        return judge, generator, self.adam.init(judge), self.adam.init(generator)

    def update(self, state, batch, noise):
        judge, generator, judge_moments, generator_moments = state
        leaky = lambda x: nn.leaky_relu(x, 0.2)
        draw = lambda p: perceptron(p, ("g1", "g2", "g3"), noise["z"], leaky, jnp.tanh)
        verdict = lambda p, x: perceptron(p, ("d1", "d2", "d3"), x, leaky)
        made, pullback = jax.vjp(draw, generator)
        discrimination = lambda p: bce(verdict(p, batch["x"]), 1.0) + bce(verdict(p, made), 0.0)
        first, gradients = jax.value_and_grad(discrimination)(judge)
        judge, judge_moments = self.moved(judge, judge_moments, gradients)
        second, direction = jax.value_and_grad(lambda x: bce(verdict(judge, x), 1.0))(made)
        [gradients] = pullback(direction)
        generator, generator_moments = self.moved(generator, generator_moments, gradients)
        return (judge, generator, judge_moments, generator_moments), [first, second]


class BoltzmannMachine(Training):
    def first(self, p):
        return p

    def update(self, p, batch, noise):
        (w, b, c), v0, rate = (p["W"], p["b"], p["c"]), batch["v0"], self.workload.rate
        ph0 = nn.sigmoid(v0 @ w + c)
        pv1 = nn.sigmoid((noise["uh"] < ph0).astype(jnp.float32) @ w.T + b)
        v1 = (noise["uv"] < pv1).astype(jnp.float32)
        ph1 = nn.sigmoid(v1 @ w + c)
        moved = {
            "W": w + rate / len(v0) * (v0.T @ ph0 - v1.T @ ph1),
            "b": b + rate * (v0 - v1).mean(0),
            "c": c + rate * (ph0 - ph1).mean(0),
        }
        return moved, [mse(v0, pv1)]

    def final_results(self, state):
        return checksums([state[name] for name in ("W", "b", "c")])


class TinyNetwork:
    """Loss and gradients, without an update; the layers are stacked, and scanned."""

    def __init__(self, name, workload):
        start = {key: stored(*value) for key, value in workload.start().items()}
        stack = lambda part: jnp.stack([start[f"l{i}.{part}"] for i in range(100)])
        layers, x = (stack("weight"), stack("bias")), stored(workload.arrays()["x"])

        def loss(layers, x):
            layer = lambda x, layer: (jnp.tanh(x @ layer[0] + layer[1]), None)
            return jnp.sum(lax.scan(layer, x, layers, unroll=10)[0] ** 2)

        compiled = jax.jit(jax.value_and_grad(loss))
        self.step = self.prepare = lambda: jax.block_until_ready(compiled(layers, x))

    def reset(self):
        pass

    def check(self):
        loss, (weights, biases) = self.step()
        ends = checksums([weights[0].T, weights[99].T])
        return [float(loss), norm((weights, biases))] + ends


class Epoch(Training):
    """One compiled loop over all batches."""

    is_long = True

    def setup(self):
        def epoch(state, key, samples):
            key, own_key = jax.random.split(key)
            order = jax.random.permutation(own_key, len(samples))

            def step(carried, rows):
                state, key, losses = self.drawn(*carried, {"x": samples[rows]})
                return (state, key), losses[0]

            rows = order[: len(samples) // 128 * 128].reshape(-1, 128)
            (state, key), losses = lax.scan(step, (state, key), rows)
            return state, key, losses[-1]

        self.epoch = jax.jit(epoch, donate_argnums=(0, 1))

    def step(self):
        self.state, self.key, loss = self.epoch(self.state, self.key, self.batch["x"])
        jax.block_until_ready((self.state, loss))

    prepare = step  # it is compiled at its first use

    def check(self):
        return None


MODELS = {
    **{name: Training for name in LOSSES},
    "mnist_epoch": Epoch,
    "conv_vae": ConvolutionalVariational,
    "aae": AdversarialAutoencoder,
    "gan_mlp": AdversarialNetworks,
    "rbm_cd1": BoltzmannMachine,
    "tiny_mlp_100": TinyNetwork,
    "word2vec_sgns_sparseadam": LazyAdam,
    "word2vec_sgns_sgd": SparseDescent,
}
