/// How a model is trained: the options that all recipes have.
public struct TrainingOptions: Configurable {
    @Option("passes over the training data", in: 0...1_000_000) public var epochs = 30
    @Option("samples a step", in: 1...1_000_000) public var batchSize = 128
    @Option("what moves the parameters: adam, or sgd for plain gradient descent")
    public var optimizer = OptimizerChoice.adam
    @Option("step size of the optimiser", above: 0) public var learningRate = 1e-3
    @Option("by which parameters shrink in a step, times the learning rate", in: 0...)
    public var weightDecay = 0.0
    @Option("of the learning rate: constant, or cosine, which falls to zero")
    public var schedule = LearningRateSchedule.constant
    @Option("greatest norm of all gradients together", above: 0.0)
    public var clipNorm: Double? = nil
    @Option("decay of a moving average of the weights, which then is the model", in: 0.0..<1)
    public var averageDecay: Double? = nil
    @Option(
        "epochs without a lesser loss of the validation part after which training ends", in: 0...)
    public var patience: Int? = nil
    @Option(
        "part of the training samples that patience watches and nothing learns from", in: 0.0..<1)
    public var validationShare = 0.1
    @Option("of everything random", in: 0...) public var seed = 0

    public init() {}

    /// - Parameters:
    ///   - epochs: how often training goes through the data.
    ///   - batchSize: how many samples make one step.
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

    /// The plan for so many training samples.
    public func plan(samples: Int) -> TrainingPlan {
        let batches = (samples + batchSize - 1) / batchSize
        return TrainingPlan(
            epochs: epochs, batchSize: batchSize, seed: UInt64(seed),
            schedule: schedule.schedule(steps: epochs * batches),
            clipping: clipNorm.map { .globalNorm($0) },
            earlyStopping: patience.map { EarlyStopping(patience: $0) }, averageDecay: averageDecay)
    }

    /// The optimiser that was chosen, for a model.
    public func optimizer<Model: Module>(for model: Model) -> ChosenOptimizer {
        optimizer.optimizer(for: model, learningRate: learningRate, weightDecay: weightDecay)
    }
}

extension SingleObjective where Rule == ChosenOptimizer {
    /// With the optimiser that the options say.
    public init(
        _ model: Model, objective: some ObjectiveComponent<Model.Output>,
        _ training: TrainingOptions
    ) {
        self.init(model, objective: objective, optimizer: training.optimizer(for: model))
    }
}

/// How the learning rate changes in the course of training.
public enum LearningRateSchedule: String, NamedOptionValue {
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
