/// What can be chosen when a recipe is trained.
public struct Settings: Codable, Sendable, Hashable {
    /// How often training goes through the data.
    public var epochs: Int
    /// How many samples make one step.
    public var batchSize: Int
    public var learningRate: Double
    /// The number of components of a code.
    public var latentSize: Int
    /// The sizes of the layers between input and code; the decoder has them in reverse.
    public var hiddenSizes: [Int]
    /// What the objective measures reconstructions by.
    public var reconstruction: Reconstruction.Measure
    /// The weight of the divergence of the codes from their prior, where there is one.
    public var beta: Double
    /// Of all randomness: initial weights, order of the data, samples.
    public var seed: UInt64

    public init(
        epochs: Int = 30, batchSize: Int = 128, learningRate: Double = 1e-3, latentSize: Int,
        hiddenSizes: [Int], reconstruction: Reconstruction.Measure = .negativeLogLikelihood,
        beta: Double = 1, seed: UInt64 = 0
    ) {
        self.epochs = epochs
        self.batchSize = batchSize
        self.learningRate = learningRate
        self.latentSize = latentSize
        self.hiddenSizes = hiddenSizes
        self.reconstruction = reconstruction
        self.beta = beta
        self.seed = seed
    }

    /// Throws where a setting is out of its range; to be called on what comes from outside
    /// before a model is built of it.
    public func validate() throws(SettingsError) {
        func check(_ isValid: Bool, _ name: String, _ expected: String, _ found: Any)
            throws(SettingsError)
        {
            if !isValid { throw SettingsError(name: name, expected: expected, found: "\(found)") }
        }
        try check(epochs >= 1, "epochs", "a positive number", epochs)
        try check(batchSize >= 1, "batchSize", "a positive number", batchSize)
        try check(
            learningRate > 0 && learningRate.isFinite, "learningRate", "a positive number",
            learningRate)
        try check(latentSize >= 1, "latentSize", "a positive number", latentSize)
        try check(
            hiddenSizes.allSatisfy { $0 >= 1 }, "hiddenSizes", "positive numbers", hiddenSizes)
        try check(beta >= 0 && beta.isFinite, "beta", "a number from 0", beta)
    }
}

/// A setting that is out of its range.
public struct SettingsError: Error, CustomStringConvertible, Equatable {
    public let name: String
    public let expected: String
    public let found: String

    public var description: String { "\(name): expected \(expected), found \(found)" }
}
