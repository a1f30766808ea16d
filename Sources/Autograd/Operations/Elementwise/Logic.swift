import KernelInterface

// Logic on tensors of `bool`, which broadcast. `.==` and `.!=` are equivalence and exclusive or.
// Logic has no derivative.

extension Tensor {
    /// Logical AND. Has no derivative.
    public static func .& (a: Tensor, b: Tensor) -> Tensor {
        checkLogical(".&", a, b)
        return select(a, b, Tensor(0, dataType: .bool))
    }

    /// Logical OR. Has no derivative.
    public static func .| (a: Tensor, b: Tensor) -> Tensor {
        checkLogical(".|", a, b)
        return select(a, Tensor(1, dataType: .bool), b)
    }

    /// Logical NOT. Has no derivative.
    public static prefix func .! (x: Tensor) -> Tensor {
        checkLogical(".!", x)
        return x .== 0
    }

    /// Whether any element over some axes, or over all, is true; false over no elements. Has no
    /// derivative.
    public func any(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        checkLogical("any", self)
        return cast(to: .float32).max(axes: axes, keepingAxes: keepingAxes) .> 0
    }

    /// Whether all elements over some axes, or over all, are true; true over no elements. Has no
    /// derivative.
    public func all(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        checkLogical("all", self)
        return cast(to: .float32).min(axes: axes, keepingAxes: keepingAxes) .> 0
    }

    /// Which elements are finite: neither infinite nor NaN. All integers are. Has no derivative: a
    /// watched tensor counts as a constant.
    public var isFinite: Tensor {
        checkComputes("isFinite")
        guard dataType.isFloatingPoint else {
            return Tensor(repeating: 1, shape: shape, dataType: .bool)
        }
        return abs(stopGradient(self)) .< Double.infinity
    }

    /// Which elements are NaN. No integer is. Has no derivative: a watched tensor counts as a
    /// constant.
    public var isNaN: Tensor { stopGradient(self) .!= stopGradient(self) }
}

private func checkLogical(_ operation: StaticString, _ operands: Tensor...) {
    for operand in operands where operand.dataType != .bool {
        trap(operation, "defined for bool, not for \(operand.dataType) of shape \(operand.shape)")
    }
}
