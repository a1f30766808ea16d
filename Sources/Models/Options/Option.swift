import FileSupport
import Foundation

/// A choice that is left to whoever trains a recipe, declared in one line: its default, what it
/// means, and which values make sense.
///
/// ```swift
/// @Option("weight of the divergence", in: 0...) var beta = 4.0
/// @Option(.latentSize) var latentSize = 10
/// ```
///
/// From the declaration come the command's `--beta` with its help and its refusals, the entry in
/// `config.json`, and the line on a run's page: see ``Configurable``.
@propertyWrapper
public struct Option<Value: OptionValue>: Sendable {
    public var wrappedValue: Value
    /// Nil in a value that was read: types declare, values are.
    let declaration: OptionDeclaration<Value>?

    /// As declared elsewhere.
    public init(wrappedValue: Value, _ declaration: OptionDeclaration<Value>) {
        self.wrappedValue = wrappedValue
        self.declaration = declaration
    }

    /// Of any value of its type.
    public init(wrappedValue: Value, _ help: String) {
        self.init(wrappedValue: wrappedValue, OptionDeclaration(help))
    }
}

extension Option where Value: Comparable {
    /// Of values in a range: `0...`, `0...1`, `0..<1`.
    public init(wrappedValue: Value, _ help: String, in range: some OptionRange<Value>) {
        self.init(wrappedValue: wrappedValue, OptionDeclaration(help, in: range))
    }

    /// Of values above a bound.
    public init(wrappedValue: Value, _ help: String, above bound: Value) {
        self.init(wrappedValue: wrappedValue, OptionDeclaration(help, above: bound))
    }
}

extension Option {
    /// Of values in a range, or none.
    public init<Wrapped: Comparable>(
        wrappedValue: Value, _ help: String, in range: some OptionRange<Wrapped>
    ) where Value == Wrapped? {
        self.init(wrappedValue: wrappedValue, OptionDeclaration(help, in: range))
    }

    /// Of values above a bound, or none.
    public init<Wrapped: Comparable>(wrappedValue: Value, _ help: String, above bound: Wrapped)
    where Value == Wrapped? {
        self.init(wrappedValue: wrappedValue, OptionDeclaration(help, above: bound))
    }
}

// MARK: - Values

extension Option: Hashable {
    public static func == (a: Self, b: Self) -> Bool { a.wrappedValue == b.wrappedValue }
    public func hash(into hasher: inout Hasher) { hasher.combine(wrappedValue) }
}

extension Option: Codable {
    public init(from decoder: any Decoder) throws {
        wrappedValue = try Value(from: decoder)
        declaration = nil
    }

    public func encode(to encoder: any Encoder) throws {
        try wrappedValue.encode(to: encoder)
    }
}

// MARK: - Without the type of the value

/// An option of whatever type.
protocol AnyOption {
    var text: String { get }
    var help: String { get }
    /// What is expected of a value, in words.
    var expected: String { get }
    var placeholder: String { get }
    /// The value that a text says, as JSON; nil where it says none that makes sense.
    func json(of text: String) -> JSONValue?
    /// Whether another's value makes sense here.
    func accepts(_ other: any AnyOption) -> Bool
}

extension Option: AnyOption {
    var text: String { wrappedValue.optionText }
    var help: String { declaration?.help ?? "" }
    var expected: String { declaration?.expected ?? Value.optionKind }
    var placeholder: String { Value.optionPlaceholder }

    func json(of text: String) -> JSONValue? {
        guard let value = Value(optionText: text), declaration?.contains(value) ?? true else {
            return nil
        }
        return try? JSONValue(encoding: value)
    }

    func accepts(_ other: any AnyOption) -> Bool {
        guard let other = other as? Option else { return false }
        return declaration?.contains(other.wrappedValue) ?? true
    }
}
