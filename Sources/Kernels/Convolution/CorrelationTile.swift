import KernelInterface

/// The inner kernel of a correlation: outputs of some rows (filters) at consecutive positions,
/// which stay in registers while they are summed over the depth (channels and elements of the
/// filter).
///
/// The positions are the lanes. A row of the right factor is not packed: it is the laid-out image
/// itself at an offset, so that the elements of a filter share the overlap of what they see. Eight
/// rows of three vectors, because layers usually have multiples of eight filters, and one or two at
/// the end.
enum CorrelationTile<Group: VectorRun> {
    #if VECTOR_512 || arch(arm64)
        @inline(__always) static var rows: Int { 8 }
    #else
        @inline(__always) static var rows: Int { 4 }
    #endif

    @inline(__always)
    static func correlate(
        _ filter: UnsafePointer<Group.Element>, _ source: UnsafePointer<Group.Element>,
        _ offsets: UnsafePointer<Int>, depth: Int,
        into result: UnsafeMutablePointer<Group.Element>, stride: Int
    ) {
        var upper = FourRows<Group>()
        #if VECTOR_512 || arch(arm64)
            var lower = FourRows<Group>()
        #endif
        var filter = filter
        for index in 0..<depth {
            let elements = Group(at: source + offsets[index])
            upper.add(filter, elements)
            #if VECTOR_512 || arch(arm64)
                lower.add(filter + 4, elements)
            #endif
            filter += rows
        }
        upper.store(at: result, stride: stride)
        #if VECTOR_512 || arch(arm64)
            lower.store(at: result + 4 * stride, stride: stride)
        #endif
    }
}

/// The tile for few filters: few of them use each element of the image, so there is one load for
/// two multiply-adds, which is the processor's ratio.
enum FlatCorrelationTile<V: Vector> {
    @inline(__always) static var rows: Int { 2 }
    #if VECTOR_512 || arch(arm64)
        @inline(__always) static var columns: Int { 8 * V.lanes }
    #else
        @inline(__always) static var columns: Int { 4 * V.lanes }
    #endif

    @inline(__always)
    static func correlate(
        _ filter: UnsafePointer<V.Element>, _ source: UnsafePointer<V.Element>,
        _ offsets: UnsafePointer<Int>, depth: Int,
        into result: UnsafeMutablePointer<V.Element>, stride: Int
    ) {
        var (upperLeft, lowerLeft) = (TwoPairs<V>(), TwoPairs<V>())
        #if VECTOR_512 || arch(arm64)
            var (upperRight, lowerRight) = (TwoPairs<V>(), TwoPairs<V>())
        #endif
        var filter = filter
        for index in 0..<depth {
            let source = source + offsets[index]
            let left = TwoPairs<V>(at: source)
            upperLeft.add(filter[0], left)
            lowerLeft.add(filter[1], left)
            #if VECTOR_512 || arch(arm64)
                let right = TwoPairs<V>(at: source + 4 * V.lanes)
                upperRight.add(filter[0], right)
                lowerRight.add(filter[1], right)
            #endif
            filter += rows
        }
        upperLeft.store(at: result)
        lowerLeft.store(at: result + stride)
        #if VECTOR_512 || arch(arm64)
            upperRight.store(at: result + 4 * V.lanes)
            lowerRight.store(at: result + stride + 4 * V.lanes)
        #endif
    }
}

/// Several consecutive vectors in memory. They are named one by one, here and where there are rows
/// of them, because an array is not kept in registers: the compiler unrolls the loop over it too
/// late.
protocol VectorRun {
    associatedtype Element: FloatingElement
    /// All zeros.
    init()
    init(at address: UnsafePointer<Element>)
    mutating func add(_ factor: Element, _ other: Self)
    func store(at address: UnsafeMutablePointer<Element>)
}

struct RunOfOne<V: Vector>: VectorRun {
    private var first = V(repeating: 0)

    @inline(__always) init() {}

    @inline(__always) init(at address: UnsafePointer<V.Element>) { first = V(at: address) }

    @inline(__always) mutating func add(_ factor: V.Element, _ other: Self) {
        first = first.adding(product: V(repeating: factor), other.first)
    }

    @inline(__always) func store(at address: UnsafeMutablePointer<V.Element>) {
        first.store(at: address)
    }
}

struct RunOfTwo<V: Vector>: VectorRun {
    private var first = V(repeating: 0)
    private var second = V(repeating: 0)

    @inline(__always) init() {}

    @inline(__always) init(at address: UnsafePointer<V.Element>) {
        (first, second) = (V(at: address), V(at: address + V.lanes))
    }

    @inline(__always) mutating func add(_ factor: V.Element, _ other: Self) {
        let factor = V(repeating: factor)
        first = first.adding(product: factor, other.first)
        second = second.adding(product: factor, other.second)
    }

    @inline(__always) func store(at address: UnsafeMutablePointer<V.Element>) {
        first.store(at: address)
        second.store(at: address + V.lanes)
    }
}

struct RunOfThree<V: Vector>: VectorRun {
    private var first = RunOfTwo<V>()
    private var third = RunOfOne<V>()

    @inline(__always) init() {}

    @inline(__always) init(at address: UnsafePointer<V.Element>) {
        first = RunOfTwo(at: address)
        third = RunOfOne(at: address + 2 * V.lanes)
    }

    @inline(__always) mutating func add(_ factor: V.Element, _ other: Self) {
        first.add(factor, other.first)
        third.add(factor, other.third)
    }

    @inline(__always) func store(at address: UnsafeMutablePointer<V.Element>) {
        first.store(at: address)
        third.store(at: address + 2 * V.lanes)
    }
}

private struct TwoPairs<V: Vector>: VectorRun {
    private var first = RunOfTwo<V>()
    private var second = RunOfTwo<V>()

    @inline(__always) init() {}

    @inline(__always) init(at address: UnsafePointer<V.Element>) {
        first = RunOfTwo(at: address)
        second = RunOfTwo(at: address + 2 * V.lanes)
    }

    @inline(__always) mutating func add(_ factor: V.Element, _ other: Self) {
        first.add(factor, other.first)
        second.add(factor, other.second)
    }

    @inline(__always) func store(at address: UnsafeMutablePointer<V.Element>) {
        first.store(at: address)
        second.store(at: address + 2 * V.lanes)
    }
}

struct FourRows<Group: VectorRun> {
    private var row0 = Group()
    private var row1 = Group()
    private var row2 = Group()
    private var row3 = Group()

    @inline(__always) init() {}

    /// Adds four factors times the same elements.
    @inline(__always)
    mutating func add(_ factors: UnsafePointer<Group.Element>, _ elements: Group) {
        add(factors[0], factors[1], factors[2], factors[3], elements)
    }

    @inline(__always)
    mutating func add(
        _ a: Group.Element, _ b: Group.Element, _ c: Group.Element, _ d: Group.Element,
        _ elements: Group
    ) {
        row0.add(a, elements)
        row1.add(b, elements)
        row2.add(c, elements)
        row3.add(d, elements)
    }

    @inline(__always)
    func store(at result: UnsafeMutablePointer<Group.Element>, stride: Int) {
        row0.store(at: result)
        row1.store(at: result + stride)
        row2.store(at: result + 2 * stride)
        row3.store(at: result + 3 * stride)
    }

    /// Adds the first `rows` to memory.
    @inline(__always)
    func add(to result: UnsafeMutablePointer<Group.Element>, stride: Int, rows: Int) {
        if rows > 0 { row0.add(to: result) }
        if rows > 1 { row1.add(to: result + stride) }
        if rows > 2 { row2.add(to: result + 2 * stride) }
        if rows > 3 { row3.add(to: result + 3 * stride) }
    }
}

extension VectorRun {
    @inline(__always)
    fileprivate func add(to address: UnsafeMutablePointer<Element>) {
        var sum = Self(at: address)
        sum.add(1, self)
        sum.store(at: address)
    }
}
