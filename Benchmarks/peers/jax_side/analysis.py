"""Subscripts, padding, scans, searches, contractions, systems of equations and transforms."""

import jax.numpy as jnp
from jax import lax

EVERY_OTHER = slice(None, None, 2)
SEARCHED = (jnp.arange(8192, dtype=jnp.float32) - 4096) / 2048


def fourier(*axes):
    def transform(x, y):
        z = jnp.fft.fftn(lax.complex(x, y), axes=axes)
        return jnp.concatenate((z.real, z.imag))

    return transform


def kernels_of(name, function, wanted):
    return {f"{name}_f": (lambda _: function,), f"{name}_fb": (lambda _: function, wanted)}


ANALYSIS = {
    **kernels_of("subscript_read", lambda x: x[1:, EVERY_OTHER, ::2], "x"),
    **kernels_of("subscript_write", lambda x, v: x.at[1:, EVERY_OTHER, ::2].set(v), "x v"),
    **kernels_of("subscript_row_write", lambda x, v: x.at[7].set(v), "x v"),
    **kernels_of(
        "pad_reflected",
        lambda x: jnp.pad(x, ((0, 0), (0, 0), (3, 3), (3, 3)), mode="reflect"), "x",
    ),
    **kernels_of("tiled", lambda x: jnp.tile(x, (1, 16, 2)), "x"),
    **kernels_of("cumulative_maximum", lambda x: lax.cummax(x, axis=1), "x"),
    **kernels_of("cumulative_logsumexp", lambda x: lax.cumlogsumexp(x, axis=1), "x"),
    **kernels_of("product", lambda x: x.prod(-1), "x"),
    "histogram_1m": (lambda _: lambda x: jnp.histogram(x, 100, (-1, 1))[0],),
    "search_sorted_100k": (lambda _: lambda x: jnp.searchsorted(SEARCHED, x),),
    **kernels_of("einsum_chain", lambda a, b, c: jnp.einsum("ij,jk,kl->il", a, b, c), "a b c"),
    **kernels_of("einsum_bilinear", lambda a, b, c: jnp.einsum("bi,ij,bj->b", a, b, c), "a b c"),
    **kernels_of("einsum_attention", lambda q, k: jnp.einsum("bqhd,bkhd->bhqk", q, k), "q k"),
    **{
        key: kernel
        for size in ("32x64", "256")
        for kernels in (
            kernels_of(f"cholesky_{size}", jnp.linalg.cholesky, "a"),
            kernels_of(f"solve_{size}", jnp.linalg.solve, "a b"),
            kernels_of(f"inverse_{size}", jnp.linalg.inv, "a"),
            kernels_of(f"log_determinant_{size}", lambda a: jnp.linalg.slogdet(a)[1], "a"),
        )
        for key, kernel in kernels.items()
    },
    **kernels_of("fourier_1024", fourier(-1), "x y"),
    **kernels_of("fourier_1009", fourier(-1), "x y"),
    **kernels_of("fourier_128x128", fourier(-2, -1), "x y"),
}
