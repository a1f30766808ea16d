/// What can be chosen when a recipe is trained.
public struct Settings: Codable, Sendable, Hashable {
    /// How often training goes through the data.
    public var epochs: Int
    /// How many samples make one step.
    public var batchSize: Int
    public var learningRate: Double
    /// How the learning rate changes in the course of the epochs.
    public var schedule: LearningRateSchedule
    /// The number of components of a code.
    public var latentSize: Int
    /// The sizes of the layers between input and code; the decoder has them in reverse.
    public var hiddenSizes: [Int]
    /// What the objective measures reconstructions by.
    public var reconstruction: Reconstruction.Measure
    // What only some recipes know is nil in the others.

    /// The weight of the divergence of the codes from their prior.
    public var beta: Double?
    /// The weight of what the objective penalises besides the reconstruction.
    public var penalty: Double?
    /// How many components of a code are not zero.
    public var activeComponents: Int?
    /// What is done to the samples that the encoder sees.
    public var corruption: CorruptionSetting?

    /// Of all randomness: initial weights, order of the data, samples.
    public var seed: UInt64

    public init(
        epochs: Int = 30, batchSize: Int = 128, learningRate: Double = 1e-3,
        schedule: LearningRateSchedule = .constant, latentSize: Int, hiddenSizes: [Int],
        reconstruction: Reconstruction.Measure = .negativeLogLikelihood, beta: Double? = nil,
        penalty: Double? = nil, activeComponents: Int? = nil, corruption: CorruptionSetting? = nil,
        seed: UInt64 = 0
    ) {
        self.epochs = epochs
        self.batchSize = batchSize
        self.learningRate = learningRate
        self.schedule = schedule
        self.latentSize = latentSize
        self.hiddenSizes = hiddenSizes
        self.reconstruction = reconstruction
        self.beta = beta
        self.penalty = penalty
        self.activeComponents = activeComponents
        self.corruption = corruption
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
        for (name, weight) in [("beta", beta), ("penalty", penalty)] {
            guard let weight else { continue }
            try check(weight >= 0 && weight.isFinite, name, "a number from 0", weight)
        }
        if let activeComponents {
            try check(
                1...latentSize ~= activeComponents, "activeComponents",
                "a number from 1 to the \(latentSize) of a code", activeComponents)
        }
    }
}

/// How the learning rate changes in the course of training.
public enum LearningRateSchedule: String, Codable, Sendable, CaseIterable {
    case constant
    /// Falls to zero along half a wave of the cosine, over all epochs.
    case cosine

    /// The factors for training of so many steps.
    public func schedule(steps: Int) -> Schedule {
        switch self {
        case .constant: .constant
        case .cosine: .cosine(steps: max(1, steps))
        }
    }
}

/// A setting that is out of its range.
public struct SettingsError: Error, CustomStringConvertible, Equatable {
    public let name: String
    public let expected: String
    public let found: String

    public var description: String { "\(name): expected \(expected), found \(found)" }
}
