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

/// The names of what lies in a folder.
package func namesInFolder(at path: String) throws(FileError) -> [String] {
    do {
        return try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
        throw FileError(
            path: path, expected: "a readable folder", found: error.localizedDescription)
    }
}
