import Autograd
import NeuralNetworks

extension LogisticRegression {
    /// The best of several penalties: the one with which a regression on five sixths of the samples
    /// makes the fewest errors on the other sixth, drawn at random; among equal ones the largest.
    /// With fewer than six samples it is the smallest penalty.
    ///
    /// - Parameters:
    ///   - candidates: at least one, from 0; traps otherwise.
    ///   - samples: `[n, …]`, as for the regression itself, like labels and classes.
    ///   - monitor: called after each iteration; an error that it throws ends the search.
    public static func bestPenalty<Failure>(
        of candidates: [Double] = [1, 10, 100, 1000], samples: Tensor, labels: Tensor,
        classes: Int, using generator: inout RandomGenerator,
        monitor: ProgressMonitor<Failure> = .silent
    ) throws(Failure) -> Double {
        guard let least = candidates.min(), candidates.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
            programmerError("bestPenalty", "no penalties from 0 to choose from in \(candidates)")
        }
        let order = generator.permutation(samples.shape[0]).map(Int32.init)
        let (asked, known) = (order.prefix(order.count / 6), order.dropFirst(order.count / 6))
        guard !asked.isEmpty else { return least }
        func part(_ positions: ArraySlice<Int32>) -> (samples: Tensor, labels: Tensor) {
            let positions = Tensor(Array(positions))
            return (samples.gathered(at: positions), labels.gathered(at: positions))
        }
        let (training, held) = (part(known), part(asked))
        var best = (penalty: least, error: Double.infinity)
        for (index, penalty) in candidates.sorted(by: >).enumerated() {
            let regression = try LogisticRegression(
                of: training.samples, labels: training.labels, classes: classes, penalty: penalty,
                monitor: monitor.part(
                    Double(index) / Double(candidates.count)...Double(index + 1)
                        / Double(candidates.count)))
            let error = ConfusionMatrix(
                labels: held.labels, predictions: regression.classes(of: held.samples),
                classes: classes
            ).error
            if error < best.error { best = (penalty, error) }
        }
        return best.penalty
    }
}
