"""What the models make small: functions of their parameters, the batch and the noise."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import lax, nn

from .kernels import attention, convolve, normalized, spread


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
