/// The meaning of an ``Option`` and its valid values, declared next to the option or once for all
/// types that share it.
///
/// ```swift
/// extension OptionDeclaration<Int> {
///     static let latentSize = OptionDeclaration("numbers in a code", in: 1...65_536)
/// }
/// ```
public struct OptionDeclaration<Value: OptionValue>: Sendable {
    let help: String
    /// The valid values, in words.
    let expected: String
    let contains: @Sendable (Value) -> Bool

    /// - Parameters:
    ///   - help: the meaning, in a few words.
    ///   - expected: the valid values, in words: "a whole number from 2 to 4".
    ///   - contains: whether a value is valid.
    public init(
        _ help: String, expected: String, contains: @escaping @Sendable (Value) -> Bool
    ) {
        self.help = help
        self.expected = expected
        self.contains = contains
    }

    /// Allows any value of the type.
    public init(_ help: String) {
        self.init(help, expected: Value.optionKind) { _ in true }
    }
}

extension OptionDeclaration where Value: Comparable {
    /// Allows values in a range.
    public init(_ help: String, in range: some OptionRange<Value>) {
        self.init(help, expected: "\(Value.optionKind) \(range.words)") { range.contains($0) }
    }

    /// Allows values above a bound.
    public init(_ help: String, above bound: Value) {
        self.init(help, expected: "\(Value.optionKind) above \(bound.optionText)") { $0 > bound }
    }
}

extension OptionDeclaration {
    /// Allows values in a range, or none.
    public init<Wrapped: Comparable>(_ help: String, in range: some OptionRange<Wrapped>)
    where Value == Wrapped? {
        self.init(help, expected: "\(Wrapped.optionKind) \(range.words), or none") { value in
            value.map { range.contains($0) } ?? true
        }
    }

    /// Allows values above a bound, or none.
    public init<Wrapped: Comparable>(_ help: String, above bound: Wrapped)
    where Value == Wrapped? {
        self.init(
            help, expected: "\(Wrapped.optionKind) above \(bound.optionText), or none"
        ) { value in value.map { $0 > bound } ?? true }
    }
}

/// A range of an option's values that can be described in words.
public protocol OptionRange<Bound>: Sendable {
    associatedtype Bound: OptionValue & Comparable
    /// Whether the range contains a value.
    func contains(_ value: Bound) -> Bool
    /// "from 0 to 1".
    var words: String { get }
}

extension PartialRangeFrom: OptionRange where Bound: OptionValue {
    public var words: String { "from \(lowerBound.optionText)" }
}

extension ClosedRange: OptionRange where Bound: OptionValue {
    public var words: String { "from \(lowerBound.optionText) to \(upperBound.optionText)" }
}

extension Range: OptionRange where Bound: OptionValue {
    public var words: String {
        "from \(lowerBound.optionText) and below \(upperBound.optionText)"
    }
}
