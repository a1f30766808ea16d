import Autograd

/// A factor of variation: one thing in which samples differ.
public struct Factor: Sendable, Hashable {
    public let name: String
    /// Whether its values have no order, as those of a shape: then they are whole numbers from 0.
    public let isCategory: Bool

    public init(_ name: String, isCategory: Bool = false) {
        (self.name, self.isCategory) = (name, isCategory)
    }
}

/// What samples were made of: the value of each factor of each.
public struct Factors: Sendable {
    public let all: [Factor]
    /// `float32`, `[samples, factors]`.
    public let values: Tensor

    /// Traps unless there is a value of each factor.
    public init(_ all: [Factor], values: Tensor) {
        guard values.rank == 2, values.shape[1] == all.count, values.dataType == .float32 else {
            programmerError(
                "Factors",
                "\(all.count) factors with values of \(values.dataType) of shape \(values.shape)")
        }
        (self.all, self.values) = (all, values)
    }

    /// The values of one factor, `float32`, `[samples]`.
    public func values(of index: Int) -> Tensor { values[.all, index] }

    /// Those of the samples at some positions.
    subscript(_ positions: [Int]) -> Factors {
        Factors(all, values: values.gathered(at: Tensor(positions.map { Int32($0) })))
    }
}
