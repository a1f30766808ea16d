import Foundation

/// The arguments of a command: operands and options. Values are checked when they are read.
struct Arguments: Sendable {
    private(set) var operands: [String] = []
    private var values: [String: String] = [:]
    private var flags: Set<String> = []
    /// Options unknown to the command, with their values, if it accepts such options.
    private(set) var others: [String: String] = [:]

    /// - Parameters:
    ///   - options: the command's options; for others it throws an error that suggests the nearest.
    ///   - operands: the names of the command's operands, which limit their number.
    ///   - isOpen: whether more operands may be given.
    ///   - takesOthers: whether unknown options are kept, each with a value.
    init(
        _ words: [String], options: [CommandOption], operands names: [String], isOpen: Bool = false,
        takesOthers: Bool = false
    ) throws(UsageError) {
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), word.count > 2 else {
                if word.hasPrefix("-"), word.count > 1, Double(word) == nil {
                    throw UsageError(
                        "unknown option \"\(word)\": options have long names, such as --help")
                }
                operands.append(word)
                continue
            }
            let parts = word.dropFirst(2).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            let attached = parts.count > 1 ? String(parts[1]) : nil
            guard let option = (options + [.help]).first(where: { $0.name == name }) else {
                if takesOthers, let value = attached ?? rest.first, !value.hasPrefix("--") {
                    if attached == nil { rest.removeFirst() }
                    guard others.updateValue(value, forKey: name) == nil else {
                        throw UsageError("--\(name) is given twice")
                    }
                    continue
                }
                throw UsageError(
                    unknown: "option", word, known: options.map { "--" + $0.name } + ["--help"])
            }
            try read(option, attached: attached, &rest)
        }
        if operands.count > names.count, !isOpen {
            throw UsageError("unexpected argument \"\(operands[names.count])\"")
        }
    }

    private mutating func read(
        _ option: CommandOption, attached: String?, _ rest: inout ArraySlice<String>
    ) throws(UsageError) {
        guard option.placeholder != nil else {
            guard attached == nil else { throw UsageError("--\(option.name) takes no value") }
            flags.insert(option.name)
            return
        }
        guard let value = attached ?? rest.popFirst(), !value.isEmpty, !value.hasPrefix("--") else {
            throw UsageError("--\(option.name) needs a value: \(option.placeholder ?? "")")
        }
        guard values.updateValue(value, forKey: option.name) == nil else {
            throw UsageError("--\(option.name) is given twice")
        }
    }

    /// Whether a flag is given.
    func has(_ option: CommandOption) -> Bool { flags.contains(option.name) }

    /// The value of an option, if it is given.
    func string(_ option: CommandOption) -> String? { values[option.name] }

    /// The value of an option as a whole number in a range; nil if it is not given.
    func integer(_ option: CommandOption, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
        guard let text = values[option.name] else { return nil }
        guard let value = Int(text), range.contains(value) else {
            let bound =
                range.upperBound == .max
                ? "of at least \(range.lowerBound)"
                : "from \(range.lowerBound) to \(range.upperBound)"
            throw UsageError("--\(option.name) \(text.shortened): expected a whole number \(bound)")
        }
        return value
    }

    /// The value of an option as a finite number that `isValid` accepts, as `expected` describes.
    func number(
        _ option: CommandOption, expected: String, where isValid: (Double) -> Bool
    ) throws(UsageError) -> Double? {
        guard let text = values[option.name] else { return nil }
        guard let value = Double(text), value.isFinite, isValid(value) else {
            throw UsageError("--\(option.name) \(text.shortened): expected \(expected)")
        }
        return value
    }

    /// The parsed value of an option; `expected` describes what `parse` accepts.
    func value<Value>(
        _ option: CommandOption, expected: String, parse: (String) -> Value?
    ) throws(UsageError) -> Value? {
        guard let text = values[option.name] else { return nil }
        guard let value = parse(text) else {
            throw UsageError("--\(option.name) \(text.shortened): expected \(expected)")
        }
        return value
    }

    /// An operand; throws with its `name` if it is missing.
    func operand(_ index: Int, _ name: String) throws(UsageError) -> String {
        guard index < operands.count else { throw UsageError("\(name) is missing") }
        return operands[index]
    }
}
