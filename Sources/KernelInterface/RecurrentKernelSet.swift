/// The sizes of a recurrent network's sequences: how many, how long, and how many hidden units; and
/// the distances between the projections of neighbouring sequences and of neighbouring steps.
public struct RecurrentSequences: Sendable {
    public var count: Int
    public var steps: Int
    public var size: Int
    public var projectionStride: Int
    public var projectionStep: Int

    public init(
        count: Int, steps: Int, size: Int, projectionStride: Int, projectionStep: Int
    ) {
        (self.count, self.steps, self.size) = (count, steps, size)
        (self.projectionStride, self.projectionStep) = (projectionStride, projectionStep)
    }
}

/// Kernels that process sequences through all of their steps, so that the recurrent weights are
/// packed once and the state stays in the cache; in `float32` and `float64`.
public protocol RecurrentKernelSet: Sendable {
    /// Long short-term memory. Gates are `projection + hidden × weightsᵀ` with weights
    /// `[4 size, size]` and the initial state `[count, size]`; the four parts are the input gate,
    /// the forget gate, the new content and the output gate.
    ///
    /// Writes hidden state and cell after each step, `[count, steps, size]`, and the values of the
    /// gates, `[count, steps, 4 size]`, if requested.
    static func longShortTermMemory(
        _ type: DataType, _ sequences: RecurrentSequences, _ projections: UnsafeRawPointer,
        _ weights: UnsafeRawPointer, _ hidden: UnsafeRawPointer, _ cell: UnsafeRawPointer,
        _ outputs: UnsafeMutableRawPointer, _ cells: UnsafeMutableRawPointer,
        _ gates: UnsafeMutableRawPointer?, _ workspace: UnsafeMutableRawPointer
    )

    /// Its vector-Jacobian product, from the cotangents of the outputs, if there are any, and of
    /// the last cell, given in `cellCotangent`. Writes the cotangents of the gates before their
    /// functions, `[count, steps, 4 size]`, and of the initial state.
    static func longShortTermMemoryPullback(
        _ type: DataType, _ sequences: RecurrentSequences, _ weights: UnsafeRawPointer,
        _ cell: UnsafeRawPointer, _ cells: UnsafeRawPointer, _ gates: UnsafeRawPointer,
        _ outputCotangents: UnsafeRawPointer?, _ gateCotangents: UnsafeMutableRawPointer,
        _ hiddenCotangent: UnsafeMutableRawPointer, _ cellCotangent: UnsafeMutableRawPointer,
        _ workspace: UnsafeMutableRawPointer
    )

    /// Bytes of workspace that these need; it must be aligned to 64 bytes.
    static func recurrentWorkspace(_ type: DataType, _ sequences: RecurrentSequences) -> Int
}
