import Foundation

/// JSON in files and answers: the members of an object are sorted by name, so that equal values
/// give equal bytes.
///
/// JSON has no numbers that are not finite. They are written as strings with their JavaScript
/// names, "Infinity", "-Infinity" and "NaN", and read as numbers again.
package enum JSON {
    /// The layout of the text in a file.
    package enum Layout: Sendable {
        /// One member per line, to be read by people.
        case readable
        /// Everything on one line.
        case line
    }

    private static let (infinity, minusInfinity, notANumber) = ("Infinity", "-Infinity", "NaN")

    /// The text of a value in UTF-8, without a line break at its end.
    ///
    /// - Parameter path: the file that it is for, named in the error if the value cannot be
    ///   written.
    package static func encode(
        _ value: some Encodable, _ layout: Layout = .readable, for path: String
    ) throws(FileError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if layout == .readable { encoder.outputFormatting.insert(.prettyPrinted) }
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: infinity, negativeInfinity: minusInfinity, nan: notANumber)
        do {
            return Array(try encoder.encode(value))
        } catch {
            throw FileError(
                path: path, expected: "values that JSON can hold", found: "\(error)".quoted)
        }
    }

    /// Writes a value to a file, completely or not at all.
    package static func write(_ value: some Encodable, to path: String) throws(FileError) {
        try AtomicFile.write(encode(value, for: path) + [UInt8(ascii: "\n")], to: path)
    }

    /// The value that a text stands for.
    ///
    /// - Parameters:
    ///   - path: the file that the text is from.
    ///   - expected: what it should be, for the error if it is something else.
    package static func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, from text: some Sequence<UInt8>, path: String,
        expected: String
    ) throws(FileError) -> Value {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: infinity, negativeInfinity: minusInfinity, nan: notANumber)
        do {
            return try decoder.decode(type, from: Data(text))
        } catch {
            throw FileError(path: path, expected: expected, found: error.explanation)
        }
    }

    /// The value that a file holds.
    ///
    /// - Parameters:
    ///   - expected: what it should be, for the error if it is something else.
    ///   - limit: the most bytes that such a file has.
    package static func read<Value: Decodable>(
        _ type: Value.Type = Value.self, from path: String, expected: String,
        limit: Int = 1 << 30
    ) throws(FileError) -> Value {
        let input = try InputFile(at: path)
        guard input.size <= limit else {
            throw FileError(path: path, expected: expected, found: "\(input.size) bytes")
        }
        return try decode(
            type, from: try input.bytes(0..<input.size), path: path, expected: expected)
    }
}
