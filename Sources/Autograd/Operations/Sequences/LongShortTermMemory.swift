import KernelInterface

/// A recurrent network with gated memory over whole sequences (Hochreiter and Schmidhuber, "Long
/// Short-Term Memory", 1997, with the forget gate of Gers et al., "Learning to Forget", 2000).
///
/// At each step, with the hidden state h and the cell state c of the previous step,
///
///     i, f, g, o = projection + h Rᵀ        in four parts of equal size
///     c ← σ(f) c + σ(i) tanh(g)
///     h ← σ(o) tanh(c)
///
/// - Parameters:
///   - projections: what the inputs contribute to the gates, `[batch, time, 4 size]`; if time is 1,
///     it may be used for any number of steps.
///   - recurrentWeights: R, `[4 size, size]`.
///   - hidden: h before the first step, `[batch, size]`.
///   - cell: c before the first step, `[batch, size]`.
///   - steps: the number of steps, if one projection is used for all; else that of the projections.
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
    _ = Shape.count([hidden.shape[0], steps, 4 * size], in: "longShortTermMemory")
    let type = hidden.dataType
    guard type.isFloatingPoint, projections.dataType == type, recurrentWeights.dataType == type,
        cell.dataType == type
    else {
        trap(
            "longShortTermMemory",
            "data types differ: projections of \(projections.dataType), recurrent weights of "
                + "\(recurrentWeights.dataType), states of \(type) and \(cell.dataType)")
    }
    let operands = [projections, recurrentWeights, hidden, cell]
    let memory = RecurrentMemory(
        operands.map(stopGradient), steps, isRecording: operands.contains(where: \.isWatched))
    /// Each of the two results has its own reverse sweep through time.
    func result(_ value: Tensor, _ composition: @escaping ([Tensor]) -> Tensor) -> Tensor {
        let isOutput = value.rank == 3
        return differentiable("longShortTermMemory", operands) { _ in
            value
        } pullback: { operands, _ in
            { cotangent in
                guard cotangent.isWatched || operands.contains(where: \.isWatched) else {
                    return memory.pullback(
                        operands, outputs: isOutput ? cotangent : nil,
                        cell: isOutput ? nil : cotangent)
                }
                return valueWithPullback(at: operands, of: composition).pullback(cotangent)
            }
        } pushforward: { operands, _, tangents in
            jacobianVectorProduct(at: operands, along: tangents, of: composition).derivative
        } samplewise: { operands, _ in
            { cotangent, samples in
                guard cotangent.isWatched || operands.contains(where: \.isWatched) else {
                    let results = memory.pullback(
                        operands, outputs: isOutput ? cotangent : nil,
                        cell: isOutput ? nil : cotangent, samples: samples)
                    return results.enumerated().map { $0 == 1 ? .all($1) : .own($1) }
                }
                return sampleCotangents(
                    at: operands, from: cotangent, samples: samples, of: composition)
            }
        }
    }
    return (
        result(memory.outputs) { composedMemory($0[0], $0[1], $0[2], $0[3], steps).outputs },
        result(memory.cell) { composedMemory($0[0], $0[1], $0[2], $0[3], steps).cell }
    )
}

/// A run through all steps, and what its reverse sweep needs.
private struct RecurrentMemory {
    let outputs: Tensor
    /// After the last step.
    let cell: Tensor
    /// After each step.
    private let cells: Tensor
    /// The values of the gates at each step, if recorded.
    private let gates: Tensor?
    private let steps: Int

    init(_ operands: [Tensor], _ steps: Int, isRecording: Bool) {
        let (projections, weights) = (operands[0], operands[1])
        let (hidden, initial) = (operands[2], operands[3])
        let (type, batch, size) = (hidden.dataType, hidden.shape[0], hidden.shape[1])
        let outputs = Storage(type, count: batch * steps * size)
        let cells = Storage(type, count: batch * steps * size)
        let gates = isRecording ? Storage(type, count: batch * steps * 4 * size) : nil
        let step = projections.shape[1] == 1 ? 0 : 4 * size
        let stride = projections.shape[1] * 4 * size
        inSequenceBlocks(batch) { rows in
            let sequences = RecurrentSequences(
                count: rows.count, steps: steps, size: size, projectionStride: stride,
                projectionStep: step)
            let workspace = Storage(
                .uint8, count: kernels.recurrentWorkspace(type, sequences))
            let first = rows.lowerBound * type.size
            kernels.longShortTermMemory(
                type, sequences, projections.storage.pointer + first * stride,
                weights.storage.pointer, hidden.storage.pointer + first * size,
                initial.storage.pointer + first * size, outputs.pointer + first * steps * size,
                cells.pointer + first * steps * size,
                gates.map { $0.pointer + first * steps * 4 * size }, workspace.pointer)
        }
        self.steps = steps
        self.outputs = Tensor(outputs, [batch, steps, size])
        self.cells = Tensor(cells, [batch, steps, size])
        self.gates = gates.map { Tensor($0, [batch, steps, 4 * size]) }
        cell =
            steps == 0
            ? initial : self.cells.sliced(axis: 1, steps - 1..<steps).reshaped([batch, size])
    }

    /// The cotangents of projections, recurrent weights, hidden state and cell, from that of the
    /// outputs or of the last cell. Those of the weights are given for each of so many samples,
    /// which are equally many sequences, if a number is given.
    func pullback(
        _ operands: [Tensor], outputs outputCotangent: Tensor?, cell cellCotangent: Tensor?,
        samples: Int? = nil
    ) -> [Tensor] {
        let (projections, weights) = (operands[0], operands[1])
        let (hidden, initial) = (operands[2], operands[3])
        let (type, batch, size) = (hidden.dataType, hidden.shape[0], hidden.shape[1])
        guard let gates else { trap("longShortTermMemory", "no run was recorded to differentiate") }
        let slopes = Storage(type, count: batch * steps * 4 * size)
        let hiddenCotangent = Storage(type, count: batch * size)
        let carried = Storage(type, count: batch * size)
        if let cellCotangent {
            carried.pointer.copyMemory(
                from: cellCotangent.storage.pointer, byteCount: batch * size * type.size)
        } else {
            carried.pointer.initializeMemory(
                as: UInt8.self, repeating: 0, count: batch * size * type.size)
        }
        inSequenceBlocks(batch) { rows in
            let sequences = RecurrentSequences(
                count: rows.count, steps: steps, size: size, projectionStride: 0,
                projectionStep: 0)
            let workspace = Storage(
                .uint8, count: kernels.recurrentWorkspace(type, sequences))
            let first = rows.lowerBound * size * type.size
            kernels.longShortTermMemoryPullback(
                type, sequences, weights.storage.pointer, initial.storage.pointer + first,
                cells.storage.pointer + first * steps, gates.storage.pointer + first * steps * 4,
                outputCotangent.map { UnsafeRawPointer($0.storage.pointer + first * steps) },
                slopes.pointer + first * steps * 4, hiddenCotangent.pointer + first,
                carried.pointer + first, workspace.pointer)
        }
        let gateCotangents = Tensor(slopes, [batch, steps, 4 * size])
        // The state at the start of each step: the outputs, shifted by one.
        let before =
            steps == 0
            ? outputs
            : concatenated(
                [hidden.expandingAxis(1), outputs.sliced(axis: 1, 0..<steps - 1)], axis: 1)
        func rows(_ x: Tensor, _ width: Int) -> Tensor {
            guard let samples else { return x.reshaped([batch * steps, width]) }
            return x.reshaped([samples, batch / samples * steps, width])
        }
        return [
            unbroadcast(gateCotangents, to: projections.shape),
            matmul(rows(gateCotangents, 4 * size), rows(before, size), transposingLeft: true),
            Tensor(hiddenCotangent, hidden.shape),
            Tensor(carried, hidden.shape),
        ]
    }
}

/// Calls `body` for blocks of sequences, one for each thread: the sequences are independent.
private func inSequenceBlocks(_ count: Int, _ body: (Range<Int>) -> Void) {
    let perThread = (count + Threads.count - 1) / Threads.count
    inParallel(count, grain: max(2, (perThread + 1) / 2 * 2), body)
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
