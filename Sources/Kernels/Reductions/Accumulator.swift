/// A way to reduce numbers: the initial value, and how two results are combined.
protocol Accumulator<Value> {
    associatedtype Value

    static var identity: Value { get }
    static func combine(_ a: Value, _ b: Value) -> Value
}

/// The sum of the lanes of vectors.
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

/// The sum of integers, with wrap-around.
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
