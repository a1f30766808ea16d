/// The vector-Jacobian product of an operation with respect to one operand: from the cotangent of
/// the result to the operand's.
///
/// If an operation's Jacobian has a structure, the pullback shows it: the engine needs no closure
/// for the most common ones, and whole Jacobians are computed without their zeros.
enum Pullback {
    /// The cotangent itself.
    case identity
    /// The cotangent times a tensor of its shape.
    case scaling(Tensor)
    /// A linear function of each element independently.
    case elementwise((_ cotangent: Tensor) -> Tensor)
    /// The rows of the cotangent, each times a matrix or its transpose.
    case product(Tensor, transposing: Bool)
    /// The cotangent, reshaped to this shape.
    case reshape([Int])
    case function((_ cotangent: Tensor) -> Tensor)

    @inline(__always)
    func callAsFunction(_ cotangent: Tensor) -> Tensor {
        switch self {
        case .identity: cotangent
        case .scaling(let factor): cotangent * factor
        case .elementwise(let function), .function(let function): function(cotangent)
        case .product(let matrix, let transposing):
            matmul(cotangent, matrix, transposingRight: transposing)
        case .reshape(let shape): cotangent.reshaped(shape)
        }
    }

    /// The pullback of an elementwise operation to an operand that may have been broadcast:
    /// `ofResult` maps a cotangent to one of the result's shape.
    @inline(__always)
    static func elementwise(
        _ operand: Tensor, _ result: Tensor, ofResult: @escaping (_ cotangent: Tensor) -> Tensor
    ) -> Pullback {
        let shape = operand.shape
        guard shape != result.shape else { return .elementwise(ofResult) }
        return .function { unbroadcast(ofResult($0), to: shape) }
    }
}
