import Foundation

/// Makes a folder, and its parent folders, if they do not exist.
package func makeFolder(at path: String) throws(FileError) {
    do {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
        throw FileError(
            path: path, expected: "to make the folder", found: error.localizedDescription)
    }
}

/// The names of the items in a folder.
package func namesInFolder(at path: String) throws(FileError) -> [String] {
    do {
        return try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
        throw FileError(
            path: path, expected: "a readable folder", found: error.localizedDescription)
    }
}
