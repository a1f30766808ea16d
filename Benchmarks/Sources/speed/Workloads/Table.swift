extension Workload {
    /// All of them, in the order in which they are shown.
    static let all: [Workload] =
        products + convolutions + operations + analysis + overheads + denseAutoencoders
        + variationalAutoencoders + imageModels + sequenceModels + adversaries
        + [rotatingAutoencoder] + wordVectors + [boltzmannMachine]
}
