import Datasets
import Foundation
import Models

/// What a command reads and what its runs were trained on: no result is written over it, by
/// whichever path or link the two are named.
struct ProtectedFiles {
    /// A file as the system knows it, however it is named.
    private struct Identity: Hashable {
        let device: UInt64
        let number: UInt64

        /// Nil where there is no such file.
        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            device = UInt64(status.st_dev)
            number = UInt64(status.st_ino)
        }
    }

    private var files: Set<Identity> = []
    /// Folders with data sets, in which no file is written over.
    private var folders: [String] = []

    /// - Parameter paths: of files; a name that is none, as that of a data set, stands for none.
    init(_ paths: [String?] = []) {
        for path in paths { add(path) }
    }

    mutating func add(_ path: String?) {
        // An array is protected with the archive that it lies in.
        if let path, let identity = Identity(Dataset.filePath(of: path)) { files.insert(identity) }
    }

    mutating func add(_ data: DataSelection) {
        add(data.name)
        if let directory = data.directory { folders.append(Self.resolved(directory) + "/") }
    }

    /// What a run was trained on, and what it is gone on with and read by.
    mutating func add(_ run: TrainingRun) {
        add(run.configuration.data)
        add(run.configuration.data.schema)
        add(run.configuration.data.labels)
        add(run.configuration.start?.path)
        for path in [run.file(RunFile.configuration), run.checkpointPath, run.metricsPath] {
            add(path)
        }
        add(run.file(RunFile.encoding))
    }

    /// Refuses to write where one of them stands.
    func refuse(writing outputs: String...) throws(UsageError) { try refuse(writing: outputs) }

    func refuse(writing outputs: [String]) throws(UsageError) {
        for output in outputs {
            guard let identity = Identity(output) else { continue }
            let place = Self.resolved(output)
            guard files.contains(identity) || folders.contains(where: place.hasPrefix) else {
                continue
            }
            throw UsageError(
                "\(output): this file is an input, which the result would replace; choose another "
                    + "--output")
        }
    }

    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }
}
