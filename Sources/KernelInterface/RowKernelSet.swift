/// Kernels that process the rows of a matrix one after the other, each while it is in the
/// first-level cache; in `float32` and `float64` unless stated otherwise. Rows are `count` elements
/// long and contiguous. See `KernelSet` for what holds for all kernels.
public protocol RowKernelSet: Sendable {
    /// eˣ divided by its sum in each row, or the logarithm of that.
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

    /// `weight · (x − mean) · r + bias` with the mean of each row and the reciprocal r of the
    /// square root of its variance plus `epsilon`, which are written to `means` and `reciprocals`.
    static func normalizeRows(
        _ type: DataType, _ epsilon: Double, _ input: UnsafeRawPointer, _ rows: Int,
        _ count: Int, _ weight: UnsafeRawPointer, _ bias: UnsafeRawPointer,
        _ output: UnsafeMutableRawPointer, _ means: UnsafeMutableRawPointer,
        _ reciprocals: UnsafeMutableRawPointer
    )

    /// The vector-Jacobian product of `normalizeRows`: writes the cotangent of the input, and adds
    /// those of weight and bias, row after row, to the existing values. The memory must not
    /// overlap.
    static func normalizeRowsPullback(
        _ type: DataType, _ input: UnsafeRawPointer, _ cotangent: UnsafeRawPointer, _ rows: Int,
        _ count: Int, _ weight: UnsafeRawPointer, _ means: UnsafeRawPointer,
        _ reciprocals: UnsafeRawPointer, _ output: UnsafeMutableRawPointer,
        _ weightCotangent: UnsafeMutableRawPointer, _ biasCotangent: UnsafeMutableRawPointer
    )

    /// The position of the greatest or the least element of each row: the first of equal ones, or
    /// the first NaN; in `int32` too. Rows must not be empty.
    static func extremumPositions(
        _ type: DataType, _ isGreatest: Bool, _ input: UnsafeRawPointer, _ rows: Int,
        _ count: Int, _ output: UnsafeMutablePointer<Int32>
    )

    /// The dot products of rows with rows: `output[i] = left[i] · right[i]`, with the rows of each
    /// the given number of elements apart, 0 if one row is used for all.
    static func dotRows(
        _ type: DataType, _ left: UnsafeRawPointer, _ leftStride: Int,
        _ right: UnsafeRawPointer, _ rightStride: Int, _ rows: Int, _ count: Int,
        _ output: UnsafeMutableRawPointer
    )

    /// Rotates neighbouring rows, one pair after another: for `i` in `0..<rotations`, rows `i` and
    /// `i + 1` become `cosines[i] · rows[i] + sines[i] · rows[i + 1]` and
    /// `cosines[i] · rows[i + 1] − sines[i] · rows[i]`, of `width` elements, `stride` apart.
    static func rotateRows(
        _ rows: UnsafeMutablePointer<Double>, _ stride: Int, _ width: Int, _ rotations: Int,
        _ cosines: UnsafePointer<Double>, _ sines: UnsafePointer<Double>
    )

    /// `output[i] = weights[i] · input[i]` for rows of the input and the output the given number of
    /// elements apart. If those of the output are 0 apart, it is the sum of all.
    static func weighRows(
        _ type: DataType, _ weights: UnsafeRawPointer, _ input: UnsafeRawPointer,
        _ inputStride: Int, _ rows: Int, _ count: Int, _ output: UnsafeMutableRawPointer,
        _ outputStride: Int
    )

    /// `table[indices[i]] += scale · input[i]` for each i of `positions`, in their order, or for
    /// `0..<rows` if they are not given.
    static func addRows(
        _ type: DataType, _ scale: Double, _ input: UnsafeRawPointer,
        _ indices: UnsafePointer<Int32>, _ positions: UnsafePointer<Int32>?, _ rows: Int,
        _ count: Int, _ table: UnsafeMutableRawPointer
    )

    /// `table[indices[i] - first] += input[i]` of `float32` rows, for each i of `positions`, to a
    /// table of `float64`.
    static func addRowsInDouble(
        _ input: UnsafePointer<Float>, _ indices: UnsafePointer<Int32>,
        _ positions: UnsafePointer<Int32>, _ rows: Int, _ count: Int, _ first: Int,
        _ table: UnsafeMutablePointer<Double>
    )

    /// One step of adaptive moments on some rows of a table and of its moments, given by distinct
    /// indices: `m ← d₁ m + (1 − d₁) g`, `v ← d₂ v + (1 − d₂) g²`, `row ← r row − s m / (√v + ε)`.
    static func stepRows(
        _ type: DataType, _ step: AdaptiveStep, _ gradient: UnsafeRawPointer,
        _ indices: UnsafePointer<Int32>, _ rows: Int, _ count: Int,
        _ table: UnsafeMutableRawPointer, _ first: UnsafeMutableRawPointer,
        _ second: UnsafeMutableRawPointer
    )
}

/// The numbers of a step of adaptive moments: both decays d₁ and d₂, the step size s and ε, and the
/// factor r by which parameters are first reduced.
public struct AdaptiveStep: Sendable {
    public var firstDecay: Double
    public var secondDecay: Double
    public var size: Double
    public var epsilon: Double
    public var retained: Double

    public init(
        firstDecay: Double, secondDecay: Double, size: Double, epsilon: Double,
        retained: Double = 1
    ) {
        (self.firstDecay, self.secondDecay) = (firstDecay, secondDecay)
        (self.size, self.epsilon, self.retained) = (size, epsilon, retained)
    }
}
