import Foundation

/// What in the sources ends the program without a message where a value is not as its author
/// thought: `try!`, `as!`, `!` on an optional, and conversions of floating-point numbers to
/// integers, which trap where the number is too large or none.
///
/// Where the author knows better, a comment that begins with `Sound:` says why, on the line or in
/// the lines above it without a blank one in between.
struct SoundnessScan {
    /// What was found, as `path:line: code`.
    private(set) var findings: [String] = []

    static let sources = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources", isDirectory: true)

    /// The folders of sources; those that are links to another are left out.
    static func modules() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: sources.path).sorted().filter { name in
            let attributes = try FileManager.default.attributesOfItem(
                atPath: sources.appendingPathComponent(name).path)
            return attributes[.type] as? FileAttributeType == .typeDirectory
        }
    }

    init(module: String) throws {
        let folder = Self.sources.appendingPathComponent(module, isDirectory: true)
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        for path in paths.sorted() where path.hasSuffix(".swift") {
            let url = folder.appendingPathComponent(path)
            scan(try String(contentsOf: url, encoding: .utf8), file: "\(module)/\(path)")
        }
    }

    init(source: String) { scan(source, file: "source") }

    private mutating func scan(_ source: String, file: String) {
        var isExcused = false
        var isInText = false
        for (index, line) in source.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            if line.allSatisfy(\.isWhitespace) { isExcused = false }
            // Texts over several lines begin and end with three quotes.
            let quotes = line.ranges(of: "\"\"\"").count
            defer { if quotes % 2 == 1 { isInText.toggle() } }
            guard !isInText, quotes == 0 else { continue }
            let bare = line.replacing(#/"(\\.|[^"\\])*"/#, with: "\"\"")
            let comment = bare.firstRange(of: "//")
            if let comment, bare[comment.upperBound...].contains("Sound:") { isExcused = true }
            let code = bare[..<(comment?.lowerBound ?? bare.endIndex)]
            if !isExcused, Self.isUnsound(code) {
                findings.append(
                    "\(file):\(index + 1): \(line.trimmingCharacters(in: .whitespaces))")
            }
        }
    }

    private static func isUnsound(_ code: Substring) -> Bool {
        if code.contains(#/\b(try|as)!/#) { return true }
        // An optional is unwrapped; the memory of a buffer is there wherever it has elements.
        let unwrapped = code.replacing("baseAddress!", with: "baseAddress")
        if unwrapped.contains(#/[\w\)\]\}?]!(?!=)/#) { return true }
        return code.matches(of: #/\bU?Int(8|16|32|64)?\((?<argument>.*)/#).contains { match in
            let argument = match.argument
            return !argument.hasPrefix("exactly:") && !argument.hasPrefix("clamping:")
                && argument.contains(
                    #/\.rounded\(|\b(Double|Float|floor|ceil|exp|log|sqrt|pow)\(|(?:^|[^$\w])\d+\.\d|squareRoot/#
                )
        }
    }
}
