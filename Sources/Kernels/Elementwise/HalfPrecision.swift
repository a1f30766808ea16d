// The two types of 16 bits that only store, by integer arithmetic without branches, which the
// compiler vectorises: not every processor converts them itself.

/// An element of type `float16` (IEEE 754, binary16): 5 bits of exponent, 10 of significand.
struct Half {
    var bits: UInt16

    @inline(__always)
    var float: Float {
        let magnitude = UInt32(bits & 0x7FFF)
        // The exponent's bias differs by 112: a product with 2¹¹² is exact, of subnormal numbers
        // too. Infinity and NaN have the greatest exponent of either type.
        let scaled = (Float(bitPattern: magnitude << 13) * 0x1p112).bitPattern
        let greatest: UInt32 = magnitude >= 0x7C00 ? 0x7F80_0000 : 0
        return Float(bitPattern: scaled | greatest | UInt32(bits & 0x8000) << 16)
    }

    /// The nearest one; of two the one whose last bit is 0.
    @inline(__always)
    init(_ value: Float) {
        let sign = value.bitPattern >> 16 & 0x8000
        let magnitude = value.bitPattern & 0x7FFF_FFFF
        // Half a unit of the last place that stays, less one where that place is even.
        let normal = (magnitude &+ 0xFFF &+ (magnitude >> 13 & 1)) >> 13 &- 112 << 10
        // Beside ½, a unit in the last place of a `Float` is the least number of this type.
        let subnormal = (Float(bitPattern: magnitude) + 0.5).bitPattern &- 0x3F00_0000
        let finite = magnitude < 0x3880_0000 ? subnormal : min(normal, 0x7C00)
        let notANumber = 0x7E00 | magnitude >> 13 & 0x3FF
        bits = UInt16(
            truncatingIfNeeded: sign | (magnitude > 0x7F80_0000 ? notANumber : finite))
    }
}

/// An element of type `bfloat16`: the first 16 bits of a `Float`.
struct BrainFloat {
    var bits: UInt16

    @inline(__always)
    var float: Float { Float(bitPattern: UInt32(bits) << 16) }

    /// The nearest one; of two the one whose last bit is 0.
    @inline(__always)
    init(_ value: Float) {
        let all = value.bitPattern
        let rounded = (all &+ 0x7FFF &+ (all >> 16 & 1)) >> 16
        let notANumber = all >> 16 | 0x40
        bits = UInt16(
            truncatingIfNeeded: all & 0x7FFF_FFFF > 0x7F80_0000 ? notANumber : rounded)
    }
}

extension Float {
    /// The number rounded to odd: of the two nearest, where it is between them, the one whose last
    /// bit is 1. Rounded once more, to fewer bits, it is as if it had been rounded once.
    @inline(__always)
    init(roundedToOdd value: Double) {
        let nearest = Float(value)
        let isGreater = Double(nearest).magnitude > value.magnitude
        let towardsZero = nearest.bitPattern &- (isGreater ? 1 : 0)
        let isInexact = Double(nearest) != value
        self = Float(bitPattern: towardsZero | (isInexact ? 1 : 0))
    }
}
