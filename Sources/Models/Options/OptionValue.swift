import FileSupport

/// The type of an option's value, which can be given on a command line and stored as JSON.
public protocol OptionValue: Codable, Hashable, Sendable {
    /// Nil if the text is not such a value.
    init?(optionText: String)
    /// The text from which ``init(optionText:)`` creates the same value.
    var optionText: String { get }
    /// The kind of value, in words: "a whole number".
    static var optionKind: String { get }
    /// The placeholder for a value in the help: "N".
    static var optionPlaceholder: String { get }
}

extension Int: OptionValue {
    public init?(optionText: String) { self.init(optionText) }
    public var optionText: String { description }
    public static var optionKind: String { "a whole number" }
    public static var optionPlaceholder: String { "N" }
}

extension Double: OptionValue {
    public init?(optionText: String) {
        guard let number = Double(optionText), number.isFinite else { return nil }
        self = number
    }

    /// Whole numbers are written without decimals.
    public var optionText: String {
        description.hasSuffix(".0") ? String(description.dropLast(2)) : description
    }

    public static var optionKind: String { "a number" }
    public static var optionPlaceholder: String { "X" }
}

/// A switch: `true` or `false`.
extension Bool: OptionValue {
    public init?(optionText: String) { self.init(optionText) }
    public var optionText: String { description }
    public static var optionKind: String { "true or false" }
    public static var optionPlaceholder: String { "BOOL" }
}

/// A text as it is.
extension String: OptionValue {
    public init?(optionText: String) { self = optionText }
    public var optionText: String { self }
    public static var optionKind: String { "a text" }
    public static var optionPlaceholder: String { "TEXT" }
}

/// Sizes of layers and similar lists, separated by commas; "none" if empty.
extension [Int]: OptionValue {
    public init?(optionText: String) {
        let parts = optionText.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }.filter { $0 > 0 }
        guard optionText == "none" || numbers.count == parts.count else { return nil }
        self = numbers
    }

    public var optionText: String {
        isEmpty ? "none" : map(\.description).joined(separator: ",")
    }

    public static var optionKind: String { "positive numbers with commas between them, or none" }
    public static var optionPlaceholder: String { "N,N,…" }
}

/// An optional value: nil is written as "none".
extension Optional: OptionValue where Wrapped: OptionValue {
    public init?(optionText: String) {
        if let value = Wrapped(optionText: optionText) {
            self = .some(value)
        } else if optionText == "none" {
            self = .none
        } else {
            return nil
        }
    }

    public var optionText: String { self?.optionText ?? "none" }
    public static var optionKind: String { "\(Wrapped.optionKind), or none" }
    public static var optionPlaceholder: String { Wrapped.optionPlaceholder }
}

/// One of several values, given by name.
public protocol NamedOptionValue: OptionValue, CaseIterable, RawRepresentable<String> {}

extension NamedOptionValue {
    public init?(optionText: String) { self.init(rawValue: optionText) }
    public var optionText: String { rawValue }
    public static var optionKind: String { allCases.map(\.rawValue).joined(separator: " or ") }
    public static var optionPlaceholder: String { "NAME" }
}
