import Foundation

/// The public declarations in `Sources/Autograd/Operations`, read from the sources.
///
/// A function is written by its name and its parameters, by label where they have one and by
/// type where not: `clamp(Tensor, from:, through:)`. So overloads are told apart.
struct OperationScan {
    /// Declaration to the file it stands in.
    private(set) var functions: [String: String] = [:]
    /// Declaration to the comment before it, in one line.
    private(set) var comments: [String: String] = [:]
    private(set) var properties: [String: String] = [:]
    private(set) var publicExtensions = 0
    private(set) var files = 0

    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent(
            "Sources/Autograd/Operations", isDirectory: true)

    init() throws {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: Self.folder.path)
        for path in paths.sorted() where path.hasSuffix(".swift") {
            let url = Self.folder.appendingPathComponent(path)
            scan(try String(contentsOf: url, encoding: .utf8), file: path)
            files += 1
        }
    }

    init(source: String) {
        scan(source, file: "source")
    }

    private mutating func scan(_ source: String, file: String) {
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        let code =
            lines.map { $0.prefix(upTo: $0.range(of: "//")?.lowerBound ?? $0.endIndex) }
            .joined(separator: "\n")
        var rest = Substring(code)
        while let start = rest.range(of: "public ") {
            rest = rest[start.upperBound...]
            let head = rest.prefix(while: { !"({\n".contains($0) })
            let words = head.split(whereSeparator: \.isWhitespace).map(String.init)
            if words.first == "extension" { publicExtensions += 1 }
            // Without the parameters of its type.
            let names = words.map { word in String(word.prefix { $0 != "<" }) }
            guard let kind = names.firstIndex(where: { Self.kinds.contains($0) }) else { continue }
            let line = code[..<start.lowerBound].count { $0 == "\n" }
            let comment = Self.comment(endingBefore: line, of: lines)
            switch names[kind] {
            case "func" where kind + 1 < words.count:
                let name = words[kind + 1]
                let isOperator = name.allSatisfy { !$0.isLetter && !$0.isNumber && $0 != "_" }
                let plain = isOperator ? name : String(name.prefix(while: { $0 != "<" }))
                add(plain, parameters(in: rest), isOperator, file, comment)
            case "subscript", "init":
                add(names[kind], parameters(in: rest), names[kind] == "subscript", file, comment)
            case "var", "let":
                properties[words[kind + 1].filter { $0 != ":" }] = file
            default:
                break
            }
        }
    }

    private static let kinds: Set<String> = ["func", "subscript", "init", "var", "let"]

    private mutating func add(
        _ name: String, _ parameters: [String], _ ignoresLabels: Bool, _ file: String,
        _ comment: String
    ) {
        let descriptions = parameters.map { parameter in
            let sides = parameter.split(separator: ":", maxSplits: 1)
            let names = sides[0].split(separator: " ")
            if names[0] != "_", !ignoresLabels || names.count > 1 { return "\(names[0]):" }
            let type = sides[1].split(separator: "=")[0].split(separator: " ")
            return type.filter { $0 != "inout" && $0 != "@escaping" }.joined(separator: " ")
        }
        let declaration = "\(name)(\(descriptions.joined(separator: ", ")))"
        functions[declaration] = file
        comments[declaration] = comment
    }

    private static func comment(endingBefore line: Int, of lines: [Substring]) -> String {
        let trimmed = lines[..<line].map { $0.trimmingCharacters(in: .whitespaces) }
        return trimmed.reversed().prefix { $0.hasPrefix("///") }.reversed()
            .map { $0.dropFirst(3).trimmingCharacters(in: .whitespaces) }
            .joined(separator: " ")
    }

    /// The parts between the commas of the first parentheses.
    private func parameters(in text: Substring) -> [String] {
        var depth = 0
        var parts: [String] = [""]
        for character in text[(text.firstIndex(of: "(") ?? text.endIndex)...] {
            if "([".contains(character) { depth += 1 }
            if ")]".contains(character) { depth -= 1 }
            if depth == 0 { break }
            if depth == 1, character == "," {
                parts.append("")
            } else if depth > 1 || character != "(" {
                parts[parts.count - 1].append(character)
            }
        }
        return parts.map {
            $0.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }.filter { !$0.isEmpty }
    }
}
