/// One of the things `tapestry` can do.
protocol Command: Sendable {
    static var name: String { get }
    /// What it does, in a few words.
    static var summary: String { get }
    /// What its operands are called, in order.
    static var operands: [String] { get }
    /// Operands that may be left out, in brackets in the help.
    static var hasOptionalOperands: Bool { get }
    /// Whether any number of the last operand may be given.
    static var repeatsLastOperand: Bool { get }
    static var options: [CommandOption] { get }
    /// Whether it takes the options of a recipe, too.
    static var takesRecipeOptions: Bool { get }
    /// What the help says below the options.
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

    /// How it is called, in one line.
    static var usage: String {
        let parts = ["tapestry", name] + shownOperands + (options.isEmpty ? [] : ["[options]"])
        return parts.joined(separator: " ")
    }

    /// The operands as the help shows them.
    static var shownOperands: [String] {
        operands.map { hasOptionalOperands ? "[\($0)]" : $0 } + (repeatsLastOperand ? ["…"] : [])
    }

    /// The help of this command.
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
