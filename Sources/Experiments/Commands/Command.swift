/// A command of `tapestry`.
protocol Command: Sendable {
    static var name: String { get }
    /// What the command does, in a few words.
    static var summary: String { get }
    /// The names of its operands, in order.
    static var operands: [String] { get }
    /// Whether the operands may be left out; the help shows them in brackets.
    static var hasOptionalOperands: Bool { get }
    /// Whether the last operand may be repeated.
    static var repeatsLastOperand: Bool { get }
    static var options: [CommandOption] { get }
    /// Whether it also accepts the options of a recipe.
    static var takesRecipeOptions: Bool { get }
    /// The text below the options in the help.
    static var details: String { get }

    static func run(_ arguments: Arguments) throws
}

extension Command {
    static var operands: [String] { [] }
    static var hasOptionalOperands: Bool { false }
    static var repeatsLastOperand: Bool { false }
    static var options: [CommandOption] { [] }
    static var takesRecipeOptions: Bool { false }
    static var details: String { "" }

    /// The usage, in one line.
    static var usage: String {
        let parts = ["tapestry", name] + shownOperands + (options.isEmpty ? [] : ["[options]"])
        return parts.joined(separator: " ")
    }

    /// The operands as the help shows them.
    static var shownOperands: [String] {
        operands.map { hasOptionalOperands ? "[\($0)]" : $0 } + (repeatsLastOperand ? ["…"] : [])
    }

    /// The help text of this command.
    static var help: String {
        var text = "\(summary)\n\nUsage: \(usage)\n"
        let entries = (options + [.help]).map { option in
            ("--" + option.name + (option.placeholder.map { " " + $0 } ?? ""), option.help)
        }
        text += "\nOptions:\n" + columns(entries)
        if !details.isEmpty { text += "\n\(details)\n" }
        return text
    }
}
