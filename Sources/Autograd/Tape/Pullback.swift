/// The vector-Jacobian product of an operation with respect to one operand: from the cotangent of
/// the result to the operand's.
///
/// If an operation's Jacobian has a structure, the pullback shows it: the engine needs no closure
/// for the most common ones, whole Jacobians are computed without their zeros, tangents are pushed
/// forward by the same data, and samples are kept apart where the Jacobian does.
enum Pullback {
    /// The cotangent itself.
    case identity
    /// The cotangent times a tensor of its shape.
    case scaling(Tensor)
    /// A linear function of each element independently.
    case elementwise((_ cotangent: Tensor) -> Tensor)
    /// The same for an operand of a shape that was broadcast.
    case broadcast((_ cotangent: Tensor) -> Tensor, to: [Int])
    /// The rows of the cotangent, each times a matrix or its transpose.
    case product(Tensor, transposing: Bool)
    /// The cotangent, reshaped to this shape.
    case reshape([Int])
    /// A linear function of each part along the first axis, whose size operand and result share.
    case rowwise((_ cotangent: Tensor) -> Tensor)
    /// To an operand that all parts of the cotangent along its first axis have in common. Given a
    /// number of samples that divides that axis, the contributions of the samples, stacked.
    case shared((_ cotangent: Tensor, _ samples: Int?) -> Tensor)
    case function((_ cotangent: Tensor) -> Tensor)

    @inline(__always)
    func callAsFunction(_ cotangent: Tensor) -> Tensor {
        switch self {
        case .identity: cotangent
        case .scaling(let factor): cotangent * factor
        case .elementwise(let function), .rowwise(let function), .function(let function):
            function(cotangent)
        case .broadcast(let function, let shape): unbroadcast(function(cotangent), to: shape)
        case .product(let matrix, let transposing):
            matmul(cotangent, matrix, transposingRight: transposing)
        case .reshape(let shape): cotangent.reshaped(shape)
        case .shared(let function): function(cotangent, nil)
        }
    }

    /// The pullback of an elementwise operation to an operand that may have been broadcast:
    /// `ofResult` maps a cotangent to one of the result's shape, and the operand's to the result's.
    @inline(__always)
    static func elementwise(
        _ operand: Tensor, _ result: Tensor, ofResult: @escaping (_ cotangent: Tensor) -> Tensor
    ) -> Pullback {
        operand.shape == result.shape
            ? .elementwise(ofResult) : .broadcast(ofResult, to: operand.shape)
    }

    /// The pullback of an operation that may treat each part along the first axis by itself.
    @inline(__always)
    static func rowwise(
        if isRowwise: Bool, _ function: @escaping (_ cotangent: Tensor) -> Tensor
    ) -> Pullback {
        isRowwise ? .rowwise(function) : .function(function)
    }

    /// The pullback to an operand that was repeated along axes of the products of which the
    /// cotangent's is the sum; these have the shape `whole`. It is `together`, or else the sum of
    /// the products over these axes.
    static func sums(
        of products: @escaping (_ cotangent: Tensor) -> Tensor, _ whole: [Int], to operand: Tensor,
        together: ((_ cotangent: Tensor) -> Tensor)? = nil
    ) -> Pullback {
        let shape = operand.shape
        let together = together ?? { unbroadcast(products($0), to: shape) }
        if shape.count == whole.count, shape.first == whole.first { return .rowwise(together) }
        return .shared { cotangent, samples in
            guard let samples else { return together(cotangent) }
            return unbroadcast(products(cotangent), to: shape, samples: samples)
        }
    }
}
