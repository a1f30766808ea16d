import Foundation

/// Several anomaly scores of a sample as one: the mean of what each says on a common scale, on which
/// a usual training sample is at 0 and one that is more unusual than nineteen of twenty at 1.
///
/// The scale is logarithmic, as scores differ by orders of magnitude, and nearly ends at 2, so that
/// none of the scores decides alone because it is large.
struct ScoreEnsemble {
    private let scales: [Scale]

    /// - Parameter training: what each of the scores is for training samples.
    init(training: [[Double]]) { scales = training.map(Scale.init) }

    /// - Parameter scores: each of the scores, for the same samples.
    func callAsFunction(_ scores: [[Double]]) -> [Double] {
        guard let first = scores.first else { return [] }
        return first.indices.map { sample in
            zip(scales, scores).map { scale, scores in scale(scores[sample]) }.mean
        }
    }

    /// The common scale of scores from 0.
    private struct Scale {
        private let smallest: Double
        private let usual: Double
        private let width: Double

        init(_ training: [Double]) {
            let sorted = training.sorted()
            guard !sorted.isEmpty else {
                (smallest, usual, width) = (1e-12, 0, 1)
                return
            }
            let smallest = 1e-3 * sorted.quantile(0.5) + 1e-12
            let (middle, high) = (
                log(sorted.quantile(0.5) + smallest), log(sorted.quantile(0.95) + smallest)
            )
            self.smallest = smallest
            usual = middle
            width = high > middle ? high - middle : 1
        }

        func callAsFunction(_ score: Double) -> Double {
            let place = (log(score + smallest) - usual) / width
            // `min` may drop a NaN.
            return (place > 2 ? 2 : place) + 1e-3 * place
        }
    }
}
