import Autograd
import FileSupport
import Foundation

extension JSON {
    /// What a file says; nil where there is none.
    ///
    /// - Parameter expected: what the file should be, named where it is something else.
    static func readIfThere<Value: Decodable>(
        _ type: Value.Type, from path: String, expected: String
    ) throws(FileError) -> Value? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try read(type, from: path, expected: expected)
    }
}
