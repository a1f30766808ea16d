import Autograd

/// A value with parameters and state, which may have modules as parts.
///
/// A module visits its parts once, in order, in ``visit(_:)``. This one method serves for
/// everything: parameters, gradients, the optimiser's state, checkpoints, counting and casting.
///
/// ```swift
/// struct Denoiser: Module {
///     var encoder: Dense
///     var decoder: Dense
///     func callAsFunction(_ x: Tensor) -> Tensor { decoder(relu(encoder(x))) }
///     mutating func visit(_ visitor: inout ModuleVisitor) {
///         visitor("encoder", &encoder)
///         visitor("decoder", &decoder)
///     }
/// }
/// ```
///
/// Modules have value semantics, so a snapshot of a model is an assignment. The derivative with
/// respect to a module is a module of the same type whose parameters are the gradients.
public protocol Module: Differentiable, Sendable {
    /// Visits every stored property that is a tensor or a module, under its own name, always in the
    /// same order. A property that is left out traps at the first use.
    mutating func visit(_ visitor: inout ModuleVisitor)
    /// Former names of parts, by current name, under which older files are still read.
    static var formerNames: [String: String] { get }
}

extension Module {
    public static var formerNames: [String: String] { [:] }

    /// Visits the parameters; state is not trained and has no derivative.
    public mutating func visitTensors(_ visit: (inout Tensor) -> Void) {
        withoutActuallyEscaping(visit) { visit in
            var visitor = ModuleVisitor(tellingPaths: false) { _, role, tensor in
                if role == .parameter { visit(&tensor) }
            }
            visitor.enter(&self)
        }
    }

    /// Visits the state, which is not trained; a pass records new values of it (``PassContext``).
    public mutating func visitState(_ visit: (inout Tensor) -> Void) {
        withoutActuallyEscaping(visit) { visit in
            var visitor = ModuleVisitor(tellingPaths: false) { _, role, tensor in
                if role != .parameter { visit(&tensor) }
            }
            visitor.enter(&self)
        }
    }

    /// Calls `body` with each tensor of the module, its path (`encoder.layers.0.weight`) and its
    /// role.
    public mutating func visitAll(
        _ body: (_ path: String, _ role: ModuleVisitor.Role, _ tensor: inout Tensor) -> Void
    ) {
        withoutActuallyEscaping(body) { body in
            var visitor = ModuleVisitor(body)
            visitor.enter(&self)
        }
    }

    /// The parameters with their paths, in order.
    public var parameters: [(path: String, tensor: Tensor)] { tensors(where: { $0 == .parameter }) }

    /// Parameters and state with their paths, in order: the contents of a checkpoint.
    public var allTensors: [(path: String, tensor: Tensor)] { tensors(where: { _ in true }) }

    /// The number of trained elements.
    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.tensor.count } }

    /// A copy with the same values, through which no gradient flows to the module.
    public var withoutGradients: Self {
        var copy = self
        copy.visitTensors { $0 = stopGradient($0) }
        return copy
    }

    /// A copy with its floating-point tensors in another precision. One in `float16` or `bfloat16`
    /// only stores: its tensors are cast back before it computes.
    public func cast(to type: DataType) -> Self {
        var copy = self
        copy.visitAll { _, _, tensor in
            let isNumber = tensor.dataType.isFloatingPoint || tensor.dataType.onlyStores
            if isNumber { tensor = tensor.cast(to: type) }
        }
        return copy
    }

    /// A table of the parameters: path, shape, count.
    public var summary: String {
        let rows = parameters.map { ($0.path, "\($0.tensor.shape)", "\($0.tensor.count)") }
        let widths = rows.reduce((0, 0, 0)) {
            (max($0.0, $1.0.count), max($0.1, $1.1.count), max($0.2, $1.2.count))
        }
        func column(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: width - text.count)
        }
        let lines = rows.map { row in
            column(row.0, widths.0) + "  " + column(row.1, widths.1) + "  "
                + String(repeating: " ", count: widths.2 - row.2.count) + row.2
        }
        return (lines + ["\(parameterCount) parameters"]).joined(separator: "\n")
    }

    private func tensors(
        where isWanted: (ModuleVisitor.Role) -> Bool
    ) -> [(path: String, tensor: Tensor)] {
        var copy = self
        var found: [(path: String, tensor: Tensor)] = []
        copy.visitAll { path, role, tensor in
            if isWanted(role) { found.append((path, tensor)) }
        }
        return found
    }
}
