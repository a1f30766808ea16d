extension Recipe {
    /// Every recipe, the simplest first.
    public static let all: [Recipe] = [
        .linear,
        .tiedLinear,
        .autoencoder,
        .denoising,
        .sparse,
        .rateSparse,
        .kSparse,
        .contractive,
        .variationalAutoencoder,
    ]
}
