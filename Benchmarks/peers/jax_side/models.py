"""Training steps, with the state that they change."""

import jax
import jax.numpy as jnp
import optax
from jax import lax, nn

from deterministic import checksums

from .arrays import stored
from .losses import LOSSES, bce, mse, negative_sampling, perceptron

CHECKED_STEPS = 4


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
