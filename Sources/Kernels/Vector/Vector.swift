/// A register of floating-point lanes, and the operations the kernels are written in.
///
/// The kernels are generic over this protocol and specialised for the two vector types of the
/// instruction set they are compiled for. The requirements are witnessed by concrete operations of
/// `SIMD4<Float>`, `SIMD8<Double>` and so on, never by the standard library's generic ones: those
/// would loop over the lanes, and the linker could merge their specialisations across instruction
/// sets.
protocol Vector {
    associatedtype Element: FloatingElement
    associatedtype Bits: VectorBits where Bits.Element == Element.RawSignificand
    associatedtype Mask

    static var lanes: Int { get }

    init(repeating value: Element)
    init(bits: Bits)
    /// Loads and stores of any alignment. These are requirements, because the compiler does not
    /// always inline the standard library's generic ones into large kernels.
    init(at address: UnsafePointer<Element>)
    func store(at address: UnsafeMutablePointer<Element>)
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
    static func not(_ mask: Mask) -> Mask
    static func any(_ mask: Mask) -> Bool

    /// `self`, with the lanes of `other` where the mask is set.
    func replacing(with other: Self, where mask: Mask) -> Self
}

extension Vector {
    @inline(__always) static prefix func - (a: Self) -> Self {
        Self(bits: a.bits ^ Self(repeating: -0.0).bits)
    }

    @inline(__always) var magnitude: Self {
        Self(bits: (bits | Self(repeating: -0.0).bits) ^ Self(repeating: -0.0).bits)
    }

    /// Only the sign bits.
    @inline(__always) var signs: Bits { bits & Self(repeating: -0.0).bits }

    /// `self`, whose lanes must not be negative, with the signs of `other`, including those of
    /// zeros.
    @inline(__always) func withSigns(of other: Self) -> Self { Self(bits: bits | other.signs) }

    @inline(__always) static func .!= (a: Self, b: Self) -> Mask { not(a .== b) }
    @inline(__always) var isNaN: Mask { self .!= self }

    /// The lesser of two lanes; NaN if either is NaN.
    @inline(__always) func minimum(_ other: Self) -> Self {
        replacing(with: other, where: Self.either(other .< self, other.isNaN))
    }

    /// The greater of two lanes; NaN if either is NaN.
    @inline(__always) func maximum(_ other: Self) -> Self {
        replacing(with: other, where: Self.either(self .< other, other.isNaN))
    }

    // Lane by lane, which the compiler turns into a shuffle. The halves of the standard library's
    // SIMD types would be function calls.

    /// The even lanes and the odd ones of `first` followed by `second`.
    @inline(__always)
    static func unzip(_ first: Self, _ second: Self) -> (even: Self, odd: Self) {
        var (even, odd) = (first, second)
        for lane in 0..<lanes / 2 {
            even[lane] = first[2 * lane]
            even[lane + lanes / 2] = second[2 * lane]
            odd[lane] = first[2 * lane + 1]
            odd[lane + lanes / 2] = second[2 * lane + 1]
        }
        return (even, odd)
    }

    /// The inverse of `unzip`.
    @inline(__always)
    static func zip(even: Self, odd: Self) -> (first: Self, second: Self) {
        var (first, second) = (even, odd)
        for lane in 0..<lanes / 2 {
            first[2 * lane] = even[lane]
            first[2 * lane + 1] = odd[lane]
            second[2 * lane] = even[lane + lanes / 2]
            second[2 * lane + 1] = odd[lane + lanes / 2]
        }
        return (first, second)
    }

    /// Combines the lanes to one: the even ones in order, the odd ones in order, then the two.
    @inline(__always) func reduced(_ combine: (Self, Self) -> Self) -> Element {
        var even = Self(repeating: self[0])
        var odd = Self(repeating: self[1])
        var lane = 2
        while lane < Self.lanes {
            even = combine(even, Self(repeating: self[lane]))
            odd = combine(odd, Self(repeating: self[lane + 1]))
            lane += 2
        }
        return combine(even, odd)[0]
    }

    /// Limits to a range; NaN stays NaN.
    @inline(__always) func clamped(_ lower: Element, _ upper: Element) -> Self {
        let lower = Self(repeating: lower)
        let upper = Self(repeating: upper)
        let raised = replacing(with: lower, where: self .< lower)
        return raised.replacing(with: upper, where: upper .< raised)
    }
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
    /// Loads the first `count` lanes from memory; the others are zero.
    @inline(__always)
    init(at address: UnsafePointer<Element>, count: Int) {
        self.init(repeating: 0)
        withUnsafeMutableBytes(of: &self) {
            $0.baseAddress!.copyMemory(
                from: address, byteCount: count * MemoryLayout<Element>.size)
        }
    }

    /// Stores the first `count` lanes.
    @inline(__always)
    func store(at address: UnsafeMutablePointer<Element>, count: Int) {
        withUnsafeBytes(of: self) {
            UnsafeMutableRawPointer(address).copyMemory(
                from: $0.baseAddress!, byteCount: count * MemoryLayout<Element>.size)
        }
    }
}
