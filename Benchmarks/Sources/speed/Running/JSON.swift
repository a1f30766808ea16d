import Foundation

/// A value of JSON, printed on one line with its keys in the order given.
enum JSON: CustomStringConvertible {
    case text(String)
    case number(Double)
    case flag(Bool)
    case list([JSON])
    case object([(String, JSON)])
    case null

    static func optional(_ number: Double?) -> JSON { number.map(JSON.number) ?? .null }

    /// Rounded to a number of decimals.
    static func number(_ value: Double, decimals: Int) -> JSON {
        let scale = Foundation.pow(10, Double(decimals))
        return .number((value * scale).rounded() / scale)
    }

    /// Prints one object on a line.
    static func print(_ members: [(String, JSON)]) { printLine("\(JSON.object(members))") }

    var description: String {
        switch self {
        case .text(let text): "\"\(text)\""
        case .number(let value): Self.digits(value)
        case .flag(let flag): "\(flag)"
        case .list(let items): "[" + items.map(\.description).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
        case .null: "null"
        }
    }

    private static func digits(_ value: Double) -> String {
        guard value.isFinite else { return "null" }
        return value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
    }
}
