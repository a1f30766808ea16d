import Autograd
import FileSupport
import Foundation

/// A value made of options (``Option``), which can be listed, set from texts, and stored as JSON.
///
/// ```swift
/// struct WarmUp: Configurable {
///     @Option("steps until the full rate", in: 0...) var steps = 0
/// }
/// try WarmUp().choosing(["steps": "100"])
/// ```
///
/// Options of properties that are configurable themselves are included. Option names are those of
/// the properties in lowercase with hyphens: `latentSize` becomes `latent-size`.
public protocol Configurable: Codable, Hashable, Sendable {
    /// Creates a value with the defaults of all options.
    init()
    /// Throws if the value of an option is invalid: by default, if it is out of range. Types whose
    /// options depend on each other add their own checks.
    func validate() throws(OptionError)
}

/// A description of an option: its name, meaning and value.
public struct OptionDescription: Hashable, Sendable {
    /// Lowercase words with hyphens: "latent-size".
    public let name: String
    /// What the option means, in a few words.
    public let help: String
    /// The valid values, in words.
    public let expected: String
    /// The placeholder for a value in the help.
    public let placeholder: String
    /// The value, as text that sets it.
    public let text: String
}

/// Why options are invalid.
public enum OptionError: Error, Hashable, Sendable {
    /// No option has this name.
    case unknown(name: String, known: [String])
    /// The value is invalid.
    case unfit(name: String, expected: String, found: String)
}

extension OptionError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknown(let name, let known):
            "no option is called \(name)"
                + (nearest(to: name, in: known).map { ": did you mean \($0)?" }
                    ?? (known.isEmpty ? "" : ": there is \(known.joined(separator: ", "))"))
        case .unfit(let name, let expected, let found):
            "\(name): expected \(expected), found \(found)"
        }
    }
}

extension Configurable {
    /// The options with their values, in the order of their declarations.
    public var options: [OptionDescription] {
        zip(Self().declared, declared).map { declaration, value in
            OptionDescription(
                name: declaration.name, help: declaration.option.help,
                expected: declaration.option.expected,
                placeholder: declaration.option.placeholder, text: value.option.text)
        }
    }

    /// A copy with other values of some options, given by name.
    public func choosing(_ texts: [String: String]) throws(OptionError) -> Self {
        var json = try encoded()
        let known = Self().declared
        for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
            guard let (_, path, option) = known.first(where: { $0.name == name }) else {
                throw .unknown(name: name, known: known.map(\.name))
            }
            guard let value = option.json(of: text) else {
                throw .unfit(name: name, expected: option.expected, found: text)
            }
            json = json.replacing(path[...], with: value)
        }
        let chosen = try Self.decoded(json)
        try chosen.validate()
        return chosen
    }

    /// The text of the value that a text gives to an option, whatever the other options are.
    ///
    /// - Throws: if there is no such option, or the text is not a valid value of it.
    package func normalized(
        _ text: String, forOption name: String
    ) throws(OptionError) -> String {
        let known = Self().declared
        guard let (_, _, option) = known.first(where: { $0.name == name }) else {
            throw .unknown(name: name, known: known.map(\.name))
        }
        guard let normalized = option.normalized(text) else {
            throw .unfit(name: name, expected: option.expected, found: text)
        }
        return normalized
    }

    /// Reads stored options. Those that are missing get their defaults.
    public init(_ json: JSONValue) throws(OptionError) {
        self = try Self.decoded(Self().encoded().merging(json, path: ""))
        try validate()
    }

    /// The options as JSON, for storing.
    public func encoded() throws(OptionError) -> JSONValue {
        do {
            return try JSONValue(encoding: self)
        } catch {
            throw .unfit(name: "\(Self.self)", expected: "options", found: "\(error)")
        }
    }

    private static func decoded(_ json: JSONValue) throws(OptionError) -> Self {
        do {
            return try json.decoded()
        } catch DecodingError.typeMismatch(_, let context) {
            throw unfit(context)
        } catch DecodingError.dataCorrupted(let context) {
            throw unfit(context)
        } catch DecodingError.valueNotFound(_, let context) {
            throw unfit(context)
        } catch {
            throw .unfit(name: "\(Self.self)", expected: "options", found: "\(error)")
        }
    }

    private static func unfit(_ context: DecodingError.Context) -> OptionError {
        let name = context.codingPath.last?.stringValue ?? "\(Self.self)"
        let option = Self().declared.first { $0.path.last == name }?.option
        return .unfit(
            name: name.hyphenated, expected: option?.expected ?? "another value",
            found: context.debugDescription)
    }

    public func validate() throws(OptionError) { try validateRanges() }

    /// Throws if the value of an option is out of range.
    public func validateRanges() throws(OptionError) {
        for (declaration, value) in zip(Self().declared, declared)
        where !declaration.option.accepts(value.option) {
            throw .unfit(
                name: declaration.name, expected: declaration.option.expected,
                found: value.option.text)
        }
    }

    /// Each option with its name and the path of properties to it.
    fileprivate var declared: [(name: String, path: [String], option: any AnyOption)] {
        Mirror(reflecting: self).children.flatMap {
            label, value -> [(name: String, path: [String], option: any AnyOption)] in
            guard let label else { return [] }
            if let option = value as? any AnyOption {
                // The storage of a wrapped property is named after it, with an underscore.
                let property = String(label.dropFirst())
                return [(property.hyphenated, [property], option)]
            }
            guard let value = value as? any Configurable else { return [] }
            return value.declared.map { ($0.name, [label] + $0.path, $0.option) }
        }
    }
}

extension JSONValue {
    /// A copy with another value at a path of object keys.
    fileprivate func replacing(_ path: ArraySlice<String>, with value: JSONValue) -> JSONValue {
        guard let key = path.first else { return value }
        guard case .object(var members) = self else { return self }
        members[key] = (members[key] ?? .null).replacing(path.dropFirst(), with: value)
        return .object(members)
    }

    /// A copy with the members of another object merged in: members that are not objects are
    /// replaced whole, and unknown members are an error.
    fileprivate func merging(_ other: JSONValue, path: String) throws(OptionError) -> JSONValue {
        guard case .object(var members) = self else { return other }
        guard case .object(let others) = other else {
            throw .unfit(
                name: path.isEmpty ? "options" : path, expected: "an object", found: "another value"
            )
        }
        for (key, value) in others {
            guard let own = members[key] else {
                throw .unknown(
                    name: key.hyphenated, known: members.keys.map(\.hyphenated).sorted())
            }
            members[key] = try own.merging(value, path: key.hyphenated)
        }
        return .object(members)
    }
}

extension String {
    /// `latentSize` as `latent-size`.
    fileprivate var hyphenated: String {
        map { $0.isUppercase ? "-\($0.lowercased())" : "\($0)" }.joined()
    }
}
