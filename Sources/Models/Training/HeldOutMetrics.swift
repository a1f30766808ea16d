import Autograd

extension Trainable {
    /// The means over samples of the loss, of the objective's terms by name, of the squared
    /// error (`squaredError`: summed over the elements of a sample), and of the evidence lower
    /// bound (`elbo`), where the terms make it up: minus the negative log-likelihood and the
    /// divergence, neither weighted. For class numbers as targets also the part of the samples
    /// whose likeliest class is another, or not to be told (`classificationError`); and whatever
    /// the model measures of a pass.
    ///
    /// What is random in an evaluation (samples of the posterior) comes from `seed`: two
    /// models are measured with the same noise.
    ///
    /// - Parameter report: told before each batch which part is done, from 0 to 1; what it throws
    ///   ends the work.
    public func metrics(
        of objective: Objective, on samples: Samples, batchSize: Int = 128, seed: UInt64 = 0,
        report: (Double) throws -> Void
    ) rethrows -> [String: Double] {
        guard batchSize > 0 else { programmerError("metrics", "batches of \(batchSize) samples") }
        var context = Context.evaluation(RandomGenerator(seed: seed))
        var means = RunningMeans()
        for start in stride(from: 0, to: samples.count, by: batchSize) {
            try report(Double(start) / Double(samples.count))
            let range = start..<min(samples.count, start + batchSize)
            let batch = samples.batch(range, as: dataType)
            let target = samples.targets(range, as: dataType) ?? batch
            let pass = pass(batch, target: target, in: &context)
            means.add(objective(pass).numbers + pass.errors + pass.measures(), of: range.count)
        }
        return means.byName.addingEvidenceLowerBound
    }

    /// The same.
    ///
    /// - Parameter isCancelled: asked before each batch; where it says yes, the result is nil.
    public func metrics(
        of objective: Objective, on samples: Samples, batchSize: Int = 128, seed: UInt64 = 0,
        unlessCancelled isCancelled: () -> Bool = { false }
    ) -> [String: Double]? {
        try? metrics(
            of: objective, on: samples, batchSize: batchSize, seed: seed,
            report: { _ in if isCancelled() { throw CancellationError() } })
    }

    /// The type of the parameters, and so of what the model takes.
    var dataType: DataType {
        parameters.first { $0.tensor.dataType.isFloatingPoint }?.tensor.dataType ?? .float32
    }
}

extension [String: Double] {
    /// With `elbo`, where there are the two terms that make it up.
    fileprivate var addingEvidenceLowerBound: Self {
        let likelihoods: [Reconstruction.Measure] = [.negativeLogLikelihood, .crossEntropy]
        guard let divergence = self[KullbackLeibler().name],
            let reconstruction = likelihoods.lazy.compactMap({ self[$0.rawValue] }).first
        else { return self }
        return merging(["elbo": -(reconstruction + divergence)]) { own, _ in own }
    }
}

extension ObjectiveValue {
    /// The loss and its terms as numbers.
    var numbers: [(name: String, value: Double)] {
        [("loss", total.scalar)] + terms.map { ($0.name, $0.value.scalar) }
    }
}

extension Pass {
    /// How far the output is from the target, where they can be compared.
    fileprivate var errors: [(name: String, value: Double)] {
        if let output = output as? Categorical, target.dataType == .int32 {
            let isWrong = output.logits.argmax() .!= target .| output.logits.isNaN.any(axes: [-1])
            return [("classificationError", isWrong.cast(to: .float64).mean().scalar)]
        }
        // The elements of a table's row are not all of a kind, and some are missing.
        if output is Tabular { return [] }
        let mean = output.mean
        guard mean.shape == target.shape else { return [] }
        return [("squaredError", meanSquaredError(mean, target).scalar)]
    }
}
