import Foundation

/// How a model is trained: the options that all recipes have.
public struct TrainingOptions: Configurable {
    @Option("passes over the training data", in: 0...1_000_000) public var epochs = 30
    @Option("samples in a mini-batch", in: 1...1_000_000) public var batchSize = 128
    @Option("optimiser: adam, or sgd for plain gradient descent")
    public var optimizer = OptimizerChoice.adam
    @Option("learning rate of the optimiser", above: 0) public var learningRate = 1e-3
    @Option("decay of the parameters in a step, times the learning rate", in: 0...)
    public var weightDecay = 0.0
    @Option("number that Adam adds to the root of a gradient's mean square", above: 0)
    public var epsilon = 1e-8
    @Option(
        "learning rate schedule: constant; cosine, which decreases to zero; or stages of 1, 3, 9, 27 "
            + "… epochs, of which seven lower it to a tenth")
    public var schedule = LearningRateSchedule.constant
    @Option("largest global norm of the gradients, which are clipped to it", above: 0.0)
    public var clipNorm: Double? = nil
    @Option("decay of a moving average of the weights, which is then the model", in: 0.0..<1)
    public var averageDecay: Double? = nil
    @Option(
        "epochs without a lower validation loss after which training stops early", in: 0...)
    public var patience: Int? = nil
    @Option(
        "fraction of the training samples held out for validation with patience", in: 0.0..<1)
    public var validationShare = 0.1
    @Option("seed of all random numbers", in: 0...) public var seed = 0

    public init() {}

    /// - Parameters:
    ///   - epochs: the number of passes over the data.
    ///   - batchSize: the number of samples in a step.
    public init(
        epochs: Int, batchSize: Int = 128, optimizer: OptimizerChoice = .adam,
        learningRate: Double = 1e-3, weightDecay: Double = 0,
        schedule: LearningRateSchedule = .constant, seed: Int = 0
    ) {
        self.epochs = epochs
        self.batchSize = batchSize
        self.optimizer = optimizer
        self.learningRate = learningRate
        self.weightDecay = weightDecay
        self.schedule = schedule
        self.seed = seed
    }

    /// The training plan for a given number of samples.
    public func plan(samples: Int) -> TrainingPlan {
        let batches = (samples + batchSize - 1) / batchSize
        return TrainingPlan(
            epochs: epochs, batchSize: batchSize, seed: UInt64(seed),
            schedule: schedule.schedule(steps: epochs * batches, stepsPerEpoch: batches),
            clipping: clipNorm.map { .globalNorm($0) },
            earlyStopping: patience.map { EarlyStopping(patience: $0) }, averageDecay: averageDecay)
    }

    /// The chosen optimiser for a model.
    ///
    /// - Parameters:
    ///   - firstDecay: of Adam's mean of gradients.
    ///   - secondDecay: of its mean of their squares.
    public func optimizer<Model: Module>(
        for model: Model, firstDecay: Double = 0.9, secondDecay: Double = 0.999
    ) -> ChosenOptimizer {
        optimizer.optimizer(
            for: model, learningRate: learningRate, weightDecay: weightDecay, epsilon: epsilon,
            firstDecay: firstDecay, secondDecay: secondDecay)
    }
}

extension SingleObjective where Rule == ChosenOptimizer {
    /// Uses the optimiser that the options choose.
    public init(
        _ model: Model, objective: some ObjectiveComponent<Model.Output>,
        _ training: TrainingOptions, metrics: [any EvaluationMetric<Model.Output>] = []
    ) {
        self.init(
            model, objective: objective, optimizer: training.optimizer(for: model),
            metrics: metrics)
    }
}

/// How the learning rate changes during training.
public enum LearningRateSchedule: String, NamedOptionValue {
    case constant
    /// Decreases to zero along half a cosine wave over all epochs.
    case cosine
    /// 10^(−i/7) in stage i, from 0, of 3ⁱ epochs: eight stages are 3,280 epochs (Burda et al.,
    /// arXiv:1509.00519, section 5).
    case stages

    /// The learning rate factors for training of this many steps, so many of which are an epoch.
    public func schedule(steps: Int, stepsPerEpoch: Int) -> Schedule {
        switch self {
        case .constant: return .constant
        case .cosine: return .cosine(steps: max(1, steps))
        case .stages:
            return Schedule { step in
                var (stage, left, epochs) = (0, step / max(stepsPerEpoch, 1), 1)
                while left >= epochs {
                    (stage, left, epochs) = (stage + 1, left - epochs, 3 * epochs)
                }
                return pow(10, -Double(stage) / 7)
            }
        }
    }
}
