/// A recurrent network with gated memory over whole sequences (Hochreiter and Schmidhuber, "Long
/// Short-Term Memory", 1997, with the forget gate of Gers et al., "Learning to Forget", 2000).
///
/// At each step, with the hidden state h and the cell c of the step before,
///
///     i, f, g, o = projection + h Rᵀ        in four parts of equal size
///     c ← σ(f) c + σ(i) tanh(g)
///     h ← σ(o) tanh(c)
///
/// - Parameters:
///   - projections: what the inputs contribute to the gates, `[batch, time, 4 size]`; with a time
///     of 1 it may serve for any number of steps.
///   - recurrentWeights: R, `[4 size, size]`.
///   - hidden: h before the first step, `[batch, size]`.
///   - cell: c before the first step, `[batch, size]`.
///   - steps: how many, where one projection serves for all; else the time of the projections.
/// - Returns: h after each step, `[batch, steps, size]`, and c after the last, `[batch, size]`.
public func longShortTermMemory(
    projections: Tensor, recurrentWeights: Tensor, hidden: Tensor, cell: Tensor,
    steps: Int? = nil
) -> (outputs: Tensor, cell: Tensor) {
    let size = hidden.shape.last ?? 0
    guard hidden.rank == 2, cell.shape == hidden.shape, projections.rank == 3,
        projections.shape[0] == hidden.shape[0], projections.shape[2] == 4 * size,
        recurrentWeights.shape == [4 * size, size]
    else {
        trap(
            "longShortTermMemory",
            "projections of shape \(projections.shape) and recurrent weights "
                + "\(recurrentWeights.shape) for states of shapes \(hidden.shape) and "
                + "\(cell.shape)")
    }
    let time = projections.shape[1]
    let steps = steps ?? time
    guard steps == time || time == 1, steps >= 0 else {
        trap("longShortTermMemory", "\(steps) steps for projections of shape \(projections.shape)")
    }
    return composedMemory(projections, recurrentWeights, hidden, cell, steps)
}

/// The same as a chain of elementary operations, differentiable to any order.
private func composedMemory(
    _ projections: Tensor, _ recurrentWeights: Tensor, _ hidden: Tensor, _ cell: Tensor,
    _ steps: Int
) -> (outputs: Tensor, cell: Tensor) {
    let (batch, size) = (hidden.shape[0], hidden.shape[1])
    var (hidden, cell) = (hidden, cell)
    var outputs = [hidden.expandingAxis(1).sliced(axis: 1, 0..<0)]
    for step in 0..<steps {
        let position = projections.shape[1] == 1 ? 0 : step
        let projection = projections.sliced(axis: 1, position..<position + 1)
        let gates =
            projection.reshaped([batch, 4 * size])
            + matmul(hidden, recurrentWeights, transposingRight: true)
        func gate(_ index: Int) -> Tensor {
            gates.sliced(axis: 1, index * size..<(index + 1) * size)
        }
        cell = sigmoid(gate(1)) * cell + sigmoid(gate(0)) * tanh(gate(2))
        hidden = sigmoid(gate(3)) * tanh(cell)
        outputs.append(hidden.expandingAxis(1))
    }
    return (concatenated(outputs, axis: 1), cell)
}
