/// A way to reduce numbers: what to begin with, and how two results become one.
protocol Accumulator<Value> {
    associatedtype Value

    static var identity: Value { get }
    static func combine(_ a: Value, _ b: Value) -> Value
}

/// Of the lanes of vectors.
enum VectorSum<V: Vector>: Accumulator {
    @inline(__always) static var identity: V { V(repeating: 0) }
    @inline(__always) static func combine(_ a: V, _ b: V) -> V { a + b }
}

enum VectorMaximum<V: Vector>: Accumulator {
    @inline(__always) static var identity: V { V(repeating: -.infinity) }
    @inline(__always) static func combine(_ a: V, _ b: V) -> V { a.maximum(b) }
}

enum VectorMinimum<V: Vector>: Accumulator {
    @inline(__always) static var identity: V { V(repeating: .infinity) }
    @inline(__always) static func combine(_ a: V, _ b: V) -> V { a.minimum(b) }
}

/// Of integers, wrapping.
enum IntegerSum: Accumulator {
    @inline(__always) static var identity: Int32 { 0 }
    @inline(__always) static func combine(_ a: Int32, _ b: Int32) -> Int32 { a &+ b }
}

enum IntegerMaximum: Accumulator {
    @inline(__always) static var identity: Int32 { .min }
    @inline(__always) static func combine(_ a: Int32, _ b: Int32) -> Int32 { a > b ? a : b }
}

enum IntegerMinimum: Accumulator {
    @inline(__always) static var identity: Int32 { .max }
    @inline(__always) static func combine(_ a: Int32, _ b: Int32) -> Int32 { a < b ? a : b }
}
