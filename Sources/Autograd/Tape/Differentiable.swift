/// A value made of tensors, which functions can be differentiated with respect to: a tensor,
/// an array, an optional, a whole module.
///
/// The derivative with respect to a value is a value of the same type, with each tensor
/// replaced by its gradient.
public protocol Differentiable {
    /// Calls `visit` once for every tensor that has a derivative, always in the same order, passing
    /// it `inout` so that it can be replaced.
    mutating func visitTensors(_ visit: (inout Tensor) -> Void)

    /// Calls `visit` once for every tensor that has no derivative, but belongs to the value and may
    /// be updated in a pass, always in the same order. Most values have none.
    mutating func visitState(_ visit: (inout Tensor) -> Void)
}

extension Differentiable {
    public mutating func visitState(_ visit: (inout Tensor) -> Void) {}
}

extension Tensor: Differentiable {
    public mutating func visitTensors(_ visit: (inout Tensor) -> Void) { visit(&self) }
}

extension Array: Differentiable where Element: Differentiable {
    public mutating func visitTensors(_ visit: (inout Tensor) -> Void) {
        for index in indices { self[index].visitTensors(visit) }
    }

    public mutating func visitState(_ visit: (inout Tensor) -> Void) {
        for index in indices { self[index].visitState(visit) }
    }
}

extension Optional: Differentiable where Wrapped: Differentiable {
    public mutating func visitTensors(_ visit: (inout Tensor) -> Void) {
        self?.visitTensors(visit)
    }

    public mutating func visitState(_ visit: (inout Tensor) -> Void) {
        self?.visitState(visit)
    }
}

extension Differentiable {
    /// The tensors, in order.
    public var tensors: [Tensor] {
        var copy = self
        var tensors: [Tensor] = []
        copy.visitTensors { tensors.append($0) }
        return tensors
    }

    /// The value with its tensors replaced, in order. Traps unless there are equally many.
    public func replacingTensors(with replacements: [Tensor]) -> Self {
        var copy = self
        var next = 0
        copy.visitTensors { tensor in
            guard next < replacements.count else {
                trap("replacingTensors", "more tensors than the \(replacements.count) given")
            }
            tensor = replacements[next]
            next += 1
        }
        guard next == replacements.count else {
            trap("replacingTensors", "\(replacements.count) tensors given for \(next)")
        }
        return copy
    }
}
