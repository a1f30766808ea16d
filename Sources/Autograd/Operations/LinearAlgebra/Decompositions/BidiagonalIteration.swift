/// Diagonalises an upper bidiagonal matrix by implicit QR steps, without a shift where that would
/// cost the smallest singular values their digits (Demmel and Kahan, "Accurate singular values of
/// bidiagonal matrices", 1990).
///
/// - Parameters:
///   - diagonal: becomes the singular values, of any sign and in no order.
///   - beside: what is above the diagonal, which becomes 0.
///   - left: rows that are rotated like the rows of the matrix; nil if they are not wanted.
///   - right: rows that are rotated like the columns of the matrix; likewise.
/// - Returns: whether the steps have converged; that they do not is not known to happen.
func diagonalize(
    _ diagonal: UnsafeMutablePointer<Double>, _ beside: UnsafeMutablePointer<Double>,
    _ size: Int, _ left: MatrixView?, _ right: MatrixView?
) -> Bool {
    let (d, e) = (diagonal, beside)
    var greatest = 0.0
    for index in 0..<size {
        greatest = max(greatest, abs(d[index]), index + 1 < size ? abs(e[index]) : 0)
    }
    let epsilon = Double.ulpOfOne

    /// Whether an element above the diagonal is as good as 0, which it then becomes.
    func vanishes(_ index: Int) -> Bool {
        let scale = max(0.25 * greatest, abs(d[index]) + abs(d[index + 1]))
        guard abs(e[index]) <= 0.5 * epsilon * scale else { return false }
        e[index] = 0
        return true
    }

    return withRotationSweep(size) { lefts in
        withRotationSweep(size) { rights in
            var last = size - 1
            var steps = 0
            while last > 0 {
                if vanishes(last - 1) {
                    last -= 1
                    continue
                }
                var first = last - 1
                while first > 0, !vanishes(first - 1) { first -= 1 }
                steps += 1
                guard steps <= 60 * size else { return false }
                let step = BidiagonalStep(
                    d: d, e: e, rows: first...last, lefts: lefts, rights: rights)
                step.take(shift: step.shift(greatest))
                if let left { lefts.apply(to: left, first...last) }
                if let right { rights.apply(to: right, first...last) }
            }
            return true
        }
    }
}

/// A step on rows whose elements above the diagonal are none 0.
private struct BidiagonalStep {
    let d: UnsafeMutablePointer<Double>
    let e: UnsafeMutablePointer<Double>
    let rows: ClosedRange<Int>
    let lefts: RotationSweep
    let rights: RotationSweep

    /// The smaller singular value of the last two rows; 0 if it is small enough to do without.
    func shift(_ greatest: Double) -> Double {
        let (first, last) = (rows.lowerBound, rows.upperBound)
        let leastOfDiagonal = rows.reduce(Double.infinity) { min($0, abs(d[$1])) }
        guard leastOfDiagonal > Double.ulpOfOne * greatest else { return 0 }
        let (f, g, h) = (abs(d[last - 1]), e[last - 1], abs(d[last]))
        // Half the sum of (s₁ + s₂) and (s₁ − s₂).
        let larger =
            0.5
            * (((f + h) * (f + h) + g * g).squareRoot() + ((f - h) * (f - h) + g * g).squareRoot())
        let shift = f * (h / larger)
        let ratio = shift / d[first]
        return ratio * ratio < Double.ulpOfOne ? 0 : shift
    }

    func take(shift: Double) {
        if shift == 0 { takeWithoutShift() } else { takeWithShift(shift) }
    }

    private func takeWithShift(_ shift: Double) {
        let (first, last) = (rows.lowerBound, rows.upperBound)
        let top = d[first]
        var x = (abs(top) - shift) * ((top < 0 ? -1 : 1) + shift / top)
        var y = e[first]
        for k in first..<last {
            let right = rotation(x, y)
            if k > first { e[k - 1] = right.length }
            x = right.cosine * d[k] + right.sine * e[k]
            e[k] = right.cosine * e[k] - right.sine * d[k]
            y = right.sine * d[k + 1]
            d[k + 1] *= right.cosine
            let left = rotation(x, y)
            d[k] = left.length
            x = left.cosine * e[k] + left.sine * d[k + 1]
            d[k + 1] = left.cosine * d[k + 1] - left.sine * e[k]
            e[k] = x
            if k + 1 < last {
                y = left.sine * e[k + 1]
                e[k + 1] *= left.cosine
            }
            record(k, left: (left.cosine, left.sine), right: (right.cosine, right.sine))
        }
    }

    private func takeWithoutShift() {
        let (first, last) = (rows.lowerBound, rows.upperBound)
        var (right, left) = (rotation(1, 0), rotation(1, 0))
        for k in first..<last {
            right = rotation(d[k] * right.cosine, e[k])
            if k > first { e[k - 1] = left.sine * right.length }
            left = rotation(left.cosine * right.length, d[k + 1] * right.sine)
            d[k] = left.length
            record(k, left: (left.cosine, left.sine), right: (right.cosine, right.sine))
        }
        let rest = d[last] * right.cosine
        d[last] = rest * left.cosine
        e[last - 1] = rest * left.sine
    }

    private func record(_ k: Int, left: (Double, Double), right: (Double, Double)) {
        (lefts.cosines[k], lefts.sines[k]) = left
        (rights.cosines[k], rights.sines[k]) = right
    }
}
