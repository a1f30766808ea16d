/// What can be chosen when a recipe is trained.
public struct Settings: Codable, Sendable, Hashable {
    /// How often training goes through the data.
    public var epochs: Int
    /// How many samples make one step.
    public var batchSize: Int
    public var learningRate: Double
    /// What moves the parameters along their gradients.
    public var optimizer: OptimizerChoice
    /// By which parameters shrink in a step, times the learning rate.
    public var weightDecay: Double
    /// How the learning rate changes in the course of the epochs.
    public var schedule: LearningRateSchedule
    /// The number of components of a code; 0 in recipes whose models choose none.
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
    /// How many are not zero once training is over; nil where as many as in training.
    public var evaluatedComponents: Int?
    /// What is done to the samples that the encoder sees.
    public var corruption: CorruptionSetting?
    /// What keeps the code from becoming a copy.
    public var regularizer: Regularizer?
    /// How many random projections estimate the norm of a Jacobian; 0 where it is exact.
    public var projections: Int?
    /// How weights start that nothing has trained before.
    public var initialization: InitialWeights?
    /// How the layers are trained one by one before the whole is.
    public var pretraining: Pretraining.Kind?
    /// How often the training of a layer goes through the data.
    public var pretrainingEpochs: Int?
    /// How many steps a Markov chain takes for a step of training.
    public var gibbsSteps: Int?
    /// Where a Markov chain starts.
    public var chains: RestrictedBoltzmannMachine.Chains?
    /// What the visible units of a Boltzmann machine can be.
    public var visibleUnits: RestrictedBoltzmannMachine.Units?
    /// How many times larger the model makes pictures.
    public var factor: Int?
    /// The part of a network's units that is dropped in training.
    public var dropout: Double?
    /// How often a row with missing cells is reconstructed, each time filled from the last.
    public var rounds: Int?
    /// Which elements of a sample are which column, where samples are the rows of a table.
    public var table: TableLayout?

    /// Of all randomness: initial weights, order of the data, samples.
    public var seed: UInt64

    public init(
        epochs: Int = 30, batchSize: Int = 128, learningRate: Double = 1e-3,
        optimizer: OptimizerChoice = .adam, weightDecay: Double = 0,
        schedule: LearningRateSchedule = .constant,
        latentSize: Int, hiddenSizes: [Int],
        reconstruction: Reconstruction.Measure = .negativeLogLikelihood, beta: Double? = nil,
        penalty: Double? = nil, activeComponents: Int? = nil, evaluatedComponents: Int? = nil,
        corruption: CorruptionSetting? = nil,
        regularizer: Regularizer? = nil, projections: Int? = nil,
        initialization: InitialWeights? = nil,
        pretraining: Pretraining.Kind? = nil, pretrainingEpochs: Int? = nil,
        gibbsSteps: Int? = nil, chains: RestrictedBoltzmannMachine.Chains? = nil,
        visibleUnits: RestrictedBoltzmannMachine.Units? = nil,
        factor: Int? = nil, dropout: Double? = nil, rounds: Int? = nil, table: TableLayout? = nil,
        seed: UInt64 = 0
    ) {
        self.epochs = epochs
        self.batchSize = batchSize
        self.learningRate = learningRate
        self.optimizer = optimizer
        self.weightDecay = weightDecay
        self.schedule = schedule
        self.latentSize = latentSize
        self.hiddenSizes = hiddenSizes
        self.reconstruction = reconstruction
        self.beta = beta
        self.penalty = penalty
        self.activeComponents = activeComponents
        self.evaluatedComponents = evaluatedComponents
        self.corruption = corruption
        self.regularizer = regularizer
        self.projections = projections
        self.initialization = initialization
        self.pretraining = pretraining
        self.pretrainingEpochs = pretrainingEpochs
        self.gibbsSteps = gibbsSteps
        self.chains = chains
        self.visibleUnits = visibleUnits
        self.factor = factor
        self.dropout = dropout
        self.rounds = rounds
        self.table = table
        self.seed = seed
    }

    /// Whether layers are trained one by one before the whole.
    public var hasPretraining: Bool { pretrainingEpochs != nil && pretraining != .nothing }

    /// The numbers of elements from samples of a shape through the layers to the code.
    func layerSizes(from inputShape: [Int]) -> [Int] {
        [inputShape.reduce(1, *)] + hiddenSizes + [latentSize]
    }

    /// Throws where a setting is out of its range; to be called on what comes from outside
    /// before a model is built of it.
    public func validate() throws(SettingsError) {
        func check(_ isValid: Bool, _ name: String, _ expected: String, _ found: Any)
            throws(SettingsError)
        {
            if !isValid { throw SettingsError(name: name, expected: expected, found: "\(found)") }
        }
        // What was trained layer by layer may be left as it is.
        let least = hasPretraining ? 0 : 1
        try check(
            least...Self.mostEpochs ~= epochs, "epochs",
            "a number from \(least) to \(Self.mostEpochs)", epochs)
        try check(
            1...Int(Int32.max) ~= batchSize, "batchSize", "a positive number up to \(Int32.max)",
            batchSize)
        try check(
            learningRate > 0 && learningRate.isFinite, "learningRate", "a positive number",
            learningRate)
        try check(
            weightDecay >= 0 && weightDecay.isFinite, "weightDecay", "a number from 0", weightDecay)
        try check(
            0...Self.greatestLayer ~= latentSize, "latentSize",
            "a number from 0 to \(Self.greatestLayer)", latentSize)
        try check(
            hiddenSizes.allSatisfy { 1...Self.greatestLayer ~= $0 } && hiddenSizes.count <= 1000,
            "hiddenSizes", "up to 1000 positive numbers up to \(Self.greatestLayer)", hiddenSizes)
        try checkWeights(hiddenSizes + [latentSize])
        for (name, weight) in [("beta", beta), ("penalty", penalty)] {
            guard let weight else { continue }
            try check(weight >= 0 && weight.isFinite, name, "a number from 0", weight)
        }
        for (name, least, count) in [
            ("projections", 0, projections), ("pretrainingEpochs", 1, pretrainingEpochs),
            ("gibbsSteps", 1, gibbsSteps),
        ] {
            guard let count else { continue }
            let most = name == "pretrainingEpochs" ? Self.mostEpochs : 1_000_000
            try check(least...most ~= count, name, "a number from \(least) to \(most)", count)
        }
        if let dropout {
            try check(0..<1 ~= dropout, "dropout", "a number from 0 and below 1", dropout)
        }
        if let rounds { try check(1...1000 ~= rounds, "rounds", "a number from 1 to 1000", rounds) }
        if table != nil, let corruption {
            let isMasking = if case .masking = corruption { true } else { false }
            try check(isMasking, "corruption", "masking:X for the cells of a table", corruption)
        }
        for (name, count) in [
            ("activeComponents", activeComponents), ("evaluatedComponents", evaluatedComponents),
        ] {
            guard let count else { continue }
            try check(
                count >= 1 && count <= latentSize, name,
                "a number from 1 to the \(latentSize) of a code", count)
        }
        if let factor { try check(2...4 ~= factor, "factor", "2, 3 or 4", factor) }
    }

    /// Throws where a setting is out of its range, or the model of samples of a shape would not
    /// fit into any memory.
    public func validate(for sampleShape: [Int]) throws(SettingsError) {
        try validate()
        guard let elements = Self.product(sampleShape), 1...Self.mostWeights ~= elements else {
            throw SettingsError(
                name: "sampleShape", expected: "the sizes of at least one element",
                found: "\(sampleShape)")
        }
        // Samples that are no rows of a table have no columns.
        if let table, !table.columns.isEmpty {
            // The elements of what is possible can be counted.
            guard table.isPossible, table.elements == elements else {
                throw SettingsError(
                    name: "table", expected: "columns of \(elements) elements together",
                    found: "\(table.columns.count) columns of others")
            }
        }
        if let first = (hiddenSizes + [latentSize]).first { try checkWeights([elements, first]) }
        if chains == .persistent { try checkWeights([batchSize, elements]) }
    }

    private static let mostEpochs = 1_000_000_000
    /// The most units that a layer has.
    private static let greatestLayer = 1 << 24
    /// The most weights between two layers: 16 GiB of them.
    private static let mostWeights = 1 << 32

    private func checkWeights(_ sizes: [Int]) throws(SettingsError) {
        for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
            guard let count = Self.product([inputs, outputs]), count <= Self.mostWeights else {
                throw SettingsError(
                    name: "sizes", expected: "at most \(Self.mostWeights) weights between layers",
                    found: "layers of \(inputs) and \(outputs) units")
            }
        }
    }

    /// Nil where a factor is negative, or the product too large for a number.
    private static func product(_ sizes: [Int]) -> Int? {
        var product = 1
        for size in sizes {
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            guard size >= 0, !overflow else { return nil }
            product = next
        }
        return product
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

/// How weights start.
public enum InitialWeights: String, Codable, Sendable, CaseIterable {
    /// As wide as keeps the variance from one logistic layer to the next (Glorot and Bengio,
    /// 2010).
    case wide
    /// Normal with standard deviation 0.01, as was usual before.
    case small

    public var initializer: Initializer {
        switch self {
        case .wide: .logisticUniform
        case .small: .normal(standardDeviation: 0.01)
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
