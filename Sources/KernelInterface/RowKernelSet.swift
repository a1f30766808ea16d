/// Kernels that take the rows of a matrix one after the other, each while it is in the cache
/// nearest to the processor; on `float32` and `float64` where nothing else is said. Rows are
/// `count` elements long and lie one after the other. See `KernelSet` for what holds for all.
public protocol RowKernelSet: Sendable {
    /// eˣ over its sum in each row, or the logarithm of that.
    static func softmaxRows(
        _ type: DataType, _ isLogarithmic: Bool, _ input: UnsafeRawPointer, _ rows: Int,
        _ count: Int, _ output: UnsafeMutableRawPointer
    )

    /// The vector-Jacobian product of `softmaxRows`, from its result: y (ȳ − Σ ȳ y), or
    /// ȳ − e^y Σ ȳ for the logarithm.
    static func softmaxRowsPullback(
        _ type: DataType, _ isLogarithmic: Bool, _ result: UnsafeRawPointer,
        _ cotangent: UnsafeRawPointer, _ rows: Int, _ count: Int,
        _ output: UnsafeMutableRawPointer
    )

    /// `weight · (x − mean) · r + bias` with the mean of each row and the reciprocal root r of
    /// its variance plus `epsilon`, which are written to `means` and `reciprocals`.
    static func normalizeRows(
        _ type: DataType, _ epsilon: Double, _ input: UnsafeRawPointer, _ rows: Int,
        _ count: Int, _ weight: UnsafeRawPointer, _ bias: UnsafeRawPointer,
        _ output: UnsafeMutableRawPointer, _ means: UnsafeMutableRawPointer,
        _ reciprocals: UnsafeMutableRawPointer
    )

    /// The vector-Jacobian product of `normalizeRows`: writes the cotangent of the input, and
    /// adds those of weight and bias, row after row, to what is there. Memories do not overlap.
    static func normalizeRowsPullback(
        _ type: DataType, _ input: UnsafeRawPointer, _ cotangent: UnsafeRawPointer, _ rows: Int,
        _ count: Int, _ weight: UnsafeRawPointer, _ means: UnsafeRawPointer,
        _ reciprocals: UnsafeRawPointer, _ output: UnsafeMutableRawPointer,
        _ weightCotangent: UnsafeMutableRawPointer, _ biasCotangent: UnsafeMutableRawPointer
    )

    /// The position of the greatest or the least element of each row, the first of equals, or of
    /// the first that is not a number; in `int32` too. Rows are not empty.
    static func extremumPositions(
        _ type: DataType, _ isGreatest: Bool, _ input: UnsafeRawPointer, _ rows: Int,
        _ count: Int, _ output: UnsafeMutablePointer<Int32>
    )
}
