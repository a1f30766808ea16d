import Autograd

/// Squared Euclidean distances between samples, of which only some rows at a time are in memory; in
/// a unit chosen so that no square of a finite number overflows or vanishes.
struct PairwiseDistances {
    /// The unit of length of these distances: a power of 2, so that scaling is exact.
    let unit: Double
    private let queries: Rows
    private let samples: Rows
    private let isAmongThemselves: Bool

    /// From each query to each sample, `[n, …]` and `[m, …]`, flattened.
    init(from queries: Tensor, to samples: Tensor) {
        self.init(queries, samples, isAmongThemselves: false)
    }

    /// From each sample to each other one; the distance of a sample to itself is infinite.
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
        let greatest = max(abs(queries).max().scalar, abs(samples).max().scalar)
        unit = greatest > 0 && greatest.isFinite ? greatest.binade : 1
        let scaled = samples / unit
        let mean = scaled.mean(axes: [0])
        self.samples = Rows(scaled, mean)
        self.queries = isAmongThemselves ? self.samples : Rows(queries / unit, mean)
        self.isAmongThemselves = isAmongThemselves
    }

    /// Samples, and the parts of their distance computation.
    private struct Rows {
        let rows: Tensor
        /// Minus the mean of all: for numbers far from zero, squares would cancel most digits of
        /// the differences.
        let deviations: Tensor
        /// The squared norms of the deviations, `[rows, 1]`.
        let squares: Tensor

        init(_ rows: Tensor, _ mean: Tensor) {
            self.rows = rows
            deviations = rows - mean
            squares = square(deviations).sum(axes: [1], keepingAxes: true)
        }
    }

    /// Calls `body` with the distances of successive ranges of queries, `[queries, samples]`, about
    /// four million at a time.
    func forEachPart<Failure>(
        _ body: (_ queries: Range<Int>, _ distances: Tensor) throws(Failure) -> Void
    ) throws(Failure) {
        let (count, others) = (queries.rows.shape[0], samples.rows.shape[0])
        let rows = max(1, (1 << 22) / max(1, others))
        let columns = Tensor((0..<others).map { Int32($0) }).expandingAxis(0)
        for start in stride(from: 0, to: count, by: rows) {
            let range = start..<min(count, start + rows)
            // |q − s|² = |q|² + |s|² − 2 q·s.
            let sums = queries.squares[range] + samples.squares.transposed()
            let products = matmul(
                queries.deviations[range], samples.deviations, transposingRight: true)
            var distances = sums - 2 * products
            if isAmongThemselves {
                let positions = Tensor(range.map { Int32($0) }).expandingAxis(1)
                distances = select(
                    positions .== columns, Tensor(.infinity, dataType: distances.dataType),
                    distances)
            }
            // A difference below this fraction of the sum is mostly rounding error.
            let share = distances.dataType == .float32 ? 0x1p-5 : 0x1p-20
            let isCancelled = distances .< sums * share
            if isCancelled.any().scalar == 1 {
                distances = recomputed(distances, where: isCancelled, range)
            }
            try body(range, distances)
        }
    }

    /// The distances, recomputed from the differences of elements where cancellation lost digits.
    private func recomputed(
        _ distances: Tensor, where isCancelled: Tensor, _ range: Range<Int>
    ) -> Tensor {
        var elements = distances.cast(to: .float64).elements(as: Double.self)
        let mask = isCancelled.elements(as: Bool.self)
        let part = queries.rows[range].cast(to: .float64).elements(as: Double.self)
        let others = samples.rows.cast(to: .float64).elements(as: Double.self)
        let (columns, width) = (samples.rows.shape[0], samples.rows.shape[1])
        // Sound: each row is written by only one block, and all memory outlives the calls.
        elements.withUnsafeMutableBufferPointer { elements in
            mask.withUnsafeBufferPointer { mask in
                part.withUnsafeBufferPointer { part in
                    others.withUnsafeBufferPointer { others in
                        inParallel(range.count, grain: 8) { rows in
                            for row in rows {
                                for column in 0..<columns where mask[row * columns + column] {
                                    var sum = 0.0
                                    for index in 0..<width {
                                        let difference =
                                            part[row * width + index]
                                            - others[column * width + index]
                                        sum += difference * difference
                                    }
                                    elements[row * columns + column] = sum
                                }
                            }
                        }
                    }
                }
            }
        }
        return Tensor(elements, shape: distances.shape).cast(to: distances.dataType)
    }
}
