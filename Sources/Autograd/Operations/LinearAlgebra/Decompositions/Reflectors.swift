/// A product H₀ H₁ … of Householder reflections Hₖ = I − τₖ vₖ vₖᵀ, applied in blocks as I − V T Vᵀ
/// (Schreiber and Van Loan, "A storage-efficient WY representation for products of Householder
/// transformations", 1989).
struct Reflectors {
    /// vₖ as rows; vₖ is 0 before element k + `offset`, where it is 1.
    let vectors: MatrixView
    /// The numbers τ.
    let scales: UnsafeMutablePointer<Double>
    let offset: Int

    /// How many reflections are applied at a time.
    static let blockSize = 32

    /// Turns row k, which holds x from its first element on, into vₖ.
    ///
    /// - Returns: β, for which Hₖ x is β in the first element and 0 in all others.
    func reflect(_ k: Int) -> Double {
        let first = k + offset
        return reflect(vectors.row(k) + first, vectors.columns - first, &scales[k])
    }

    private func reflect(
        _ x: UnsafeMutablePointer<Double>, _ count: Int, _ scale: inout Double
    ) -> Double {
        let alpha = x[0]
        var greatest = 0.0
        for index in 1..<max(1, count) { greatest = max(greatest, abs(x[index])) }
        guard greatest > 0 else {
            x[0] = 1
            scale = 0
            return alpha
        }
        guard max(greatest, abs(alpha)) > 0x1p-400 else {
            // Squares would lose digits.
            for index in 0..<count { x[index] *= 0x1p500 }
            return reflect(x, count, &scale) * 0x1p-500
        }
        let norm = dot(x, x, count).squareRoot()
        let beta = alpha < 0 ? norm : -norm
        scale = (beta - alpha) / beta
        let factor = 1 / (alpha - beta)
        x[0] = 1
        for index in 1..<count { x[index] *= factor }
        return beta
    }

    /// Replaces C by H C, or by Hᵀ C, for the product H of a range of reflections. C has the rows
    /// from the first that they change.
    func apply(_ range: Range<Int>, transposing: Bool, to c: MatrixView) {
        guard !range.isEmpty, c.columns > 0 else { return }
        let first = range.lowerBound + offset
        let v = vectors.part(range, first..<vectors.columns)
        let count = range.count
        withMatrix(count, count) { t in
            accumulate(range, v, into: t)
            withMatrix(2 * count, c.columns) { both in
                let product = both.part(0..<count, 0..<c.columns)
                let update = both.part(count..<2 * count, 0..<c.columns)
                product.setProduct(v, c)
                update.setProduct(transposing ? t.transposed : t, product)
                c.setProduct(v.transposed, update, adding: true)
            }
        }
    }

    /// Makes −T of zeros.
    private func accumulate(_ range: Range<Int>, _ v: MatrixView, into t: MatrixView) {
        let count = range.count
        guard count > 1 else {
            t[0, 0] = -scales[range.lowerBound]
            return
        }
        withMatrix(count, count) { gram in
            gram.setProduct(v, v.transposed)
            for j in 0..<count {
                let scale = scales[range.lowerBound + j]
                t[j, j] = -scale
                for i in 0..<j {
                    var sum = 0.0
                    for l in i..<j { sum += t[i, l] * gram[l, j] }
                    t[i, j] = -scale * sum
                }
            }
        }
    }

    /// Replaces a square matrix by the transposed product of all reflections.
    func formTransposed(_ result: MatrixView) {
        withMatrix(result.rows, result.columns) { q in
            form(q)
            result.copy(from: q.transposed)
        }
    }

    /// Makes the first columns of the product of all reflections of a matrix of zeros.
    func form(_ q: MatrixView) {
        for index in 0..<min(q.rows, q.columns) { q[index, index] = 1 }
        let count = vectors.rows
        let blocks = stride(from: 0, to: count, by: Self.blockSize)
        for start in blocks.reversed() {
            let first = start + offset
            guard first < q.rows else { continue }
            apply(
                start..<min(count, start + Self.blockSize), transposing: false,
                to: q.part(first..<q.rows, min(first, q.columns)..<q.columns))
        }
    }
}

/// Calls `body` with `count` reflections of vectors of `length` elements, yet to be made.
func withReflectors<Result>(
    _ count: Int, length: Int, offset: Int, _ body: (Reflectors) -> Result
) -> Result {
    withMatrix(count, length) { vectors in
        withVector(count) { scales in
            body(Reflectors(vectors: vectors, scales: scales, offset: offset))
        }
    }
}
