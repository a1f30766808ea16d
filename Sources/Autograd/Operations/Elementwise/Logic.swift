import KernelInterface

// Logic on tensors of `bool`, which broadcast. `.==` and `.!=` are equivalence and exclusive or.
// Truth has no derivative.

extension Tensor {
    /// Whether both are true. Has no derivative.
    public static func .& (a: Tensor, b: Tensor) -> Tensor {
        checkLogical(".&", a, b)
        return select(a, b, Tensor(0, dataType: .bool))
    }

    /// Whether one or both are true. Has no derivative.
    public static func .| (a: Tensor, b: Tensor) -> Tensor {
        checkLogical(".|", a, b)
        return select(a, Tensor(1, dataType: .bool), b)
    }

    /// Whether it is false. Has no derivative.
    public static prefix func .! (x: Tensor) -> Tensor {
        checkLogical(".!", x)
        return x .== 0
    }

    /// Whether one of the elements over some axes, or over all, is true; of none, none is. Has no
    /// derivative.
    public func any(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        checkLogical("any", self)
        return cast(to: .float32).max(axes: axes, keepingAxes: keepingAxes) .> 0
    }

    /// Whether all elements over some axes, or over all, are true; of none, all are. Has no
    /// derivative.
    public func all(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        checkLogical("all", self)
        return cast(to: .float32).min(axes: axes, keepingAxes: keepingAxes) .> 0
    }

    /// Which elements are finite: neither infinite nor not-a-number. Of integers all are. Has no
    /// derivative: a watched tensor counts as a constant.
    public var isFinite: Tensor {
        guard dataType.isFloatingPoint else {
            return Tensor(repeating: 1, shape: shape, dataType: .bool)
        }
        return abs(stopGradient(self)) .< Double.infinity
    }

    /// Which elements are not-a-number. Of integers none is. Has no derivative: a watched tensor
    /// counts as a constant.
    public var isNaN: Tensor { stopGradient(self) .!= stopGradient(self) }
}

private func checkLogical(_ operation: StaticString, _ operands: Tensor...) {
    for operand in operands where operand.dataType != .bool {
        trap(operation, "defined for bool, not for \(operand.dataType) of shape \(operand.shape)")
    }
}
