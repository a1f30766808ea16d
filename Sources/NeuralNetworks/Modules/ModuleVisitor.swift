import Autograd

/// What a module shows its parts to, in ``Module/visit(_:)``.
public struct ModuleVisitor {
    /// What a tensor of a module is for.
    public enum Role: Sendable {
        /// Trained along its gradient.
        case parameter
        /// Kept and saved with the module, but not trained, such as running statistics.
        case state
    }

    private let body: (String, Role, inout Tensor) -> Void
    /// Whether paths are asked for: to put them together takes longer than the visit.
    private let tellsPaths: Bool
    private var prefix = ""
    /// The same with the names that parts had before, see ``Module/formerNames``.
    private var formerPrefix = ""
    private var formerNames: [String: String] = [:]
    /// Told of paths that were others before.
    private var noteFormerPath: ((_ path: String, _ former: String) -> Void)?
    /// The parts named so far by the module being visited; nil where its type has been checked.
    private var names: [String]?

    /// - Parameter tellingPaths: where false, the paths that `body` gets are empty.
    init(tellingPaths: Bool = true, _ body: @escaping (String, Role, inout Tensor) -> Void) {
        self.body = body
        tellsPaths = tellingPaths
    }

    /// Tells the paths that were others before, with these.
    init(formerPaths body: @escaping (_ path: String, _ former: String) -> Void) {
        self.init { _, _, _ in }
        noteFormerPath = body
    }

    /// A parameter.
    public mutating func callAsFunction(_ name: String, _ parameter: inout Tensor) {
        names?.append(name)
        body(path(name), .parameter, &parameter)
    }

    /// A parameter that may be absent.
    public mutating func callAsFunction(_ name: String, _ parameter: inout Tensor?) {
        names?.append(name)
        // Sound: it is there; bound to a name it would be a copy.
        if parameter != nil { body(path(name), .parameter, &parameter!) }
    }

    /// A tensor that belongs to the module but is not trained.
    public mutating func state(_ name: String, _ tensor: inout Tensor) {
        names?.append(name)
        body(path(name), .state, &tensor)
    }

    /// Such a tensor that may be absent.
    public mutating func state(_ name: String, _ tensor: inout Tensor?) {
        names?.append(name)
        // Sound: it is there; bound to a name it would be a copy.
        if tensor != nil { body(path(name), .state, &tensor!) }
    }

    /// A part that is a module none of whose tensors are trained: all count as state.
    public mutating func state<Part: Module>(_ name: String, _ part: inout Part) {
        names?.append(name)
        let body = body
        var visitor = ModuleVisitor(tellingPaths: tellsPaths) { path, _, tensor in
            body(path, .state, &tensor)
        }
        visitor.prefix = path(name + ".")
        visitor.formerPrefix = formerPrefix + former(name) + "."
        visitor.noteFormerPath = noteFormerPath
        visitor.enter(&part)
    }

    /// State of an optimiser, named after the parameters.
    mutating func state(_ name: String, _ state: inout ParameterState) {
        names?.append(name)
        for index in state.layout.paths.indices {
            body(path("\(name).\(state.layout.paths[index])"), .state, &state.tensors[index])
        }
    }

    /// State that an optimiser may not need.
    mutating func state(_ name: String, _ state: inout ParameterState?) {
        // Sound: it is there; bound to a name it would be a copy.
        if state != nil { self.state(name, &state!) } else { names?.append(name) }
    }

    /// The links of a chain, with their positions for names.
    mutating func state(_ name: String, _ links: inout [any GradientTransformation]) {
        names?.append(name)
        for index in links.indices {
            nested("\(name).\(index)") { visitor in
                func open(_ link: inout some GradientTransformation) { visitor.enter(&link) }
                open(&links[index])
            }
        }
    }

    /// A part that is a module.
    public mutating func callAsFunction<Part: Module>(_ name: String, _ part: inout Part) {
        names?.append(name)
        nested(name) { $0.enter(&part) }
    }

    /// A part that is a module, and may be absent.
    public mutating func callAsFunction<Part: Module>(_ name: String, _ part: inout Part?) {
        names?.append(name)
        // Sound: it is there; bound to a name it would be a copy.
        nested(name) { if part != nil { $0.enter(&part!) } }
    }

    /// Parts in a row, with their positions for names.
    public mutating func callAsFunction<Part: Module>(_ name: String, _ parts: inout [Part]) {
        names?.append(name)
        for index in parts.indices {
            nested("\(name).\(index)") { $0.enter(&parts[index]) }
        }
    }

    /// Layers of any types in a row. Those that hold tensors are numbered in order; the others,
    /// such as activations, do not count. So what they are made of does not depend on who wrote
    /// the activations: as layers of their own, or as a part of others.
    public mutating func callAsFunction(_ name: String, _ layers: inout [any Layer]) {
        names?.append(name)
        var number = 0
        for index in layers.indices {
            // All layers counted once.
            nested("\(name).\(number)", formerly: "\(name).\(index)") { visitor in
                func open(_ layer: inout some Layer) { visitor.enter(&layer) }
                open(&layers[index])
            }
            if tellsPaths, layers[index].holdsTensors { number += 1 }
        }
    }

    /// Visits a module and checks, once for each type, that it named all of its parts.
    mutating func enter<Part: Module>(_ part: inout Part) {
        let (outer, outerFormer) = (names, formerNames)
        formerNames = tellsPaths ? Part.formerNames : [:]
        let isNew = Self.checked.withLock { $0.insert(ObjectIdentifier(Part.self)).inserted }
        names = isNew ? [] : nil
        part.visit(&self)
        if let names { Self.check(part, names) }
        (names, formerNames) = (outer, outerFormer)
    }

    private mutating func nested(
        _ name: @autoclosure () -> String, formerly formerName: @autoclosure () -> String? = nil,
        _ body: (inout ModuleVisitor) -> Void
    ) {
        guard tellsPaths else { return body(&self) }
        let outer = (prefix, formerPrefix)
        let name = name()
        prefix += name + "."
        formerPrefix += former(formerName() ?? name) + "."
        body(&self)
        (prefix, formerPrefix) = outer
    }

    private func path(_ name: @autoclosure () -> String) -> String {
        guard tellsPaths else { return "" }
        let name = name()
        if let noteFormerPath {
            let former = formerPrefix + former(name)
            if former != prefix + name { noteFormerPath(prefix + name, former) }
        }
        return prefix + name
    }

    /// What a part, or an element of one, was called before.
    private func former(_ name: String) -> String {
        guard !formerNames.isEmpty else { return name }
        let head = String(name.prefix { $0 != "." })
        return (formerNames[head] ?? head) + name.dropFirst(head.count)
    }

    private static let checked = Guarded<Set<ObjectIdentifier>>([])

    private static func check<Part: Module>(_ part: Part, _ names: [String]) {
        if let twice = Dictionary(grouping: names, by: { $0 }).first(where: { $1.count > 1 }) {
            programmerError("Module", "\(Part.self).visit names \"\(twice.key)\" twice")
        }
        let parts = Mirror(reflecting: part).children.compactMap { child in
            holdsTensors(child.value) ? child.label : nil
        }
        for property in parts where !names.contains(property) {
            programmerError(
                "Module",
                "\(Part.self).visit does not name the property \"\(property)\": add "
                    + "visitor(\"\(property)\", &\(property))")
        }
    }

    /// Whether a stored property must be visited: a tensor or a module, optional or in arrays.
    ///
    /// Asked of the type, as far as that tells: an empty array of numbers can be cast to one of
    /// tensors.
    private static func holdsTensors(_ value: Any) -> Bool {
        let type = type(of: value)
        if type is any Differentiable.Type || type == [any Layer].self || value is ParameterState {
            return true
        }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional, .collection, .dictionary, .tuple:
            return mirror.children.contains { holdsTensors($0.value) }
        default: return false
        }
    }
}

extension Module {
    /// Whether there is a tensor in it.
    fileprivate var holdsTensors: Bool {
        var (copy, holds) = (self, false)
        var visitor = ModuleVisitor(tellingPaths: false) { _, _, _ in holds = true }
        visitor.enter(&copy)
        return holds
    }
}
