import FileSupport
import NeuralNetworks

extension Module {
    /// Loads parameters from either kind of file: one that contains only the module, as written by
    /// ``save(to:)`` and other programs, or the checkpoint of a run.
    ///
    /// - Parameter isPartial: whether tensors that the file lacks keep their values, and tensors
    ///   that the module lacks are ignored; otherwise either is an error.
    /// - Returns: the tensors that were left out.
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

/// The file with the initial parameters of a model.
public struct StartingParameters: Codable, Hashable, Sendable {
    /// The path of the file.
    public var path: String
    /// Whether the file and the model need to share only some tensors.
    public var isPartial: Bool

    /// The parameters in a file.
    public init(path: String, isPartial: Bool = false) {
        (self.path, self.isPartial) = (path, isPartial)
    }
}
