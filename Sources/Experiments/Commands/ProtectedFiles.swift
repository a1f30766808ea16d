import Datasets
import Foundation
import Models

/// The files that a command reads and that its runs were trained on. No result may overwrite them,
/// under whatever path or link.
struct ProtectedFiles {
    /// The identity of a file in the system, independent of its path.
    private struct Identity: Hashable {
        let device: UInt64
        let number: UInt64

        /// Nil if there is no such file.
        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            device = UInt64(status.st_dev)
            number = UInt64(status.st_ino)
        }
    }

    private var files: Set<Identity> = []
    /// Folders of data sets, in which no file may be overwritten.
    private var folders: [String] = []
    /// Folders of images, in which, and in whose subfolders, no file may be written: it would be one
    /// more image, or replace one.
    private var imageFolders: [String] = []

    /// - Parameter paths: paths of files; names without a file, such as those of data sets, are
    ///   ignored.
    init(_ paths: [String?] = []) {
        for path in paths { add(path) }
    }

    mutating func add(_ path: String?) {
        // An array in an archive is protected with the archive.
        if let path, let identity = Identity(Dataset.filePath(of: path)) { files.insert(identity) }
    }

    mutating func add(_ data: DataSelection) {
        add(data.name)
        add(masks: data.masks)
        if data.isRun {
            if let run = try? TrainingRun.open(at: data.name) { add(run) }
        } else if data.isImageFolder {
            imageFolders.append(Self.resolved(data.name))
        }
        if let directory = data.directory { folders.append(Self.resolved(directory) + "/") }
    }

    /// A file of masks, or a folder of them.
    private mutating func add(masks path: String?) {
        add(path)
        if let path, Dataset.isFolder(path) { imageFolders.append(Self.resolved(path)) }
    }

    /// Adds the data that a run was trained on, and the files needed to resume and read it.
    mutating func add(_ run: TrainingRun) {
        add(run.configuration.data)
        add(run.configuration.data.schema)
        add(run.configuration.data.labels)
        add(masks: run.configuration.data.masks)
        add(run.configuration.start?.path)
        for path in [run.file(RunFile.configuration), run.checkpointPath, run.metricsPath] {
            add(path)
        }
        add(run.file(RunFile.encoding))
    }

    /// Throws if an output would overwrite one of the files.
    func refuse(writing outputs: String...) throws(UsageError) { try refuse(writing: outputs) }

    func refuse(writing outputs: [String]) throws(UsageError) {
        for output in outputs {
            if let folder = imageFolder(of: output) {
                throw UsageError(
                    "\(output): this is among the images of \(folder), to which nothing must be "
                        + "added; choose another --output")
            }
            guard let identity = Identity(output) else { continue }
            let place = Self.resolved(output)
            guard files.contains(identity) || folders.contains(where: place.hasPrefix) else {
                continue
            }
            throw UsageError(
                "\(output): this is an input file, which the result would overwrite; choose "
                    + "another --output")
        }
    }

    /// The folder of images that a path would be in.
    private func imageFolder(of path: String) -> String? {
        let parent = URL(fileURLWithPath: Self.resolved(path)).deletingLastPathComponent()
        let places = [parent.path, parent.deletingLastPathComponent().path]
        return imageFolders.first(where: places.contains)
    }

    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }
}
