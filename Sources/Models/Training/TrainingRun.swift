import Autograd
import Datasets
import FileSupport
import Foundation

/// The folder of a training run: the configuration (`config.json`), the metrics (`metrics.jsonl`,
/// one line for each epoch) and the state (`checkpoint.safetensors`), each written atomically.
/// Programs put images and a report beside them.
public final class TrainingRun: Sendable {
    /// The options and data of a run.
    public struct Configuration: Codable, Hashable, Sendable {
        /// The format of this file and of the checkpoint; files of other formats are not read.
        public private(set) var format = TrainingRun.format
        /// The version of the program that started the run.
        public var version: String
        /// The name of the trained recipe, from the zoo or your own.
        public var recipe: String
        /// All options of the recipe.
        public var options: JSONValue
        /// The data that it is trained on.
        public var data: DataSelection
        /// What the recipe needs to know about the samples.
        public var samples: DataDescription
        /// The names of the numeric columns that samples consist of, if they have names.
        public var columnNames: [String]?
        /// Notes from reading the data, such as how columns were interpreted, one sentence each.
        public var dataNotes: [String]?
        /// The initial parameters, if they are not drawn at random.
        public var start: StartingParameters?
        /// A checksum of the training samples, to detect changes.
        public var dataChecksum: String?
        /// After every so many epochs, and before the first, the model is kept
        /// (``TrainingRun/keptModels()``); nil if none is.
        public var keptEvery: Int?

        /// A configuration that records all options of the recipe.
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

        /// The recipe with its options, if it is of this type.
        ///
        /// - Throws: if it is another recipe, or does not accept the options or the samples.
        public func recipe<R: Recipe>(as type: R.Type) throws(OptionError) -> R {
            guard type.isCalled(recipe) else {
                throw .unfit(name: "recipe", expected: type.name, found: recipe)
            }
            let recipe = try R(options)
            try samples.validate(for: recipe)
            return recipe
        }
    }

    /// The format of the files that this program writes. It changes only if reading older files
    /// would give wrong results.
    public static let format = 2

    /// The path of the folder.
    public let path: String
    /// The options and data of the run.
    public let configuration: Configuration

    /// Held while the run may be written to; nil if it is only read.
    private let lock: FolderLock?

    private init(at path: String, _ configuration: Configuration, _ lock: FolderLock?) {
        self.path = path
        self.configuration = configuration
        self.lock = lock
    }

    /// Starts a run in a folder that is new or empty, or whose run ended before it wrote any state.
    /// Other runs are never overwritten.
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

    /// Whether a folder holds more of a run than what exists before training: else a run can be
    /// created there.
    package static func hasState(at path: String) -> Bool {
        let names = (try? namesInFolder(at: path)) ?? []
        return names.contains { !namesBeforeTraining.contains($0) && !$0.hasSuffix(".partial") }
    }

    /// Whether a folder is that of a run.
    package static func exists(at path: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(path)/\(configurationName)")
    }

    /// Opens the run in a folder for reading.
    public static func open(at path: String) throws(FileError) -> TrainingRun {
        TrainingRun(at: path, try readConfiguration(in: path), nil)
    }

    /// Opens the run in a folder to continue it. Throws while another process trains it.
    public static func resume(at path: String) throws(FileError) -> TrainingRun {
        let configuration = try readConfiguration(in: path)
        let lock = try FolderLock(path)
        try AtomicFile.removeUnfinished(in: path)
        return TrainingRun(at: path, configuration, lock)
    }

    private static func readConfiguration(in path: String) throws(FileError) -> Configuration {
        /// The members that configurations of all formats have.
        struct Origin: Decodable {
            var format: Int?
            var version: String
        }
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        guard exists, isFolder.boolValue else {
            throw FileError(
                path: path, expected: "the folder of a run",
                found: exists ? "a file" : "no such folder")
        }
        let file = path + "/" + configurationName
        let expected = "the configuration of a run"
        let origin = try JSON.read(Origin.self, from: file, expected: expected, limit: 1 << 26)
        guard origin.format ?? 1 == format else {
            throw FileError(
                path: file, expected: "a run of format \(format)",
                found: "format \(origin.format ?? 1), written by tapestry \(origin.version)")
        }
        return try JSON.read(Configuration.self, from: file, expected: expected, limit: 1 << 26)
    }

    /// The recipe of the run, with its options.
    ///
    /// - Throws: if the run is of another recipe, or its configuration is invalid.
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
    /// The files that exist before a run has a state.
    private static let namesBeforeTraining = [configurationName, "encoding.json"]

    /// The path of the checkpoint.
    public var checkpointPath: String { file("checkpoint.safetensors") }
    /// The path of the metrics.
    public var metricsPath: String { file("metrics.jsonl") }
    /// Whether a checkpoint exists.
    public var hasCheckpoint: Bool { FileManager.default.fileExists(atPath: checkpointPath) }

    /// The path of a file in the folder.
    public func file(_ name: String) -> String { path + "/" + name }

    /// A folder in this one, for a part of the run that has its own state.
    public func part(_ name: String) throws(FileError) -> TrainingRun {
        let path = file(name)
        try makeFolder(at: path)
        try AtomicFile.removeUnfinished(in: path)
        return TrainingRun(at: path, configuration, lock)
    }

    /// An existing part, for reading.
    public func existingPart(_ name: String) -> TrainingRun? {
        let path = file(name)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return TrainingRun(at: path, configuration, lock)
    }

    /// Changes the options, such as the number of epochs when a run is continued.
    public func with(_ recipe: some Recipe) throws -> TrainingRun {
        var configuration = configuration
        configuration.options = try recipe.encoded()
        let run = TrainingRun(at: path, configuration, lock)
        try run.write(configuration)
        return run
    }

    /// Loads the trained tensors of the run into a model: those of the best epoch with early
    /// stopping, else the moving average if there is one, else the latest.
    public func load<Model: Module>(into model: inout Model) throws(FileError) {
        let file = try Safetensors(contentsOf: checkpointPath, requiringChecksum: true)
        let prefix = Checkpoint.modelPrefixes.first { prefix in
            file.tensors.keys.contains { $0.hasPrefix(prefix) }
        }
        try model.load(file, from: checkpointPath, prefix: prefix ?? "model.")
    }

    /// Loads the state of the run's training into a program of the same kind: what it evaluates a model
    /// with may have learnt, too, such as a critic.
    package func load<Program: TrainingProgram>(program: inout Program) throws(FileError) {
        var checkpoint = try Checkpoint(contentsOf: checkpointPath)
        try checkpoint.take(into: &program)
    }

    // MARK: Metrics

    /// Writes the records of the epochs so far.
    public func record(_ history: [EpochRecord]) throws(FileError) {
        var lines: [UInt8] = []
        for record in history {
            lines += try JSON.encode(MetricsLine(record), .line, for: metricsPath)
            lines.append(UInt8(ascii: "\n"))
        }
        try AtomicFile.write(lines, to: metricsPath)
    }

    /// The records of the finished epochs; empty if there are none.
    public func history() throws(FileError) -> [EpochRecord] {
        guard FileManager.default.fileExists(atPath: metricsPath) else { return [] }
        let input = try InputFile(at: metricsPath)
        // A million epochs take less space.
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

/// A line of the metrics: a record and its format.
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
