import Autograd
import Datasets
import FileSupport
import Foundation
import Models

/// The state of a fine-tuning in its output folder: the settings and the errors so far
/// (`progress.json`), and the checkpoint of the network in training. Both are removed at the end.
/// The folder is locked while a process works in it.
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

    /// Starts a fine-tuning in a folder that contains no interrupted one.
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
                path: folder, expected: "a folder without an interrupted fine-tuning",
                found: "one: continue it with --resume, or choose another folder")
        }
        self.folder = folder
        contents = Contents(plan: plan, data: data, model: try Self.checksum(of: model))
        try write()
    }

    /// Whether a folder contains a finished fine-tuning.
    static func isFinished(in folder: String) -> Bool {
        let files = FileManager.default
        return files.fileExists(atPath: "\(folder)/\(RunFile.summary)")
            && !files.fileExists(atPath: path(in: folder))
    }

    /// The interrupted fine-tuning in a folder; nil if it was killed before it wrote anything, so
    /// that it has to start from the beginning.
    ///
    /// - Parameter model: the run's checkpoint, which must be unchanged.
    init?(resuming folder: String, of model: String) throws {
        let path = Self.path(in: folder)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        lock = try FolderLock(folder)
        try AtomicFile.removeUnfinished(in: folder)
        let expected = "the progress of a fine-tuning"
        let known = try JSON.readIfThere(Contents.self, from: path, expected: expected)
        guard let contents = known else { return nil }
        let errors = contents.findings.map(\.error)
        guard contents.plan.isPossible, errors.allSatisfy({ 0...1 ~= $0 }) else {
            throw FileError(path: path, expected: expected, found: "invalid values")
        }
        guard try Self.checksum(of: model) == contents.model else {
            throw FileError(
                path: model, expected: "the model that the fine-tuning in \(folder) started with",
                found: "a different model")
        }
        self.folder = folder
        self.contents = contents
        removeCheckpoints()
    }

    var plan: FineTuning.Plan { contents.plan }
    var data: DataSelection { contents.data }
    /// The number of trained networks.
    var finished: Int { contents.findings.count }

    /// The error of a network; nil if its training is not finished.
    func error(of network: FineTuning.Network) -> Double? {
        contents.findings.first { $0.network == network }?.error
    }

    /// The path of a network's checkpoint.
    func checkpoint(of network: FineTuning.Network) -> String {
        "\(folder)/\(network.labels)-labels-\(network.seed)-\(network.start.rawValue).safetensors"
    }

    /// Saves the error of a network and removes its checkpoint.
    mutating func record(_ error: Double, of network: FineTuning.Network) throws {
        contents.findings.append(Contents.Finding(network: network, error: error))
        try write()
        removeCheckpoints()
    }

    /// Removes the file that is needed only to resume.
    func finish() { unlink(Self.path(in: folder)) }

    private func write() throws {
        try JSON.write(contents, to: Self.path(in: folder))
    }

    /// Removes the checkpoints of finished networks, which a killed process may have left behind.
    private func removeCheckpoints() {
        for finding in contents.findings { unlink(checkpoint(of: finding.network)) }
    }

    private static func checksum(of path: String) throws(FileError) -> UInt32 {
        let file = try InputFile(at: path)
        return Checksum.crc32(try file.bytes(0..<file.size))
    }
}

extension FineTuning.Plan {
    /// Whether the values are valid.
    fileprivate var isPossible: Bool {
        labels.allSatisfy { $0 > 0 } && !labels.isEmpty && Self.seedCounts ~= seeds
            && seed <= Int.max && Self.stepCounts ~= steps && Self.batchSizes ~= batchSize
            && learningRate > 0 && 0..<1 ~= testShare ?? 0
    }
}
