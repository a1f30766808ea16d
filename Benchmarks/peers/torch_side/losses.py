"""What the models make small: functions of their parameters, the batch and the noise."""

import torch
import torch.nn.functional as F


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
