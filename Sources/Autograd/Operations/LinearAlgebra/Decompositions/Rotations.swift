/// The rotation that turns (x, y) to (r, 0): r = c x + s y and 0 = c y − s x. Nothing overflows or
/// underflows on the way.
func rotation(_ x: Double, _ y: Double) -> (cosine: Double, sine: Double, length: Double) {
    guard y != 0 else { return (1, 0, x) }
    if abs(x) >= abs(y) {
        let ratio = y / x
        let root = (1 + ratio * ratio).squareRoot()
        return (1 / root, ratio / root, x * root)
    }
    let ratio = x / y
    let root = (1 + ratio * ratio).squareRoot()
    return (ratio / root, 1 / root, y * root)
}

/// Rotations of neighbouring rows, one pair after another, to be applied all at once.
struct RotationSweep {
    let cosines: UnsafeMutablePointer<Double>
    let sines: UnsafeMutablePointer<Double>

    /// Rotates the rows of a matrix from one to another.
    func apply(to matrix: MatrixView, _ rows: ClosedRange<Int>) {
        kernels.rotateRows(
            matrix.row(rows.lowerBound), matrix.rowStride, matrix.columns, rows.count - 1,
            cosines + rows.lowerBound, sines + rows.lowerBound)
    }
}

/// Calls `body` with room for the rotations of `count` rows.
func withRotationSweep<Result>(_ count: Int, _ body: (RotationSweep) -> Result) -> Result {
    withVector(2 * count) { body(RotationSweep(cosines: $0, sines: $0 + count)) }
}
