import Autograd
import FileSupport

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
        let found = try Safetensors.names(inFile: path)
        let keys = keys(in: found, prefix: prefix)
        let wanted = Set(keys.map(\.key))
        let file = try Safetensors(contentsOf: path) { wanted.contains($0) }
        let unused = found.subtracting(wanted).sorted()
        guard !file.tensors.isEmpty else {
            throw FileError(
                path: path,
                expected: "tensors of the \(Self.self), such as "
                    + (keys.first?.key ?? prefix).quoted,
                found: unused.isEmpty
                    ? "none" : unused.prefix(3).map(\.quoted).joined(separator: ", "))
        }
        var tensors: [String: Tensor] = [:]
        for (name, key, tensor) in keys where file.tensors[key] != nil {
            tensors[name] = try file.tensor(key, like: tensor, path)
        }
        visitAll { name, _, tensor in tensor = tensors[name] ?? tensor }
        return LeftOut(
            missing: keys.map(\.key).filter { file.tensors[$0] == nil }, unused: unused)
    }

    package mutating func load(
        _ file: Safetensors, from path: String, prefix: String
    ) throws(FileError) {
        var unused = Set(file.tensors.keys.filter { $0.hasPrefix(prefix) })
        var found: [String: Tensor] = [:]
        for (name, key, tensor) in keys(in: Set(file.tensors.keys), prefix: prefix) {
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

    /// The module's tensors with their paths, and the names under which a file has them: as they are
    /// called today, or as they were called when the file was written.
    private func keys(
        in names: Set<String>, prefix: String
    ) -> [(path: String, key: String, tensor: Tensor)] {
        let (tensors, formerPaths) = (allTensors, formerPaths)
        let own = Set(tensors.map(\.path))
        let former = tensors.map { formerPaths.former(of: $0.path) }
        // Tensors that were numbered otherwise may have a name that is another one's today.
        let isOlder = former.contains { former in
            former.map { !own.contains($0) && names.contains(prefix + $0) } ?? false
        }
        return zip(tensors, former).map { tensor, former in
            let known = isOlder ? former.map { prefix + $0 } : nil
            let key = known.flatMap { names.contains($0) ? $0 : nil } ?? prefix + tensor.path
            return (tensor.path, key, tensor.tensor)
        }
    }

    /// The paths that were others before, with these.
    private var formerPaths: [String: String] {
        var (copy, paths) = (self, [String: String]())
        var visitor = ModuleVisitor(formerPaths: { paths[$0] = $1 })
        visitor.enter(&copy)
        return paths
    }

    /// All tensors by path. Traps where two have the same.
    package var tensorsByPath: [String: Tensor] {
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

/// What was left out where a part of a module was loaded, by the names in the file.
public struct LeftOut: Sendable, Hashable {
    /// Tensors of the module that the file does not have, in the module's order.
    public let missing: [String]
    /// Tensors of the file that the module does not have, by name.
    public let unused: [String]

    public init(missing: [String], unused: [String]) {
        (self.missing, self.unused) = (missing, unused)
    }
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
