/// What can be added, subtracted and halved: a vector, and rows of vectors. So a transform along
/// one axis is also the transform along the other.
protocol Summand: SendableMetatype {
    static func + (a: Self, b: Self) -> Self
    static func - (a: Self, b: Self) -> Self
    var half: Self { get }
}

extension FloatVector: Summand {
    @inline(__always) var half: Self { self * Self(repeating: 0.5) }
}
extension DoubleVector: Summand {
    @inline(__always) var half: Self { self * Self(repeating: 0.5) }
}

/// What is contiguous in memory: a vector.
protocol Cell: Summand {
    associatedtype Number
    init(at address: UnsafePointer<Number>)
    func store(at address: UnsafeMutablePointer<Number>)
}

extension FloatVector: Cell { typealias Number = Float }
extension DoubleVector: Cell { typealias Number = Double }

struct Two<T: Summand>: Summand {
    var a: T
    var b: T

    @inline(__always) init(_ a: T, _ b: T) {
        (self.a, self.b) = (a, b)
    }

    @inline(__always) static func + (x: Self, y: Self) -> Self {
        Self(x.a + y.a, x.b + y.b)
    }
    @inline(__always) static func - (x: Self, y: Self) -> Self {
        Self(x.a - y.a, x.b - y.b)
    }
    @inline(__always) var half: Self { Self(a.half, b.half) }
    @inline(__always) func map<U>(_ body: (T) -> U) -> Two<U> {
        Two<U>(body(a), body(b))
    }
}

struct Three<T: Summand>: Summand {
    var a: T
    var b: T
    var c: T

    @inline(__always) init(_ a: T, _ b: T, _ c: T) {
        (self.a, self.b, self.c) = (a, b, c)
    }

    @inline(__always) static func + (x: Self, y: Self) -> Self {
        Self(x.a + y.a, x.b + y.b, x.c + y.c)
    }
    @inline(__always) static func - (x: Self, y: Self) -> Self {
        Self(x.a - y.a, x.b - y.b, x.c - y.c)
    }
    @inline(__always) var half: Self { Self(a.half, b.half, c.half) }
    @inline(__always) func map<U>(_ body: (T) -> U) -> Three<U> {
        Three<U>(body(a), body(b), body(c))
    }
}

struct Four<T: Summand>: Summand {
    var a: T
    var b: T
    var c: T
    var d: T

    @inline(__always) init(_ a: T, _ b: T, _ c: T, _ d: T) {
        (self.a, self.b, self.c, self.d) = (a, b, c, d)
    }

    @inline(__always) static func + (x: Self, y: Self) -> Self {
        Self(x.a + y.a, x.b + y.b, x.c + y.c, x.d + y.d)
    }
    @inline(__always) static func - (x: Self, y: Self) -> Self {
        Self(x.a - y.a, x.b - y.b, x.c - y.c, x.d - y.d)
    }
    @inline(__always) var half: Self { Self(a.half, b.half, c.half, d.half) }
    @inline(__always) func map<U>(_ body: (T) -> U) -> Four<U> {
        Four<U>(body(a), body(b), body(c), body(d))
    }
}

extension Three where T: Cell {
    /// Three that are `stride` apart in memory.
    @inline(__always) init(at source: UnsafePointer<T.Number>, stride: Int) {
        self.init(
            T(at: source),
            T(at: source + stride),
            T(at: source + 2 * stride))
    }

    @inline(__always) func store(at target: UnsafeMutablePointer<T.Number>, stride: Int) {
        a.store(at: target)
        b.store(at: target + stride)
        c.store(at: target + 2 * stride)
    }
}

extension Three {
    /// Three consecutive rows of three.
    @inline(__always)
    init<C: Cell>(at source: UnsafePointer<C.Number>, stride: Int) where T == Three<C> {
        self.init(
            Three<C>(at: source, stride: stride),
            Three<C>(at: source + 3 * stride, stride: stride),
            Three<C>(at: source + 6 * stride, stride: stride))
    }

    @inline(__always)
    func store<C: Cell>(at target: UnsafeMutablePointer<C.Number>, stride: Int)
    where T == Three<C> {
        a.store(at: target, stride: stride)
        b.store(at: target + 3 * stride, stride: stride)
        c.store(at: target + 6 * stride, stride: stride)
    }
}

extension Four where T: Cell {
    /// Four that are `stride` apart in memory.
    @inline(__always) init(at source: UnsafePointer<T.Number>, stride: Int) {
        self.init(
            T(at: source),
            T(at: source + stride),
            T(at: source + 2 * stride),
            T(at: source + 3 * stride))
    }

    @inline(__always) func store(at target: UnsafeMutablePointer<T.Number>, stride: Int) {
        a.store(at: target)
        b.store(at: target + stride)
        c.store(at: target + 2 * stride)
        d.store(at: target + 3 * stride)
    }
}

extension Four {
    /// Four consecutive rows of four.
    @inline(__always)
    init<C: Cell>(at source: UnsafePointer<C.Number>, stride: Int) where T == Four<C> {
        self.init(
            Four<C>(at: source, stride: stride),
            Four<C>(at: source + 4 * stride, stride: stride),
            Four<C>(at: source + 8 * stride, stride: stride),
            Four<C>(at: source + 12 * stride, stride: stride))
    }

    @inline(__always)
    func store<C: Cell>(at target: UnsafeMutablePointer<C.Number>, stride: Int)
    where T == Four<C> {
        a.store(at: target, stride: stride)
        b.store(at: target + 4 * stride, stride: stride)
        c.store(at: target + 8 * stride, stride: stride)
        d.store(at: target + 12 * stride, stride: stride)
    }
}
