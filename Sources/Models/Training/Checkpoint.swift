import Autograd
import FileSupport

/// A safetensors file with a module and further named ones, and the training state as metadata:
/// `model.encoder.weight`, `optimizer.firstMoment.encoder.weight`, ….
///
/// Reading is strict: missing, misshapen or unexpected tensors are reported by name.
struct Checkpoint {
    private var file: Safetensors
    private let path: String
    private var taken: Set<String> = []

    /// The name prefixes of the model's tensors, by preference: the best epoch with early stopping,
    /// the moving average if there is one, the latest parameters.
    static let modelPrefixes = ["best.", "average.average.", "model."]

    private static let stateKey = "tapestry.training"
    private static let formatKey = "tapestry.format"

    // MARK: Writing

    static func write(
        _ modules: [(name: String?, module: any Module)], state: some Encodable, to path: String
    ) throws(FileError) {
        var tensors: [String: Tensor] = [:]
        for (name, module) in modules {
            let prefix = name.map { $0 + "." } ?? ""
            for (key, tensor) in module.tensorsByPath { tensors[prefix + key] = tensor }
        }
        let json = try JSON.encode(state, .line, for: path)
        let metadata = [
            stateKey: String(decoding: json, as: UTF8.self), formatKey: "\(TrainingRun.format)",
        ]
        try Safetensors(tensors, metadata: metadata).write(to: path)
    }

    // MARK: Reading

    init(contentsOf path: String) throws(FileError) {
        file = try Safetensors(contentsOf: path, requiringChecksum: true)
        self.path = path
    }

    func state<State: Decodable>(as type: State.Type = State.self) throws(FileError) -> State {
        guard let json = file.metadata[Self.stateKey] else {
            throw FileError(
                path: path, expected: "the checkpoint of a training run",
                found: "no \(Self.stateKey.quoted) in its metadata")
        }
        let format = file.metadata[Self.formatKey] ?? "1"
        guard format == "\(TrainingRun.format)" else {
            throw FileError(
                path: path, expected: "a checkpoint of format \(TrainingRun.format)",
                found: "one of format \(format)")
        }
        return try JSON.decode(
            type, from: json.utf8, path: path,
            expected: "the state of a training run in the metadata")
    }

    /// Loads the tensors stored under `name` into a module.
    mutating func take<Part: Module>(_ name: String, into module: inout Part) throws(FileError) {
        try module.load(file, from: path, prefix: name + ".")
        taken.insert(name)
    }

    /// Loads a module that is stored without a name: the tensors whose names begin like its own.
    mutating func take<Whole: Module>(into module: inout Whole) throws(FileError) {
        let own = Set(module.allTensors.map { Self.head(of: $0.path) })
        let part = file.containing { own.contains(Self.head(of: $0)) }
        try module.load(part, from: path, prefix: "")
        taken.formUnion(own)
    }

    private static func head(of path: String) -> String {
        String(path.prefix { $0 != "." })
    }

    /// Throws if there are tensors of a module that was not loaded.
    func finish() throws(FileError) {
        let extra = file.tensors.keys.filter { key in
            !taken.contains { key.hasPrefix($0 + ".") }
        }
        if let extra = extra.min() {
            throw FileError(
                path: path, expected: "only tensors of \(taken.sorted().joined(separator: ", "))",
                found: extra.quoted)
        }
    }
}
