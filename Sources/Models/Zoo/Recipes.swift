extension Recipe {
    /// Every recipe, the simplest first.
    public static let all: [Recipe] = [
        .linear,
        .tiedLinear,
        .autoencoder,
        .deep,
        .stacked,
        .restrictedBoltzmann,
        .deepBelief,
        .denoising,
        .convolutional,
        .convolutionalDenoising,
        .sparse,
        .rateSparse,
        .kSparse,
        .contractive,
        .overcomplete,
        .variationalAutoencoder,
        .denoise,
        .superresolve,
        .colourise,
        .table,
    ]
}
