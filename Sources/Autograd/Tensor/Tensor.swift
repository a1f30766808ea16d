import KernelInterface

/// An array of numbers of one type with a shape: the one value type of all computations here.
///
/// A tensor is a value: it never changes, and copying it copies a reference. Elements are stored in
/// row-major order. Operations follow NumPy where it has them: shapes broadcast from the last axis,
/// negative axes count from the end. Operands of an operation have the same data type.
///
/// Inside a differentiation scope (``gradient(at:of:)`` and its siblings) the scope's arguments are
/// watched: what is computed from them is recorded on the scope's tape. A tensor that is not
/// watched has no record and no overhead.
public struct Tensor: Sendable {
    private(set) var storage: Storage
    /// The sizes of the axes; empty for a scalar.
    public let shape: [Int]
    /// The tape, if the tensor is watched; `index` is then its entry there.
    private(set) var tape: Tape?
    /// If not watched, the number of this state tensor in the value that a scope evaluates, from 1.
    private(set) var index: Int
    /// Its value's place on the tapes of the outer scopes.
    private(set) var outer: Outer?

    @inline(__always)
    init(
        _ storage: Storage, _ shape: [Int], on tape: Tape? = nil, at index: Int = 0,
        outer: Outer? = nil
    ) {
        self.storage = storage
        self.shape = shape
        self.tape = tape
        self.index = index
        self.outer = outer
    }

    /// The type of the elements.
    public var dataType: DataType { storage.dataType }
    /// The number of axes.
    public var rank: Int { shape.count }
    /// The number of elements.
    public var count: Int { storage.count }
    /// Whether operations on the tensor are recorded on a tape.
    public var isWatched: Bool { tape != nil }

    /// A tensor of `shape` whose elements `fill` writes, if there are any.
    init(
        _ dataType: DataType, _ shape: [Int], in operation: StaticString = "shape",
        fill: (Storage) -> Void
    ) {
        let storage = Storage(dataType, count: Shape.count(shape, in: operation))
        if storage.count > 0 { fill(storage) }
        self.init(storage, shape)
    }

    /// The same value as entry `index` of a tape.
    consuming func watched(by tape: Tape, at index: Int) -> Tensor {
        outer = self.tape.map { Outer($0, index: self.index, outer: outer) }
        self.tape = tape
        self.index = index
        return self
    }

    /// The same value in a forward scope, with its tangent.
    consuming func watched(by tape: Tape, along tangent: Tensor) -> Tensor {
        outer = Outer(self.tape, index: index, outer: outer, tangent: tangent)
        self.tape = tape
        index = 0
        return self
    }

    /// The same elements in another shape with equally many; not recorded.
    func withShape(_ shape: [Int]) -> Tensor {
        Tensor(storage, shape, on: tape, at: index, outer: outer)
    }
}

extension Tensor {
    /// Whether no other tensor refers to the same memory.
    mutating func isUnshared() -> Bool { isKnownUniquelyReferenced(&storage) }
}

extension Tensor {
    /// Distinguishes tensors that do not share memory, for as long as they live.
    package var identity: ObjectIdentifier { ObjectIdentifier(storage) }

    /// In a differentiation scope, the number of a state tensor among those of the value that is
    /// evaluated, from 1; 0 if it has none.
    package var place: Int { tape == nil ? index : 0 }

    /// Sets the number, unless an outer scope has set one.
    mutating func take(place: Int) {
        if tape == nil, index == 0 { index = place }
    }
}
