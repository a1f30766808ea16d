import Autograd
import FileSupport
import Foundation

/// The files that come with the package, within its sources so that a program needs none beside
/// it. NOTICE.txt tells whose they are, SHA256SUMS what is in them.
enum Bundled {
    /// The bytes of a file of a set.
    static func bytes(of file: String, in set: String) throws(FileError) -> [UInt8] {
        let files = ["digits": digits, "digits8x8": digits8x8]
        let content = files[set]?[file]?.withUTF8Buffer { Data(base64Encoded: Data($0)) }
        guard let content else {
            throw FileError(
                path: "\(set)/\(file)", expected: "a file that comes with the program",
                found: "none")
        }
        return [UInt8](content)
    }
}
