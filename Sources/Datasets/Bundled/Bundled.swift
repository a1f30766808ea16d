import Autograd
import Foundation

/// The files that come with the package; NOTICE.txt beside them says whose they are.
enum Bundled {
    /// The path of a file in the folder `Files`.
    static func path(_ name: String) throws(FileError) -> String {
        let folder = (Bundle.module.resourceURL ?? Bundle.module.bundleURL).path
        let path = "\(folder)/Files/\(name)"
        guard FileManager.default.fileExists(atPath: path) else {
            throw FileError(
                path: path, expected: "a file that comes with the program", found: "none")
        }
        return path
    }
}
