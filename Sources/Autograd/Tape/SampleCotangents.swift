/// The cotangents of a tensor for the losses of several samples.
enum SampleCotangents {
    /// The samples have equal parts along the tensor's first axis, and the loss of each depends on
    /// its own part alone: of the tensor's shape.
    case own(Tensor)
    /// For each sample the cotangent of the whole tensor: `[samples] + shape`.
    case all(Tensor)

    /// The cotangents of the whole tensor, zeros where a part is another sample's.
    func expanded(_ samples: Int) -> Tensor {
        switch self {
        case .all(let cotangents): return cotangents
        case .own(let cotangent):
            let part = cotangent.count / samples
            let numbers = Tensor.range(samples, dataType: .int32)
            let isOwn = numbers.reshaped([samples, 1, 1]) .== numbers.reshaped([samples, 1])
            let zero = Tensor(0, dataType: cotangent.dataType)
            // Not a product with 0: a sample's NaN stays its own.
            return select(isOwn, cotangent.reshaped([1, samples, part]), zero)
                .reshaped([samples] + cotangent.shape)
        }
    }

    func adding(_ other: SampleCotangents, _ samples: Int) -> SampleCotangents {
        if case .own(let a) = self, case .own(let b) = other { return .own(a + b) }
        return .all(expanded(samples) + other.expanded(samples))
    }

    /// The cotangent of the whole tensor, sample by sample, through any pullback.
    fileprivate func map(_ samples: Int, _ pullback: (Tensor) -> Tensor) -> SampleCotangents {
        let cotangents = expanded(samples)
        return .all(stacked((0..<samples).map { pullback(cotangents[$0]) }))
    }
}

extension Pullback {
    /// The samples' cotangents of the operand.
    func applied(to cotangents: SampleCotangents, _ samples: Int) -> SampleCotangents {
        switch cotangents {
        case .own(let cotangent): appliedToOwn(cotangent, samples)
        case .all(let all): appliedToAll(all, samples)
        }
    }

    private func appliedToOwn(_ cotangent: Tensor, _ samples: Int) -> SampleCotangents {
        switch self {
        case .identity, .scaling, .elementwise, .product, .rowwise:
            return .own(self(cotangent))
        case .reshape(let shape):
            // The elements of a sample remain neighbours.
            if let rows = shape.first, rows % samples == 0 {
                return .own(cotangent.reshaped(shape))
            }
            return appliedToAll(SampleCotangents.own(cotangent).expanded(samples), samples)
        case .broadcast(let function, let shape):
            let result = function(cotangent)
            if shape.count == cotangent.rank, shape.first == cotangent.shape.first {
                return .own(unbroadcast(result, to: shape))
            }
            return .all(unbroadcast(result, to: shape, samples: samples))
        case .shared(let function): return .all(function(cotangent, samples))
        case .function(let function):
            return SampleCotangents.own(cotangent).map(samples, function)
        }
    }

    private func appliedToAll(_ cotangents: Tensor, _ samples: Int) -> SampleCotangents {
        switch self {
        // Elementwise functions broadcast.
        case .identity, .scaling, .elementwise, .product: return .all(self(cotangents))
        case .reshape(let shape): return .all(cotangents.reshaped([samples] + shape))
        case .broadcast(let function, let shape):
            return .all(unbroadcast(function(cotangents), to: shape, samples: samples))
        case .rowwise, .shared, .function:
            return SampleCotangents.all(cotangents).map(samples) { self($0) }
        }
    }
}

extension Tape.JointEdge {
    /// The samples' cotangents of the operands.
    func applied(to cotangents: SampleCotangents, _ samples: Int) -> [SampleCotangents] {
        if case .own(let cotangent) = cotangents, let samplewise {
            return samplewise(cotangent, samples)
        }
        let all = cotangents.expanded(samples)
        let pulled = (0..<samples).map { pullback(all[$0]) }
        return sources.indices.map { operand in .all(stacked(pulled.map { $0[operand] })) }
    }
}
