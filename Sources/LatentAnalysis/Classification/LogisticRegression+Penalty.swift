import Autograd
import NeuralNetworks

extension LogisticRegression {
    /// The penalty, of several, under which a regression on five sixths of the samples errs least
    /// on the sixth that was left out; of equal ones the greatest. Which samples are left out is
    /// drawn by chance. With fewer than six samples it is the least penalty.
    ///
    /// - Parameters:
    ///   - candidates: one at least, from 0.
    ///   - samples: `[n, …]`, as of the regression itself, and so are labels and classes.
    ///   - monitor: told after each iteration; what it throws ends the search.
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
