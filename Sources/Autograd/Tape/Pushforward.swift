// Forward mode: how tangents go through operations. A tensor of a forward scope carries its tangent
// (`Outer.tangent`), the derivative of its value along the direction that the scope is for. The
// tangent of a result is computed with the result, and lives as long.

extension Pullback {
    /// The Jacobian-vector product: from the tangent of the operand to that of the result `y`.
    ///
    /// A Jacobian with a structure shows its transpose. For any other it is the gradient of the
    /// pullback, which is linear: ⟨J v, c⟩ = ⟨v, Jᵀ c⟩.
    func pushforward(_ tangent: Tensor, to y: Tensor) -> Tensor {
        switch self {
        case .identity: tangent
        case .scaling(let factor): tangent * factor
        // A cast goes to the type of the other side.
        case .elementwise(let function): function(tangent).cast(to: y.dataType)
        case .broadcast(let function, _): function(tangent).broadcast(to: y.shape)
        case .product(let matrix, let transposing):
            matmul(tangent, matrix, transposingRight: !transposing)
        case .reshape: tangent.reshaped(y.shape)
        case .rowwise, .shared, .function: transposed({ [self($0)] }, along: [tangent], to: y)
        }
    }
}

/// The Jacobian-vector product of an operation with several operands whose pullback is given.
func transposed(
    _ pullback: (_ cotangent: Tensor) -> [Tensor], along tangents: [Tensor], to y: Tensor
) -> Tensor {
    gradient(at: Tensor.zeros(like: y)) { cotangent in
        let products = zip(pullback(cotangent), tangents).map { ($0 * $1).sum() }
        return products.dropFirst().reduce(products[0], +)
    }
}

/// The tangent of a function that is linear in each of two operands.
func bilinear(
    _ a: Tensor, _ b: Tensor, _ alongA: Tensor?, _ alongB: Tensor?,
    _ function: (Tensor, Tensor) -> Tensor
) -> Tensor? {
    sum(alongA.map { function($0, b) }, alongB.map { function(a, $0) })
}

/// The sum of what there is; nil if there is neither.
func sum(_ a: Tensor?, _ b: Tensor?) -> Tensor? {
    guard let a, let b else { return a ?? b }
    return a + b
}

extension Tape {
    /// Watches a value of a forward scope, and its tangent.
    func push(
        _ value: consuming Tensor, along tangent: Tensor, _ operation: StaticString
    ) -> Tensor {
        check(operation, value.shape)
        return value.watched(by: self, along: tangent)
    }
}

extension Tensor {
    /// In a forward scope the derivative along its direction; nil in a reverse scope.
    @inline(__always)
    var tangent: Tensor? { outer?.tangent }

    /// The tangent, if the tensor is one of the given scope's.
    @inline(__always)
    func tangent(on tape: Tape) -> Tensor? { self.tape === tape ? outer?.tangent : nil }
}
