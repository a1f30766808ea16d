import Autograd
import Datasets
import FileSupport
import Foundation

/// The folder of a training run: what was asked (`config.json`), what happened
/// (`metrics.jsonl`, a line an epoch) and the state (`checkpoint.safetensors`), each written
/// whole or not at all; beside them whoever looks at the run puts images and a report.
public final class TrainingRun: Sendable {
    /// What was asked, and what the data were like.
    public struct Configuration: Codable, Hashable, Sendable {
        /// Of the layout of this file and of the checkpoint: another is not read.
        public private(set) var format = TrainingRun.format
        /// Of the program that began the run.
        public var version: String
        /// The name of what is trained: that of a recipe of the zoo, or of one's own.
        public var recipe: String
        /// The options of the recipe, all of them.
        public var options: JSONValue
        /// Which data it learns from.
        public var data: DataSelection
        /// What the recipe has to know of them.
        public var samples: DataDescription
        /// The names of the columns of numbers that samples consist of, where they have names.
        public var columnNames: [String]?
        /// What was found when the data were read, and what was taken for what, a sentence each.
        public var dataNotes: [String]?
        /// What the model begins with, where that is not drawn at random.
        public var start: StartingParameters?
        /// Of the samples that it is trained on, to tell when they have changed.
        public var dataChecksum: String?

        public init(
            recipe: some Recipe, data: DataSelection, samples: DataDescription,
            columnNames: [String]? = nil, dataNotes: [String]? = nil, dataChecksum: String? = nil,
            start: StartingParameters? = nil, version: String
        ) throws(OptionError) {
            self.recipe = type(of: recipe).name
            options = try recipe.encoded()
            self.data = data
            self.samples = samples
            self.columnNames = columnNames
            self.dataNotes = dataNotes
            self.dataChecksum = dataChecksum
            self.start = start
            self.version = version
        }

        /// The recipe with its options, if it is this one.
        ///
        /// - Throws: where it is another, or its options or the samples are none that it can have.
        public func recipe<R: Recipe>(as type: R.Type) throws(OptionError) -> R {
            guard type.isCalled(recipe) else {
                throw .unfit(name: "recipe", expected: type.name, found: recipe)
            }
            let recipe = try R(options)
            try samples.validate(for: recipe)
            return recipe
        }
    }

    /// Of the files that this program writes. It changes only where reading older ones would give
    /// something wrong.
    public static let format = 2

    public let path: String
    public let configuration: Configuration

    /// Held while the run may be written to; nil where it is only read.
    private let lock: FolderLock?

    private init(at path: String, _ configuration: Configuration, _ lock: FolderLock?) {
        self.path = path
        self.configuration = configuration
        self.lock = lock
    }

    /// Begins a run in a folder that is new or empty, or where one was ended before it wrote any
    /// state; a run that has come to something is never overwritten.
    public static func create(
        at path: String, _ configuration: Configuration
    ) throws(FileError) -> TrainingRun {
        try makeFolder(at: path)
        let lock = try FolderLock(path)
        try AtomicFile.removeUnfinished(in: path)
        let found = try namesInFolder(at: path).filter { !namesBeforeTraining.contains($0) }
        if let first = found.min() {
            throw FileError(
                path: path, expected: "a new or empty folder",
                found: "\(first.quoted)"
                    + (found.count > 1 ? " and \(found.count - 1) more" : "")
                    + ": resume the run that is there, or choose another folder")
        }
        let run = TrainingRun(at: path, configuration, lock)
        try run.write(configuration)
        return run
    }

    /// The run in a folder, to look at.
    public static func open(at path: String) throws(FileError) -> TrainingRun {
        TrainingRun(at: path, try readConfiguration(in: path), nil)
    }

    /// The run in a folder, to go on with. Refused while another process trains it.
    public static func resume(at path: String) throws(FileError) -> TrainingRun {
        let configuration = try readConfiguration(in: path)
        let lock = try FolderLock(path)
        try AtomicFile.removeUnfinished(in: path)
        return TrainingRun(at: path, configuration, lock)
    }

    private static func readConfiguration(in path: String) throws(FileError) -> Configuration {
        /// What a configuration of any format has.
        struct Origin: Decodable {
            var format: Int?
            var version: String
        }
        let file = path + "/" + configurationName
        let expected = "the configuration of a run"
        let origin = try JSON.read(Origin.self, from: file, expected: expected, limit: 1 << 20)
        guard origin.format ?? 1 == format else {
            throw FileError(
                path: file, expected: "a run of format \(format)",
                found: "format \(origin.format ?? 1), written by tapestry \(origin.version)")
        }
        return try JSON.read(Configuration.self, from: file, expected: expected, limit: 1 << 20)
    }

    /// The recipe that the run trains, with its options.
    ///
    /// - Throws: where the configuration is of another recipe, or says what that cannot have.
    public func recipe<R: Recipe>(as type: R.Type) throws(FileError) -> R {
        do {
            return try configuration.recipe(as: type)
        } catch {
            throw FileError(
                path: file(Self.configurationName), expected: "options that a model can have",
                found: "\(error)")
        }
    }

    private static let configurationName = "config.json"
    /// The files that are there before a run has a state.
    private static let namesBeforeTraining = [configurationName, "encoding.json"]

    public var checkpointPath: String { file("checkpoint.safetensors") }
    public var metricsPath: String { file("metrics.jsonl") }
    public var hasCheckpoint: Bool { FileManager.default.fileExists(atPath: checkpointPath) }

    /// The path of a file in the folder.
    public func file(_ name: String) -> String { path + "/" + name }

    /// A folder in this one, for a part of the run that has a state of its own.
    public func part(_ name: String) throws(FileError) -> TrainingRun {
        let path = file(name)
        try makeFolder(at: path)
        try AtomicFile.removeUnfinished(in: path)
        return TrainingRun(at: path, configuration, lock)
    }

    /// A part that is there, to look at.
    public func existingPart(_ name: String) -> TrainingRun? {
        let path = file(name)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return TrainingRun(at: path, configuration, lock)
    }

    /// Changes what was asked, such as the number of epochs when a run is continued.
    public func with(_ recipe: some Recipe) throws -> TrainingRun {
        var configuration = configuration
        configuration.options = try recipe.encoded()
        let run = TrainingRun(at: path, configuration, lock)
        try run.write(configuration)
        return run
    }

    /// Gives a model the tensors that the run has come to: those of the best epoch, with early
    /// stopping; else the moving average, where there is one; else the latest.
    public func load<Model: Module>(into model: inout Model) throws(FileError) {
        let file = try Safetensors(contentsOf: checkpointPath, requiringChecksum: true)
        let prefix = Checkpoint.modelPrefixes.first { prefix in
            file.tensors.keys.contains { $0.hasPrefix(prefix) }
        }
        try model.load(file, from: checkpointPath, prefix: prefix ?? "model.")
    }

    // MARK: Metrics

    /// Writes what the epochs so far came to.
    public func record(_ history: [EpochRecord]) throws(FileError) {
        var lines: [UInt8] = []
        for record in history {
            lines += try JSON.encode(MetricsLine(record), .line, for: metricsPath)
            lines.append(UInt8(ascii: "\n"))
        }
        try AtomicFile.write(lines, to: metricsPath)
    }

    /// What the epochs came to; empty where none is finished.
    public func history() throws(FileError) -> [EpochRecord] {
        guard FileManager.default.fileExists(atPath: metricsPath) else { return [] }
        let input = try InputFile(at: metricsPath)
        // A million epochs take less.
        guard input.size <= 1 << 30 else {
            throw FileError(
                path: metricsPath, expected: "the metrics of a run", found: "\(input.size) bytes")
        }
        let lines = try input.bytes(0..<input.size).split(separator: UInt8(ascii: "\n"))
        var records: [EpochRecord] = []
        for (index, line) in lines.enumerated() {
            let line: MetricsLine = try JSON.decode(
                from: line, path: metricsPath,
                expected: "the metrics of an epoch in line \(index + 1)")
            guard line.format == Self.format else {
                throw FileError(
                    path: metricsPath, expected: "metrics of format \(Self.format)",
                    found: "format \(line.format) in line \(index + 1)")
            }
            records.append(line.record)
        }
        return records
    }

    // MARK: Files

    private func write(_ configuration: Configuration) throws(FileError) {
        try JSON.write(configuration, to: file(Self.configurationName))
    }
}

/// A line of the metrics: a record, and the format it is written in.
private struct MetricsLine: Codable {
    let record: EpochRecord
    let format: Int

    private enum Key: CodingKey { case format }

    init(_ record: EpochRecord) {
        self.record = record
        format = TrainingRun.format
    }

    init(from decoder: any Decoder) throws {
        record = try EpochRecord(from: decoder)
        format =
            try decoder.container(keyedBy: Key.self).decodeIfPresent(Int.self, forKey: .format) ?? 1
    }

    func encode(to encoder: any Encoder) throws {
        try record.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(format, forKey: .format)
    }
}
