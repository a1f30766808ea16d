import Autograd
import FileSupport
import Models

/// What the codes of new samples are drawn from: `--prior`.
enum PriorChoice {
    /// The model's own prior.
    case own
    /// A distribution that is fitted to the mean codes of the training samples.
    case fitted(FittedPrior.Kind)

    static let option = CommandOption(
        "prior", "NAME",
        "what codes are drawn from: own, the model's prior or that of symbols in the run's folder, "
            + "or a distribution fitted to the mean "
            + "codes of the training samples: normal, mixture, autoencoder or flow (default: own)")

    init(_ arguments: Arguments) throws(UsageError) {
        guard let name = arguments.string(Self.option), name != "own" else {
            self = .own
            return
        }
        guard let kind = FittedPrior.Kind(rawValue: name) else {
            throw UsageError(
                unknown: "prior", name, known: ["own"] + FittedPrior.Kind.allCases.map(\.rawValue))
        }
        self = .fitted(kind)
    }

    var name: String {
        switch self {
        case .own: "own"
        case .fitted(let kind): kind.rawValue
        }
    }
}

extension TrainedRun {
    /// Throws unless the model makes samples of codes that are drawn from this prior.
    func requireSamples(from prior: PriorChoice, for command: String) throws {
        switch prior {
        case .own:
            let makes = model is any Generates || model is any Encodes & Decodes
            guard makes, !(model is any Restores) else {
                throw unfit("a generator of samples", for: command)
            }
        case .fitted(let kind):
            if run.isAboutTable || model is any Conditional {
                throw UsageError(
                    "--\(PriorChoice.option.name) \(kind.rawValue): only for models of samples "
                        + "without conditions that are not rows of a table")
            }
            _ = try autoencoder(for: command)
        }
    }

    /// What training samples drawn at random are told, `[count]`; nil if the model takes no conditions, or finds
    /// them itself.
    func usualConditions(_ count: Int, seed: UInt64) -> Tensor? {
        guard let model = model as? any Generates, model.takesConditions,
            (model as? any DecodesGiven)?.hasFoundClasses != true
        else { return nil }
        let training = experiment.dataset.training
        guard let told = training.condition ?? known(training.labels) else { return nil }
        var generator = RandomGenerator(seed: seed)
        generator = generator.split()
        return told.gathered(at: generator.integers([count], in: 0..<told.shape[0]))
    }

    /// The labels of the samples that have one; nil if none has.
    private func known(_ labels: Tensor?) -> Tensor? {
        let known = (labels?.elements(as: Int32.self) ?? []).filter { $0 >= 0 }
        return known.isEmpty ? nil : Tensor(known)
    }

    /// New samples: the expected ones for what is drawn.
    ///
    /// - Parameter condition: `[count]`, for a conditional model; by default all classes in turn.
    func newSamples(
        _ count: Int, from prior: PriorChoice, seed: UInt64, given condition: Tensor? = nil,
        for command: String, monitor: ProgressMonitor<some Error>
    ) throws -> Tensor {
        try requireSamples(from: prior, for: command)
        switch prior {
        case .own:
            if let own = self.prior, let model = model as? any HasCodebook {
                let pictures = Pictures(of: own, on: experiment.dataset)
                let symbols = try pictures.newSamples(
                    count, seed: seed, given: condition, monitor: monitor.part(0...0.8))
                if let symbols {
                    return try model.samples(
                        ofIndices: symbols.cast(to: .int32), monitor: monitor.part(0.8...1))
                }
            }
            let samples = try Pictures(of: model, on: experiment.dataset).newSamples(
                count, seed: seed, given: condition, monitor: monitor)
            guard let samples else { throw unfit("a generator of samples", for: command) }
            return samples
        case .fitted(let kind):
            let model = try autoencoder(for: command)
            let codes = try model.codes(of: experiment.dataset.training, monitor: monitor)
            let fitted = try FittedPrior(kind, to: codes, seed: seed, monitor: monitor)
            var generator = RandomGenerator(seed: seed)
            return try model.samples(
                of: fitted.sample(count, using: &generator).cast(to: model.dataType),
                monitor: monitor)
        }
    }
}
