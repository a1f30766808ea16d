/// The gradient of each sample's loss, where ``gradient(at:of:)`` gives that of their sum: for
/// clipping them one by one (Abadi et al., "Deep Learning with Differential Privacy",
/// arXiv:1607.00133), for their variance, or for the influence of a sample.
///
/// ```swift
/// let slopes = perSampleGradients(at: model) { model in
///     crossEntropy(logits: model(images), labels: labels)    // [batch]
/// }
/// ```
///
/// One reverse sweep. Operations that treat samples independently, along the first axis, are swept
/// as for one gradient, and sums over samples are left out where they end in a parameter: matrix
/// products, convolutions, normalisation by layers and groups, recurrent networks, lookups of rows,
/// broadcasting and whatever is elementwise. Everything else is as exact, but swept once for every
/// sample: what mixes samples or moves their axis, and what stands before it in the function. What
/// is computed of parameters alone costs a sweep for every sample, too, unless it is elementwise, a
/// product or a reshape. The gradients take `batch` times the memory of the parameters.
///
/// Exactly, the result is what a loop would give over the pullbacks of the losses, of which each is
/// evaluated with the whole batch: where samples depend on each other, as in batch normalisation in
/// training, a sample's loss has its derivative by way of the others' values, too.
///
/// - Parameters:
///   - point: one or more tensors, arrays, or modules, of floating-point type.
///   - losses: composed of differentiable operations; its value has the shape `[batch]` (traps
///     otherwise). Tensors it captures, as the batch, are constants in this scope.
/// - Returns: for each argument the same value with each tensor replaced by its gradients, of shape
///   `[batch] + shape`.
public func perSampleGradients<each Point: Differentiable>(
    at point: repeat each Point, of losses: (repeat each Point) throws -> Tensor
) rethrows -> (repeat each Point) {
    try valueWithPerSampleGradients(at: repeat each point, of: losses).gradients
}

/// The losses of the samples, `[batch]`, and the gradient of each.
/// See ``perSampleGradients(at:of:)``.
public func valueWithPerSampleGradients<each Point: Differentiable>(
    at point: repeat each Point, of losses: (repeat each Point) throws -> Tensor
) rethrows -> (value: Tensor, gradients: (repeat each Point)) {
    let scope = Scope()
    defer { scope.close() }
    let arguments = (repeat scope.watch(each point))
    let value = try losses(repeat each arguments)
    guard value.rank == 1 else {
        trap(
            "perSampleGradients",
            "the losses have shape \(value.shape), not one axis, the batch: reduce the others")
    }
    let (samples, seed) = (value.count, Tensor.ones(like: value))
    var cotangents = scope.sampleCotangents(of: value, seed: seed, samples: samples)[...]
    func taking<P: Differentiable>(_ point: P) -> P {
        var copy = point
        copy.visitTensors { tensor in
            tensor =
                cotangents.popFirst().flatMap { $0 }?.expanded(samples)
                ?? Tensor.zeros([samples] + tensor.shape, dataType: tensor.dataType)
        }
        return copy
    }
    return (value.beneath(scope.tape), (repeat taking(each point)))
}

/// The samples' cotangents of arguments, given that of the function's value, whose first axis is
/// divided among them.
func sampleCotangents(
    at arguments: [Tensor], from cotangent: Tensor, samples: Int, of function: ([Tensor]) -> Tensor
) -> [SampleCotangents] {
    let scope = Scope()
    defer { scope.close() }
    let value = function(scope.watch(arguments))
    let found = scope.sampleCotangents(of: value, seed: cotangent, samples: samples)
    return zip(arguments, found).map { argument, cotangents in
        cotangents ?? .all(Tensor.zeros([samples] + argument.shape, dataType: argument.dataType))
    }
}

extension Scope {
    /// The samples' cotangents of the arguments; nil where nothing reaches one.
    fileprivate func sampleCotangents(
        of value: Tensor, seed: Tensor, samples: Int
    ) -> [SampleCotangents?] {
        guard tape.watches(value), samples > 0 else {
            return [SampleCotangents?](repeating: nil, count: arguments)
        }
        return tape.sampleCotangents(
            from: value.index, .own(seed), samples: samples, toFirst: arguments)
    }
}

extension Tape {
    /// As `sweep`, with the samples kept apart.
    fileprivate func sampleCotangents(
        from last: Int, _ seed: SampleCotangents, samples: Int, toFirst count: Int
    ) -> [SampleCotangents?] {
        var cotangents = [SampleCotangents?](repeating: nil, count: Swift.max(count, last + 1))
        cotangents[last] = seed
        func add(_ contribution: SampleCotangents, to source: Int) {
            cotangents[source] =
                cotangents[source].map { $0.adding(contribution, samples) } ?? contribution
        }
        for index in stride(from: last, through: count, by: -1) {
            guard let cotangent = cotangents[index].take() else { continue }
            let entry = entries[index]
            for case let edge? in [entry.first, entry.second] {
                add(edge.pullback.applied(to: cotangent, samples), to: edge.source)
            }
            if let edge = entry.joint {
                let contributions = edge.applied(to: cotangent, samples)
                for (source, contribution) in zip(edge.sources, contributions) {
                    if let source { add(contribution, to: source) }
                }
            }
        }
        return Array(cotangents.prefix(count))
    }
}
