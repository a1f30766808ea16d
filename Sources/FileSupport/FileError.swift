import Foundation

/// What is wrong with a file, a folder or the data in it.
///
/// Prints as one line: `model.safetensors: expected 120 bytes, found 97 bytes`.
public struct FileError: Error, Hashable, Sendable {
    /// The file or folder.
    public var path: String
    public var expected: String
    public var found: String

    public init(path: String, expected: String, found: String) {
        self.path = path
        self.expected = expected
        self.found = found
    }

    /// The failure of a system call, with the system's message for `code`.
    package init(path: String, expected: String, code: Int32) {
        self.init(
            path: path, expected: expected, found: "\(String(cString: strerror(code))) (\(code))")
    }
}

extension FileError: CustomStringConvertible, LocalizedError {
    public var description: String { "\(path): expected \(expected), found \(found)" }
    public var errorDescription: String? { description }
}

extension String {
    /// The text in quotes, without line breaks and shortened for an error message.
    package var quoted: String { "\"\(shortened)\"" }

    /// The text without line breaks, and at most 60 characters of it, for an error message.
    package var shortened: String {
        let shown = prefix(60).map { $0.isNewline || $0 == "\0" ? "␤" : String($0) }.joined()
        return shown.count < count ? shown + "…" : shown
    }
}

extension [String] {
    /// The first of several texts in quotes, and how many more there are.
    package func quotedList(most count: Int) -> String {
        prefix(count).map(\.quoted).joined(separator: ", ")
            + (self.count > count ? " and \(self.count - count) more" : "")
    }
}
