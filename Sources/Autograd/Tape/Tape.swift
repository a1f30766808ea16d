import Foundation
import Synchronization

/// The operations on the watched tensors of one differentiation scope, in order.
///
/// An entry stands for one tensor. It knows the entries of the tensors it was computed from, and
/// for each a pullback, the vector-Jacobian product that maps the entry's cotangent to a
/// contribution to theirs. As entries only refer to earlier ones, one pass from the last to the
/// first finds every cotangent complete, without sorting.
///
/// Scopes nest. A tensor of an inner scope is recorded on the inner tape alone; its value there may
/// itself be watched by outer scopes, and then so are the pullbacks' computations in the inner
/// sweep. Higher derivatives need no more than that.
///
/// Sound to share: entries are appended only by the thread that opened the scope, while it is
/// open (`append` traps otherwise), and a sweep that consumes them runs on that thread too.
final class Tape: @unchecked Sendable {
    /// The pullback to one of the tensors that an entry was computed from.
    struct Edge {
        let source: Int
        let pullback: Pullback
    }

    /// The pullback to many tensors at once; nil stands for those that are not watched.
    final class JointEdge {
        let sources: [Int?]
        let pullback: (_ cotangent: Tensor) -> [Tensor]
        /// The same with samples kept apart, if the operation can do so.
        let samplewise: SamplewisePullback?

        init(
            sources: [Int?], pullback: @escaping (_ cotangent: Tensor) -> [Tensor],
            samplewise: SamplewisePullback?
        ) {
            self.sources = sources
            self.pullback = pullback
            self.samplewise = samplewise
        }
    }

    /// From a cotangent whose first axis is divided among a number of samples to the samples'
    /// cotangents of all operands.
    typealias SamplewisePullback = (_ cotangent: Tensor, _ samples: Int) -> [SampleCotangents]

    struct Entry {
        let operation: StaticString
        var first: Edge?
        var second: Edge?
        var joint: JointEdge?
    }

    /// Later scopes have greater numbers: the innermost of the operands' tapes is the one with the
    /// greatest number.
    let number: Int
    // Sound unchecked: only one thread accesses them, and no access is nested in another.
    @exclusivity(unchecked)
    private(set) var entries = Tape.spares.withLock { $0.popLast() }?.entries ?? []
    @exclusivity(unchecked) private var isOpen = true
    private let thread = pthread_self()

    /// If set, the tape checks every value, and notes the first that is not finite.
    let isDiagnosing: Bool
    private(set) var firstNonFinite: NonFiniteOperation?

    private static let scopes = Atomic<Int>(0)

    /// The memory of released tapes, for reuse: a loop in its steady state allocates none.
    private static let spares = Guarded<[Spare]>([])
    private static let mostSpares = 8
    private static let mostSpareEntries = 1 << 16

    /// Sound to share: it is empty, and only its memory matters.
    private struct Spare: @unchecked Sendable {
        let entries: [Entry]
    }

    init(isDiagnosing: Bool = false) {
        self.isDiagnosing = isDiagnosing
        number = Self.scopes.wrappingAdd(1, ordering: .relaxed).newValue
    }

    deinit {
        guard entries.capacity <= Self.mostSpareEntries else { return }
        entries.removeAll(keepingCapacity: true)
        let spare = Spare(entries: entries)
        Self.spares.withLock { if $0.count < Self.mostSpares { $0.append(spare) } }
    }

    /// Ends the scope: tensors watched in it can no longer be used.
    func close() { isOpen = false }

    /// Records a tensor and returns it, watched.
    func append(_ value: consuming Tensor, _ entry: consuming Entry) -> Tensor {
        check(entry.operation, value.shape)
        if isDiagnosing { diagnose(value, of: entry.operation, isDerivative: false) }
        let index = entries.count
        entries.append(entry)
        return value.watched(by: self, at: index)
    }

    /// Traps unless the scope is open, and this is its thread.
    @inline(__always)
    func check(_ operation: StaticString, _ shape: [Int]) {
        guard isOpen else { Self.hasEnded(operation, shape) }
        guard pthread_equal(thread, pthread_self()) != 0 else {
            trap(operation, "a watched tensor was used on another thread than its scope's")
        }
    }

    private static func hasEnded(_ operation: StaticString, _ shape: [Int]) -> Never {
        trap(
            operation,
            "an operand of shape \(shape) was watched by a differentiation scope that has ended: "
                + "only the scope's result leaves it")
    }

    /// Starts watching a tensor.
    func watch(_ tensor: Tensor) -> Tensor {
        guard tensor.dataType.isFloatingPoint else {
            trap("gradient", "tensors of \(tensor.dataType) have no derivatives")
        }
        return append(tensor, Entry(operation: "watch"))
    }

    /// Whether a function's value depends on what the scope watches. Traps if it is of a scope
    /// within, which has ended.
    func watches(_ value: Tensor) -> Bool {
        if let other = value.tape, other.number > number {
            trap(
                "gradient",
                "the function's value was watched by a differentiation scope that has ended")
        }
        return value.tape === self
    }

    /// The cotangents of the first `count` entries (the scope's arguments), from those of its
    /// results; `nil` if nothing reached an argument.
    ///
    /// - Parameter consuming: release each entry once it is passed; the tape can then be swept only
    ///   once, but memory is freed as soon as possible.
    func sweep(
        from seeds: [(index: Int, cotangent: Tensor)], toFirst count: Int, consuming: Bool
    ) -> [Tensor?] {
        var cotangents = [Tensor?](repeating: nil, count: entries.count)
        for seed in seeds { Self.add(seed.cotangent, to: &cotangents[seed.index]) }
        for index in stride(from: entries.count - 1, through: count, by: -1) {
            let cotangent = cotangents[index].take()
            if consuming {
                let entry = entries.removeLast()
                if let cotangent { propagate(cotangent, from: entry, into: &cotangents) }
            } else if let cotangent {
                propagate(cotangent, from: entries[index], into: &cotangents)
            }
        }
        if consuming { entries.removeAll(keepingCapacity: true) }
        return Array(cotangents.prefix(count))
    }

    @inline(__always)
    private func propagate(
        _ cotangent: Tensor, from entry: Entry, into cotangents: inout [Tensor?]
    ) {
        func add(_ contribution: consuming Tensor, to source: Int) {
            if isDiagnosing { diagnose(contribution, of: entry.operation, isDerivative: true) }
            Self.add(contribution, to: &cotangents[source])
        }
        if let edge = entry.first { add(edge.pullback(cotangent), to: edge.source) }
        if let edge = entry.second { add(edge.pullback(cotangent), to: edge.source) }
        if let edge = entry.joint {
            for (source, contribution) in zip(edge.sources, edge.pullback(cotangent)) {
                if let source { add(contribution, to: source) }
            }
        }
    }

    private func diagnose(_ value: Tensor, of operation: StaticString, isDerivative: Bool) {
        guard firstNonFinite == nil, !value.allFinite else { return }
        firstNonFinite = NonFiniteOperation(
            operation: "\(operation)", shape: value.shape, isDerivative: isDerivative)
    }

    /// The first contribution is aliased, the next ones are added, in place if nothing else refers
    /// to the sum.
    private static func add(_ contribution: consuming Tensor, to cotangent: inout Tensor?) {
        guard cotangent != nil else {
            cotangent = contribution
            return
        }
        // Sound: it is not nil. Bound to a name, it would be referenced twice, and copied.
        cotangent! += contribution
    }
}

/// The place of a watched tensor's value on the next outer tape, if there is one, and on those
/// around that.
final class Outer: Sendable {
    let tape: Tape?
    let index: Int
    let outer: Outer?
    /// The tangent of a tensor of a forward scope.
    let tangent: Tensor?

    init(_ tape: Tape?, index: Int, outer: Outer?, tangent: Tensor? = nil) {
        self.tape = tape
        self.index = index
        self.outer = outer
        self.tangent = tangent
    }
}

extension Tensor {
    /// The tensor as seen by the scopes around `tape`.
    @inline(__always)
    func beneath(_ tape: Tape) -> Tensor {
        guard self.tape === tape else { return self }
        return Tensor(
            storage, shape, on: outer?.tape, at: outer?.index ?? 0, outer: outer?.outer)
    }

    /// The tensor's index on `tape`, if it is recorded there.
    @inline(__always)
    func index(on tape: Tape) -> Int? {
        self.tape === tape ? index : nil
    }
}

/// The innermost tape that watches one of the tensors.
func innermostTape(of tensors: [Tensor]) -> Tape? {
    var innermost: Tape?
    for case let tape? in tensors.lazy.map(\.tape)
    where tape.number > innermost?.number ?? 0 {
        innermost = tape
    }
    return innermost
}
