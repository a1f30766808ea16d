"""Subscripts, padding, scans, searches, contractions, systems of equations and transforms."""

import torch
import torch.nn.functional as F

EVERY_OTHER = torch.arange(0, 64, 2)
SEARCHED = (torch.arange(8192, dtype=torch.float32) - 4096) / 2048


def read(x):
    return x[1:, EVERY_OTHER, ::2]


def write(x, v):
    x = x.clone()
    x[1:, EVERY_OTHER, ::2] = v
    return x


def write_row(x, v):
    x = x.clone()
    x[7] = v
    return x


def unique(x):
    values, positions, counts = x.unique(return_inverse=True, return_counts=True)
    return values, counts, positions


def fourier(*axes):
    def transform(x, y):
        z = torch.fft.fftn(torch.complex(x, y), dim=axes)
        return torch.cat((z.real, z.imag))

    return transform


def kernels_of(name, function, wanted):
    return {f"{name}_f": (lambda _: function,), f"{name}_fb": (lambda _: function, wanted)}


ANALYSIS = {
    **kernels_of("subscript_read", read, "x"),
    **kernels_of("subscript_write", write, "x v"),
    **kernels_of("subscript_row_write", write_row, "x v"),
    "subscript_mask_f": (lambda _: lambda x: x[x > 0],),
    **kernels_of("pad_reflected", lambda x: F.pad(x, (3, 3, 3, 3), mode="reflect"), "x"),
    **kernels_of("tiled", lambda x: x.tile(1, 16, 2), "x"),
    **kernels_of("cumulative_maximum", lambda x: x.cummax(-1)[0], "x"),
    **kernels_of("cumulative_logsumexp", lambda x: x.logcumsumexp(-1), "x"),
    **kernels_of("product", lambda x: x.prod(-1), "x"),
    "unique_100k": (lambda _: unique,),
    "histogram_1m": (lambda _: lambda x: torch.histc(x, 100, -1, 1),),
    "search_sorted_100k": (lambda _: lambda x: torch.searchsorted(SEARCHED, x),),
    **kernels_of("einsum_chain", lambda a, b, c: torch.einsum("ij,jk,kl->il", a, b, c), "a b c"),
    **kernels_of(
        "einsum_bilinear", lambda a, b, c: torch.einsum("bi,ij,bj->b", a, b, c), "a b c"
    ),
    **kernels_of(
        "einsum_attention", lambda q, k: torch.einsum("bqhd,bkhd->bhqk", q, k), "q k"
    ),
    **{
        key: kernel
        for size in ("32x64", "256")
        for kernels in (
            kernels_of(f"cholesky_{size}", torch.linalg.cholesky, "a"),
            kernels_of(f"solve_{size}", torch.linalg.solve, "a b"),
            kernels_of(f"inverse_{size}", torch.linalg.inv, "a"),
            kernels_of(f"log_determinant_{size}", lambda a: torch.linalg.slogdet(a)[1], "a"),
        )
        for key, kernel in kernels.items()
    },
    **kernels_of("fourier_1024", fourier(-1), "x y"),
    **kernels_of("fourier_1009", fourier(-1), "x y"),
    **kernels_of("fourier_128x128", fourier(-2, -1), "x y"),
    **kernels_of(
        "resize_bilinear", lambda x: F.interpolate(x, (96, 128), mode="bilinear"), "x"
    ),
}
