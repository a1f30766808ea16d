import Autograd
import Datasets

extension Trainable where Output: HasLikelihood {
    /// The reconstruction errors of samples: for rows of a table one number for each cell,
    /// `[count, columns]` (``Tabular/cellErrors(of:)``), otherwise the squared error, summed over
    /// the sample, `[count, 1]`.
    ///
    /// Random parts of a pass (the corruption of a denoising model, the code of a variational one)
    /// are drawn several times and the errors averaged, so that each sample is reconstructed from
    /// several corrupted versions.
    ///
    /// - Parameters:
    ///   - draws: the number of draws, at least 1; only one is made if a pass draws no random
    ///     numbers.
    ///   - monitor: called after each draw of a batch; an error that it throws ends the work.
    public func reconstructionErrors(
        of samples: any DataSource, draws: Int = 20, batchSize: Int = 500, seed: UInt64 = 0,
        monitor: ProgressMonitor<some Error> = .silent
    ) throws -> Tensor {
        try errors(of: samples, draws, batchSize: batchSize, seed, monitor)
    }
}

extension Trainable {
    /// Whether its passes have a likelihood, so that ``reconstructionErrors(of:)`` exists also for
    /// a model whose type is known only at run time.
    package var hasLikelihood: Bool { Output.self is any HasLikelihood.Type }

    /// The errors of a model that ``hasLikelihood``; traps for others.
    package func errors(
        of samples: any DataSource, _ draws: Int, batchSize: Int, _ seed: UInt64,
        _ monitor: ProgressMonitor<some Error>
    ) throws -> Tensor {
        guard draws >= 1, batchSize >= 1 else {
            programmerError("reconstructionErrors", "\(draws) draws of batches of \(batchSize)")
        }
        var context = PassContext.evaluation(RandomGenerator(seed: seed))
        var parts: [Tensor] = []
        for start in stride(from: 0, to: samples.count, by: batchSize) {
            let range = start..<min(samples.count, start + batchSize)
            var batch = try samples.batch(range, as: dataType)
            batch.target = batch.input
            var sums: [Tensor] = []
            var (drawn, wanted) = (0, draws)
            while drawn < wanted {
                let errors = pass(batch, in: &context).errors
                drawn += 1
                sums = [sums.first.map { $0 + errors } ?? errors]
                // Without random numbers all passes are equal.
                if !context.hasDrawn { wanted = drawn }
                let done = Double(range.count) * Double(drawn) / Double(wanted)
                try monitor.advance(to: (Double(start) + done) / Double(samples.count))
            }
            parts += sums.map { $0 / Double(drawn) }
        }
        return concatenated(parts)
    }
}

extension ForwardPass {
    fileprivate var errors: Tensor {
        guard let likelihood = (output as? any HasLikelihood)?.likelihood else {
            programmerError("reconstructionErrors", "passes give \(Output.self), no likelihood")
        }
        if let table = likelihood as? Tabular { return table.cellErrors(of: batch.target) }
        return squaredError(likelihood.mean, batch.target).expandingAxis(1)
    }
}
