import Foundation

/// What is wrong with a file, a folder or the data in it.
///
/// Prints as one line: `train.gz: expected a gzip file, found 3 bytes`.
public struct DataError: Error, Hashable, Sendable {
    /// The file or folder, or the name of a data set.
    public var path: String
    public var expected: String
    public var found: String

    public init(path: String, expected: String, found: String) {
        self.path = path
        self.expected = expected
        self.found = found
    }
}

extension DataError: CustomStringConvertible, LocalizedError {
    public var description: String { "\(path): expected \(expected), found \(found)" }
    public var errorDescription: String? { description }
}

extension DataError {
    /// The failure of a system call, with the system's words for `code`.
    init(path: String, expected: String, code: Int32) {
        self.init(
            path: path, expected: expected, found: "\(String(cString: strerror(code))) (\(code))")
    }
}

extension String {
    /// The text in quotes, without line breaks and not too long for an error message.
    var quoted: String {
        let shown = prefix(40).map { $0.isNewline || $0 == "\0" ? "␤" : String($0) }.joined()
        return "\"\(shown)\(shown.count < count ? "…" : "")\""
    }
}

extension FixedWidthInteger {
    /// All hexadecimal digits of the number.
    var hexadecimal: String {
        let digits = String(self, radix: 16)
        return "0x" + String(repeating: "0", count: Self.bitWidth / 4 - digits.count) + digits
    }
}
