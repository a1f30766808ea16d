import Autograd
import Foundation

/// JSON as it stands in files and answers: readable, in a fixed order.
enum JSON {
    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    /// What a file says; nil where there is none.
    ///
    /// - Parameter expected: what the file should be, named where it is something else.
    static func decode<Value: Decodable>(
        _ type: Value.Type, from path: String, expected: String
    ) throws(FileError) -> Value? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let input = try InputFile(at: path)
        let bytes = try input.bytes(0..<input.size)
        guard let value = try? JSONDecoder().decode(type, from: Data(bytes)) else {
            throw FileError(path: path, expected: expected, found: "something else")
        }
        return value
    }
}
