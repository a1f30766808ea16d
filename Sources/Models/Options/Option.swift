import FileSupport
import Foundation

/// A setting of a recipe that the user can choose, declared in one line: its default, its meaning,
/// and its valid values.
///
/// ```swift
/// @Option("weight of the divergence", in: 0...) var beta = 4.0
/// @Option(.latentSize) var latentSize = 10
/// ```
///
/// The declaration provides the command's `--beta` with its help and validation, the entry in
/// `config.json`, and the line on a run's page: see ``Configurable``.
@propertyWrapper
public struct Option<Value: OptionValue>: Sendable {
    /// The value of the option.
    public var wrappedValue: Value
    /// Nil in a decoded value: only types hold declarations.
    let declaration: OptionDeclaration<Value>?

    /// Uses a shared declaration.
    public init(wrappedValue: Value, _ declaration: OptionDeclaration<Value>) {
        self.wrappedValue = wrappedValue
        self.declaration = declaration
    }

    /// Allows any value of the type.
    public init(wrappedValue: Value, _ help: String) {
        self.init(wrappedValue: wrappedValue, OptionDeclaration(help))
    }
}

extension Option where Value: Comparable {
    /// Allows values in a range: `0...`, `0...1`, `0..<1`.
    public init(wrappedValue: Value, _ help: String, in range: some OptionRange<Value>) {
        self.init(wrappedValue: wrappedValue, OptionDeclaration(help, in: range))
    }

    /// Allows values above a bound.
    public init(wrappedValue: Value, _ help: String, above bound: Value) {
        self.init(wrappedValue: wrappedValue, OptionDeclaration(help, above: bound))
    }
}

extension Option {
    /// Allows values in a range, or none.
    public init<Wrapped: Comparable>(
        wrappedValue: Value, _ help: String, in range: some OptionRange<Wrapped>
    ) where Value == Wrapped? {
        self.init(wrappedValue: wrappedValue, OptionDeclaration(help, in: range))
    }

    /// Allows values above a bound, or none.
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

/// An option whose value type is not known statically.
protocol AnyOption {
    var text: String { get }
    var help: String { get }
    /// The valid values, in words.
    var expected: String { get }
    var placeholder: String { get }
    /// The value of a text as JSON; nil if the text is not a valid value.
    func json(of text: String) -> JSONValue?
    /// The text of the value that a text gives; nil if the text is not a valid value.
    func normalized(_ text: String) -> String?
    /// Whether the value of another option is valid here.
    func accepts(_ other: any AnyOption) -> Bool
}

extension Option: AnyOption {
    var text: String { wrappedValue.optionText }
    var help: String { declaration?.help ?? "" }
    var expected: String { declaration?.expected ?? Value.optionKind }
    var placeholder: String { Value.optionPlaceholder }

    func json(of text: String) -> JSONValue? {
        value(of: text).flatMap { try? JSONValue(encoding: $0) }
    }

    func normalized(_ text: String) -> String? { value(of: text)?.optionText }

    private func value(of text: String) -> Value? {
        guard let value = Value(optionText: text), declaration?.contains(value) ?? true else {
            return nil
        }
        return value
    }

    func accepts(_ other: any AnyOption) -> Bool {
        guard let other = other as? Option else { return false }
        return declaration?.contains(other.wrappedValue) ?? true
    }
}
