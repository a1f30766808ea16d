import FileSupport

/// The type of an option: what can be written on a command line and kept as JSON.
public protocol OptionValue: Codable, Hashable, Sendable {
    /// Nil where the text says no such value.
    init?(optionText: String)
    /// What ``init(optionText:)`` makes the value of again.
    var optionText: String { get }
    /// What values are, in words: "a whole number".
    static var optionKind: String { get }
    /// What stands for a value in the help: "N".
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

    /// Without the decimals that a whole number does not have.
    public var optionText: String {
        description.hasSuffix(".0") ? String(description.dropLast(2)) : description
    }

    public static var optionKind: String { "a number" }
    public static var optionPlaceholder: String { "X" }
}

/// Sizes of layers and the like, with commas between them; "none" where there are none.
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

/// A value that need not be there: nil is "none".
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

/// One of some values, by its name.
public protocol NamedOptionValue: OptionValue, CaseIterable, RawRepresentable<String> {}

extension NamedOptionValue {
    public init?(optionText: String) { self.init(rawValue: optionText) }
    public var optionText: String { rawValue }
    public static var optionKind: String { allCases.map(\.rawValue).joined(separator: " or ") }
    public static var optionPlaceholder: String { "NAME" }
}
