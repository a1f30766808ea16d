/// The squared Frobenius norm of each sample's Jacobian, Σ (∂ yⱼ / ∂ xᵢ)², computed exactly; of
/// shape `[batch]`.
///
/// One reverse sweep carries the rows of the Jacobian for all components of the value and all
/// samples at once, in the form in which the operations leave them: elementwise operations at the
/// end of the function keep the Jacobian diagonal, and a last product with a matrix (the function's
/// first layer) is not computed if the norm of its result follows from the Gram matrix. So the norm
/// for one sigmoid layer costs as much as its closed form (Rifai et al., "Contractive
/// Auto-Encoders", 2011, equation 2), and the norm for any other function is as general as the
/// sweep. It can be differentiated like everything else.
///
/// - Parameters:
///   - x: of shape `[batch, …]`.
///   - function: returns a value of shape `[batch, …]` and treats each sample independently; if it
///     mixes them (batch normalisation in training), the derivatives of the other samples' values
///     are added in. Traps if the value has a different number of samples.
public func squaredJacobianNorm(
    at x: Tensor, of function: (Tensor) throws -> Tensor
) rethrows -> Tensor {
    guard x.rank >= 1 else { trap("squaredJacobianNorm", "the argument is a scalar, not a batch") }
    let scope = Scope()
    defer { scope.close() }
    let value = try function(scope.watch(x))
    guard value.rank >= 1, value.shape[0] == x.shape[0] else {
        trap(
            "squaredJacobianNorm",
            "the argument has shape \(x.shape), the value \(value.shape): not as many samples")
    }
    guard let index = value.index(on: scope.tape), value.count > 0 else {
        return Tensor.zeros([x.shape[0]], dataType: x.dataType)
    }
    return scope.tape.squaredJacobianNorm(from: index, value.beneath(scope.tape))
        ?? Tensor.zeros([x.shape[0]], dataType: x.dataType)
}

/// The derivatives of a value `[batch, …]` with respect to an entry of the tape.
private enum JacobianRows {
    /// Each element of the value depends on the corresponding element of the entry alone.
    case diagonal(Tensor)
    /// For each component of the value, its derivatives summed over the samples, of shape
    /// `[components] + shape`.
    case rows(Tensor)
    /// These times a matrix or its transpose; the product has not been needed yet.
    indirect case product(JacobianRows, Tensor, transposing: Bool)

    /// These for an entry whose samples have another shape; the elements have not been needed yet.
    indirect case reshaped(JacobianRows, [Int])

    /// The rows for a value with the given number of components.
    func expanded(_ components: Int) -> Tensor {
        switch self {
        case .rows(let rows): return rows
        case .diagonal(let diagonal):
            let batch = diagonal.count / components
            let identity = oneHot(
                Tensor((0..<components).map { Int32($0) }), depth: components,
                dataType: diagonal.dataType)
            let rows =
                identity.reshaped([components, 1, components])
                * diagonal.reshaped([1, batch, components])
            return rows.reshaped([components] + diagonal.shape)
        case .product(.diagonal(let diagonal), let matrix, let transposing):
            let factor = transposing ? matrix.transposed() : matrix
            return diagonal.transposed().reshaped([components, diagonal.shape[0], 1])
                * factor.reshaped([components, 1, factor.shape[1]])
        case .product(let rows, let matrix, let transposing):
            return matmul(rows.expanded(components), matrix, transposingRight: transposing)
        case .reshaped(let rows, let shape):
            return rows.expanded(components).reshaped([components] + shape)
        }
    }

    /// The size of the entry's first axis.
    var samples: Int {
        switch self {
        case .diagonal(let diagonal): diagonal.shape[0]
        case .rows(let rows): rows.shape[1]
        case .product(let rows, _, _): rows.samples
        case .reshaped(_, let shape): shape[0]
        }
    }

    /// The sums of the squares of each sample's derivatives.
    func squaredNorm(_ components: Int) -> Tensor {
        switch self {
        case .diagonal(let diagonal):
            return square(diagonal).flattened().sum(axes: [1])
        case .product(.diagonal(let diagonal), let matrix, let transposing):
            let norms = square(matrix).sum(axes: [transposing ? 0 : 1])
            return (square(diagonal) * norms).sum(axes: [1])
        case .product(let rows, let matrix, let transposing):
            let (count, width) = (
                matrix.shape[transposing ? 1 : 0], matrix.shape[transposing ? 0 : 1]
            )
            guard width > count else { break }
            // |r W|² = r (W Wᵀ) rᵀ
            let gram =
                transposing
                ? matmul(matrix, matrix, transposingLeft: true)
                : matmul(matrix, matrix, transposingRight: true)
            let expanded = rows.expanded(components)
            return (matmul(expanded, gram) * expanded).sum(axes: expanded.axesButBatch)
        case .reshaped(let rows, _): return rows.squaredNorm(components)
        case .rows: break
        }
        let rows = expanded(components)
        return square(rows).sum(axes: rows.axesButBatch)
    }
}

extension Tensor {
    fileprivate var axesButBatch: [Int] { [0] + Array(2..<Swift.max(rank, 2)) }
}

extension Tape {
    /// The squared norms with respect to the first entry; nil if the value does not depend on it.
    fileprivate func squaredJacobianNorm(from last: Int, _ value: Tensor) -> Tensor? {
        let components = value.count / value.shape[0]
        var derivatives = [JacobianRows?](repeating: nil, count: last + 1)
        derivatives[last] = .diagonal(Tensor.ones(like: value))
        for index in stride(from: last, to: 0, by: -1) {
            guard let rows = derivatives[index].take() else { continue }
            func add(_ contribution: JacobianRows, to source: Int) {
                derivatives[source] =
                    derivatives[source].map {
                        Self.sum($0, contribution, components)
                    } ?? contribution
            }
            let entry = entries[index]
            for case let edge? in [entry.first, entry.second] {
                add(edge.pullback.applied(to: rows, components), to: edge.source)
            }
            if let edge = entry.joint {
                let cotangents = rows.expanded(components)
                let pulled = (0..<components).map { edge.pullback(cotangents[$0]) }
                for (operand, source) in edge.sources.enumerated() {
                    guard let source else { continue }
                    add(.rows(stacked(pulled.map { $0[operand] })), to: source)
                }
            }
        }
        return derivatives[0]?.squaredNorm(components)
    }

    private static func sum(
        _ a: JacobianRows, _ b: JacobianRows, _ components: Int
    ) -> JacobianRows {
        if case .diagonal(let a) = a, case .diagonal(let b) = b { return .diagonal(a + b) }
        return .rows(a.expanded(components) + b.expanded(components))
    }
}

extension Pullback {
    /// The derivatives with respect to the operand, from those with respect to the result.
    fileprivate func applied(to derivatives: JacobianRows, _ components: Int) -> JacobianRows {
        switch (self, derivatives) {
        case (.identity, _):
            return derivatives
        case (.scaling, .diagonal(let diagonal)), (.elementwise, .diagonal(let diagonal)):
            return .diagonal(self(diagonal))
        case (.reshape(let shape), .diagonal(let diagonal)):
            return .diagonal(diagonal.reshaped(shape))
        case (.product(let matrix, let transposing), .diagonal(let diagonal))
        where diagonal.rank == 2 && diagonal.shape[1] == components:
            return .product(derivatives, matrix, transposing: transposing)
        case (.reshape(let shape), .product) where shape.first == derivatives.samples:
            return .reshaped(derivatives, shape)
        default: break
        }
        let rows = derivatives.expanded(components)
        switch self {
        case .identity: return .rows(rows)
        case .scaling(let factor): return .rows(rows * factor)
        // Elementwise functions broadcast.
        case .elementwise(let function): return .rows(function(rows))
        case .reshape(let shape): return .rows(rows.reshaped([components] + shape))
        case .product(let matrix, let transposing):
            return .product(.rows(rows), matrix, transposing: transposing)
        case .broadcast, .rowwise, .shared, .function:
            return .rows(stacked((0..<components).map { self(rows[$0]) }))
        }
    }
}
