import Autograd
import Datasets
import FileSupport
import Foundation
import Models

/// A fine-tuning under way, in the folder of what comes of it: what was asked and the errors so
/// far (`progress.json`), and the checkpoint of the network in training. Neither is left once all
/// is done. The folder is locked while a process works in it.
struct FineTuningProgress {
    private struct Contents: Codable {
        struct Finding: Codable {
            var network: FineTuning.Network
            var error: Double
        }

        var plan: FineTuning.Plan
        var data: DataSelection
        /// The checksum of the run's checkpoint.
        var model: UInt32
        var findings: [Finding] = []
    }

    private let folder: String
    private let lock: FolderLock
    private var contents: Contents

    private static func path(in folder: String) -> String { folder + "/progress.json" }

    /// Begins in a folder where none was interrupted.
    ///
    /// - Parameter model: the run's checkpoint.
    init(
        _ plan: FineTuning.Plan, of model: String, on data: DataSelection, in folder: String
    ) throws {
        try makeFolder(at: folder)
        lock = try FolderLock(folder)
        try AtomicFile.removeUnfinished(in: folder)
        guard !FileManager.default.fileExists(atPath: Self.path(in: folder)) else {
            throw FileError(
                path: folder, expected: "a folder where no fine-tuning was interrupted",
                found: "one: go on with it by --resume, or choose another folder")
        }
        self.folder = folder
        contents = Contents(plan: plan, data: data, model: try Self.checksum(of: model))
        try write()
    }

    /// Whether a fine-tuning in a folder has come to its end.
    static func isFinished(in folder: String) -> Bool {
        let files = FileManager.default
        return files.fileExists(atPath: "\(folder)/\(RunFile.summary)")
            && !files.fileExists(atPath: path(in: folder))
    }

    /// The one that was interrupted in a folder; nil where it was killed before it wrote anything,
    /// and so is to begin.
    ///
    /// - Parameter model: the run's checkpoint, which must be what it was.
    init?(resuming folder: String, of model: String) throws {
        let path = Self.path(in: folder)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        lock = try FolderLock(folder)
        try AtomicFile.removeUnfinished(in: folder)
        let expected = "what a fine-tuning has come to"
        let known = try JSON.readIfThere(Contents.self, from: path, expected: expected)
        guard let contents = known else { return nil }
        let errors = contents.findings.map(\.error)
        guard contents.plan.isPossible, errors.allSatisfy({ 0...1 ~= $0 }) else {
            throw FileError(path: path, expected: expected, found: "impossible numbers")
        }
        guard try Self.checksum(of: model) == contents.model else {
            throw FileError(
                path: model, expected: "the model that the fine-tuning in \(folder) began with",
                found: "another")
        }
        self.folder = folder
        self.contents = contents
        removeCheckpoints()
    }

    var plan: FineTuning.Plan { contents.plan }
    var data: DataSelection { contents.data }
    /// How many networks are trained.
    var finished: Int { contents.findings.count }

    /// What a network came to; nil where it is not finished.
    func error(of network: FineTuning.Network) -> Double? {
        contents.findings.first { $0.network == network }?.error
    }

    /// The file of a network's checkpoint.
    func checkpoint(of network: FineTuning.Network) -> String {
        "\(folder)/\(network.labels)-labels-\(network.seed)-\(network.start.rawValue).safetensors"
    }

    /// Keeps what a network came to, in place of its checkpoint.
    mutating func record(_ error: Double, of network: FineTuning.Network) throws {
        contents.findings.append(Contents.Finding(network: network, error: error))
        try write()
        removeCheckpoints()
    }

    /// Removes what is needed only to go on.
    func finish() { unlink(Self.path(in: folder)) }

    private func write() throws {
        try JSON.write(contents, to: Self.path(in: folder))
    }

    /// Removes those of finished networks: a process may have been killed before it did.
    private func removeCheckpoints() {
        for finding in contents.findings { unlink(checkpoint(of: finding.network)) }
    }

    private static func checksum(of path: String) throws(FileError) -> UInt32 {
        let file = try InputFile(at: path)
        return Checksum.crc32(try file.bytes(0..<file.size))
    }
}

extension FineTuning.Plan {
    /// Whether it can have been asked for.
    fileprivate var isPossible: Bool {
        labels.allSatisfy { $0 > 0 } && !labels.isEmpty && Self.seedCounts ~= seeds
            && seed <= Int.max && Self.stepCounts ~= steps && Self.batchSizes ~= batchSize
            && learningRate > 0 && 0..<1 ~= testShare ?? 0
    }
}
