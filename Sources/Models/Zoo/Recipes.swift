extension Recipe {
    /// Every recipe, the simplest first.
    public static let all: [Recipe] = [
        .autoencoder,
        .variationalAutoencoder,
    ]
}
