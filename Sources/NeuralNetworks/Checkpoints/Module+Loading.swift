import Autograd
import FileSupport

extension Module {
    /// Writes all tensors of the module, by their paths, to a safetensors file. One of half the size
    /// is written by `module.cast(to: .bfloat16).save(to: path)`.
    public func save(to path: String) throws(FileError) {
        try Safetensors(tensorsByPath).write(to: path)
    }

    /// Loads all tensors of the module from a safetensors file. The file must contain each of them
    /// with the module's shape and data type, and no others; `float16` and `bfloat16` are converted to
    /// `float32` if that is the module's. Otherwise the error names the first
    /// tensor that differs, and the module is not changed.
    ///
    /// - Parameter prefix: the beginning of the tensors' names, if the module is one of several in
    ///   the file; names with another beginning are ignored. The model of a run's checkpoint has
    ///   the prefix `model.`.
    public mutating func load(from path: String, prefix: String = "") throws(FileError) {
        try load(Safetensors(contentsOf: path), from: path, prefix: prefix)
    }

    /// Loads the tensors of the module that a safetensors file contains and leaves the others
    /// unchanged, such as those that two models share. Throws if one has another shape or data type
    /// than the module's, or if the file contains none of them.
    ///
    /// - Parameter prefix: the beginning of the tensors' names in the file.
    /// - Returns: the tensors that were missing, and those that were not used.
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

    /// The module's tensors with their paths and their names in a file: the current names, or the
    /// former ones with which the file was written.
    private func keys(
        in names: Set<String>, prefix: String
    ) -> [(path: String, key: String, tensor: Tensor)] {
        let (tensors, formerPaths) = (allTensors, formerPaths)
        let own = Set(tensors.map(\.path))
        let former = tensors.map { formerPaths.former(of: $0.path) }
        // With another numbering, a tensor's former name may be the current name of another one.
        let isOlder = former.contains { former in
            former.map { !own.contains($0) && names.contains(prefix + $0) } ?? false
        }
        return zip(tensors, former).map { tensor, former in
            let known = isOlder ? former.map { prefix + $0 } : nil
            let key = known.flatMap { names.contains($0) ? $0 : nil } ?? prefix + tensor.path
            return (tensor.path, key, tensor.tensor)
        }
    }

    /// The former paths of tensors, by their current paths.
    private var formerPaths: [String: String] {
        var (copy, paths) = (self, [String: String]())
        var visitor = ModuleVisitor(formerPaths: { paths[$0] = $1 })
        visitor.enter(&copy)
        return paths
    }

    /// All tensors by path. Traps if two have the same path.
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
    /// The former path of a tensor; an optimiser's state is named after its parameter.
    fileprivate func former(of path: String) -> String? {
        if isEmpty { return nil }
        if let former = self[path] { return former }
        for (today, before) in self {
            // In a program, the optimiser's state is named without the prefix `model.`.
            let parts = (today.dropFirst("model.".count), before.dropFirst("model.".count))
            guard today.hasPrefix("model."), path.hasSuffix("." + parts.0) else { continue }
            return String(path.dropLast(parts.0.count)) + String(parts.1)
        }
        return nil
    }
}

/// The tensors left out when a part of a module was loaded, by their names in the file.
public struct LeftOut: Sendable, Hashable {
    /// Tensors of the module that the file does not have, in the module's order.
    public let missing: [String]
    /// Tensors of the file that the module does not have, by name.
    public let unused: [String]

    /// Lists the tensors left out.
    public init(missing: [String], unused: [String]) {
        (self.missing, self.unused) = (missing, unused)
    }
}

extension Safetensors {
    /// The tensor with a name, if it has the shape and the data type of another.
    fileprivate func tensor(
        _ name: String, like tensor: Tensor, _ path: String
    ) throws(FileError) -> Tensor {
        guard let found = tensors[name] else {
            throw FileError(
                path: path, expected: "tensor \(name.quoted), \(tensor.kind)",
                found: "no tensor of that name")
        }
        let converted = found.dataType == tensor.dataType ? found : found.widened
        guard converted.shape == tensor.shape, converted.dataType == tensor.dataType else {
            throw FileError(
                path: path, expected: "tensor \(name.quoted) to be \(tensor.kind)",
                found: found.kind)
        }
        return converted
    }
}

extension Tensor {
    fileprivate var kind: String { "\(dataType) of shape \(shape)" }
}
