import Autograd

/// Receives the parts of a module in ``Module/visit(_:)``.
public struct ModuleVisitor {
    /// The role of a tensor in a module.
    public enum Role: Sendable {
        /// Trained with its gradient.
        case parameter
        /// Stored with the module but not trained, such as running statistics.
        case state
        /// State that passes move as steps move parameters, such as a codebook of running means: a moving
        /// average of the parameters averages it, too.
        case learnedState
    }

    private let body: (String, Role, inout Tensor) -> Void
    /// Whether paths are needed: building them takes longer than the visit.
    private let tellsPaths: Bool
    private var prefix = ""
    /// The prefix with former names of the parts, see ``Module/formerNames``.
    private var formerPrefix = ""
    private var formerNames: [String: String] = [:]
    /// Called with each path that has changed.
    private var noteFormerPath: ((_ path: String, _ former: String) -> Void)?
    /// The names that the current module has visited so far; nil if its type was checked before.
    private var names: [String]?

    /// - Parameter tellingPaths: if false, `body` is called with empty paths.
    init(tellingPaths: Bool = true, _ body: @escaping (String, Role, inout Tensor) -> Void) {
        self.body = body
        tellsPaths = tellingPaths
    }

    /// Calls `body` with each path that has changed and the former one.
    init(formerPaths body: @escaping (_ path: String, _ former: String) -> Void) {
        self.init { _, _, _ in }
        noteFormerPath = body
    }

    /// Visits a parameter.
    public mutating func callAsFunction(_ name: String, _ parameter: inout Tensor) {
        names?.append(name)
        body(path(name), .parameter, &parameter)
    }

    /// Visits a parameter that may be absent.
    public mutating func callAsFunction(_ name: String, _ parameter: inout Tensor?) {
        names?.append(name)
        // Sound: it is not nil; binding it to a name would make a copy.
        if parameter != nil { body(path(name), .parameter, &parameter!) }
    }

    /// Visits a tensor that belongs to the module but is not trained.
    public mutating func state(_ name: String, _ tensor: inout Tensor) {
        names?.append(name)
        body(path(name), .state, &tensor)
    }

    /// Visits state that may be absent.
    public mutating func state(_ name: String, _ tensor: inout Tensor?) {
        names?.append(name)
        // Sound: it is not nil; binding it to a name would make a copy.
        if tensor != nil { body(path(name), .state, &tensor!) }
    }

    /// Visits state that belongs with the parameters, see ``Role/learnedState``.
    public mutating func learnedState(_ name: String, _ tensor: inout Tensor) {
        names?.append(name)
        body(path(name), .learnedState, &tensor)
    }

    /// Visits a part that is a module, all of whose tensors count as state.
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

    /// Visits state of an optimiser, named after the parameters.
    mutating func state(_ name: String, _ state: inout ParameterState) {
        names?.append(name)
        for index in state.layout.paths.indices {
            body(path("\(name).\(state.layout.paths[index])"), .state, &state.tensors[index])
        }
    }

    /// Visits optimiser state that may be absent.
    mutating func state(_ name: String, _ state: inout ParameterState?) {
        // Sound: it is not nil; binding it to a name would make a copy.
        if state != nil { self.state(name, &state!) } else { names?.append(name) }
    }

    /// Visits the links of a chain, named by their positions.
    mutating func state(_ name: String, _ links: inout [any GradientTransformation]) {
        names?.append(name)
        for index in links.indices {
            nested("\(name).\(index)") { visitor in
                func open(_ link: inout some GradientTransformation) { visitor.enter(&link) }
                open(&links[index])
            }
        }
    }

    /// Visits a part that is a module.
    public mutating func callAsFunction<Part: Module>(_ name: String, _ part: inout Part) {
        names?.append(name)
        nested(name) { $0.enter(&part) }
    }

    /// Visits a part that is a module as if its parts were the visited module's own: its name does not
    /// stand in their paths.
    public mutating func inline<Part: Module>(_ name: String, _ part: inout Part) {
        names?.append(name)
        enter(&part)
    }

    /// Visits a part that is a module and may be absent.
    public mutating func callAsFunction<Part: Module>(_ name: String, _ part: inout Part?) {
        names?.append(name)
        // Sound: it is not nil; binding it to a name would make a copy.
        nested(name) { if part != nil { $0.enter(&part!) } }
    }

    /// Visits an array of parts, named by their positions.
    public mutating func callAsFunction<Part: Module>(_ name: String, _ parts: inout [Part]) {
        names?.append(name)
        for index in parts.indices {
            nested("\(name).\(index)") { $0.enter(&parts[index]) }
        }
    }

    /// Visits layers of any types. Those with tensors are numbered in order; others, such as
    /// activations, are not counted. So the paths do not depend on whether activations are separate
    /// layers or part of others.
    public mutating func callAsFunction(_ name: String, _ layers: inout [any Layer]) {
        names?.append(name)
        var number = 0
        for index in layers.indices {
            // The former names counted all layers.
            nested("\(name).\(number)", formerly: "\(name).\(index)") { visitor in
                func open(_ layer: inout some Layer) { visitor.enter(&layer) }
                open(&layers[index])
            }
            if tellsPaths, layers[index].holdsTensors { number += 1 }
        }
    }

    /// Visits a module and checks, once for each type, that it visits all of its parts.
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

    /// The former name of a part, or of an element of one.
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
    /// Decided by the type as far as possible: an empty array of numbers can be cast to one of
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
    /// Whether it contains a tensor.
    fileprivate var holdsTensors: Bool {
        var (copy, holds) = (self, false)
        var visitor = ModuleVisitor(tellingPaths: false) { _, _, _ in holds = true }
        visitor.enter(&copy)
        return holds
    }
}
