/// What coded data of a JPEG image can be that makes no sense.
enum JPEGDamage: Error, CustomStringConvertible {
    case unusedCode
    case tooManyCoefficients
    case impossibleRefinement

    var description: String {
        switch self {
        case .unusedCode: "an unused code"
        case .tooManyCoefficients: "a coefficient after the last of its block"
        case .impossibleRefinement: "a coefficient that begins with more than one bit"
        }
    }
}

/// Reads bits from the coded data of a JPEG file, most significant first, without the zeros that
/// are stuffed in after bytes 0xFF. At a marker or the end it reads zeros and sets `isOverrun`.
struct JPEGBitReader {
    /// The file. It must outlive the reader.
    let input: UnsafeBufferPointer<UInt8>
    /// The byte to load next. No marker lies before it.
    private(set) var position: Int
    /// The next bits, from the highest on. There may be more below the available ones, which do not
    /// count yet.
    private var bits: UInt64 = 0
    private var available: UInt64 = 0
    /// How many of the available bits are zeros from after the end.
    private var invented: UInt64 = 0
    private var isAtEnd = false

    init(_ input: UnsafeBufferPointer<UInt8>, from position: Int) {
        self.input = input
        self.position = position
    }

    /// Whether bits after the end were taken.
    var isOverrun: Bool { invented > available }

    /// Makes at least 48 bits available: a code and two numbers of 16 bits.
    @inline(__always)
    mutating func refill() {
        if available >= 48 { return }
        if input.count &- position >= 8 {
            // Sound: the eight bytes exist by the line above.
            let word = UInt64(
                bigEndian: UnsafeRawBufferPointer(input).loadUnaligned(
                    fromByteOffset: position, as: UInt64.self))
            // Whether no byte of the complement is zero.
            if word & (~word &- 0x0101_0101_0101_0101) & 0x8080_8080_8080_8080 == 0 {
                bits |= word &>> available
                position &+= Int(bitPattern: UInt((63 &- available) &>> 3))
                available |= 56
                return
            }
        }
        refillByBytes()
    }

    @inline(never)
    private mutating func refillByBytes() {
        while available <= 56 {
            if let byte = nextByte() {
                bits |= UInt64(byte) << (56 - available)
            } else {
                invented += 8
            }
            available += 8
        }
    }

    private mutating func nextByte() -> UInt8? {
        guard !isAtEnd, position < input.count else { return nil }
        let byte = input[position]
        guard byte == 0xFF else {
            position += 1
            return byte
        }
        // A marker may have more than one 0xFF before it.
        var next = position + 1
        while next < input.count, input[next] == 0xFF { next += 1 }
        guard next < input.count, input[next] == 0 else {
            isAtEnd = true
            return nil
        }
        position = next + 1
        return byte
    }

    @inline(__always)
    private mutating func drop(_ count: Int) {
        bits &<<= UInt64(truncatingIfNeeded: count)
        available &-= UInt64(truncatingIfNeeded: count)
    }

    /// The next `count` bits, at most 16, as a number.
    @inline(__always)
    mutating func take(_ count: Int) -> Int {
        // In two steps, as no shift is by all 64 bits.
        let value = (bits &>> 1) &>> UInt64(truncatingIfNeeded: 63 &- count)
        drop(count)
        return Int(truncatingIfNeeded: value)
    }

    /// The next `count` bits, at most 16, as a number of either sign (T.81, figure F.12): those
    /// that begin with 0 stand for negative numbers, from the least on.
    @inline(__always)
    mutating func takeSigned(_ count: Int) -> Int {
        let isPositive = Int(bitPattern: UInt(bits)) &>> 63
        let least = 1 &- 1 &<< count
        return take(count) &+ ~isPositive & least
    }

    /// The symbol of the next code, in the table that starts at `start` of the entries.
    @inline(__always)
    mutating func symbol(_ entries: [UInt16], from start: Int) throws(JPEGDamage) -> Int {
        typealias Table = JPEGHuffmanTable
        var entry = entries[start &+ Int(bits &>> UInt64(64 - Table.rootBits))]
        if entry & Table.link != 0 {
            let rest = bits &>> UInt64(48) & UInt64(Table.secondSize - 1)
            entry =
                entries[
                    start &+ Table.rootSize &+ Int(entry &>> 8) &* Table.secondSize &+ Int(rest)]
        }
        let length = entry & Table.lengthMask
        guard length > 0 else { throw .unusedCode }
        drop(Int(length))
        return Int(entry &>> 8)
    }
}
