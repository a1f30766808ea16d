/// A function of one sample, applied to every sample of a batch: the results, stacked along a new
/// first axis. It can be differentiated like everything else.
///
/// ```swift
/// let distances = mapped(over: points, centers) { ($0 - $1).norm() }      // [batch]
/// ```
///
/// This is a loop: it costs what the function costs for each sample, and small operations cost more
/// for every sample than one operation for all. Where operations take a batch, as most do, give them
/// one. It is for functions that are easier to write for a single sample.
///
/// - Parameters:
///   - batch: one or more tensors, arrays, or modules, all of whose tensors have the same first
///     axis, `[batch, …]`; of any type.
///   - function: gets values whose tensors lack that axis, and returns a tensor that has the same
///     shape for every sample.
/// - Returns: `[batch] + shape`. Traps if there is no sample, as the shape is then unknown.
public func mapped<each Batch: Differentiable>(
    over batch: repeat each Batch, of function: (repeat each Batch) throws -> Tensor
) rethrows -> Tensor {
    var tensors: [Tensor] = []
    repeat tensors.append(contentsOf: (each batch).tensors)
    guard let samples = tensors.first?.shape.first, samples > 0,
        tensors.allSatisfy({ $0.shape.first == samples })
    else {
        trap("mapped", "batches of shapes \(tensors.map(\.shape)) have no samples in common")
    }
    let parts = tensors.map(\.samples)
    return stacked(
        try (0..<samples).map { sample in
            var rest = parts.map { $0[sample] }[...]
            func taking<B: Differentiable>(_ batch: B) -> B {
                var copy = batch
                copy.visitTensors { tensor in tensor = rest.popFirst() ?? tensor }
                return copy
            }
            return try function(repeat taking(each batch))
        })
}

extension Tensor {
    /// The parts along the first axis, by halves of halves: the derivative of one slice for each
    /// would add a whole batch for every sample.
    fileprivate var samples: [Tensor] {
        guard shape[0] > 1 else { return [reshaped(Array(shape.dropFirst()))] }
        let half = shape[0] / 2
        return self[0..<half].samples + self[half..<shape[0]].samples
    }
}
