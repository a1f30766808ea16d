import Autograd
import FileSupport
import Foundation

extension JSON {
    /// The decoded contents of a file; nil if there is no file.
    ///
    /// - Parameter expected: what the file should contain, for the error message.
    static func readIfThere<Value: Decodable>(
        _ type: Value.Type, from path: String, expected: String
    ) throws(FileError) -> Value? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try read(type, from: path, expected: expected)
    }
}
