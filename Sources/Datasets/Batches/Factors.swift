import Autograd

/// A factor of variation: one thing in which samples differ.
public struct Factor: Sendable, Hashable {
    public let name: String
    /// Whether its values have no order, as those of a shape: then they are whole numbers from 0.
    public let isCategory: Bool
    /// Of an angle, the degrees after which a sample is as before: of the samples with each label, the
    /// last number for all further labels. Empty if it is no angle in degrees.
    public let symmetries: [Double]

    /// Traps if a symmetry is not positive.
    public init(_ name: String, isCategory: Bool = false, symmetries: [Double] = []) {
        guard symmetries.allSatisfy({ $0 > 0 }) else {
            programmerError("Factor", "\(name) with symmetries of \(symmetries) degrees")
        }
        (self.name, self.isCategory, self.symmetries) = (name, isCategory, symmetries)
    }

    /// The degrees after which a sample with a label is as before; nil if the factor is no angle.
    public func symmetry(of label: Int) -> Double? {
        symmetries.isEmpty ? nil : symmetries[min(max(label, 0), symmetries.count - 1)]
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

    /// With another factor, and its value of each sample.
    func adding(_ factor: Factor, _ added: Tensor) -> Factors {
        Factors(
            all + [factor],
            values: concatenated([values, added.cast(to: .float32).expandingAxis(1)], axis: 1))
    }

    /// The values of the factor with a name, `float32`, `[samples]`; nil if there is none.
    package subscript(_ name: String) -> Tensor? {
        all.firstIndex { $0.name == name }.map(values(of:))
    }

    /// The values of one factor, `float32`, `[samples]`.
    public func values(of index: Int) -> Tensor { values[.all, index] }

    /// Those of the samples at some positions.
    subscript(_ positions: [Int]) -> Factors {
        Factors(all, values: values.gathered(at: Tensor(positions.map { Int32($0) })))
    }
}
