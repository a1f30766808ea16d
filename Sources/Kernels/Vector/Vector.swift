/// A register of floating-point lanes, and the operations the kernels are written in.
///
/// The kernels are generic over this protocol and specialised for the two vector types of
/// the instruction set they are compiled for. The requirements are witnessed by concrete
/// operations of `SIMD4<Float>`, `SIMD8<Double>` and so on, never by the standard library's
/// generic ones: those would loop over the lanes, and the linker could merge their
/// specialisations across instruction sets.
protocol Vector {
    associatedtype Element: BinaryFloatingPoint & SIMDScalar
    associatedtype Bits: VectorBits
    associatedtype Mask

    static var lanes: Int { get }

    init(repeating value: Element)
    init(bits: Bits)
    var bits: Bits { get }
    subscript(lane: Int) -> Element { get set }

    static func + (a: Self, b: Self) -> Self
    static func - (a: Self, b: Self) -> Self
    static func * (a: Self, b: Self) -> Self
    static func / (a: Self, b: Self) -> Self

    /// `self + a * b`: one rounding where the hardware has fused multiply-add, two elsewhere.
    func adding(product a: Self, _ b: Self) -> Self
    func squareRoot() -> Self

    static func .< (a: Self, b: Self) -> Mask
    static func .<= (a: Self, b: Self) -> Mask
    static func .== (a: Self, b: Self) -> Mask
    static func either(_ a: Mask, _ b: Mask) -> Mask
    static func both(_ a: Mask, _ b: Mask) -> Mask
    static func any(_ mask: Mask) -> Bool

    /// `self`, with the lanes of `other` where the mask is set.
    func replacing(with other: Self, where mask: Mask) -> Self

    func sum() -> Element
}

/// The bit patterns of a `Vector`'s lanes as unsigned integers of the same width.
protocol VectorBits {
    associatedtype Element: FixedWidthInteger & UnsignedInteger

    init(repeating value: Element)
    static func &+ (a: Self, b: Self) -> Self
    static func &- (a: Self, b: Self) -> Self
    static func & (a: Self, b: Self) -> Self
    static func | (a: Self, b: Self) -> Self
    static func ^ (a: Self, b: Self) -> Self
    func shiftedLeft(_ count: Element) -> Self
    func shiftedRight(_ count: Element) -> Self
}

extension Vector {
    @inline(__always)
    init(at address: UnsafePointer<Element>) {
        self = UnsafeRawPointer(address).loadUnaligned(as: Self.self)
    }

    @inline(__always)
    func store(at address: UnsafeMutablePointer<Element>) {
        UnsafeMutableRawPointer(address).storeBytes(of: self, as: Self.self)
    }
}
