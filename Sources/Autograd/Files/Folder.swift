import Foundation

/// Makes a folder, and those it lies in, where there is none.
package func makeFolder(at path: String) throws(FileError) {
    do {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
        throw FileError(
            path: path, expected: "to make the folder", found: error.localizedDescription)
    }
}
