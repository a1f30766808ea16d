// The vector types of the instruction set this module is compiled for. The width is that of a
// register: a wider type would be split by the compiler, and spill.

#if VECTOR_512
    typealias FloatVector = SIMD16<Float>
    typealias DoubleVector = SIMD8<Double>
    typealias FloatBits = SIMD16<UInt32>
    typealias DoubleBits = SIMD8<UInt64>
    typealias FloatMask = SIMDMask<SIMD16<Int32>>
    typealias DoubleMask = SIMDMask<SIMD8<Int64>>
#elseif VECTOR_256
    typealias FloatVector = SIMD8<Float>
    typealias DoubleVector = SIMD4<Double>
    typealias FloatBits = SIMD8<UInt32>
    typealias DoubleBits = SIMD4<UInt64>
    typealias FloatMask = SIMDMask<SIMD8<Int32>>
    typealias DoubleMask = SIMDMask<SIMD4<Int64>>
#else
    typealias FloatVector = SIMD4<Float>
    typealias DoubleVector = SIMD2<Double>
    typealias FloatBits = SIMD4<UInt32>
    typealias DoubleBits = SIMD2<UInt64>
    typealias FloatMask = SIMDMask<SIMD4<Int32>>
    typealias DoubleMask = SIMDMask<SIMD2<Int64>>
#endif

/// Whether the processor multiplies and adds in one instruction. Without it Swift's
/// `addingProduct` is a library call per lane.
#if VECTOR_512 || VECTOR_256 || arch(arm64)
    private let hasFusedMultiplyAdd = true
#else
    private let hasFusedMultiplyAdd = false
#endif

extension FloatVector: Vector {
    typealias Element = Float
    typealias Bits = FloatBits
    typealias Mask = FloatMask

    @inline(__always) static var lanes: Int { scalarCount }
    @inline(__always) init(at address: UnsafePointer<Float>) {
        self = UnsafeRawPointer(address).loadUnaligned(as: Self.self)
    }
    @inline(__always) func store(at address: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(address).storeBytes(of: self, as: Self.self)
    }
    @inline(__always) init(bits: FloatBits) { self = unsafeBitCast(bits, to: Self.self) }
    @inline(__always) var bits: FloatBits { unsafeBitCast(self, to: FloatBits.self) }
    @inline(__always) func adding(product a: Self, _ b: Self) -> Self {
        hasFusedMultiplyAdd ? addingProduct(a, b) : self + a * b
    }
    @inline(__always) static func either(_ a: FloatMask, _ b: FloatMask) -> FloatMask { a .| b }
    @inline(__always) static func not(_ mask: FloatMask) -> FloatMask { .!mask }
    @inline(__always) static func any(_ mask: FloatMask) -> Bool { mask.anyTrue }
}

extension DoubleVector: Vector {
    typealias Element = Double
    typealias Bits = DoubleBits
    typealias Mask = DoubleMask

    @inline(__always) static var lanes: Int { scalarCount }
    @inline(__always) init(at address: UnsafePointer<Double>) {
        self = UnsafeRawPointer(address).loadUnaligned(as: Self.self)
    }
    @inline(__always) func store(at address: UnsafeMutablePointer<Double>) {
        UnsafeMutableRawPointer(address).storeBytes(of: self, as: Self.self)
    }
    @inline(__always) init(bits: DoubleBits) { self = unsafeBitCast(bits, to: Self.self) }
    @inline(__always) var bits: DoubleBits { unsafeBitCast(self, to: DoubleBits.self) }
    @inline(__always) func adding(product a: Self, _ b: Self) -> Self {
        hasFusedMultiplyAdd ? addingProduct(a, b) : self + a * b
    }
    @inline(__always) static func either(_ a: DoubleMask, _ b: DoubleMask) -> DoubleMask { a .| b }
    @inline(__always) static func not(_ mask: DoubleMask) -> DoubleMask { .!mask }
    @inline(__always) static func any(_ mask: DoubleMask) -> Bool { mask.anyTrue }
}

extension FloatBits: VectorBits {
    typealias Element = UInt32
    @inline(__always) func shiftedLeft(_ count: UInt32) -> Self { self &<< Self(repeating: count) }
    @inline(__always) func shiftedRight(_ count: UInt32) -> Self { self &>> Self(repeating: count) }
}

extension DoubleBits: VectorBits {
    typealias Element = UInt64
    @inline(__always) func shiftedLeft(_ count: UInt64) -> Self { self &<< Self(repeating: count) }
    @inline(__always) func shiftedRight(_ count: UInt64) -> Self { self &>> Self(repeating: count) }
}

extension FloatMask {
    @inline(__always) fileprivate var anyTrue: Bool {
        let lanes = unsafeBitCast(self, to: FloatBits.self)
        var union: UInt32 = 0
        for lane in 0..<FloatVector.lanes { union |= lanes[lane] }
        return union != 0
    }
}

extension DoubleMask {
    @inline(__always) fileprivate var anyTrue: Bool {
        let lanes = unsafeBitCast(self, to: DoubleBits.self)
        var union: UInt64 = 0
        for lane in 0..<DoubleVector.lanes { union |= lanes[lane] }
        return union != 0
    }
}
