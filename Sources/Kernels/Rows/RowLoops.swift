// Loops over the elements of one row.

/// Reduces a row to one number: four vectors accumulate, so that an operation need not wait for the
/// previous one; they and then the lanes of their total are combined in a fixed order.
///
/// - Parameters:
///   - vector: the contribution of the full vector that starts at a position.
///   - rest: the same for the remaining elements, fewer than a vector, with the identity in the
///     unused lanes.
@inline(__always)
func reduceRow<V: Vector, A: Accumulator<V>>(
    by _: A.Type, _ count: Int, vector: (_ start: Int) -> V, rest: (_ start: Int, _ count: Int) -> V
) -> V.Element {
    let lanes = V.lanes
    var (a, b, c, d) = (A.identity, A.identity, A.identity, A.identity)
    var i = 0
    while i + 4 * lanes <= count {
        a = A.combine(a, vector(i))
        b = A.combine(b, vector(i + lanes))
        c = A.combine(c, vector(i + 2 * lanes))
        d = A.combine(d, vector(i + 3 * lanes))
        i += 4 * lanes
    }
    while i + lanes <= count {
        a = A.combine(a, vector(i))
        i += lanes
    }
    if i < count { b = A.combine(b, rest(i, count - i)) }
    return A.combine(A.combine(a, b), A.combine(c, d)).reduced(A.combine)
}

/// Two sums over a row at once, like `reduceRow`.
@inline(__always)
func sumRowTwice<V: Vector>(
    _ count: Int, vector: (_ start: Int) -> (V, V),
    rest: (_ start: Int, _ count: Int) -> (V, V)
) -> (V.Element, V.Element) {
    let lanes = V.lanes
    let zero = V(repeating: 0)
    var (a, b, c, d) = (zero, zero, zero, zero)
    var i = 0
    while i + 2 * lanes <= count {
        let (first, second) = vector(i)
        let (third, fourth) = vector(i + lanes)
        a = a + first
        b = b + second
        c = c + third
        d = d + fourth
        i += 2 * lanes
    }
    if i + lanes <= count {
        let (first, second) = vector(i)
        a = a + first
        b = b + second
        i += lanes
    }
    if i < count {
        let (third, fourth) = rest(i, count - i)
        c = c + third
        d = d + fourth
    }
    return ((a + c).reduced(+), (b + d).reduced(+))
}

/// Calls `vector` for every full vector of a row and `rest` for the remainder.
@inline(__always)
func forEachVector<V: Vector>(
    of _: V.Type, _ count: Int, vector: (_ start: Int) -> Void,
    rest: (_ start: Int, _ count: Int) -> Void
) {
    var i = 0
    while i + V.lanes <= count {
        vector(i)
        i += V.lanes
    }
    if i < count { rest(i, count - i) }
}

// A loop over a row with a large body is written out, with these at its ends: the compiler keeps
// vectors in registers only if no call remains, and inlines neither large closures nor, into large
// functions, the loads and stores of the standard library.
extension Vector {
    /// Loads the lanes from memory that has `count` elements left, with `filler` in the missing
    /// ones.
    @inline(__always)
    init(at address: UnsafePointer<Element>, upTo count: Int, filler: Element = 0) {
        if count >= Self.lanes {
            self.init(at: address)
        } else {
            self.init(repeating: filler)
            fill(from: address, count: count)
        }
    }

    /// Stores the lanes to memory that has room for `count` more elements.
    @inline(__always)
    func store(at address: UnsafeMutablePointer<Element>, upTo count: Int) {
        if count >= Self.lanes {
            store(at: address)
        } else {
            var copy = self
            copy.copy(to: address, count: count)
        }
    }

    /// The greater of two lanes; `self` if they do not compare.
    @inline(__always)
    func greater(_ other: Self) -> Self { replacing(with: other, where: self .< other) }

    @inline(never)
    private mutating func fill(from address: UnsafePointer<Element>, count: Int) {
        for lane in 0..<count { self[lane] = address[lane] }
    }

    @inline(never)
    private mutating func copy(to address: UnsafeMutablePointer<Element>, count: Int) {
        for lane in 0..<count { address[lane] = self[lane] }
    }
}
