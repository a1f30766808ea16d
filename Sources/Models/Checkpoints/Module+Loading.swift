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

    /// Takes those tensors of the module from a safetensors file that are there, and leaves the
    /// others as they are: what a model has in common with another one. Each must have the module's
    /// own shape and data type, or the file is refused; so it is where it has none of them.
    ///
    /// - Parameter prefix: what the tensors' names in the file begin with.
    /// - Returns: what was not found, and what was not wanted.
    @discardableResult
    public mutating func loadPart(
        from path: String, prefix: String = ""
    ) throws(FileError) -> LeftOut {
        let wanted = allTensors.map { prefix + $0.path }
        let names = Set(wanted)
        var unused: [String] = []
        let file = try Safetensors(contentsOf: path) { name in
            if !names.contains(name) { unused.append(name) }
            return names.contains(name)
        }
        guard !file.tensors.isEmpty else {
            throw FileError(
                path: path,
                expected: "tensors of the \(Self.self), such as "
                    + (wanted.first ?? prefix).quoted,
                found: unused.isEmpty
                    ? "none" : unused.sorted().prefix(3).map(\.quoted).joined(separator: ", "))
        }
        for (name, tensor) in allTensors where file.tensors[prefix + name] != nil {
            _ = try file.tensor(prefix + name, like: tensor, path)
        }
        visitAll { name, _, tensor in tensor = file.tensors[prefix + name] ?? tensor }
        return LeftOut(
            missing: wanted.filter { file.tensors[$0] == nil }, unused: unused.sorted())
    }

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
        var names: Set<String> = []
        _ = try Safetensors(contentsOf: path) { name in
            names.insert(name)
            return false
        }
        let wanted = allTensors.map(\.path)
        let found = Checkpoint.modelPrefixes.first { prefix in
            wanted.contains { names.contains(prefix + $0) }
        }
        let prefix = found ?? ""
        if isPartial { return try loadPart(from: path, prefix: prefix) }
        try load(from: path, prefix: prefix)
        return LeftOut(missing: [], unused: [])
    }

    mutating func load(
        _ file: Safetensors, from path: String, prefix: String
    ) throws(FileError) {
        var unused = Set(file.tensors.keys.filter { $0.hasPrefix(prefix) })
        var found: [String: Tensor] = [:]
        let formerPaths = formerPaths
        for (name, tensor) in allTensors {
            var key = prefix + name
            // As it was called when the file was written.
            if file.tensors[key] == nil, let former = formerPaths.former(of: name) {
                key = file.tensors[prefix + former] == nil ? key : prefix + former
            }
            unused.remove(key)
            found[name] = try file.tensor(key, like: tensor, path)
        }
        if let extra = unused.min() {
            throw FileError(
                path: path, expected: "only tensors of the \(Self.self)",
                found: extra.quoted + (unused.count > 1 ? " and \(unused.count - 1) more" : ""))
        }
        visitAll { name, _, tensor in tensor = found[name] ?? tensor }
    }

    /// The paths that were others before, with these.
    private var formerPaths: [String: String] {
        var (copy, paths) = (self, [String: String]())
        var visitor = ModuleVisitor(formerPaths: { paths[$0] = $1 })
        visitor.enter(&copy)
        return paths
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

extension [String: String] {
    /// What the tensor of a path was called before; state of an optimiser is called after its
    /// parameter.
    fileprivate func former(of path: String) -> String? {
        if isEmpty { return nil }
        if let former = self[path] { return former }
        for (today, before) in self {
            // Of a program, whose model stands beside its optimiser.
            let parts = (today.dropFirst("model.".count), before.dropFirst("model.".count))
            guard today.hasPrefix("model."), path.hasSuffix("." + parts.0) else { continue }
            return String(path.dropLast(parts.0.count)) + String(parts.1)
        }
        return nil
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

/// What was left out where a part of a module was loaded, by the names in the file.
public struct LeftOut: Sendable, Hashable {
    /// Tensors of the module that the file does not have, in the module's order.
    public let missing: [String]
    /// Tensors of the file that the module does not have, by name.
    public let unused: [String]
}

extension Safetensors {
    /// The tensor of a name, if it is there with the shape and the data type of another.
    fileprivate func tensor(
        _ name: String, like tensor: Tensor, _ path: String
    ) throws(FileError) -> Tensor {
        guard let found = tensors[name] else {
            throw FileError(
                path: path, expected: "tensor \(name.quoted), \(tensor.kind)",
                found: "no tensor of that name")
        }
        guard found.shape == tensor.shape, found.dataType == tensor.dataType else {
            throw FileError(
                path: path, expected: "tensor \(name.quoted) to be \(tensor.kind)",
                found: found.kind)
        }
        return found
    }
}

extension Tensor {
    fileprivate var kind: String { "\(dataType) of shape \(shape)" }
}
