import Autograd

extension Module {
    /// Writes all tensors of the module, by their paths, to a safetensors file.
    public func save(to path: String) throws(FileError) {
        try Safetensors(tensorsByPath).write(to: path)
    }

    /// Takes all tensors of the module from a safetensors file: each must be there with the
    /// module's own shape and data type, and no other may be. Where that is not so, the first
    /// that differs is named and the module stays as it was.
    ///
    /// - Parameter prefix: where the module is one of several in the file, what its tensors'
    ///   names begin with; the names that begin otherwise are not looked at. The model of a
    ///   run's checkpoint has the prefix `model.`.
    public mutating func load(from path: String, prefix: String = "") throws(FileError) {
        try load(Safetensors(contentsOf: path), from: path, prefix: prefix)
    }

    mutating func load(
        _ file: Safetensors, from path: String, prefix: String
    ) throws(FileError) {
        var unused = Set(file.tensors.keys.filter { $0.hasPrefix(prefix) })
        for (name, tensor) in allTensors {
            let name = prefix + name
            unused.remove(name)
            guard let found = file.tensors[name] else {
                throw FileError(
                    path: path, expected: "tensor \(name.quoted), \(tensor.kind)",
                    found: "no tensor of that name")
            }
            guard found.shape == tensor.shape, found.dataType == tensor.dataType else {
                throw FileError(
                    path: path, expected: "tensor \(name.quoted) to be \(tensor.kind)",
                    found: found.kind)
            }
        }
        if let extra = unused.min() {
            throw FileError(
                path: path, expected: "only tensors of the \(Self.self)", found: extra.quoted)
        }
        visitAll { name, _, tensor in tensor = file.tensors[prefix + name]! }
    }

    /// All tensors by path. Traps where two have the same.
    var tensorsByPath: [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        for (path, tensor) in allTensors {
            guard tensors.updateValue(tensor, forKey: path) == nil else {
                programmerError("Module", "\(Self.self) has two tensors of the path \(path)")
            }
        }
        return tensors
    }
}

extension Tensor {
    fileprivate var kind: String { "\(dataType) of shape \(shape)" }
}
