import FileSupport
import NeuralNetworks

extension Module {
    /// Takes the parameters of a file of whatever kind: one that holds the module alone, as
    /// ``save(to:)`` and other programs write it, or the checkpoint of a run.
    ///
    /// - Parameter isPartial: whether what the file has not is left as it is, and what the module
    ///   has not is left out; else either is an error.
    /// - Returns: what was left out.
    @discardableResult
    public mutating func loadParameters(
        from path: String, isPartial: Bool = false
    ) throws(FileError) -> LeftOut {
        let names = try Safetensors.names(inFile: path)
        let wanted = allTensors.map(\.path)
        let found = Checkpoint.modelPrefixes.first { prefix in
            wanted.contains { names.contains(prefix + $0) }
        }
        let prefix = found ?? ""
        if isPartial { return try loadPart(from: path, prefix: prefix) }
        try load(from: path, prefix: prefix)
        return LeftOut(missing: [], unused: [])
    }
}

/// The file whose parameters a model begins with.
public struct StartingParameters: Codable, Hashable, Sendable {
    public var path: String
    /// Whether file and model need only have some in common.
    public var isPartial: Bool

    public init(path: String, isPartial: Bool = false) {
        (self.path, self.isPartial) = (path, isPartial)
    }
}
