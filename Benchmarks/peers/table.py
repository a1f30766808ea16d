"""What each workload is made of, whatever the framework: its inputs, the noise of a step, and its
parameters, all under the names by which their numbers are made."""

from dataclasses import dataclass, field
from functools import partial

import deterministic as made


# ------------------------------------------------------------------- inputs: name -> array


def of(maker, *shape, **settings):
    return lambda name: maker(name, shape, **settings)


unit = partial(of, made.uniform)
spread = partial(of, made.standardized)


def within(bound, *shape):
    return of(made.symmetric, *shape, bound=bound)


# ----------------------------------------- parameters: [(name, shape, bound, kind)], bound None: ones


def dense(name, inputs, outputs, bias=True, scale=1.0):
    bound = inputs**-0.5
    weight = (f"{name}.weight", (outputs, inputs), scale * bound, "dense")
    return [weight] + ([(f"{name}.bias", (outputs,), bound, "vector")] if bias else [])


def mlp(name, *sizes):
    layers = enumerate(zip(sizes, sizes[1:]), 1)
    return [p for number, (i, o) in layers for p in dense(f"{name}{number}", i, o)]


def convolution(name, inputs, outputs, kernel):
    bound = (inputs * kernel * kernel) ** -0.5
    shape = (outputs, inputs, kernel, kernel)
    return [(f"{name}.weight", shape, bound, "convolution"), (f"{name}.bias", (outputs,), bound, "vector")]


def transposed(name, inputs, outputs, kernel):
    bound = (outputs * kernel * kernel) ** -0.5
    shape = (inputs, outputs, kernel, kernel)
    return [(f"{name}.weight", shape, bound, "transposed"), (f"{name}.bias", (outputs,), bound, "vector")]


def residual(name):
    return convolution(f"{name}.c3", 128, 32, 3) + convolution(f"{name}.c1", 32, 128, 1)


def table(name, rows, size, bound):
    return [(f"{name}.weight", (rows, size), bound, "plain")]


def plain(name, shape, bound):
    return [(name, shape, bound, "plain")]


def norm(name, size):
    return [(f"{name}.weight", (size,), None, "vector"), (f"{name}.bias", (size,), 0.0, "vector")]


def lstm(name, inputs, units):
    bound = units**-0.5
    return [
        (f"{name}.weight_ih_l0", (4 * units, inputs), bound, "dense"),
        (f"{name}.weight_hh_l0", (4 * units, units), bound, "dense"),
        (f"{name}.bias_ih_l0", (4 * units,), bound, "vector"),
        (f"{name}.bias_hh_l0", (4 * units,), bound, "vector"),
    ]


def transformer(name):
    return (
        norm(f"{name}.ln1", 128)
        + dense(f"{name}.qkv", 128, 384)
        + dense(f"{name}.proj", 128, 128)
        + norm(f"{name}.ln2", 128)
        + dense(f"{name}.fc1", 128, 512)
        + dense(f"{name}.fc2", 512, 128)
    )


# ----------------------------------------------------------------------------------------- the table


@dataclass
class Workload:
    inputs: dict
    parameters: list = field(default_factory=list)
    noise: dict = field(default_factory=dict)  # name -> (distribution, shape)
    numbers: str = ""  # the name for the numbers, where it is another's
    transposed: tuple = (False, False)  # products: which factor is stored transposed
    stride: int = 1
    rate: float = 1e-3  # learning rate
    decay: float = 0.9  # Adam's first

    def arrays(self):
        return {name: make(f"{self.numbers}/{name}") for name, make in self.inputs.items()}

    def start(self):
        """Parameter name -> (array, kind)."""
        values = {}
        for name, shape, bound, kind in self.parameters:
            value = made.symmetric(f"{self.numbers}/{name}", shape, bound or 0.0)
            values[name] = (value + 1 if bound is None else value, kind)
        return values

    def numbered_noise(self, step):
        makers = {"normal": made.standardized, "uniform": made.uniform}
        return {
            name: makers[distribution](f"{self.numbers}/noise/{name}/{step}", shape)
            for name, (distribution, shape) in self.noise.items()
        }


def product(rows, inner, columns, left=False, right=False):
    a = (inner, rows) if left else (rows, inner)
    b = (columns, inner) if right else (inner, columns)
    return Workload({"a": within(1, *a), "b": within(1, *b)}, transposed=(left, right))


def filtering(x, w, y, stride, backward):
    inputs = {"x": spread(*x), "w": within(0.05, *w)}
    return Workload(inputs | ({"dy": spread(*y)} if backward else {}), stride=stride)


def tape(*shape):
    w, b = of(made.between, *shape, lower=0.98, upper=1.0), within(0.01, *shape)
    return Workload({"x": unit(*shape), "w": w, "b": b})


def both(name, along, inputs):
    """A function, and the same with the gradients of all its inputs along `dy`."""
    return {
        f"{name}_f": Workload(inputs), f"{name}_fb": Workload(inputs | {"dy": spread(*along)})
    }


def systems(name, *shape):
    matrices = {"a": of(made.dominant, *shape)}
    return {
        **both(f"cholesky_{name}", shape, matrices),
        **both(f"solve_{name}", shape, matrices | {"b": spread(*shape)}),
        **both(f"inverse_{name}", shape, matrices),
        **both(f"log_determinant_{name}", shape[:-2], matrices),
    }


def complex_numbers(count, *shape):
    """Real and imaginary parts are one result, one behind the other."""
    shape, both_parts = (count, *shape), (2 * count, *shape)
    return both_parts, {"x": spread(*shape), "y": spread(*shape)}


BLOCK, LINES = {"x": spread(64, 64, 256)}, {"x": spread(256, 1024)}
ANALYSIS = {
    **both("subscript_read", (63, 32, 128), BLOCK),
    **both("subscript_write", (64, 64, 256), BLOCK | {"v": spread(63, 32, 128)}),
    **both("subscript_row_write", (256, 1024), LINES | {"v": spread(1024)}),
    "subscript_mask_f": Workload({"x": spread(2**18)}),
    **both("pad_reflected", (8, 16, 54, 70), {"x": spread(8, 16, 48, 64)}),
    **both("tiled", (64, 16, 512), {"x": spread(64, 1, 256)}),
    **both("cumulative_maximum", (256, 1024), LINES),
    **both("cumulative_logsumexp", (256, 1024), LINES),
    **both("product", (256,), {"x": of(made.between, 256, 1024, lower=0.95, upper=1.05)}),
    "unique_100k": Workload({"x": of(made.indices, 100000, count=1000)}),
    "histogram_1m": Workload({"x": spread(2**20)}),
    "search_sorted_100k": Workload({"x": spread(100000)}),
    **both(
        "einsum_chain", (256, 32),
        {"a": within(1, 256, 64), "b": within(1, 64, 256), "c": within(1, 256, 32)},
    ),
    **both(
        "einsum_bilinear", (512,),
        {"a": within(1, 512, 128), "b": within(1, 128, 128), "c": within(1, 512, 128)},
    ),
    **both(
        "einsum_attention", (16, 4, 96, 128),
        {"q": within(1, 16, 96, 4, 32), "k": within(1, 16, 128, 4, 32)},
    ),
    **systems("32x64", 32, 64, 64),
    **systems("256", 256, 256),
    **both("fourier_1024", *complex_numbers(64, 1024)),
    **both("fourier_1009", *complex_numbers(64, 1009)),
    **both("fourier_128x128", *complex_numbers(16, 128, 128)),
    **both("resize_bilinear", (16, 3, 96, 128), {"x": spread(16, 3, 48, 64)}),
}

PICTURE = unit(128, 784)
CODE_NOISE = {"eps": ("normal", (128, 20))}
VARIATIONAL = (
    dense("fc1", 784, 400) + dense("fc_mu", 400, 20) + dense("fc_lv", 400, 20)
    + dense("fc3", 20, 400) + dense("fc4", 400, 784)
)
CONTRACTIVE = dense("enc", 784, 256) + dense("dec", 256, 784)
WORDS = {
    "c": of(made.indices, 1024, count=10000),
    "pos": of(made.indices, 1024, count=10000),
    "neg": of(made.indices, 1024, 5, count=10000),
}
TABLES = table("win", 10000, 100, 0.5) + table("wout", 10000, 100, 0.5)

WORKLOADS = {
    **{f"gemm_{n}": product(n, n, n) for n in (64, 128, 256, 512, 1024, 2048)},
    "gemm_mlp": product(128, 784, 400),
    "gemm_mlp_tn": product(784, 128, 400, left=True),
    "gemm_mlp_nt": product(128, 400, 784, right=True),
    **{
        f"{name}_{suffix}": filtering(*shapes, backward)
        for suffix, backward in (("f", False), ("fb", True))
        for name, shapes in {
            "conv3x3": ((64, 32, 28, 28), (64, 32, 3, 3), (64, 64, 28, 28), 1),
            "conv4x4s2": ((64, 32, 28, 28), (64, 32, 4, 4), (64, 64, 14, 14), 2),
            "convT4x4s2": ((64, 64, 14, 14), (64, 32, 4, 4), (64, 32, 28, 28), 2),
        }.items()
    },
    "eltwise_1m": Workload({"x": spread(2**20)}),
    "sum_1m": Workload({"x": unit(2**20)}),
    "softmax_4096x512": Workload({"x": spread(4096, 512)}),
    "layernorm_fb_4096x512": Workload({
        "x": spread(4096, 512), "g": of(made.between, 512, lower=0.5, upper=1.5),
        "b": within(0.5, 512), "dy": spread(4096, 512),
    }),
    "embedding_fb": Workload({
        "table": within(1, 10000, 128), "idx": of(made.indices, 8192, count=10000),
        "dy": spread(8192, 128),
    }),
    "attention_fb": Workload({name: spread(32, 4, 128, 32) for name in ("q", "k", "v", "dy")}),
    **ANALYSIS,
    "tiny_add_16": Workload({"a": unit(16), "b": unit(16)}),
    "tape_1000_scalar": tape(),
    "tape_1000_vec16": tape(16),
    "tiny_mlp_100": Workload(
        {"x": spread(1, 8)}, [p for i in range(100) for p in dense(f"l{i}", 8, 8, scale=2.5)]
    ),
    "ae_mlp": Workload(
        {"x": PICTURE}, mlp("enc", 784, 512, 256, 32) + mlp("dec", 32, 256, 512, 784)
    ),
    "deep_ae": Workload(
        {"x": PICTURE},
        mlp("enc", 784, 1000, 500, 250, 30) + mlp("dec", 30, 250, 500, 1000, 784),
    ),
    "contractive_ae": Workload({"x": unit(64, 784)}, CONTRACTIVE),
    "contractive_closed": Workload({"x": unit(64, 784)}, CONTRACTIVE, numbers="contractive_ae"),
    "vae_mlp": Workload({"x": PICTURE}, VARIATIONAL, CODE_NOISE),
    "conv_vae": Workload(
        {"x": unit(128, 1, 28, 28)},
        convolution("conv1", 1, 32, 4) + convolution("conv2", 32, 64, 4)
        + dense("fc_mu", 3136, 20) + dense("fc_lv", 3136, 20) + dense("fc_dec", 20, 3136)
        + transposed("t1", 64, 32, 4) + transposed("t2", 32, 1, 4),
        CODE_NOISE,
    ),
    "mnist_epoch": Workload({"x": unit(60000, 784)}, VARIATIONAL, CODE_NOISE),
    "vq_vae": Workload(
        {"x": within(1, 32, 3, 32, 32)},
        convolution("enc1", 3, 128, 4) + convolution("enc2", 128, 128, 4)
        + residual("res1") + residual("res2") + convolution("pre", 128, 64, 1)
        + table("codebook", 512, 64, 0.05) + convolution("post", 64, 128, 3)
        + residual("res3") + residual("res4")
        + transposed("t1", 128, 128, 4) + transposed("t2", 128, 3, 4),
    ),
    "pixelcnn": Workload(
        {"x": of(made.binary, 16, 1, 28, 28, probability=0.5)},
        convolution("c1", 1, 64, 7)
        + [p for i in range(2, 7) for p in convolution(f"c{i}", 64, 64, 3)]
        + convolution("c7", 64, 1, 1),
    ),
    "lstm_ae": Workload(
        {"x": within(1, 32, 140, 1)},
        lstm("enc", 1, 64) + dense("lat", 64, 32) + lstm("dec", 32, 64) + dense("out", 64, 1),
    ),
    "transformer_ae": Workload(
        {"tok": of(made.indices, 32, 64, count=64)},
        table("tok", 64, 128, 0.05) + plain("pos_enc", (64, 128), 0.05)
        + transformer("e1") + transformer("e2") + dense("lat", 128, 64) + dense("up", 64, 128)
        + plain("pos_dec", (64, 128), 0.05) + transformer("d1") + transformer("d2")
        + norm("lnf", 128) + dense("head", 128, 64),
    ),
    "aae": Workload(
        {"x": PICTURE},
        mlp("enc", 784, 512, 8) + mlp("dec", 8, 512, 784) + mlp("disc", 8, 256, 1),
        {"zr": ("normal", (128, 8))},
    ),
    "gan_mlp": Workload(
        {"x": within(1, 128, 784)}, mlp("g", 100, 256, 512, 784) + mlp("d", 784, 512, 256, 1),
        {"z": ("normal", (128, 100))}, rate=2e-4, decay=0.5,
    ),
    "rvae": Workload(
        {"x": unit(100, 784)},
        mlp("enc", 784, 128, 128) + dense("mu", 128, 5) + dense("lv", 128, 5)
        + dense("coord", 2, 128) + dense("latent", 2, 128, bias=False)
        + dense("fc", 128, 128) + dense("out", 128, 1),
        {"eps": ("normal", (100, 5))},
    ),
    "word2vec_sgns": Workload(WORDS, TABLES),
    "word2vec_sgns_sparseadam": Workload(WORDS, TABLES, numbers="word2vec_sgns"),
    "word2vec_sgns_sgd": Workload(WORDS, TABLES, rate=0.025),
    "rbm_cd1": Workload(
        {"v0": of(made.binary, 128, 784, probability=0.3)},
        plain("W", (784, 500), 0.05) + plain("b", (784,), 0.0) + plain("c", (500,), 0.0),
        {"uh": ("uniform", (128, 500)), "uv": ("uniform", (128, 784))}, rate=0.05,
    ),
}

for _name, _workload in WORKLOADS.items():
    _workload.numbers = _workload.numbers or _name
