import Autograd

/// Squared Euclidean distances from samples to samples, of which some rows at a time are in
/// memory.
struct PairwiseDistances {
    private let queries: Tensor
    private let samples: Tensor
    /// Of the samples, `[1, samples]`.
    private let squares: Tensor
    private let isAmongThemselves: Bool

    /// From each query to each sample, `[n, …]` and `[m, …]`, flattened.
    init(from queries: Tensor, to samples: Tensor) {
        self.init(queries, samples, isAmongThemselves: false)
    }

    /// From each sample to each other; that of a sample to itself is infinite.
    init(among samples: Tensor) {
        self.init(samples, samples, isAmongThemselves: true)
    }

    private init(_ queries: Tensor, _ samples: Tensor, isAmongThemselves: Bool) {
        let (queries, samples) = (numbers(queries).flattened(), numbers(samples).flattened())
        guard queries.shape[1] == samples.shape[1] else {
            programmerError(
                "PairwiseDistances",
                "queries of shape \(queries.shape) for samples of shape \(samples.shape)")
        }
        // Squares of numbers far from zero would leave few digits to their differences.
        let mean = samples.mean(axes: [0])
        self.queries = queries - mean
        self.samples = samples - mean
        squares = square(self.samples).sum(axes: [1]).expandingAxis(0)
        self.isAmongThemselves = isAmongThemselves
    }

    /// Calls `body` with the distances of some queries after others, `[queries, samples]`, about
    /// four million at a time.
    func forEachPart(_ body: (_ queries: Range<Int>, _ distances: Tensor) throws -> Void) rethrows {
        let (count, others) = (queries.shape[0], samples.shape[0])
        let rows = max(1, (1 << 22) / max(1, others))
        let columns = Tensor((0..<others).map { Int32($0) }).expandingAxis(0)
        for start in stride(from: 0, to: count, by: rows) {
            let range = start..<min(count, start + rows)
            let part = queries[range]
            // |q − s|² = |q|² + |s|² − 2 q·s, which rounding may leave below zero.
            var distances = maximum(
                square(part).sum(axes: [1], keepingAxes: true) + squares
                    - 2 * matmul(part, samples, transposingRight: true), 0)
            if isAmongThemselves {
                let positions = Tensor(range.map { Int32($0) }).expandingAxis(1)
                distances = select(
                    positions .== columns, Tensor(.infinity, dataType: distances.dataType),
                    distances)
            }
            try body(range, distances)
        }
    }
}
